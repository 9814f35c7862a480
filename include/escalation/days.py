"""The clocks of the ladder: when an answer is due, when a clock has run out, which day may date a letter."""

from __future__ import annotations

from datetime import date

from include.escalation.ladder import Ladder
from include.records.escalation import LetterState, StepTaken
from include.workdays import WorkCalendar

UNSERVED = frozenset(
    {LetterState.DRAFT, LetterState.WAITING, LetterState.SIGNED, LetterState.NUMBERED, LetterState.SEALED}
)
SET_ASIDE = frozenset({LetterState.WAIVED, LetterState.WITHDRAWN, LetterState.REVOKED})


def day_text(day: date) -> str:
    """Write a day for users: `2024年9月6日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def reply_due(served_on: date, step: str, ladder: Ladder, calendar: WorkCalendar) -> date:
    """Give the day an answer to a served letter is due; day one is the working day after it was served.

    For an interview it is the earliest possible day, its notice included; the office sets the date once the
    day of the interview is known. A step without a clock (解除通知书) asks for nothing: the day itself.
    """
    clock = ladder.step(step)
    days = clock.notice_days + clock.reply_days
    return calendar.add(served_on, days) if days else served_on


def done_due(served_on: date, step: str, ladder: Ladder, calendar: WorkCalendar) -> date | None:
    """Give the day what a letter asks for must be done; None where it asks only for an answer."""
    days = ladder.step(step).done_days
    return calendar.add(served_on, days) if days else None


def clock_ends_on(taken: StepTaken, ladder: Ladder, calendar: WorkCalendar) -> date | None:
    """Give the last day of a step's whole clock; None while it has not started: the letter is not served."""
    if taken.letter_state in UNSERVED or taken.served_on is None:
        return None
    answer = taken.reply_due_on or reply_due(taken.served_on, taken.step, ladder, calendar)
    return max(answer, done_due(taken.served_on, taken.step, ladder, calendar) or answer)


def chasers_due(due_on: date, ladder: Ladder, calendar: WorkCalendar, as_of: date) -> bool:
    """Tell whether a return due on a day is to be chased (催报) today."""
    return as_of in {calendar.add(due_on, -n) if n else due_on for n in ladder.chaser.working_days_before}


def may_be_dated(calendar: WorkCalendar, day: date) -> bool:
    """Tell whether a day may date a formal letter: its year's working days are published or settled."""
    return not calendar.is_provisional(day.year)
