"""Progress (完成进度): every indicator of a plan in a month, from the facts that count."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from include.indicators.lights import course, judge, settles
from include.indicators.measuring import Decided, Measured, measure, said_in
from include.indicators.reasons import reason
from include.plan.model import Indicator, Kind, Plan
from include.plan.period import Period
from include.records.facts import Fact, Progress


def compute(
    plan: Plan,
    period: Period,
    facts: Sequence[Fact],
    *,
    as_of: date,
    earlier: Mapping[str, Progress],
    decided: Decided,
    exempt: Collection[str] = (),
) -> tuple[Progress, ...]:
    """Give the progress of every indicator, in plan order.

    Args:
        plan: the plan in force in the period.
        period: the month asked about.
        facts: what counts of the year so far, of all agencies; only the month's own are read.
        as_of: the day asked about. Before the month is over nothing is 未报; after December the target date
            is past.
        earlier: progress of the month before, by indicator.
        decided: figures of record the office decided for this month; each replaces what the sources say.
        exempt: ids of the agencies the office exempted from this month's return (免报).
    """
    said, before = said_in(period, facts), {i.id: _comparable(i, earlier) for i in plan.indicators}
    measured = {i.id: measure(i, period, said, before[i.id], decided, exempt) for i in plan.indicators}
    return tuple(_progress(plan, i, period, measured[i.id], before[i.id], as_of) for i in plan.indicators)


def _comparable(indicator: Indicator, earlier: Mapping[str, Progress]) -> Progress | None:
    """Give the month before; nothing goes on across a changed definition (口径)."""
    before = earlier.get(indicator.id)
    return before if before and before.definition_version == indicator.definition_version else None


def _progress(
    plan: Plan,
    indicator: Indicator,
    period: Period,
    measured: Measured,
    earlier: Progress | None,
    as_of: date,
) -> Progress:
    path = course(indicator, period, measured)
    cause = judge(indicator, period, measured, path, earlier, as_of)
    value, last = measured.value, _last_value(measured.value, earlier)
    parts = indicator.kind in (Kind.RATIO, Kind.RATE)
    return Progress(
        indicator_id=indicator.id,
        period=period,
        light=cause.value.light,
        grey=cause.value.grey,
        value=value,
        numerator=measured.count if parts else None,
        denominator=measured.denominator if parts else None,
        target=indicator.target,
        path_value=path.value,
        share_pct=value * 100 / indicator.target if value is not None and indicator.target else None,
        gap=value - path.value if value is not None and path.value is not None else None,
        pace_needed=_pace_needed(indicator, period, value),
        pending=measured.pending,
        last_value=last,
        path_confirmed=indicator.path.confirmed,
        reason=reason(plan, indicator, period, cause, measured, path, last),
        missing_sources=measured.missing,
        from_period=measured.from_period,
        definition_version=indicator.definition_version,
    )


def _last_value(value: Decimal | None, earlier: Progress | None) -> Decimal | None:
    """Give the value of the month before; while nothing is known, the newest there was."""
    if earlier is None:
        return None
    return earlier.last_value if value is None and earlier.value is None else earlier.value


def _pace_needed(indicator: Indicator, period: Period, value: Decimal | None) -> Decimal | None:
    """Give what each remaining month must bring; 0 once it is reached, None where no pace makes sense."""
    if value is None or not settles(indicator):
        return None
    if indicator.comparator.met(value, indicator.target):
        return Decimal(0)
    remaining = 12 - period.month
    return (indicator.target - value) / remaining if remaining else None
