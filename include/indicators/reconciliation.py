"""Reconciliation (核对): where a source and a cross-check agency say different things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from include.indicators.measuring import Decided, Said, roles_of, said_in
from include.plan.model import Indicator, Plan
from include.plan.period import Period
from include.records.facts import Fact, FigureOfRecord
from include.records.figures import Role


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure several agencies report differently: the sources' first, then the cross-checks'."""

    indicator_id: str
    role: Role
    figures: tuple[tuple[str, Decimal], ...]


def reconcile(plan: Plan, period: Period, facts: Sequence[Fact]) -> tuple[Difference, ...]:
    """Give the differences of a month, in plan order, over the figures a value is made of.

    Several sources are held against a cross-check as their sum; what is missing contradicts nobody.
    """
    said = said_in(period, facts)
    found = (
        _difference(indicator, role, said) for indicator in plan.indicators for role in roles_of(indicator)
    )
    return tuple(difference for difference in found if difference is not None)


def in_force(differences: Sequence[Difference], decisions: Sequence[FigureOfRecord]) -> Decided:
    """Give the figures of record that count.

    A decision stands on the figures it was made about: once one of them changes it no longer counts, and what
    the sources report does until the office decides again.
    """
    now = {(d.indicator_id, d.role): d.figures for d in differences}
    return {
        (d.indicator_id, d.role): d.value
        for d in decisions
        if now.get((d.indicator_id, d.role)) == d.reported
    }


def _difference(indicator: Indicator, role: Role, said: Said) -> Difference | None:
    sources = _figures(indicator, role, indicator.sources, said)
    checks = _figures(indicator, role, indicator.cross_check, said)
    if len(sources) < len(indicator.sources):
        return None
    total = sum((value for _, value in sources), Decimal(0))
    if all(value == total for _, value in checks):
        return None
    return Difference(indicator.id, role, sources + checks)


def _figures(
    indicator: Indicator, role: Role, agencies: tuple[str, ...], said: Said
) -> tuple[tuple[str, Decimal], ...]:
    facts = [said.get((indicator.id, agency, role)) for agency in agencies]
    return tuple((f.agency_id, f.value) for f in facts if f is not None and f.value is not None)
