"""Lights (亮灯): a value held against its path and its target gives one cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from include.indicators.causes import Cause
from include.indicators.measuring import Measured
from include.indicators.paths import path_values
from include.plan.model import Behaviour, Cadence, Comparator, Indicator
from include.plan.period import Period
from include.records.facts import Light, Progress

TOLERANCE = Decimal("0.1")  # behind by less than this share of the path: yellow; by this or more: red
_SETTLED_ONCE_REACHED = {Behaviour.ACCUMULATE, Behaviour.NAMED, Behaviour.BUILD_UP}


@dataclass(frozen=True, slots=True)
class Course:
    """An indicator's path as it is judged in a month. `point` is the path as written, `value` in the unit."""

    point: Decimal | None
    value: Decimal | None
    next_value: Decimal | None


def course(indicator: Indicator, period: Period, measured: Measured) -> Course:
    """Give the path a month is judged by.

    A figure carried from the last quarter is held against that quarter's path, not against one it had no
    chance to meet; a figure owed only at an event stands for today.
    """
    month = period.month
    if measured.from_period is not None and indicator.cadence is not Cadence.EVENT:
        month = measured.from_period.month
    values, now = path_values(indicator), indicator.path.points[period.month - 1]
    point = indicator.path.points[month - 1] if now is not None else None
    return Course(
        point, values[month - 1] if now is not None else None, values[month] if month < 12 else None
    )


def judge(
    indicator: Indicator,
    period: Period,
    measured: Measured,
    path: Course,
    earlier: Progress | None,
    as_of: date,
) -> Cause:
    """Tell why an indicator has the light it has."""
    if measured.value is None:
        return _without_value(measured, period, as_of)
    value, over = measured.value, period.month == 12 and as_of > period.ends_on
    if indicator.comparator.met(value, indicator.target):
        if over or settles(indicator):
            return Cause.REACHED
    elif over:
        return Cause.DATE_PASSED
    if path.value is None:
        return Cause.NO_POINT if path.point is None else Cause.NO_BASELINE
    return _against_path(indicator, value, path.value, path, earlier)


def _without_value(measured: Measured, period: Period, as_of: date) -> Cause:
    assert measured.absent is not None  # noqa: S101 - Measured always says why it has no value
    still_open = as_of <= period.ends_on and measured.from_period is None
    return Cause.MONTH_OPEN if still_open and measured.absent is Cause.NOT_REPORTED else measured.absent


def settles(indicator: Indicator) -> bool:
    """Tell whether a target once reached is done: not if it can be lost again before the year ends."""
    limit = indicator.comparator is Comparator.AT_MOST and indicator.accumulates
    return indicator.behaviour in _SETTLED_ONCE_REACHED and not limit


def _against_path(
    indicator: Indicator, value: Decimal, path: Decimal, course: Course, earlier: Progress | None
) -> Cause:
    target = indicator.target
    if indicator.comparator is Comparator.EXACTLY and value > max(target, path):
        return Cause.OVER_TARGET if value - target < abs(target) * TOLERANCE else Cause.FAR_OVER_TARGET
    short = value - path if indicator.comparator is Comparator.AT_MOST else path - value
    if short > 0:
        return Cause.BEHIND if short < abs(path) * TOLERANCE else Cause.FAR_BEHIND
    if path == 0 and indicator.comparator is not Comparator.AT_MOST:
        if course.next_value == target:
            return Cause.NEARING
        if value == 0:
            return Cause.NOT_STARTED
    return Cause.MADE_GOOD if earlier is not None and earlier.light is Light.RED else Cause.ON_PATH
