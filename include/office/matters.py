"""Gathering what `decide` may know: one `CaseFacts` for each matter of each agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row

from include.escalation import SET_ASIDE, UNSERVED, Step
from include.office.desk import Office
from include.office.standings import YearStandings, year_standings
from include.office.year_progress import YearProgress, year_progress
from include.plan import Agency, Indicator, Period, Plan
from include.plan.model import Behaviour, Relation
from include.records.escalation import CaseFacts, CaseState, LetterState, StepTaken, Track
from include.records.facts import Light
from include.records.submissions import Filing, ReturnStanding, Timeliness
from include.store import cases, returns
from include.workdays import SHANGHAI, moment

REPORTING = "reporting"
_DAY_ENDS = time(23, 59, 59)


@dataclass(frozen=True)
class Situation:
    """All that is known of a plan at a moment, for deciding and for the letters' facts."""

    plan: Plan
    at: datetime
    newest: Period  # the newest period past its due moment
    standings: YearStandings
    progress: YearProgress
    cases: Sequence[Row[Any]]
    steps: Sequence[Row[Any]]
    swept: Mapping[str, datetime]  # when each agency's folders were last looked through

    def of_agency(self, agency_id: str) -> list[ReturnStanding]:
        """Give the agency's returns from the month duties begin to the newest due one, oldest first."""
        return [
            s
            for (who, period), s in sorted(self.standings.items(), key=lambda item: item[0][1])
            if who == agency_id and self.plan.duties_from <= period <= self.newest
        ]

    def open_case(self, agency_id: str, matter: str) -> Row[Any] | None:
        """Give the open case of a matter, if there is one."""
        return next((c for c in self._mine(agency_id, matter) if c.state == CaseState.OPEN), None)

    def carried(self, agency_id: str, matter: str) -> str | None:
        """Give the step a matter goes on from: that of a case fulfilled since the period before."""
        done = [c for c in self._mine(agency_id, matter) if c.state == CaseState.FULFILLED]
        if not done or Period.of(done[-1].closed_on) < self.newest:
            return None
        served = [s.step for s in self.steps if s.case_id == done[-1].id and _counts(s)]
        return served[-1] if served else done[-1].carried_step

    def settled_through(self, agency_id: str, matter: str) -> Period:
        """Give the newest period a person has settled for a matter: up to it, nothing is a cause any more."""
        settled = [c.settled_through for c in self._mine(agency_id, matter) if c.settled_through]
        return max(map(Period.parse, settled), default=self.plan.duties_from.previous)

    def _mine(self, agency_id: str, matter: str) -> list[Row[Any]]:
        return [c for c in self.cases if c.agency_id == agency_id and c.matter == matter]


def _counts(step: Row[Any]) -> bool:
    """Tell whether a step was taken: served, not set aside, and one of the ladder's."""
    return step.step != Step.LIFTING and LetterState(step.state) not in SET_ASIDE | UNSERVED


def situation(office: Office, plan_id: str, at: datetime) -> Situation | None:
    """Read how a plan stands at a moment; None before the first due moment."""
    standings = year_standings(office, plan_id, at)
    newest = newest_due(standings, at)
    if newest is None:
        return None
    with office.store.reading() as connection:
        known, taken = cases.cases(connection, plan_id), cases.steps(connection, plan_id)
        swept = returns.sweeps(connection, plan_id)
    return Situation(
        plan=office.plan(plan_id, newest),
        at=at,
        newest=newest,
        standings=standings,
        progress=year_progress(office, plan_id, newest, at),
        cases=known,
        steps=taken,
        swept=swept,
    )


def newest_due(standings: YearStandings, at: datetime) -> Period | None:
    """Give the newest period whose due moment had passed."""
    return max((s.period for s in standings.values() if s.due_at < at), default=None)


def matters_of(now: Situation) -> list[CaseFacts]:
    """Give the facts of every matter there can be: each agency's reporting, each indicator, each risk."""
    reporting = (_reporting(now, agency) for agency in now.plan.filers if now.of_agency(agency.id))
    measured = (
        i for i in now.plan.indicators if i.behaviour is not Behaviour.OUTCOME
    )  # shown, never escalated
    risks = (c for c in now.cases if c.track == Track.MAJOR_RISK and c.state == CaseState.OPEN)
    known = {agency.id: agency for agency in now.plan.agencies}
    return [
        *reporting,
        *(_progress(now, indicator) for indicator in measured),
        *(_risk(now, known[row.agency_id], row) for row in risks if row.agency_id in known),
    ]


def _reporting(now: Situation, agency: Agency) -> CaseFacts:
    settled = now.settled_through(agency.id, REPORTING)
    filings = [f for f in now.of_agency(agency.id) if f.period > settled]
    overdue = [f for f in filings if _owed_still(f) and f.filing is Filing.NONE]
    uncorrected = [f for f in filings if f.filing is Filing.RETURNED and not f.locked]
    missed = [f.timeliness in (Timeliness.LATE, Timeliness.MISSING) for f in filings]
    return CaseFacts(
        **_common(now, agency, Track.REPORTING, REPORTING),
        overdue=tuple((f.period, f.due_at.astimezone(SHANGHAI).date()) for f in overdue),
        uncorrected=tuple((f.period, _day(f.last_returned_at or f.due_at)) for f in uncorrected),
        late_running=_running(missed),
        joint_clauses=_joint_clauses(now.plan, agency, [f.period for f in overdue]),
        fulfilled=not overdue
        and not uncorrected
        and (not filings or filings[-1].timeliness is not Timeliness.MISSING),
    )


def _joint_clauses(plan: Plan, agency: Agency, silent: Sequence[Period]) -> tuple[str, ...]:
    """Give the duties shared by name with others that were due in the months an agency is silent about."""
    named = (c for c in plan.clauses if any(r.agency == agency.id for r in c.responsibilities))
    return tuple(
        clause.id
        for clause in named
        if plan.relation(clause.id, agency.id) in (Relation.JOINT, Relation.LEAD)
        and len(clause.responsibilities) > 1
        and any(clause.cadence.due_in(period) for period in silent)
    )


def _owed_still(filing: ReturnStanding) -> bool:
    """Tell whether a return is missing and can still be filed without the office's leave."""
    return filing.timeliness is Timeliness.MISSING and not filing.locked


def _progress(now: Situation, indicator: Indicator) -> CaseFacts:
    months = [(period, done[indicator.id]) for period, done in now.progress.items() if indicator.id in done]
    newest, settled = months[-1][1], now.settled_through(indicator.answerable, indicator.id)
    return CaseFacts(
        **_common(now, now.plan.agency(indicator.answerable), Track.PROGRESS, indicator.id),
        lights=tuple(
            (period, p.light.value)
            for period, p in months
            if period > settled and p.from_period is None  # a carried value is no news
        ),
        path_confirmed=newest.path_confirmed,
        fulfilled=newest.light in (Light.GREEN, Light.DONE) or _lifted(now, indicator),
    )


def _lifted(now: Situation, indicator: Indicator) -> bool:
    running = now.open_case(indicator.answerable, indicator.id)
    return running is not None and running.lifted_on is not None


def _risk(now: Situation, agency: Agency, row: Row[Any]) -> CaseFacts:
    common = _common(now, agency, Track.MAJOR_RISK, row.matter)
    return CaseFacts(**common, fulfilled=row.lifted_on is not None)


def _common(now: Situation, agency: Agency, track: Track, matter: str) -> dict[str, Any]:
    running = now.open_case(agency.id, matter)
    taken = [s for s in now.steps if running and s.case_id == running.id]
    return {
        "case_id": running.id if running else None,
        "agency_id": agency.id,
        "track": track,
        "matter": matter,
        "standing": agency.standing,
        "letters": agency.letters,
        "opened_on": running.opened_on if running else None,
        "steps": tuple(_looked_for(step_taken(s), now, agency.id) for s in taken),
        "extension_until": running.extension_until if running else None,
        "accepted_reason": bool(running and running.accepted_reason),
        "carried_step": running.carried_step if running else now.carried(agency.id, matter),
        "plan_on": running.plan_on if running else None,
    }


def _looked_for(taken: StepTaken, now: Situation, agency_id: str) -> StepTaken:
    """Let the clock of an answer run until somebody looked for it: nobody is late because we were down."""
    due = taken.reply_due_on
    if due is None or taken.answered_on is not None or answer_missed(due, now.swept.get(agency_id)):
        return taken
    return replace(taken, reply_due_on=max(due, _day(now.at)))


def answer_missed(due: date, swept_at: datetime | None) -> bool:
    """Tell whether an agency's folders were looked through after the last day for an answer."""
    return swept_at is not None and swept_at > moment(due, _DAY_ENDS)


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
