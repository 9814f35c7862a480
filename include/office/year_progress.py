"""The year's progress, month by month: derived from the facts that count, never stored."""

from __future__ import annotations

from datetime import datetime

from include.indicators import compute, in_force, reconcile
from include.office.desk import Office
from include.plan import Period
from include.records.facts import Fact, Progress
from include.store import decisions, returns

YearProgress = dict[Period, dict[str, Progress]]


def year_progress(
    office: Office, plan_id: str, up_to: Period, at: datetime, facts: list[Fact] | None = None
) -> YearProgress:
    """Compute progress for January up to a period, each with the plan then in force, by what had arrived."""
    with office.store.reading() as connection:
        if facts is None:
            facts = returns.facts(connection, plan_id, up_to, arrived_by=at)
        decided = decisions.figures_of_record(connection, plan_id, up_to, at)
        exempted = returns.exempted(connection, plan_id, at)
    months: YearProgress = {}
    earlier: dict[str, Progress] = {}
    for month in range(1, up_to.month + 1):
        period = Period(up_to.year, month)
        plan, known = office.plan(plan_id, period), [fact for fact in facts if fact.period <= period]
        of_record = in_force(reconcile(plan, period, known), [d for d in decided if d.period == period])
        done = compute(
            plan,
            period,
            known,
            as_of=at.date(),
            earlier=earlier,
            decided=of_record,
            exempt={agency for month, agency in exempted if month == str(period)},
        )
        earlier = {p.indicator_id: p for p in done}
        months[period] = earlier
    return months
