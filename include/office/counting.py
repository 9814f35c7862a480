"""Counting working days in words, so that anybody can count again with a calendar in hand."""

from __future__ import annotations

from datetime import date, timedelta

from include.workdays import WorkCalendar

_TOLD = 10  # days told one by one
_SATURDAY = 5


def counted(calendar: WorkCalendar, first: date, last: date) -> str:
    """Tell the working days after `first` up to and with `last`: how many, which, what was left out."""
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    working = [day for day in days if calendar.is_workday(day)]
    holidays = [day for day in days if not calendar.is_workday(day) and day.weekday() < _SATURDAY]
    moved = [day for day in working if day.weekday() >= _SATURDAY]
    weekend = len(days) - len(working) - len(holidays)
    which = f"（{_listed(working)}）" if 0 < len(working) <= _TOLD else ""
    left_out = [
        *([f"双休日{weekend}天"] if weekend else []),
        *([f"放假的{_listed(holidays)}"] if holidays else []),
    ]
    not_counted = f"，不计{'、'.join(left_out)}" if left_out else ""
    extra = f"，{_listed(moved)}为调休上班，计入" if moved else ""
    basis = "、".join(dict.fromkeys(calendar.source(day.year) for day in (days or [last])))
    return f"共{len(working)}个工作日{which}{not_counted}{extra}；日历依据：{basis}"


def _listed(days: list[date]) -> str:
    return "、".join(f"{day.month}月{day.day}日" for day in days)
