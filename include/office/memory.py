"""What duban remembers for validating: an agency's own past, and what others say of the same month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from include.expectations import History, Past
from include.office.desk import Office
from include.plan import Period
from include.records.facts import Fact
from include.records.figures import Role
from include.store import returns

Figures = dict[tuple[str, Role], Decimal]


def history_for(office: Office, plan_id: str, wanted: Sequence[tuple[str, Period]]) -> History:
    """Give the past of each (agency, period) asked about."""
    history: dict[tuple[str, Period], Past] = {}
    for period in {period for _, period in wanted}:
        agencies = [agency for agency, asked in wanted if asked == period]
        with office.store.reading() as connection:
            history |= _of_period(office, plan_id, period, agencies, connection)
    return history


def _of_period(
    office: Office, plan_id: str, period: Period, agencies: Sequence[str], connection: Connection
) -> dict[tuple[str, Period], Past]:
    facts = returns.facts(connection, plan_id, period)
    figures = latest_figures(f for f in facts if f.period < period and f.period.year == period.year)
    texts = _texts(connection, plan_id, period.previous)
    names = names_so_far(connection, plan_id, period)
    peers = _peers(facts, period)
    changed = definitions_changed(office, plan_id, period)
    return {
        (agency, period): Past(
            figures=figures.get(agency, {}),
            texts=texts.get(agency, {}),
            names=tuple((n.indicator_id, n.name) for n in names.get(agency, ())),
            peers={key: {a: v for a, v in said.items() if a != agency} for key, said in peers.items()},
            changed=changed,
        )
        for agency in agencies
    }


def latest_figures(facts: Any) -> dict[str, Figures]:
    """Give, by agency, the newest value of each (indicator, role)."""
    newest: dict[str, Figures] = defaultdict(dict)
    for fact in sorted(facts, key=lambda f: f.period):
        if fact.value is not None:
            newest[fact.agency_id][fact.indicator_id, fact.role] = fact.value
    return newest


def _texts(connection: Connection, plan_id: str, period: Period) -> Mapping[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in returns.statements(connection, plan_id, period):
        texts[row.agency_id][row.clause_id] = row.text
    return texts


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a list as it stands so far in the year, with the month it first appeared in."""

    indicator_id: str
    since: Period
    name: str
    detail: str


def names_so_far(connection: Connection, plan_id: str, period: Period) -> dict[str, list[Name]]:
    """Give, by agency, the names of the newest list before a period: a list holds the year so far."""
    if period.month == 1:
        return {}
    rows = returns.named_entries(connection, plan_id, period.previous)
    newest = {row.agency_id: row.period for row in rows}
    first = {(row.agency_id, row.indicator_id, row.name): row.period for row in reversed(rows)}
    names: dict[str, list[Name]] = defaultdict(list)
    for row in rows:
        if row.period == newest[row.agency_id]:
            since = Period.parse(first[row.agency_id, row.indicator_id, row.name])
            names[row.agency_id].append(Name(row.indicator_id, since, row.name, row.detail))
    return names


def _peers(facts: Sequence[Fact], period: Period) -> dict[tuple[str, Role], dict[str, Decimal]]:
    said: dict[tuple[str, Role], dict[str, Decimal]] = defaultdict(dict)
    for fact in facts:
        if fact.period == period and fact.value is not None:
            said[fact.indicator_id, fact.role][fact.agency_id] = fact.value
    return said


def definitions_changed(office: Office, plan_id: str, period: Period) -> frozenset[str]:
    """Give the indicators whose definition changed since the month before: no cross-period rule fires."""
    before, after = office.plan(plan_id, period.previous), office.plan(plan_id, period)
    known = {i.id: i.definition_version for i in before.indicators}
    return frozenset(
        i.id for i in after.indicators if known.get(i.id, i.definition_version) != i.definition_version
    )
