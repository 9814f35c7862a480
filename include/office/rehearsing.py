"""Rehearsal: the recorded year decided again, day by day, by another ladder. It changes nothing.

The decision is the same pure `decide`, over the facts as they were known each day. A letter that went out in
the year on the very day, too, lives as it was recorded; any other is modelled, see `rehearsed.ASSUMPTIONS`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from include.escalation import SET_ASIDE, UNSERVED, Ladder, decide
from include.office.desk import Office
from include.office.matters import Situation, matters_of, newest_due
from include.office.recorded import Recorded
from include.office.rehearsed import RUNS_AT, Letter, Lives
from include.records.escalation import CaseState, LetterState, Proposal, Track
from include.workdays import SHANGHAI, WorkCalendar, moment

_UNSIGNED = (LetterState.DRAFT, LetterState.WAITING)
_DATES = ("extension_until", "plan_on", "lifted_on")
_OF_PEOPLE = (
    "case-extend",
    "case-accept-reason",
    "case-withdraw-reason",
    "case-take-plan",
    "case-refuse-plan",
    "case-lift",
    "case-take-over",
)
_RAISED = (Track.MAJOR_RISK, Track.INSTRUCTION)


@dataclass
class Play:
    """The rehearsal as it goes on: its cases and letters so far."""

    office: Office
    known: Recorded
    old: Sequence[tuple[date, Ladder]]  # by which the year went, each from its day on
    new: Ladder
    begins: date  # the new ladder holds from that day
    cases: list[Any] = field(default_factory=list[Any])
    letters: list[Letter] = field(default_factory=list[Letter])
    unused: list[Row[Any]] = field(default_factory=list[Any])  # decisions about a case there is not
    _steps: list[Any] = field(default_factory=list[Any])
    _told: int = 0  # entries of the ledger looked at

    def run(self, first: date, last: date) -> None:
        """Play the days."""
        day = first
        while day <= last:
            for at, whole in self._moments(day):
                self._moment(at, whole)
            day += timedelta(days=1)

    def _moments(self, day: date) -> list[tuple[datetime, bool]]:
        """Give the moments of a day something is decided at, and whether it is more than closing."""
        usual = [moment(day, RUNS_AT)] if self._calendar.is_workday(day) else []
        runs = self.known.runs.get(day) or usual
        closings = [at for at in self.known.closings.get(day, ()) if at not in runs]
        return sorted([*((at, True) for at in runs), *((at, False) for at in closings)])

    @property
    def _calendar(self) -> WorkCalendar:
        return self.office.calendar(self.known.plan_id)

    @cached_property
    def _lives(self) -> Lives:
        return Lives(self.known, self._calendar, self.ladder, self._in_force)

    def ladder(self, day: date) -> Ladder:
        """Give the ladder of a day."""
        return self.new if day >= self.begins else self._in_force(day)

    def _in_force(self, day: date) -> Ladder:
        """Give the ladder that was in force on a day."""
        return next((ladder for since, ladder in reversed(self.old) if since <= day), self.old[0][1])

    def _moment(self, at: datetime, whole: bool) -> None:
        self._hear(at)
        day, standings = at.astimezone(SHANGHAI).date(), self.known.standings(at)
        newest = newest_due(standings, at)
        if newest is None:
            return
        now = Situation(
            plan=self.office.plan(self.known.plan_id, newest),
            at=at,
            newest=newest,
            standings=standings,
            progress=self.known.progress(newest, at),
            cases=self.cases,
            steps=list(self._steps_at(at)),
            swept={agency: at for agency, _ in standings},
        )
        proposals = decide(matters_of(now), self.ladder(day), self._calendar, day)
        for p in proposals:
            if p.action == "close":
                self._close(p.case_id, CaseState.FULFILLED, at)
        groups: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
        for p in proposals if whole else ():
            if p.action == "open-step":
                groups[p.agency_id, p.step].append(p)
        for group in groups.values():
            self._letter(now, group, day)

    # what people decided

    def _hear(self, at: datetime) -> None:
        """Take in what the ledger says people decided up to a moment."""
        events = self.known.events
        while self._told < len(events) and events[self._told].at <= at:
            self._take(events[self._told])
            self._told += 1

    def _take(self, event: Row[Any]) -> None:
        if event.event == "case-opened" and event.body.get("track") in _RAISED:
            row = self._recorded_case(event)
            self._add_case(row.agency_id, row.track, row.matter, row.opened_on, None, row.title)
        elif event.event in _OF_PEOPLE or (event.event == "case-closed" and event.actor != "duban"):
            case = self._open(event.body["agency"], event.body["matter"])
            if case is None:
                self.unused.append(event)
            elif event.event == "case-take-over":
                case.carried_step = case.carried_step or self._reached(event)
            elif event.event == "case-closed":
                row = self._recorded_case(event)
                case.settled_through = row.settled_through
                self._close(case.id, CaseState(row.state), event.at)
            else:
                _change(case, event.body)

    def _reached(self, event: Row[Any]) -> str | None:
        """Give the step a case had that was merged into another: in the rehearsal, not in fact."""
        merged = next(row for row in self.known.cases if row.id == event.body["from"])
        mine = [c for c in self.cases if (c.agency_id, c.matter) == (merged.agency_id, merged.matter)]
        if not mine:
            return None
        taken = [
            s.step
            for s in self._steps_at(event.at)
            if s.case_id == mine[-1].id and s.state not in SET_ASIDE | UNSERVED
        ]
        return taken[-1] if taken else mine[-1].carried_step

    def _recorded_case(self, event: Row[Any]) -> Row[Any]:
        return next(row for row in self.known.cases if event.subject == f"case/{row.id}")

    # cases

    def _open(self, agency_id: str, matter: str) -> Any:
        mine = (c for c in self.cases if (c.agency_id, c.matter, c.state) == (agency_id, matter, "open"))
        return next(mine, None)

    def _add_case(
        self, agency_id: str, track: str, matter: str, day: date, carried: str | None, title: str | None
    ) -> int:
        case = SimpleNamespace(
            id=len(self.cases) + 1,
            agency_id=agency_id,
            track=Track(track),
            matter=matter,
            title=title,
            state=CaseState.OPEN,
            opened_on=day,
            closed_on=None,
            carried_step=carried,
            extension_until=None,
            accepted_reason=None,
            plan_on=None,
            lifted_on=None,
            settled_through=None,
        )
        self.cases.append(case)
        return case.id

    def _close(self, case_id: int | None, state: CaseState, at: datetime) -> None:
        day = at.astimezone(SHANGHAI).date()
        case = next(c for c in self.cases if c.id == case_id)
        case.state, case.closed_on = state, day
        for letter in self.letters:
            about = {s.case_id for s in self._steps if s.letter is letter}
            over = all(c.state != CaseState.OPEN for c in self.cases if c.id in about)
            if case_id in about and over and self._lives.state(letter, at) in _UNSIGNED:
                letter.withdrawn_on = day

    # letters

    def _letter(self, now: Situation, group: Sequence[Proposal], day: date) -> None:
        first = group[0]
        same = (first.agency_id, first.step, now.newest)
        standing = [
            x for x in self.letters
            if (x.agency_id, x.step, x.period) == same and self._lives.state(x, now.at) in _UNSIGNED
        ]  # fmt: skip
        letter = standing[-1] if standing else self._new_letter(now, group, day)
        for p in group:
            case_id = p.case_id
            if case_id is None:
                carried = now.carried(p.agency_id, p.matter)
                case_id = self._add_case(p.agency_id, p.track, p.matter, day, carried, None)
            letter.matters.append(p.matter)
            letter.reasons += p.reasons
            letter.rules.append(p.rule)
            step = {"case_id": case_id, "step": p.step, "round": p.round, "proposed_on": day}
            self._steps.append(SimpleNamespace(**step, letter=letter))

    def _new_letter(self, now: Situation, group: Sequence[Proposal], day: date) -> Letter:
        first = group[0]
        recorded = self._same(first, {p.matter for p in group}, day)
        letter = Letter(len(self.letters) + 1, first.agency_id, first.step, now.newest, day, recorded)
        if recorded is None:
            self._lives.assume(letter, automatic=first.automatic)
        self.letters.append(letter)
        return letter

    def _same(self, first: Proposal, matters: set[str], day: date) -> Row[Any] | None:
        """Find the letter that went out in fact that day."""
        taken = {x.recorded.id for x in self.letters if x.recorded is not None}
        for row in self.known.proposed:
            same = (row.agency_id, row.step, row.drafted_on) == (first.agency_id, first.step, day)
            if same and row.id not in taken and matters & self.known.matters.get(row.id, frozenset()):
                return row
        return None

    def _steps_at(self, at: datetime) -> Iterator[Any]:
        """Give the steps taken as `case_step` rows with their letter, as they stood at a moment."""
        for s in self._steps:
            yield SimpleNamespace(**{**vars(s), **self._lives.days(s.letter, at)})


def _change(case: Any, body: dict[str, Any]) -> None:
    for name in (*_DATES, "accepted_reason"):
        if name in body:
            value = body[name]
            setattr(case, name, date.fromisoformat(value) if value and name in _DATES else value)
