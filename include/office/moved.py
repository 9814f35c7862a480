"""Which figures of an agency moved an indicator since the month before."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from include.indicators import show
from include.office.words import ROLE_NAMES
from include.plan import Period
from include.records.facts import Fact
from include.records.figures import Role

_COUNTING = (Role.CUMULATIVE, Role.LEVEL, Role.NUMERATOR, Role.DENOMINATOR)


def moved(facts: Iterable[Fact], indicator_id: str, agency_id: str, period: Period) -> str:
    """Say how an agency's figures of an indicator moved: `分子44→47、分母117→118`; empty if they did not."""
    months = (period.previous, period)
    told = {
        (f.period, f.role): f.value
        for f in facts
        if (f.indicator_id, f.agency_id) == (indicator_id, agency_id) and f.period in months
    }
    pairs = ((role, told.get((months[0], role)), told.get((months[1], role))) for role in _COUNTING)
    return "、".join(
        f"{ROLE_NAMES[role]}{_shown(was)}→{_shown(now)}" for role, was, now in pairs if was != now
    )


def _shown(value: Decimal | None) -> str:
    return "未报" if value is None else show(value, "")
