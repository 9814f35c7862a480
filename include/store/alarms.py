"""Rows of what a person has to look at, as long as it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from include.store.engine import put
from include.store.schema import alarm

Key = tuple[str, str, str]  # plan id (empty: the installation), kind, subject


def standing(connection: Connection, plan_ids: Iterable[str]) -> Sequence[Row[Any]]:
    """Give the alarms that stand for these plans, the oldest first."""
    a = alarm.c
    return connection.execute(
        select(alarm).where(a.plan_id.in_(list(plan_ids))).order_by(a.since, a.kind, a.subject)
    ).all()


def replace(
    connection: Connection, plan_id: str, kinds: Collection[str], found: dict[Key, str], at: datetime
) -> None:
    """Let exactly these alarms of a plan stand, of these kinds; one that stood keeps its time."""
    a = alarm.c
    rows = connection.execute(select(alarm).where(a.plan_id == plan_id, a.kind.in_(list(kinds)))).all()
    since = {(row.plan_id, row.kind, row.subject): row.since for row in rows}
    for _, kind, subject in sorted(since.keys() - found.keys()):
        over = (a.plan_id == plan_id, a.kind == kind, a.subject == subject)
        connection.execute(alarm.delete().where(*over))
    put(
        connection,
        alarm,
        (
            {"plan_id": key[0], "kind": key[1], "subject": key[2], "text": text, "since": since.get(key, at)}
            for key, text in found.items()
        ),
    )
