"""From facts to one figure: what the sources say in a month, summed, or carried from the month before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from include.indicators.causes import Cause
from include.plan.model import Indicator, Kind
from include.plan.period import Period
from include.records.facts import Fact, Grey, Progress
from include.records.figures import FigureState, Role

Said = Mapping[tuple[str, str, Role], Fact]  # by indicator, agency, role
Decided = Mapping[tuple[str, Role], Decimal]


@dataclass(frozen=True, slots=True)
class Measured:
    """What an indicator comes to in a month. `count` is the numerator, the level or the cumulative figure.

    Where there is no value, `absent` says why.
    """

    count: Decimal | None = None
    denominator: Decimal | None = None
    pending: Decimal | None = None
    missing: tuple[str, ...] = ()
    value: Decimal | None = None
    absent: Cause | None = None
    from_period: Period | None = None  # set where the figure is carried from an earlier month


def said_in(period: Period, facts: Iterable[Fact]) -> Said:
    """Index a month's facts; of two that say the same, the later submission counts."""
    ours = sorted((f for f in facts if f.period == period), key=lambda f: f.submission_id)
    return {(f.indicator_id, f.agency_id, f.role): f for f in ours}


def roles_of(indicator: Indicator) -> tuple[Role, ...]:
    """Give the figures an indicator's value is made of."""
    if indicator.kind is Kind.RATIO:
        return (Role.NUMERATOR, Role.DENOMINATOR)
    return (Role.CUMULATIVE,) if indicator.accumulates else (Role.LEVEL,)


def measure(
    indicator: Indicator,
    period: Period,
    said: Said,
    earlier: Progress | None,
    decided: Decided,
    exempt: Collection[str] = (),
) -> Measured:
    """Measure an indicator in a month.

    Every source must have spoken: a part is no total. A month that owes no figure goes on with the newest
    one; a figure that was owed and is missing stays missing until it comes. Of the silent, those the office
    exempted owe nothing: they are named only where nobody else is.
    """
    open_roles = [role for role in roles_of(indicator) if (indicator.id, role) not in decided]
    missing = tuple(s for s in indicator.sources if any(_silent(said, indicator, s, r) for r in open_roles))
    counted = [s for s in indicator.sources if not _not_applicable(said, indicator, s)]
    if not indicator.cadence.due_in(period) and (missing or not counted):  # 本月不需填报 says nothing of it
        return _carried(indicator, earlier)
    if missing:
        owing = tuple(source for source in missing if source not in exempt)
        absent = Cause.NOT_REPORTED if owing else Cause.EXEMPT
        return Measured(missing=owing or missing, pending=_pending(indicator, said), absent=absent)
    if open_roles and not counted:
        return Measured(absent=Cause.NOT_APPLICABLE)
    totals = [
        decided.get(
            (indicator.id, role), sum((_value(said, indicator, s, role) for s in counted), Decimal(0))
        )
        for role in roles_of(indicator)
    ]
    return _valued(indicator, totals[0], totals[-1], _pending(indicator, said))


def _valued(
    indicator: Indicator,
    count: Decimal,
    denominator: Decimal,
    pending: Decimal | None,
    of: Period | None = None,
) -> Measured:
    """Make the value of a count and, for a ratio, its denominator."""
    if indicator.kind is Kind.RATIO:
        value = count * 100 / denominator if denominator else None
        absent = None if denominator else Cause.NO_DENOMINATOR
        return Measured(count, denominator, pending, (), value, absent, of)
    if indicator.kind is Kind.RATE:
        population = indicator.population
        value = count * 1000 / population if population else None
        absent = None if population else Cause.NO_POPULATION
        return Measured(count, population, pending, (), value, absent, of)
    return Measured(count, None, pending, (), count, None, of)


def _carried(indicator: Indicator, earlier: Progress | None) -> Measured:
    if earlier is None or (earlier.grey is Grey.NOT_DUE and earlier.value is None):
        return Measured(absent=Cause.NOTHING_OWED)
    of = earlier.from_period or earlier.period
    count = earlier.numerator if earlier.numerator is not None else earlier.value
    if count is not None:
        return _valued(indicator, count, earlier.denominator or Decimal(0), earlier.pending, of)
    if earlier.grey is Grey.NOT_APPLICABLE:
        return Measured(absent=Cause.NOT_APPLICABLE, from_period=of)
    absent = Cause.EXEMPT if earlier.grey is Grey.EXEMPT else Cause.NOT_REPORTED
    return Measured(missing=earlier.missing_sources, absent=absent, from_period=of)


def _pending(indicator: Indicator, said: Said) -> Decimal | None:
    """Sum what is 待认定 over the sources that say something of it."""
    told = [said.get((indicator.id, source, Role.PENDING)) for source in indicator.sources]
    values = [fact.value for fact in told if fact is not None and fact.value is not None]
    return sum(values, Decimal(0)) if values else None


def _silent(said: Said, indicator: Indicator, agency: str, role: Role) -> bool:
    fact = said.get((indicator.id, agency, role))
    return fact is None or fact.state is FigureState.MISSING


def _not_applicable(said: Said, indicator: Indicator, agency: str) -> bool:
    facts = [said.get((indicator.id, agency, role)) for role in roles_of(indicator)]
    return any(fact is not None and fact.state is FigureState.NOT_APPLICABLE for fact in facts)


def _value(said: Said, indicator: Indicator, agency: str, role: Role) -> Decimal:
    fact = said.get((indicator.id, agency, role))
    return fact.value if fact is not None and fact.value is not None else Decimal(0)
