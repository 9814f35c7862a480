"""Rows about replies to letters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

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
