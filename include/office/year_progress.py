"""The year's progress, month by month: derived from the facts that count, never stored."""

from __future__ import annotations

from datetime import datetime

from include.indicators import compute
from include.office.desk import Office
from include.plan import Period
from include.records.facts import Fact, Progress
from include.store import returns

YearProgress = dict[Period, dict[str, Progress]]


def year_progress(
    office: Office, plan_id: str, up_to: Period, at: datetime, facts: list[Fact] | None = None
) -> YearProgress:
    """Compute progress for January up to a period, each with the plan then in force, by what had arrived."""
    if facts is None:
        with office.store.reading() as connection:
            facts = returns.facts(connection, plan_id, up_to, arrived_by=at)
    months: YearProgress = {}
    earlier: dict[str, Progress] = {}
    for month in range(1, up_to.month + 1):
        period = Period(up_to.year, month)
        known = [fact for fact in facts if fact.period <= period]
        with office.store.reading() as connection:
            decided = returns.figures_of_record(connection, plan_id, period)
        done = compute(
            office.plan(plan_id, period), period, known, as_of=at.date(), earlier=earlier, decided=decided
        )
        earlier = {p.indicator_id: p for p in done}
        months[period] = earlier
    return months
