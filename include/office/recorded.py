"""The year as it was recorded, to be looked at as it was known at any of its moments. Reads only."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from include.escalation import STEP_NAMES
from include.office.desk import Office
from include.office.standings import YearStandings, standing
from include.office.year_progress import YearProgress, year_progress
from include.plan import Period
from include.records.escalation import LetterState
from include.records.submissions import SubmissionState
from include.store import cases, ledger, returns
from include.workdays import SHANGHAI

# What each event of the ledger makes of a letter; those that leave its state are not named.
LETTER_STATES = {
    "letter-drafted": LetterState.WAITING,
    "letter-submitted": LetterState.WAITING,
    "letter-returned": LetterState.DRAFT,
    "letter-waived": LetterState.WAIVED,
    "letter-signed": LetterState.SIGNED,
    "letter-numbered": LetterState.NUMBERED,
    "letter-served": LetterState.SERVED,
    "letter-answered": LetterState.ANSWERED,
    "letter-overdue": LetterState.OVERDUE,
    "letter-accepted": LetterState.ACCEPTED,
    "letter-refused": LetterState.OVERDUE,
    "letter-withdrawn": LetterState.WITHDRAWN,
    "letter-revoked": LetterState.REVOKED,
}
_FIGURES = ("figure-decided", "figure-decision-withdrawn")


@dataclass
class Recorded:
    """Everything recorded of a plan, read once."""

    office: Office
    plan_id: str
    decided_at: Sequence[datetime]  # when something was decided about a return
    dropped: Sequence[Row[Any]]
    cases: Sequence[Row[Any]]
    steps: Sequence[Row[Any]]
    letters: Sequence[Row[Any]]
    events: Sequence[Row[Any]]
    _owed: dict[int, Sequence[Row[Any]]] = field(default_factory=dict[int, Sequence[Row[Any]]])
    _progress: dict[Any, YearProgress] = field(default_factory=dict[Any, YearProgress])

    def standings(self, at: datetime) -> YearStandings:
        """Give how every return stood, by what had arrived, been judged and been decided by then."""
        known: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
        for row in self.dropped:
            if row.period and row.arrived_at <= at and (row.decided_at is None or row.decided_at <= at):
                known[row.agency_id, row.period].append(row)
        return {
            (row.agency_id, Period.parse(row.period)): standing(row, known[row.agency_id, row.period], at, at)
            for row in self.owed(at)
            if row.opened_at <= at
        }

    def owed(self, at: datetime) -> Sequence[Row[Any]]:
        """Give the returns as the office had decided about them by then; read anew only after a decision."""
        decided = bisect_right(self.decided_at, at)
        if decided not in self._owed:
            with self.office.store.reading() as connection:
                owed = returns.agency_returns(connection, self.plan_id, decided_by=at)
            self._owed[decided] = owed
        return self._owed[decided]

    def progress(self, newest: Period, at: datetime) -> YearProgress:
        """Give the year's progress as it was known; computed anew only where a figure had changed."""
        accepted = sum(s.state == SubmissionState.ACCEPTED and s.arrived_at <= at for s in self.dropped)
        decided = sum(e.event in _FIGURES and e.at <= at for e in self.events)
        key = (newest, accepted, decided, bisect_right(self.decided_at, at))
        if key not in self._progress:
            self._progress[key] = year_progress(self.office, self.plan_id, newest, at)
        return self._progress[key]

    @cached_property
    def life(self) -> dict[int, list[Row[Any]]]:
        """What the ledger says of each letter, oldest first."""
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        for e in self.events:
            if e.event in LETTER_STATES:
                found[int(e.subject.removeprefix("letter/"))].append(e)
        return found

    @cached_property
    def matters(self) -> dict[int, frozenset[str]]:
        """The matters of each letter."""
        matter = {row.id: row.matter for row in self.cases}
        found: dict[int, set[str]] = defaultdict(set)
        for s in self.steps:
            found[s.letter_id].add(matter[s.case_id])
        return {letter: frozenset(about) for letter, about in found.items()}

    @property
    def proposed(self) -> list[Row[Any]]:
        """The letters the ladder called for: all but those that correct another."""
        return [row for row in self.letters if row.corrects is None and row.step in STEP_NAMES]

    @cached_property
    def runs(self) -> dict[date, list[datetime]]:
        """The moments, by day, at which deciding left a trace."""
        found: dict[date, list[datetime]] = defaultdict(list)
        for e in self.events:
            day = e.at.astimezone(SHANGHAI).date()
            if e.event == "step-proposed" and e.at not in found[day]:
                found[day].append(e.at)
        return found

    @cached_property
    def closings(self) -> dict[date, list[datetime]]:
        """The moments, by day, at which cases were found settled, before a letter was signed."""
        found: dict[date, list[datetime]] = defaultdict(list)
        for e in self.events:
            if e.event == "case-closed" and e.actor == "duban":
                found[e.at.astimezone(SHANGHAI).date()].append(e.at)
        return found


def read(office: Office, plan_id: str) -> Recorded:
    """Read what was recorded of a plan."""
    with office.store.reading() as connection:
        return Recorded(
            office=office,
            plan_id=plan_id,
            decided_at=returns.decided_at(connection, plan_id),
            dropped=returns.submissions(connection, plan_id),
            cases=cases.cases(connection, plan_id),
            steps=cases.steps(connection, plan_id),
            letters=cases.letters(connection, plan_id),
            events=list(ledger.entries(connection, plan_id)),
        )
