"""The letters of a rehearsal: as recorded where the same one went out, otherwise modelled plainly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from statistics import median_low
from typing import Any

from sqlalchemy import Row

from include.escalation import SET_ASIDE, UNSERVED, Ladder, reply_due
from include.office.recorded import LETTER_STATES, Recorded
from include.plan import Period
from include.records.escalation import LetterState
from include.workdays import SHANGHAI, WorkCalendar, moment

ASSUMPTIONS = (
    "每个工作日上午9:10判断一次，按当时已收到、已审核的报表和已作出的决定；到期后各单位文件夹均已查看。",
    "与实际同日、同单位、同措施、同事项的文书，签发、送达、答复、审核意见均按实际记录；答复期限按新办法另算。",
    "实际没有的文书，签发和送达：拟稿后按本年实际所用工作日的中位数（没有先例的按1个工作日，自动签发的按当日）。",
    "实际没有的文书，答复：按该单位本年答复所用工作日的中位数；收到过文书而从未答复的，仍不答复；"
    "没有先例的，在期限最后一天答复。答复既未认可也未退回。",
    "延期、认可理由、收到方案、免予督办、销号、并入等人的决定，同一单位同一事项当时仍在督办的，照用；"
    "报表的延期、免报、改期和数据的核定、补报，按作出之日起算。",
)
NOT_REPLAYED = (
    "人会怎样决定：新办法下才有的文书，签发人会否退回、免发，单位会怎样答复、整改，都无从得知，只按上述假定。",
    "退回、免发、撤回、撤销、更正：只随与实际同日的文书重现；日期变了的文书，不沿用对原文书的这些决定。",
    "发出的文书对以后报数的影响：数据和报表一律按实际收到的，少发、早发文书可能带来的变化不在其中。",
    "事先沟通、文号、抄送和文书文字。",
)
RUNS_AT = time(9, 10)
_UNTOLD = ("served_at", "reply_due_on", "answered_on", "accepted_on")


@dataclass
class Letter:
    """A letter of the rehearsal; `recorded`: the one that went out in fact."""

    id: int
    agency_id: str
    step: str
    period: Period
    drafted_on: date
    recorded: Row[Any] | None
    served_on: date | None = None  # of a modelled one
    answered_on: date | None = None
    withdrawn_on: date | None = None
    matters: list[str] = field(default_factory=list[str])
    reasons: list[str] = field(default_factory=list[str])
    rules: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Lives:
    """How letters live. `ladder` gives the ladder of a day, `old` the one that was in force on it in fact."""

    known: Recorded
    calendar: WorkCalendar
    ladder: Callable[[date], Ladder]
    old: Callable[[date], Ladder]

    def assume(self, letter: Letter, *, automatic: bool) -> None:
        """Assume when a letter that never was is served and answered."""
        served = [r for r in self.known.proposed if r.served_at is not None]
        took = [self.calendar.between(r.drafted_on, _day(r.served_at)) for r in served]
        wait = 0 if automatic else median_low(took) if took else 1
        letter.served_on = self.calendar.add(letter.drafted_on, wait)
        theirs = [r for r in served if r.agency_id == letter.agency_id]
        answers = [self.calendar.between(_day(r.served_at), r.answered_on) for r in theirs if r.answered_on]
        if answers:
            letter.answered_on = self.calendar.add(letter.served_on, median_low(answers))
        elif not theirs:
            letter.answered_on = self._due(letter, letter.served_on)

    def _due(self, letter: Letter, served_on: date) -> date:
        return reply_due(served_on, letter.step, self.ladder(letter.drafted_on), self.calendar)

    def state(self, letter: Letter, at: datetime) -> LetterState:
        """Give the state of a letter at a moment."""
        if letter.withdrawn_on is not None and letter.withdrawn_on <= _day(at):
            return LetterState.WITHDRAWN
        if letter.recorded is None:
            return self._assumed_state(letter, _day(at))
        life = [LETTER_STATES[e.event] for e in self.known.life[letter.recorded.id] if e.at <= at]
        return life[-1] if life else LetterState.WAITING

    def _assumed_state(self, letter: Letter, day: date) -> LetterState:
        if letter.served_on is None or day <= letter.served_on:
            return LetterState.WAITING
        if letter.answered_on is not None and letter.answered_on < day:
            return LetterState.ANSWERED
        overdue = self._due(letter, letter.served_on) < day
        return LetterState.OVERDUE if overdue else LetterState.SERVED

    def days(self, letter: Letter, at: datetime) -> dict[str, Any]:
        """Give a letter's state and days, as the columns of its row stood at a moment."""
        state = self.state(letter, at)
        if state in UNSERVED or state in SET_ASIDE:
            return {"state": state, **dict.fromkeys(_UNTOLD)}
        if letter.recorded is not None:
            return {"state": state, **self._recorded_days(letter, letter.recorded, state, at)}
        served, answered = letter.served_on or letter.drafted_on, letter.answered_on
        return {
            "state": state,
            "served_at": moment(served, RUNS_AT),
            "reply_due_on": self._due(letter, served),
            "answered_on": answered if answered and answered < _day(at) else None,
            "accepted_on": None,
        }

    def _recorded_days(
        self, letter: Letter, row: Row[Any], state: LetterState, at: datetime
    ) -> dict[str, Any]:
        came = {e.event for e in self.known.life[row.id] if e.at <= at}
        same = self.ladder(letter.drafted_on).step(letter.step) == self.old(letter.drafted_on).step(
            letter.step
        )
        due: date = (same and row.reply_due_on) or self._due(letter, _day(row.served_at))
        if same and state is LetterState.SERVED:
            due = max(due, _day(at))  # nobody had found its clock run out yet
        return {
            "served_at": row.served_at,
            "reply_due_on": due,
            "answered_on": row.answered_on if "letter-answered" in came else None,
            "accepted_on": row.accepted_on if "letter-accepted" in came else None,
        }


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
