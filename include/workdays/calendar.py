"""The working-day calendar: Monday to Friday, less statutory holidays, plus make-up days (调休).

Source: the State Council's yearly notice, as carried by `chinesecalendar`; an office's overrides win. A year
nobody has published yet is *provisional* (暂定): Monday to Friday less the holidays of fixed date. Nothing
ever raises.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import version
from types import MappingProxyType
from zoneinfo import ZoneInfo

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]

from include.workdays.notices import NOTICES

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
_DAY = timedelta(days=1)


class WorkCalendar:
    """Working days of one place."""

    def __init__(
        self,
        overrides: Mapping[date, bool] | None = None,
        settled_years: Collection[int] = (),
        settled_by: str = "",
    ) -> None:
        """Take what an office settles: single days (True: a working day), whole years, and by what paper."""
        self._overrides = MappingProxyType(dict(overrides or {}))
        self._settled_years = frozenset(settled_years)
        self._settled_by = settled_by

    @property
    def overrides(self) -> Mapping[date, bool]:
        """The single days the office settled, True for a working day."""
        return self._overrides

    def is_workday(self, day: date) -> bool:
        """Tell whether people work on a day."""
        if day in self._overrides:
            return self._overrides[day]
        published = _published(day)
        if published is not None:
            return published
        return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS

    def add(self, day: date, n: int) -> date:
        """Give the n-th working day after a day (before, if negative); for 0 the first from that day on."""
        if n == 0:
            return day if self.is_workday(day) else self.add(day, 1)
        step = _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def nth_of_month_after(self, period_end: date, n: int) -> date:
        """Give the n-th working day after a month's end."""
        return self.add(period_end, n)

    def between(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and with `last`; negative if `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        days = (last - first).days
        return sum(self.is_workday(first + timedelta(days=n)) for n in range(1, days + 1))

    def is_provisional(self, year: int) -> bool:
        """Tell whether a year's working days are not published yet and not settled by the office."""
        return year not in self._settled_years and _published(date(year, 10, 1)) is None

    def mark(self, day: date) -> str:
        """Give what is shown behind a day of a year that is not published: （暂定）, else nothing."""
        return "（暂定）" if self.is_provisional(day.year) else ""

    def source(self, year: int) -> str:
        """Say where a year's working days come from, in Chinese: the paper and the data that carry it."""
        if year in self._settled_years:
            return self._settled_by or "本单位日历设置（overrides.yaml）"
        if self.is_provisional(year):
            return "暂定：国务院办公厅尚未公布放假安排，按周一至周五扣除固定日期节假日推算"
        paper = "".join(f"（{notice}）" for notice in [NOTICES.get(year)] if notice)
        own = sum(day.year == year for day in self._overrides)
        settled = f"；另有{own}天由{self._settled_by or '本单位'}确定（overrides.yaml）" if own else ""
        return f"国务院办公厅节假日安排{paper}，数据chinesecalendar {version('chinesecalendar')}{settled}"


def moment(day: date, at: time) -> datetime:
    """Give a moment of a day in Asia/Shanghai."""
    return datetime.combine(day, at, tzinfo=SHANGHAI)


@lru_cache(maxsize=1 << 15)  # 90 years of days
def _published(day: date) -> bool | None:
    try:
        return chinese_calendar.is_workday(day)  # pyright: ignore[reportUnknownMemberType]
    except NotImplementedError:
        return None
