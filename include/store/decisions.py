"""Figures of record: what the office decided where agencies report one thing differently."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select, update

from include.plan.period import Period
from include.records.facts import FigureOfRecord
from include.records.figures import Role
from include.store.schema import decision_of_record


def figures_of_record(
    connection: Connection, plan_id: str, up_to: Period, at: datetime
) -> tuple[FigureOfRecord, ...]:
    """Give the decisions that stood at a moment, up to a period: of each figure the newest."""
    d = decision_of_record.c
    rows = connection.execute(
        select(decision_of_record)
        .where(
            d.plan_id == plan_id,
            d.period <= str(up_to),
            d.decided_at <= at,
            d.withdrawn_at.is_(None) | (d.withdrawn_at > at),
        )
        .order_by(d.id)
    )
    newest = {(row.period, row.indicator_id, row.role): _of(row) for row in rows}
    return tuple(newest.values())


def _of(row: Row[Any]) -> FigureOfRecord:
    return FigureOfRecord(
        id=row.id,
        period=Period.parse(row.period),
        indicator_id=row.indicator_id,
        role=Role(row.role),
        value=row.value,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reported=tuple((agency, Decimal(value)) for agency, value in row.reported),
    )


def history(connection: Connection, plan_id: str, at: datetime) -> Sequence[Row[Any]]:
    """Give every decision made by a moment, the withdrawn and replaced ones too, oldest first."""
    d = decision_of_record.c
    return connection.execute(
        select(decision_of_record).where(d.plan_id == plan_id, d.decided_at <= at).order_by(d.id)
    ).all()


def decide(
    connection: Connection,
    plan_id: str,
    of: tuple[Period, str, Role],
    value: Decimal,
    reported: Sequence[tuple[str, Decimal]],
    **who: Any,
) -> None:
    """Keep a decision; `who` holds `reason`, `decided_by` and `decided_at`. The newest of a figure counts."""
    period, indicator_id, role = of
    connection.execute(
        decision_of_record.insert().values(
            plan_id=plan_id,
            period=str(period),
            indicator_id=indicator_id,
            role=role,
            value=value,
            reported=[[agency, format(figure, "f")] for agency, figure in reported],
            **who,
        )
    )


def withdraw(connection: Connection, plan_id: str, of: tuple[Period, str, Role], **who: Any) -> int:
    """Withdraw every standing decision about a figure; `who` holds the `withdrawn_…` columns."""
    period, indicator_id, role = of
    d = decision_of_record.c
    done = connection.execute(
        update(decision_of_record)
        .where(
            d.plan_id == plan_id,
            d.period == str(period),
            d.indicator_id == indicator_id,
            d.role == role,
            d.withdrawn_at.is_(None),
        )
        .values(**who)
    )
    return done.rowcount
