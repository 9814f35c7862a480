"""The figures that count, with where each stands."""

from __future__ import annotations

from datetime import datetime

from include.office.board.views import FactsPage, FactView
from include.office.desk import Office
from include.office.standings import year_standings
from include.office.words import ROLE_NAMES
from include.plan import Period, Plan
from include.records.facts import Fact
from include.store import returns


def page(
    office: Office,
    plan_id: str,
    now: datetime,
    *,
    period: Period | None = None,
    agency: str | None = None,
    indicator: str | None = None,
    offset: int = 0,
    limit: int = 500,
) -> FactsPage:
    """Give a page of the figures that count, by month, agency and indicator."""
    with office.store.reading() as connection:
        facts = returns.facts(connection, plan_id, period, arrived_by=now)
    standings = year_standings(office, plan_id, now)
    chosen = sorted(
        (
            f
            for f in facts
            if period in (None, f.period)
            and agency in (None, f.agency_id)
            and indicator in (None, f.indicator_id)
        ),
        key=lambda f: (f.period, f.agency_id, f.indicator_id, f.role),
    )
    return FactsPage(
        total=len(chosen),
        offset=offset,
        limit=limit,
        items=tuple(
            _view(office, plan_id, fact, standings[fact.agency_id, fact.period].words)
            for fact in chosen[offset : offset + limit]
        ),
    )


def _view(office: Office, plan_id: str, fact: Fact, marks: str) -> FactView:
    return FactView(
        period=str(fact.period),
        agency_id=fact.agency_id,
        agency=office.agency(plan_id, fact.agency_id, fact.period).name,
        indicator_id=fact.indicator_id,
        indicator=_name(office.plan(plan_id, fact.period), fact.indicator_id),
        role=fact.role.value,
        role_name=ROLE_NAMES[fact.role],
        state=fact.state.value,
        value=fact.value,
        raw=fact.raw,
        explanation=fact.explanation,
        marks=marks,
        submission_id=fact.submission_id,
        sheet=fact.sheet,
        ref=fact.ref,
    )


def _name(plan: Plan, indicator_id: str) -> str:
    return next((i.name for i in plan.indicators if i.id == indicator_id), indicator_id)
