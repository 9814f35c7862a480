"""Leases: one job of a plan runs in one process at a time, whether a shell or a DAG started it."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy.exc import IntegrityError

from include.errors import BusyError
from include.store.engine import Store
from include.store.schema import job_lease

LASTS = timedelta(minutes=15)


@contextmanager
def lease(store: Store, plan_id: str, job: str) -> Iterator[None]:
    """Hold one job of the plan for the block.

    Raises:
        BusyError: another living process holds it.
    """
    with leases(store, plan_id, [job]) as mine:
        if not mine:
            raise BusyError(f"{plan_id} 的这项工作（{job}）正由另一个进程办理；请等它结束再试")
        yield


@contextmanager
def leases(store: Store, plan_id: str, jobs: Sequence[str]) -> Iterator[frozenset[str]]:
    """Hold those of the jobs that are free for the block; gives which. Real time, not the office clock."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    mine = _take(store, plan_id, jobs, holder)
    try:
        yield mine
    finally:
        if mine:
            with store.writing() as connection:
                connection.execute(delete(job_lease).where(job_lease.c.holder == holder))


def _take(store: Store, plan_id: str, jobs: Sequence[str], holder: str) -> frozenset[str]:
    try:
        with store.writing() as connection:
            held = {row.job for row in _rows(connection, plan_id, jobs) if not _is_over(row)}
            free = [job for job in jobs if job not in held]
            connection.execute(
                delete(job_lease).where(job_lease.c.plan_id == plan_id, job_lease.c.job.in_(free))
            )
            expires = datetime.now(UTC) + LASTS
            rows = [{"plan_id": plan_id, "job": job, "holder": holder, "expires_at": expires} for job in free]
            if rows:
                connection.execute(job_lease.insert(), rows)
            return frozenset(free)
    except IntegrityError:  # somebody else took one of them in the same moment (PostgreSQL)
        return frozenset()


def _rows(connection: Connection, plan_id: str, jobs: Sequence[str]) -> Sequence[Row[Any]]:
    """Give and lock what stands of these jobs: in one order, so that two takers never wait for each other."""
    c = job_lease.c
    asked = select(job_lease).where(c.plan_id == plan_id, c.job.in_(jobs)).order_by(c.job)
    return connection.execute(asked.with_for_update()).all()


def _is_over(row: Row[Any]) -> bool:
    return row.expires_at <= datetime.now(UTC) or not _alive(row.holder)


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
