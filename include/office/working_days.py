"""Where the working days come from, year by year, in lines a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from include.office.desk import Office, open_office, selected


def lines(
    plan: str | None = None, now: datetime | str | None = None, *, office: Office | None = None
) -> Iterator[str]:
    """Tell for each plan its years' sources and every day the office settled itself."""
    office = office or open_office()
    moment = office.now(now)
    for plan_id in selected(office, plan):
        yield f"{plan_id}："
        yield from (f"  {line}" for line in sources(office, plan_id, moment))
        for day, works in sorted(office.calendar(plan_id).overrides.items()):
            yield f"  {day} {'上班' if works else '放假'}（本单位确定）"
        yield f"  本单位的日历设置：{office.calendar_file(plan_id)}"


def sources(office: Office, plan_id: str, now: datetime) -> Iterator[str]:
    """Tell where each year comes from that the plan's days fall in, and this year and the next."""
    year, calendar = office.book(plan_id).year, office.calendar(plan_id)
    for of in sorted({year, year + 1, now.year, now.year + 1}):
        yield f"{of}年 {calendar.source(of)}"
