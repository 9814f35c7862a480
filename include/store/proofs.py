"""Rows about 核对稿: what an agency was shown before publication, and what it objected to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, select, update

from include.plan.period import Period
from include.store.schema import objection, proof


def newest(connection: Connection, plan_id: str, period: Period) -> dict[str, Row[Any]]:
    """Give the newest 核对稿 of each agency."""
    p = proof.c
    rows = connection.execute(
        select(proof).where(p.plan_id == plan_id, p.period == str(period)).order_by(p.edition)
    )
    return {row.agency_id: row for row in rows}


def window_ends_at(connection: Connection, plan_id: str, period: Period) -> datetime | None:
    """Give when the last agency's first 核对稿 may no longer be objected to; None if none was sent."""
    p = proof.c
    first = select(p.objections_until).where(p.plan_id == plan_id, p.period == str(period), p.edition == 1)
    return max(connection.scalars(first), default=None)


def add_proof(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep what an agency was shown; (plan, agency, period, edition) is unique."""
    connection.execute(proof.insert().values(**values))


def objections(connection: Connection, plan_id: str, period: Period, at: datetime) -> Sequence[Row[Any]]:
    """Give what was objected to by a moment, oldest first; an answer given later is not there yet."""
    o = objection.c
    answered = o.answered_at <= at
    return connection.execute(
        select(
            *(c for c in o if c.name not in ("answer", "answered_by", "answered_at")),
            *(case((answered, c)).label(c.name) for c in (o.answer, o.answered_by, o.answered_at)),
        )
        .where(o.plan_id == plan_id, o.period == str(period), o.raised_at <= at)
        .order_by(o.id)
    ).all()


def add_objection(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Keep an objection; False if the same words about the same figure wait already."""
    o = objection.c
    alike = [o[name] == values[name] for name in ("plan_id", "agency_id", "period", "indicator_id", "words")]
    if connection.scalar(select(o.id).where(*alike, o.answered_at.is_(None))) is not None:
        return False
    connection.execute(objection.insert().values(**values))
    return True


def answer(
    connection: Connection, plan_id: str, objection_id: int, values: Mapping[str, Any]
) -> Row[Any] | None:
    """Answer an objection; gives it, None if it is not there or answered already."""
    o = objection.c
    which = (o.plan_id == plan_id, o.id == objection_id)
    found = connection.execute(select(objection).where(*which, o.answered_at.is_(None))).first()
    if found is not None:
        connection.execute(update(objection).where(*which).values(**values))
    return found
