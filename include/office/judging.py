"""Judging what was taken: read it, find out whose and which period's it is, validate, decide its state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from include.expectations import Checked, validate
from include.office.data_docs import publish_data_docs
from include.office.desk import Office
from include.office.memory import history_for
from include.office.nil_returns import as_counted
from include.plan import Period, Plan
from include.records.findings import Finding, Severity
from include.records.readings import ProofReply, Reading, ReadOutcome
from include.records.submissions import Submission, SubmissionState
from include.returns.layout import layout_for
from include.returns.reader import Expect, Reader
from include.returns.states import SubmissionEvent, settle
from include.store import proofs, returns
from include.workdays import SHANGHAI


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one submission, before anything of it is written."""

    submission: Submission
    reading: Reading
    period: Period | None
    state: SubmissionState
    findings: tuple[Finding, ...]
    counts_on_time: bool
    why_on_time: str
    same_as: int | None = None


def read_all(office: Office, plan_id: str, submissions: Sequence[Submission]) -> dict[int, Reading]:
    """Read each file in the reader's process; a file that kills it holds up nobody else."""
    if not submissions:
        return {}
    with Reader() as reader:
        return {
            s.id: reader.read(office.archive.path(s.sha256), _expect(office, plan_id, s)) for s in submissions
        }


def _expect(office: Office, plan_id: str, of: Submission) -> Expect:
    return expectation(office, plan_id, of.agency_id, of.arrived_at, of.original_name)


def expectation(office: Office, plan_id: str, agency_id: str, at: datetime, file_name: str) -> Expect:
    """Say whose a file seen at a moment should be, and what its return looks like in each month."""
    agency = office.agency(plan_id, agency_id, Period.of(at.astimezone(SHANGHAI).date()))
    return Expect(
        plan_id=plan_id,
        agency_id=agency.id,
        agency_name=agency.name,
        file_name=file_name,
        layouts=lambda period: _layout(office, plan_id, agency.id, period),
    )


def _layout(office: Office, plan_id: str, agency_id: str, period: str):  # noqa: ANN202 - the returns room's own type
    try:
        wanted = Period.parse(period)
    except ValueError:
        return None
    if wanted.year != office.book(plan_id).year:
        return None
    return layout_for(office.plan(plan_id, wanted), agency_id, wanted)


def judge(
    office: Office, plan_id: str, batch: Sequence[Submission], readings: dict[int, Reading], now: datetime
) -> list[Verdict]:
    """Judge one batch: at most one submission an agency. Contents are validated in one GX run."""
    settled: list[Verdict] = []
    open_questions: list[tuple[Submission, Reading, Period]] = []
    for submission in batch:
        reading = readings[submission.id]
        verdict = _without_content(office, plan_id, submission, reading, now)
        if verdict is not None:
            settled.append(verdict)
        else:
            assert reading.form is not None  # noqa: S101 - FORM always carries one
            open_questions.append((submission, reading, Period.parse(reading.form.identity.period)))
    return settled + _by_content(office, plan_id, open_questions, now)


def _without_content(
    office: Office, plan_id: str, submission: Submission, reading: Reading, now: datetime
) -> Verdict | None:
    """Decide what needs no look at the figures; None if the figures decide."""
    plain = {
        ReadOutcome.COMPANION: SubmissionEvent.FIND_COMPANION,
        ReadOutcome.UNREADABLE: SubmissionEvent.FAIL_TO_READ,
        ReadOutcome.FOREIGN: SubmissionEvent.FIND_FOREIGN,
    }
    if reading.proof is not None:
        return _of_proof(office, plan_id, submission, reading, reading.proof)
    if reading.outcome in plain:
        period = current_period(office, plan_id, submission.agency_id, now)
        return Verdict(
            submission,
            reading,
            period,
            settle(submission.state, plain[reading.outcome]),
            reading.findings,
            False,
            "",
        )
    assert reading.form is not None  # noqa: S101 - FORM always carries one
    period = Period.parse(reading.form.identity.period)
    with office.store.reading() as connection:
        owed = returns.agency_return(connection, plan_id, submission.agency_id, period)
        counting = returns.counting_submission(connection, plan_id, submission.agency_id, period)
    if owed is None or (owed.locked_at is not None and not owed.late_filing):
        locked = settle(submission.state, SubmissionEvent.FIND_LOCKED)
        return Verdict(submission, reading, period if owed else None, locked, (), False, "")
    if counting is not None and counting.sha256 == submission.sha256:
        duplicate = settle(submission.state, SubmissionEvent.FIND_DUPLICATE)
        return Verdict(submission, reading, period, duplicate, (), False, "", same_as=counting.number)
    return None


def _of_proof(
    office: Office, plan_id: str, submission: Submission, reading: Reading, reply: ProofReply
) -> Verdict:
    """Judge a 核对稿 that came back: `counts_on_time` tells whether it did within the time given."""
    period = Period.parse(reply.period)
    with office.store.reading() as connection:
        shown = proofs.newest(connection, plan_id, period).get(submission.agency_id)
    in_time = shown is not None and submission.arrived_at <= shown.objections_until
    state = settle(submission.state, SubmissionEvent.FIND_PROOF)
    return Verdict(submission, reading, period, state, (), in_time, "")


def _by_content(
    office: Office, plan_id: str, questions: Sequence[tuple[Submission, Reading, Period]], now: datetime
) -> list[Verdict]:
    if not questions:
        return []
    checked = [_checked(office, plan_id, *question) for question in questions]
    history = history_for(office, plan_id, [(s.agency_id, p) for s, _, p in questions])
    found = validate(checked, history)
    if office.settings.data_docs:
        publish_data_docs(office, plan_id, checked, history, now)
    verdicts: list[Verdict] = []
    for submission, reading, period in questions:
        findings = (*reading.findings, *found.get(submission.id, ()))
        faulty = any(f.severity is Severity.ERROR for f in findings)
        on_time, why = counts_on_time(office, plan_id, submission, period)
        state = settle(submission.state, SubmissionEvent.RETURN if faulty else SubmissionEvent.ACCEPT)
        assert reading.form is not None  # noqa: S101 - FORM always carries one
        form = as_counted(reading.form, office.plan(plan_id, period), history[submission.agency_id, period])
        counted = replace(reading, form=form)
        verdicts.append(Verdict(submission, counted, period, state, findings, on_time, why))
    return verdicts


def _checked(
    office: Office, plan_id: str, submission: Submission, reading: Reading, period: Period
) -> Checked:
    assert reading.form is not None  # noqa: S101 - FORM always carries one
    plan: Plan = office.plan(plan_id, period)
    return Checked(submission.id, reading.form, plan, submission.agency_id, period, reading.findings)


def counts_on_time(office: Office, plan_id: str, submission: Submission, period: Period) -> tuple[bool, str]:
    """Tell whether an arrival is in time, and why.

    If no sweep ended between the due moment and the arrival, the file may have lain there in time: it counts
    as such.
    """
    with office.store.reading() as connection:
        owed = returns.agency_return(connection, plan_id, submission.agency_id, period)
        if owed is None:
            return False, ""
        due = owed.extended_to or owed.due_at
        if submission.arrived_at <= due:
            return True, "到达时间不晚于截止时间"
        swept = returns.sweeps(connection, plan_id).get(submission.agency_id)
    if swept is None or swept <= due:
        return True, "截止时间至到达时间之间系统未查收过该文件夹，按按时计"
    return False, "晚于截止时间"


def current_period(office: Office, plan_id: str, agency_id: str, now: datetime) -> Period | None:
    """Give the period a file without one belongs to: the newest open return of the agency."""
    with office.store.reading() as connection:
        rows = [r for r in returns.agency_returns(connection, plan_id) if r.agency_id == agency_id]
    open_rows = [r for r in rows if r.locked_at is None and r.opened_at <= now]
    return Period.parse(open_rows[-1].period) if open_rows else None


def one_an_agency(submissions: Iterable[Submission]) -> list[list[Submission]]:
    """Split into batches in order of arrival, none holding two submissions of an agency."""
    batches: list[list[Submission]] = []
    seen: dict[str, int] = {}
    for submission in submissions:
        place = seen.get(submission.agency_id, 0)
        seen[submission.agency_id] = place + 1
        if place == len(batches):
            batches.append([])
        batches[place].append(submission)
    return batches
