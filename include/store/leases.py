"""Leases: one job of a plan runs in one process at a time, whether a shell or a DAG started it.

A lease is short, and renewed for as long as its process lives: of one killed on another machine, which cannot
be asked, it is free again within a minute. It saves work done twice, no more: should a process be held up for
longer and lose it, what both do still counts once, by the keys and states of the rows they write.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from include.errors import BusyError
from include.store.engine import Store
from include.store.schema import job_lease

LASTS = timedelta(minutes=1)
RENEWED = LASTS / 4  # as often; a busy SQLite may keep one of them waiting for half a minute

log = logging.getLogger(__name__)


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
    if not mine:
        yield mine
        return
    done = Event()
    renewing = Thread(target=_renew, args=(store, holder, done), name="renew leases", daemon=True)
    renewing.start()
    try:
        yield mine
    finally:
        done.set()
        renewing.join()
        with store.writing() as connection:
            connection.execute(delete(job_lease).where(job_lease.c.holder == holder))


def _renew(store: Store, holder: str, done: Event) -> None:
    """Renew what the holder has until it is done; while the database is away, nobody else can take it."""
    while not done.wait(RENEWED.total_seconds()):
        try:
            with store.writing() as connection:
                kept = update(job_lease).where(job_lease.c.holder == holder)
                connection.execute(kept.values(expires_at=datetime.now(UTC) + LASTS))
        except SQLAlchemyError as error:
            log.warning("the leases of %s were not renewed, trying again: %s", holder, error)


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
