"""The year's days: on each working day the agencies, the signers and the system do what is theirs to do."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from demo.agencies import SimulatedAgency
from demo.setting import CARELESS, LATE, PLAN, SILENT, YEAR
from demo.steps import Steps
from include.escalation import LETTER_STATE_NAMES
from include.office import clock, raising
from include.office.decided import Decided
from include.office.desk import Office
from include.office.escalate_overdue import waiting
from include.office.letters import overview
from include.office.timetable import PeriodDays, days_of
from include.plan import Agency, Period
from include.records.escalation import LetterState
from include.workdays import SHANGHAI, moment

Say = Callable[[str], None]
_SILENT_FROM = Period(YEAR, 6)
_INSTRUCTED_ON, _DUE_ON = date(YEAR, 8, 6), date(YEAR, 9, 6)
_LATE_NEVER_FILES = Period(YEAR, 7)
_MORNING, _NOON, _AFTERNOON, _EVENING = time(9, 10), time(11, 0), time(15, 0), time(18, 10)


@dataclass
class Year:
    """Replays working days, one after another, by whatever `steps` it is given."""

    office: Office
    say: Say
    sign_until: date  # letters drafted after that are left for a person to sign
    answered: set[int] = field(default_factory=set[int])

    def play(self, first: date, last: date, steps: Steps, *, every_day: bool = True) -> None:
        """Play the working days from first to last; with `every_day` off only where something happens."""
        calendar = self.office.calendar(PLAN)
        day = first
        while day <= last:
            if calendar.is_workday(day):
                self._play_day(day, steps, every_day)
            day += timedelta(days=1)

    def _play_day(self, day: date, steps: Steps, every_day: bool) -> None:
        for period in self._running(day):
            days = self._days(period)
            if day == days.opens_on:
                self._at(day, time(8, 30))
                steps.take("open")
                self.say(f"  {day} 开启 {period.label}：填报模板已放入各单位“待报”")
        if every_day or self._is_escalation_day(day):
            self._at(day, _MORNING)
            steps.take("escalate")
        if day == _INSTRUCTED_ON:
            self._instruct(day)
        self._drop_and_collect(day, steps)
        self._sign_and_answer(day, steps)
        self._publish(day, steps)

    def _instruct(self, day: date) -> None:
        """Record a leader's instruction; whoever looks at the demo finds it open."""
        given = Decided("office-clerk", "领导批示件（演示）", now=self._at(day, _MORNING))
        words = "开学前摸清学校食堂“阳光配送”底数，数据以两家核对一致的为准（演示）"
        of = {"leader": "演示副市长", "given_on": day, "due_on": _DUE_ON, "office": self.office}
        raising.instruct(PLAN, ["education"], given, words=words, **of)
        self.say(f"  {day} 登记领导批示")

    def _drop_and_collect(self, day: date, steps: Steps) -> None:
        for period in self._running(day):
            dropping = list(self._filers_of(period, day))
            if not dropping:
                continue
            self._at(day, _NOON)
            for agency, careless in dropping:
                SimulatedAgency(self.office, agency).file(period, careless=careless)
            steps.take("collect")
            self.say(f"  {day} {period.label}：{len(dropping)} 个单位报送，已收取、校验、回执")

    def _filers_of(self, period: Period, day: date) -> Iterator[tuple[Agency, bool]]:
        """Give who files this day, and whether with faults."""
        calendar, due = self.office.calendar(PLAN), self._days(period).due_at.date()
        for agency in self.office.plan(PLAN, period).filers:
            dice = random.Random(f"duban-demo/{period}/{agency.id}")  # noqa: S311 - a simulation
            files_on = calendar.add(due, -dice.choice((3, 1)))
            if (agency.id == SILENT and period >= _SILENT_FROM) or (
                agency.id == LATE and period >= _LATE_NEVER_FILES
            ):
                continue
            if agency.id == LATE:
                files_on = calendar.add(due, 3)
            if agency.id == CARELESS:
                if day == calendar.add(due, -3):
                    yield agency, True
                files_on = calendar.add(due, -1)
            if day == files_on:
                yield agency, False

    def _sign_and_answer(self, day: date, steps: Steps) -> None:
        """Sign in the afternoon what was drafted before today; agencies answer three working days later."""
        self._at(day, _AFTERNOON)
        rounds = {letter["id"]: letter for letter in waiting([PLAN], office=self.office)}
        for letter in overview(PLAN, office=self.office):
            if letter["id"] in rounds and letter["drafted_on"] < day and self._is_signed(letter, day):
                talk = {"on": f"{day}", "with": "经办人（演示）", "said": "已电话沟通，表示理解（演示）"}
                steps.sign(rounds[letter["id"]], letter["approver"], talk)
                self.say(f"  {day} 签发人已办理：{letter['title']}")
        if self._answer(day):
            steps.take("collect")

    def _is_signed(self, letter: dict[str, Any], day: date) -> bool:
        """Tell whether the signers get to a letter; the last ones are left for whoever looks at the demo."""
        return day <= self.sign_until or letter["agency_id"] == CARELESS

    def _answer(self, day: date) -> bool:
        """Let every agency but the silent one answer its letters."""
        calendar, answered = self.office.calendar(PLAN), False
        for letter in overview(PLAN, office=self.office):
            if letter["state"] != LETTER_STATE_NAMES[LetterState.SERVED] or letter["id"] in self.answered:
                continue
            due = calendar.add(letter["served_at"].astimezone(SHANGHAI).date(), 3)
            if letter["agency_id"] != SILENT and due <= day:
                agency = self.office.plan(PLAN, Period(YEAR, 1)).agency(letter["agency_id"])
                SimulatedAgency(self.office, agency).reply(
                    letter["number"], "已制定整改措施并落实到人（演示）。"
                )
                self.answered.add(letter["id"])
                answered = True
        return answered

    def _publish(self, day: date, steps: Steps) -> None:
        for period in self._running(day):
            days = self._days(period)
            calendar = self.office.calendar(PLAN)
            if day in (days.due_at.date(), calendar.add(days.due_at.date(), 3), days.locks_on):
                self._at(day, _EVENING)
                steps.take("collect")
                steps.take("close")
                self.say(f"  {day} 汇总 {period.label}{',锁定' if day == days.locks_on else ''}")
            if day == days.digest_on:
                self._at(day, time(18, 20))
                steps.take("digest")
                steps.take("deliver")
                self.say(f"  {day} 发布 {period.label}工作月报")

    def _is_escalation_day(self, day: date) -> bool:
        """Tell whether the ladder is likely to move: two chasing days, and the day after the due one."""
        calendar = self.office.calendar(PLAN)
        dues = [self._days(p).due_at.date() for p in self._running(day)]
        return any(day == calendar.add(due, n) for due in dues for n in (-2, 0, 1))

    def _running(self, day: date) -> list[Period]:
        """Give the periods that are open on a day."""
        months = [Period(YEAR, month) for month in range(1, 13)]
        return [p for p in months if self._days(p).opens_on <= day <= self._days(p).locks_on]

    def _days(self, period: Period) -> PeriodDays:
        return days_of(self.office.plan(PLAN, period), period, self.office.calendar(PLAN))

    def _at(self, day: date, at: time) -> datetime:
        """Set the office clock, standing still, to a moment of a day."""
        now = moment(day, at)
        clock.start(self.office.settings, now, stopped=True)
        return now
