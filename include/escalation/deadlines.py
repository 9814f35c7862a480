"""By which day what a letter asks for is due, once it is known when it was served. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from include.escalation.days import day_text, done_due, may_be_dated, reply_due
from include.escalation.ladder import Ladder
from include.escalation.names import Step
from include.records.escalation import LetterContent
from include.workdays import WorkCalendar

_AFTER_SERVICE = re.compile(r"送达次日起(\d+)个工作日内")


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing a letter asks for, and the last day for it."""

    what: str
    on: date
    provisional: bool  # reckoned in a year whose working days are not published

    def __str__(self) -> str:
        """Write it for users: `书面答复：2024年9月18日前（含当日）`."""
        note = "，按暂定的工作日推算" if self.provisional else ""
        return f"{self.what}：{day_text(self.on)}前（含当日{note}）"


def within(this: str, days: int) -> str:
    """Say by when, before anybody knows when the letter is served: working days from the day after."""
    return f"自{this}送达次日起{days}个工作日内"


def dated(content: LetterContent, served_on: date, calendar: WorkCalendar, given: str) -> LetterContent:
    """Put the day behind every count of working days; `given` is the condition, such as 当日送达的."""

    def day(found: re.Match[str]) -> str:
        due = calendar.add(served_on, int(found[1]))
        note = "" if may_be_dated(calendar, due) else "，按暂定的工作日推算"
        return f"{found[0]}（{given}即{day_text(due)}前，含当日{note}）"

    return replace(
        content, requirements=tuple(_AFTER_SERVICE.sub(day, text) for text in content.requirements)
    )


def deadlines(step: str, served_on: date, ladder: Ladder, calendar: WorkCalendar) -> tuple[Deadline, ...]:
    """Give what is due when for a letter of a step; nothing for one that asks for nothing.

    An interview's report is due by the day of the interview, which the office sets: none is given.
    """
    rule, found = ladder.step(step), list[tuple[str, date]]()
    done = done_due(served_on, step, ladder, calendar)
    if rule.reply_days and not rule.notice_days:
        what = "报送整改方案" if done else "书面答复"
        found.append((what, reply_due(served_on, step, ladder, calendar)))
    if done:
        found.append(("完成整改并报告结果" if step != Step.LISTING else "完成整改", done))
    return tuple(Deadline(what, on, not may_be_dated(calendar, on)) for what, on in found)
