"""return decisions: what the office decided about a return is kept with its day, each decision a row.

So a past day is answered by what had been decided by then. The history is taken from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from include.store.schema import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = {
    "return-exempted": "exempt_reason",
    "return-extended": "extended_to",
    "late-filing-allowed": "late_filing",
}
_OLD = sa.table(
    "agency_return",
    sa.column("plan_id", sa.String),
    sa.column("agency_id", sa.String),
    sa.column("period", sa.String),
    sa.column("opened_at", Moment()),
    sa.column("exempt_reason", sa.Text),
    sa.column("extended_to", Moment()),
    sa.column("late_filing", sa.Text),
)
_LEDGER = sa.table(
    "ledger",
    sa.column("plan_id", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("at", Moment()),
    sa.column("actor", sa.String),
    sa.column("event", sa.String),
    sa.column("subject", sa.String),
    sa.column("body", sa.JSON),
)


def upgrade() -> None:
    decisions = op.create_table(
        "return_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("agency_id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", Moment(timezone=True)),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_decision")),
    )
    op.create_index(
        op.f("ix_return_decision_plan_id_agency_id_period"),
        "return_decision",
        ["plan_id", "agency_id", "period"],
    )
    if rows := list(_decisions(op.get_bind())):
        op.bulk_insert(decisions, rows)
    with op.batch_alter_table("agency_return") as table:
        for column in _COLUMNS.values():
            table.drop_column(column)


def _decisions(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Give what opening a month decided by itself; then each decision the ledger tells of."""
    told = connection.execute(
        sa.select(_LEDGER).where(_LEDGER.c.event.in_(_COLUMNS)).order_by(_LEDGER.c.plan_id, _LEDGER.c.seq)
    ).all()
    known = {(e.plan_id, e.body["agency"], e.subject, e.event) for e in told}
    for row in connection.execute(sa.select(_OLD)):
        key = (row.plan_id, row.agency_id, row.period)
        for kind, column in _COLUMNS.items():
            value = getattr(row, column)
            if value is not None and (*key, kind) not in known:
                until, reason = (value, "") if kind == "return-extended" else (None, value)
                yield _row(key, kind, reason, until, ("duban", row.opened_at))
    for e in told:
        until = e.body.get("extended_to")
        yield _row(
            (e.plan_id, e.body["agency"], e.subject),
            e.event,
            e.body.get("reason", ""),
            datetime.fromisoformat(until) if until else None,
            (e.actor, e.at),
        )


def _row(
    key: tuple[str, str, str], kind: str, reason: str, until: datetime | None, by: tuple[str, datetime]
) -> dict[str, Any]:
    names = ("plan_id", "agency_id", "period", "kind", "reason", "until", "decided_by", "decided_at")
    return dict(zip(names, (*key, kind, reason, until, *by), strict=True))
