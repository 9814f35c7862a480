"""Rows about replies to letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from include.store.schema import reply


def known(connection: Connection, plan_id: str, agency_id: str) -> set[str]:
    """Give the claimed names that have a row."""
    r = reply.c
    return set(
        connection.scalars(select(r.claimed_name).where(r.plan_id == plan_id, r.agency_id == agency_id))
    )


def add(connection: Connection, values: dict[str, Any]) -> None:
    """Keep one reply; (plan, agency, claimed name) is unique."""
    connection.execute(insert(reply).values(**values))


def of_letter(connection: Connection, letter_id: int) -> Sequence[Row[Any]]:
    """Give the replies tied to a letter, oldest first."""
    return connection.execute(
        select(reply).where(reply.c.letter_id == letter_id).order_by(reply.c.arrived_at)
    ).all()


def first_arrival(connection: Connection, plan_id: str, agency_id: str, sha256: str) -> datetime | None:
    """Give when these bytes first came from an agency without anybody knowing what they answer."""
    r = reply.c
    return connection.scalar(
        select(func.min(r.arrived_at)).where(
            r.plan_id == plan_id, r.agency_id == agency_id, r.sha256 == sha256, r.letter_id.is_(None)
        )
    )


def all_of(connection: Connection, plan_id: str) -> Sequence[Row[Any]]:
    """Give every reply of a plan, oldest first."""
    return connection.execute(
        select(reply).where(reply.c.plan_id == plan_id).order_by(reply.c.arrived_at)
    ).all()


def name_of_file(connection: Connection, plan_id: str, sha256: str) -> str | None:
    """Give the name of a reply of a plan by its hash."""
    r = reply.c
    return connection.scalar(select(r.original_name).where(r.plan_id == plan_id, r.sha256 == sha256).limit(1))
