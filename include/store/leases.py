"""Leases: one job of a plan runs in one process at a time, whether a shell or a DAG started it."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from include.errors import BusyError
from include.store.engine import Store
from include.store.schema import job_lease

LASTS = timedelta(minutes=15)


@contextmanager
def lease(store: Store, plan_id: str, job: str) -> Iterator[None]:
    """Hold the job of the plan for the block. Real time, not the office clock: it guards processes.

    Raises:
        BusyError: another living process holds it.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    _take(store, plan_id, job, holder)
    try:
        yield
    finally:
        with store.writing() as connection:
            connection.execute(
                delete(job_lease).where(
                    job_lease.c.plan_id == plan_id, job_lease.c.job == job, job_lease.c.holder == holder
                )
            )


def _take(store: Store, plan_id: str, job: str, holder: str) -> None:
    now = datetime.now(UTC)
    this = (job_lease.c.plan_id == plan_id, job_lease.c.job == job)
    with store.writing() as connection:
        row = connection.execute(select(job_lease).where(*this).with_for_update()).first()
        if row is not None and row.expires_at > now and _alive(row.holder):
            raise BusyError(f"{job} of {plan_id} is being run by {row.holder} until {row.expires_at:%H:%M:%S} UTC")
        connection.execute(delete(job_lease).where(*this))
        connection.execute(
            job_lease.insert().values(plan_id=plan_id, job=job, holder=holder, expires_at=now + LASTS)
        )


def _alive(holder: str) -> bool:
    """Tell whether a holder may still run: on another host yes; here, ask the system."""
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
