"""What duban remembers for validating: an agency's own past, and what others say of the same month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Connection

from include.expectations import Past
from include.office.desk import Office
from include.plan import Period
from include.records.facts import Fact
from include.records.figures import Role
from include.store import returns

_STANDING = frozenset([Role.CUMULATIVE, Role.LEVEL, Role.NUMERATOR, Role.DENOMINATOR])  # where a month stood
Figures = dict[tuple[str, Role], Decimal]


Pasts = dict[tuple[str, Period], Past]  # by agency and period


def history_for(office: Office, plan_id: str, wanted: Sequence[tuple[str, Period]]) -> Pasts:
    """Give the past of each (agency, period) asked about."""
    history: Pasts = {}
    for period in {period for _, period in wanted}:
        agencies = [agency for agency, asked in wanted if asked == period]
        with office.store.reading() as connection:
            history |= _of_period(office, plan_id, period, agencies, connection)
    return history


def _of_period(
    office: Office, plan_id: str, period: Period, agencies: Sequence[str], connection: Connection
) -> dict[tuple[str, Period], Past]:
    facts = returns.facts(connection, plan_id, period)
    earlier = figures_before(office, plan_id, period, facts)
    texts = _texts(connection, plan_id, period.previous)
    lists = lists_before(connection, plan_id, period)
    peers = _peers(facts, period)
    same = _Definitions(office, plan_id, period)
    history: Pasts = {}
    for agency in agencies:
        before, listed = earlier.get(agency, Before()), lists.get(agency, Listed())
        history[agency, period] = Past(
            figures=before.figures,
            since={i: month for i, month in before.since.items() if month != period.previous},
            texts=texts.get(agency, {}),
            names=tuple(
                (n.indicator_id, n.name) for n in listed.names if same.hold(listed.period, n.indicator_id)
            ),
            names_from=listed.period,
            changed=before.changed,
            peers={key: {a: v for a, v in said.items() if a != agency} for key, said in peers.items()},
        )
    return history


@dataclass(frozen=True, slots=True)
class Before:
    """An agency's newest figures of the year before a period, and by indicator the month they are from."""

    figures: Figures = field(default_factory=dict[tuple[str, Role], Decimal])
    since: dict[str, Period] = field(default_factory=dict[str, Period])
    known: set[str] = field(default_factory=set[str])  # whatever the definition

    @property
    def changed(self) -> frozenset[str]:
        """The indicators of which only figures under another definition are known."""
        return frozenset(self.known - set(self.since))


def figures_before(office: Office, plan_id: str, period: Period, facts: Iterable[Fact]) -> dict[str, Before]:
    """Give by agency its newest figures of the year's earlier months, all of an indicator from one month.

    A month that was skipped leaves an older one. What was reported under another definition than the
    period's is left out: nothing goes on from it.
    """
    months: dict[tuple[str, str, Period], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.period < period and fact.period.year == period.year and fact.value is not None:
            months[fact.agency_id, fact.indicator_id, fact.period].append(fact)
    same = _Definitions(office, plan_id, period)
    newest: dict[str, Before] = defaultdict(Before)
    for (agency, indicator, month), said in sorted(months.items(), key=lambda item: item[0][2], reverse=True):
        before = newest[agency]
        if not any(fact.role in _STANDING for fact in said):
            continue
        before.known.add(indicator)
        if indicator not in before.since and same.hold(month, indicator):
            before.since[indicator] = month
            before.figures.update({(indicator, f.role): f.value for f in said if f.value is not None})
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


@dataclass(frozen=True, slots=True)
class Listed:
    """An agency's newest list of names, and the month it is from."""

    period: Period | None = None
    names: tuple[Name, ...] = ()


def lists_before(connection: Connection, plan_id: str, period: Period) -> dict[str, Listed]:
    """Give, by agency, the newest list before a period: a list holds the year so far."""
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
    return {agency: Listed(Period.parse(newest[agency]), tuple(listed)) for agency, listed in names.items()}


def _peers(facts: Sequence[Fact], period: Period) -> dict[tuple[str, Role], dict[str, Decimal]]:
    said: dict[tuple[str, Role], dict[str, Decimal]] = defaultdict(dict)
    for fact in facts:
        if fact.period == period and fact.value is not None:
            said[fact.indicator_id, fact.role][fact.agency_id] = fact.value
    return said


class _Definitions:
    """Tells whether an indicator was defined in a month as in the period: no comparison goes across."""

    def __init__(self, office: Office, plan_id: str, period: Period) -> None:
        self._office, self._plan_id, self._period = office, plan_id, period
        self._versions: dict[Period, dict[str, int]] = {}

    def hold(self, month: Period | None, indicator_id: str) -> bool:
        return month is not None and self._of(month).get(indicator_id) == self._of(self._period).get(
            indicator_id
        )

    def _of(self, month: Period) -> dict[str, int]:
        if month not in self._versions:
            plan = self._office.plan(self._plan_id, month)
            self._versions[month] = {i.id: i.definition_version for i in plan.indicators}
        return self._versions[month]
