"""Gathering what `decide` may know: one `CaseFacts` for each matter of each agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from include.office.desk import Office
from include.office.standings import YearStandings, year_standings
from include.office.year_progress import YearProgress, year_progress
from include.plan import Agency, Indicator, Period, Plan
from include.plan.model import Behaviour
from include.records.escalation import CaseFacts, CaseState, LetterState, StepTaken, Track
from include.records.facts import Light
from include.records.submissions import Filing, ReturnStanding, Timeliness
from include.store import cases
from include.workdays import SHANGHAI

REPORTING = "reporting"


@dataclass(frozen=True)
class Situation:
    """All that is known of a plan at a moment, for deciding and for the letters' facts."""

    plan: Plan
    newest: Period  # the newest period past its due moment
    standings: YearStandings
    progress: YearProgress
    cases: Sequence[Row[Any]]
    steps: Sequence[Row[Any]]

    def of_agency(self, agency_id: str) -> list[ReturnStanding]:
        """Give the agency's returns from the month duties begin to the newest due one, oldest first."""
        return [
            s
            for (who, period), s in sorted(self.standings.items(), key=lambda item: item[0][1])
            if who == agency_id and self.plan.duties_from <= period <= self.newest
        ]


def situation(office: Office, plan_id: str, at: datetime) -> Situation | None:
    """Read how a plan stands at a moment; None before the first due moment."""
    standings = year_standings(office, plan_id, at)
    due = sorted({s.period for s in standings.values() if s.due_at < at})
    if not due:
        return None
    with office.store.reading() as connection:
        known, taken = cases.cases(connection, plan_id), cases.steps(connection, plan_id)
    return Situation(
        plan=office.plan(plan_id, due[-1]),
        newest=due[-1],
        standings=standings,
        progress=year_progress(office, plan_id, due[-1], at),
        cases=known,
        steps=taken,
    )


def matters_of(now: Situation) -> list[CaseFacts]:
    """Give the facts of every matter there can be: each agency's reporting, each indicator."""
    reporting = (_reporting(now, agency) for agency in now.plan.filers if now.of_agency(agency.id))
    measured = (
        i for i in now.plan.indicators if i.behaviour is not Behaviour.OUTCOME
    )  # shown, never escalated
    return [*reporting, *(_progress(now, indicator) for indicator in measured)]


def _reporting(now: Situation, agency: Agency) -> CaseFacts:
    filings = now.of_agency(agency.id)
    overdue = [f for f in filings if _owed_still(f) and f.filing is Filing.NONE]
    uncorrected = [f for f in filings if f.filing is Filing.RETURNED and not f.locked]
    return CaseFacts(
        **_common(now, agency, Track.REPORTING, REPORTING),
        overdue=tuple((f.period, f.due_at.astimezone(SHANGHAI).date()) for f in overdue),
        uncorrected=tuple((f.period, _day(f.last_returned_at or f.due_at)) for f in uncorrected),
        late_running=_running(f.timeliness in (Timeliness.LATE, Timeliness.MISSING) for f in filings),
        fulfilled=not overdue and not uncorrected and filings[-1].timeliness is not Timeliness.MISSING,
    )


def _owed_still(filing: ReturnStanding) -> bool:
    """Tell whether a return is missing and can still be filed without the office's leave."""
    return filing.timeliness is Timeliness.MISSING and not filing.locked


def _progress(now: Situation, indicator: Indicator) -> CaseFacts:
    months = [(period, done[indicator.id]) for period, done in now.progress.items() if indicator.id in done]
    newest = months[-1][1]
    return CaseFacts(
        **_common(now, now.plan.agency(indicator.answerable), Track.PROGRESS, indicator.id),
        lights=tuple(
            (period, p.light.value)
            for period, p in months
            if period >= now.plan.duties_from and p.from_period is None  # a carried value is no news
        ),
        path_confirmed=newest.path_confirmed,
        fulfilled=newest.light in (Light.GREEN, Light.DONE),
    )


def _common(now: Situation, agency: Agency, track: Track, matter: str) -> dict[str, Any]:
    mine = [c for c in now.cases if c.agency_id == agency.id and c.matter == matter]
    running = next((c for c in mine if c.state == CaseState.OPEN), None)
    return {
        "case_id": running.id if running else None,
        "agency_id": agency.id,
        "track": track,
        "matter": matter,
        "standing": agency.standing,
        "letters": agency.letters,
        "opened_on": running.opened_on if running else None,
        "steps": tuple(step_taken(s) for s in now.steps if running and s.case_id == running.id),
        "extension_until": running.extension_until if running else None,
        "accepted_reason": bool(running and running.accepted_reason),
        "carried_step": running.carried_step if running else _carried(now, mine),
    }


def _carried(now: Situation, closed: Iterable[Row[Any]]) -> str | None:
    """Give the last step of a case that closed no earlier than in the period before the newest one."""
    recent = [c for c in closed if c.closed_on and Period.of(c.closed_on) >= now.newest]
    taken = [s for c in recent[-1:] for s in now.steps if s.case_id == c.id]
    return taken[-1].step if taken else None


def step_taken(row: Row[Any]) -> StepTaken:
    """Make a value of a row of `case_step` with its letter."""
    return StepTaken(
        step=row.step,
        round=row.round,
        proposed_on=row.proposed_on,
        letter_state=LetterState(row.state),
        served_on=_day(row.served_at) if row.served_at else None,
        reply_due_on=row.reply_due_on,
        answered_on=row.answered_on,
        accepted_on=row.accepted_on,
    )


def _running(flags: Iterable[bool]) -> int:
    """Count how many at the end of a row are true, without a break."""
    count = 0
    for flag in flags:
        count = count + 1 if flag else 0
    return count


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
