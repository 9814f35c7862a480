"""Workbooks seen in 待报 and 回执 that are not, or not known to be, as duban wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from include.store.engine import put
from include.store.schema import unfiled_file


@dataclass(frozen=True, slots=True)
class Look:
    """How a file of the drive looked (bytes, ns), since when, and whether that needs no further look."""

    path: str
    size: int
    changed: int
    since: datetime
    settled: bool


def looks(connection: Connection, plan_id: str) -> dict[str, Look]:
    """Give the last look at each file of a plan, by its path on the drive."""
    u = unfiled_file.c
    rows = connection.execute(
        select(u.path, u.size, u.changed, u.since, u.settled).where(u.plan_id == plan_id)
    )
    return {row.path: Look(*row) for row in rows}


def remember(connection: Connection, plan_id: str, seen: Iterable[tuple[str, Look]]) -> None:
    """Remember how files look now, each with its agency's id."""
    rows = {look.path: {"plan_id": plan_id, "agency_id": agency, **asdict(look)} for agency, look in seen}
    put(connection, unfiled_file, rows.values())


def settle(connection: Connection, plan_id: str, look: Look) -> bool:
    """Note that a file needs no further look while it stays like this; False if another did so before."""
    u = unfiled_file.c
    done = connection.execute(
        update(unfiled_file)
        .where(
            u.plan_id == plan_id,
            u.path == look.path,
            u.size == look.size,
            u.changed == look.changed,
            u.settled.is_(False),
        )
        .values(settled=True)
    )
    return done.rowcount == 1
