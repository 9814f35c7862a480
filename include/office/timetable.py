"""What is due when: the days of a period's life, by the working-day calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from include.plan.model import Plan
from include.plan.period import Period
from include.workdays import WorkCalendar, moment

DUE_TIME = time(18, 0)


@dataclass(frozen=True, slots=True)
class PeriodDays:
    """The days of one period. Moments are aware, Asia/Shanghai."""

    period: Period
    opens_on: date
    due_at: datetime
    digest_on: date
    locks_on: date


def days_of(plan: Plan, period: Period, calendar: WorkCalendar) -> PeriodDays:
    """Compute a period's days: it opens on its last working day; the rest counts from its end."""
    end = period.ends_on
    return PeriodDays(
        period=period,
        opens_on=end if calendar.is_workday(end) else calendar.add(end, -1),
        due_at=moment(calendar.nth_of_month_after(end, plan.due_workday), DUE_TIME),
        digest_on=calendar.nth_of_month_after(end, plan.digest_workday),
        locks_on=calendar.nth_of_month_after(end, plan.lock_workday),
    )


def periods_of(plan_year: int, duties_from: Period) -> tuple[Period, ...]:
    """Give the periods of a plan's year in which duties exist."""
    months = tuple(Period(plan_year, month) for month in range(1, 13))
    return tuple(p for p in months if p >= duties_from)
