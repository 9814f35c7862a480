"""Judging what was taken: read it, find out whose and which period's it is, validate, decide its state."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from include.expectations import Checked, History, Past, validate
from include.files.waiting import side_by_side
from include.office.data_docs import publish_data_docs
from include.office.desk import Office
from include.office.memory import history_for
from include.office.nil_returns import as_counted
from include.plan import Period, Plan
from include.records.figures import Cell
from include.records.findings import Finding, Severity
from include.records.readings import ProofReply, Reading, ReadOutcome
from include.records.submissions import Submission, SubmissionState
from include.returns.identity import month_of
from include.returns.layout import layout_for
from include.returns.rules import breach
from include.returns.sandbox import Expect, Sandbox
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

    @property
    def notes(self) -> tuple[str, ...]:
        """Give what was noted when the file was taken and when it was read, in Chinese."""
        return self.submission.notes + (self.reading.form.notes if self.reading.form else ())


Readings = Mapping[int, Reading]  # by submission


def read_all(office: Office, sandbox: Sandbox, submissions: Sequence[Submission]) -> Readings:
    """Read each file; one that kills the process that reads it holds up nobody else."""

    def reading(of: Submission) -> Reading:
        expect = expectation(office, of.plan_id, of.agency_id, of.arrived_at, of.original_name)
        return sandbox.read(office.archive.path(of.sha256), expect)

    return dict(zip((s.id for s in submissions), side_by_side(reading, submissions), strict=True))


def companions_first(office: Office, sandbox: Sandbox, waiting: Sequence[Submission]) -> list[Submission]:
    """Put what comes beside a return before it, by what the files are: the return's receipt lists them.

    The order matters only where an agency sent several files.
    """
    sent = Counter((s.plan_id, s.agency_id) for s in waiting)
    several = [s for s in waiting if sent[s.plan_id, s.agency_id] > 1]
    if not several:
        return list(waiting)
    files = [(s.id, office.archive.path(s.sha256), s.original_name) for s in several]
    beside = {number for number, path, name in files if sandbox.is_companion(path, name)}
    return sorted(waiting, key=lambda s: s.id not in beside)


def read_ahead(
    office: Office, sandbox: Sandbox, chunks: Sequence[Sequence[Submission]]
) -> Iterator[tuple[Sequence[Submission], Readings]]:
    """Give each chunk with its readings; while one is worked on, the next is read."""
    with ThreadPoolExecutor(1) as ahead:
        reading = deque(ahead.submit(read_all, office, sandbox, chunk) for chunk in chunks)
        try:
            for chunk in chunks:
                yield chunk, reading.popleft().result()  # and let go of what is done with
        finally:
            ahead.shutdown(cancel_futures=True)


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


def judge(office: Office, batch: Sequence[Submission], readings: Readings, now: datetime) -> list[Verdict]:
    """Judge one batch, of one plan or several: at most one submission an agency, validated in one GX run."""
    settled: list[Verdict] = []
    open_questions: list[tuple[Submission, Reading, Period]] = []
    for submission in batch:
        reading = readings[submission.id]
        verdict = _without_content(office, submission, reading, now)
        if verdict is not None:
            settled.append(verdict)
        else:
            assert reading.form is not None  # noqa: S101 - FORM always carries one
            open_questions.append((submission, reading, Period.parse(reading.form.identity.period)))
    return settled + _by_content(office, open_questions, now)


def _without_content(
    office: Office, submission: Submission, reading: Reading, now: datetime
) -> Verdict | None:
    """Decide what needs no look at the figures; None if the figures decide."""
    plan_id = submission.plan_id
    plain = {
        ReadOutcome.COMPANION: SubmissionEvent.FIND_COMPANION,
        ReadOutcome.UNREADABLE: SubmissionEvent.FAIL_TO_READ,
        ReadOutcome.FOREIGN: SubmissionEvent.FIND_FOREIGN,
    }
    if reading.proof is not None:
        return _of_proof(office, plan_id, submission, reading, reading.proof)
    if reading.outcome in plain:
        return Verdict(
            submission,
            reading,
            _period_without_content(office, plan_id, submission, now),
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
    if owed is None:
        foreign = settle(submission.state, SubmissionEvent.FIND_FOREIGN)
        found = breach("period-not-open", Cell("", "", str(period)), period=period.label)
        now_open = current_period(office, plan_id, submission.agency_id, now)
        return Verdict(submission, reading, now_open, foreign, (found,), False, "")
    if owed.locked_at is not None and not owed.late_filing:
        locked = settle(submission.state, SubmissionEvent.FIND_LOCKED)
        return Verdict(submission, reading, period, locked, (), False, "")
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
    office: Office, questions: Sequence[tuple[Submission, Reading, Period]], now: datetime
) -> list[Verdict]:
    if not questions:
        return []
    checked = [_checked(office, *question) for question in questions]
    history = _history(office, questions)
    found = validate(checked, history)
    if office.settings.data_docs:
        for plan_id in dict.fromkeys(c.plan.id for c in checked):
            publish_data_docs(office, plan_id, [c for c in checked if c.plan.id == plan_id], history, now)
    verdicts: list[Verdict] = []
    for submission, reading, period in questions:
        findings = (*reading.findings, *found.get(submission.id, ()))
        faulty = any(f.severity is Severity.ERROR for f in findings)
        on_time, why = counts_on_time(office, submission, period)
        state = settle(submission.state, SubmissionEvent.RETURN if faulty else SubmissionEvent.ACCEPT)
        assert reading.form is not None  # noqa: S101 - FORM always carries one
        plan = office.plan(submission.plan_id, period)
        form = as_counted(reading.form, plan, history[submission.id])
        counted = replace(reading, form=form)
        verdicts.append(Verdict(submission, counted, period, state, findings, on_time, why))
    return verdicts


def _history(office: Office, questions: Sequence[tuple[Submission, Reading, Period]]) -> History:
    """Give the past each submission is held against, plan by plan."""
    past: dict[int, Past] = {}
    for plan_id in dict.fromkeys(s.plan_id for s, _, _ in questions):
        mine = [(s, period) for s, _, period in questions if s.plan_id == plan_id]
        known = history_for(office, plan_id, [(s.agency_id, period) for s, period in mine])
        past |= {s.id: known[s.agency_id, period] for s, period in mine}
    return past


def _checked(office: Office, submission: Submission, reading: Reading, period: Period) -> Checked:
    assert reading.form is not None  # noqa: S101 - FORM always carries one
    plan: Plan = office.plan(submission.plan_id, period)
    return Checked(submission.id, reading.form, plan, submission.agency_id, period, reading.findings)


def counts_on_time(office: Office, submission: Submission, period: Period) -> tuple[bool, str]:
    """Tell whether an arrival is in time, and why.

    If no sweep ended between the due moment and the arrival, the file may have lain there in time: it counts
    as such.
    """
    plan_id = submission.plan_id
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


def _period_without_content(
    office: Office, plan_id: str, submission: Submission, now: datetime
) -> Period | None:
    """Tie a file nothing is read from to a return: by the month in its name, else to the newest open one."""
    named = month_of(submission.original_name)
    with office.store.reading() as connection:
        if named and returns.agency_return(connection, plan_id, submission.agency_id, Period.parse(named)):
            return Period.parse(named)
    return current_period(office, plan_id, submission.agency_id, now)


def current_period(office: Office, plan_id: str, agency_id: str, now: datetime) -> Period | None:
    """Give the period a file without one belongs to: the newest open return of the agency."""
    with office.store.reading() as connection:
        rows = [r for r in returns.agency_returns(connection, plan_id) if r.agency_id == agency_id]
    open_rows = [r for r in rows if r.locked_at is None and r.opened_at <= now]
    return Period.parse(open_rows[-1].period) if open_rows else None


def one_an_agency(submissions: Iterable[Submission]) -> list[list[Submission]]:
    """Split into batches in order of arrival, none holding two submissions of an agency."""
    batches: list[list[Submission]] = []
    seen: Counter[tuple[str, str]] = Counter()
    for submission in submissions:
        agency = submission.plan_id, submission.agency_id
        place = seen[agency]
        seen[agency] += 1
        if place == len(batches):
            batches.append([])
        batches[place].append(submission)
    return batches
