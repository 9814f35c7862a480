"""Receipts (回执): the answer to each submission, on the drive and as a short mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from include.files.waiting import side_by_side
from include.indicators import show
from include.office.desk import Office, demo_mark
from include.office.joint_duties import Spoken, joint_lines, spoken
from include.office.judging import Verdict
from include.office.outbox import drive_put, mail
from include.office.standings import due_mark
from include.office.words import ROLE_NAMES
from include.plan import Indicator, Period, Plan
from include.plan.model import Kind
from include.records.figures import ClauseStatus, Figure, FigureState, FilledForm, Role
from include.records.submissions import Submission, SubmissionState
from include.returns.receipt import ReceiptOrder, receipt_name
from include.returns.sandbox import Sandbox
from include.store import outbox, returns

_UNSAID = (FigureState.MISSING, FigureState.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A rendered receipt: where it goes, its hash in the archive, its three lines."""

    path: str
    sha256: str
    text: str
    subject: str


def receipts_for(
    office: Office,
    sandbox: Sandbox,
    plan_id: str,
    numbered: Sequence[tuple[Verdict, int]],
    now: datetime,
) -> list[Receipt]:
    """Render the receipts of a plan's verdicts, each with its number, into the archive."""
    periods = {verdict.period for verdict, _ in numbered if verdict.period is not None}
    known = {period: spoken(office, plan_id, period) for period in periods}
    return side_by_side(lambda of: _receipt(office, sandbox, plan_id, *of, known, now), numbered)


def _receipt(
    office: Office,
    sandbox: Sandbox,
    plan_id: str,
    verdict: Verdict,
    number: int,
    known: Mapping[Period, Spoken],
    now: datetime,
) -> Receipt:
    of = verdict.submission
    period = verdict.period or Period.of(now.date())
    plan = office.plan(plan_id, period)
    agency = office.agency(plan_id, of.agency_id, period)
    owed = _owed(office, plan_id, of.agency_id, verdict.period)
    order = ReceiptOrder(
        original=office.archive.read(of.sha256) if verdict.state.gives_back else b"",
        original_name=of.original_name,
        agency_name=agency.name,
        period=verdict.period.label if verdict.period else "",
        number=number,
        outcome=verdict.state,
        findings=verdict.findings,
        notes=(*_proxy_notes(office, verdict), *verdict.notes),
        companions=_companions(office, plan_id, verdict, verdict.period),
        understood=_objections(plan, verdict) or _understood(plan, verdict.reading.form),
        due_at=(owed.extended_to or owed.due_at) if owed else None,
        due_mark=due_mark(office.calendar(plan_id), owed) if owed else "",
        decided_at=now,
        same_as=verdict.same_as,
        on_time=verdict.counts_on_time,
        demo=plan.demo,
        clock_note=office.clock_note(now),
        handling_mark=office.settings.handling_mark,
        proxy=of.proxy_reason,
        late_filing=_late_filing(owed, of),
        joint=_joint(known, plan, verdict),
        form=verdict.reading.form,
        template=office.archive.path(owed.template_sha256) if owed else None,
    )
    answered = sandbox.answer(order)
    name = receipt_name(verdict.period or Period.of(now.date()), number, verdict.state, verdict.findings)
    return Receipt(
        path=f"{office.drive.agency_path(agency.name, '回执')}/{name}",
        sha256=office.archive.put_bytes(answered.workbook),
        text=answered.text,
        subject=f"{demo_mark(plan.demo)}{name.rpartition('.')[0]}",
    )


def _late_filing(owed: Row[Any] | None, of: Submission) -> str:
    locked = owed is not None and owed.locked_at is not None and owed.locked_at < of.arrived_at
    return owed.late_filing or "" if owed is not None and locked else ""


def messages_of(
    office: Office, plan_id: str, verdict: Verdict, receipt: Receipt, now: datetime
) -> Iterator[outbox.Outgoing]:
    """Give what takes a receipt to its agency, for the transaction that settles the submission."""
    key = f"receipt/{verdict.submission.id}"
    yield drive_put(key, receipt.path, receipt.sha256)
    contacts = office.people(plan_id).contacts_of(verdict.submission.agency_id, now.date())
    letter = mail(
        office,
        plan_id,
        f"{key}/mail",
        to=[c.email for c in contacts],
        subject=receipt.subject,
        text=receipt.text,
    )
    if letter is not None:
        yield letter


def _proxy_notes(office: Office, verdict: Verdict) -> Iterator[str]:
    """Say that the same file once more confirms what the office filed for the agency."""
    of = verdict.submission
    if verdict.state is SubmissionState.DUPLICATE and verdict.period is not None:
        with office.store.reading() as connection:
            counts = returns.counting_submission(connection, of.plan_id, of.agency_id, verdict.period)
        if counts is not None and counts.proxy_by:
            yield f"与食药安办代填的第{counts.number}次报送相同，已登记为本单位确认。"


def _joint(known: Mapping[Period, Spoken], plan: Plan, verdict: Verdict) -> tuple[tuple[str, str], ...]:
    form, period = verdict.reading.form, verdict.period
    if verdict.state is not SubmissionState.ACCEPTED or form is None or period is None:
        return ()
    return joint_lines(known[period], plan, period, verdict.submission.agency_id, form)


def _objections(plan: Plan, verdict: Verdict) -> tuple[tuple[str, str], ...]:
    reply, names = verdict.reading.proof, {i.id: i.name for i in plan.indicators}
    return tuple((names[i], words) for i, words in reply.objections if i in names) if reply else ()


def _understood(plan: Plan, form: FilledForm | None) -> tuple[tuple[str, str], ...]:
    """Say what was read, a line each: who, every indicator's figures, names by list, clauses by status."""
    if form is None:
        return ()
    people = (("填报人", form.filled_by), ("审核签发人", form.signed_by))
    lines = [(label, said) for label, said in people if said]
    lines += [("整表零报告", "是")] if form.nil_return else []
    for indicator in plan.indicators:
        own = [f for f in form.figures if f.indicator_id == indicator.id and f.state not in _UNSAID]
        if own:
            lines.append((indicator.name, _figures(indicator, own)))
        if names := [entry.name for entry in form.names if entry.indicator_id == indicator.id]:
            lines.append((f"{indicator.name} · 名单", f"{len(names)}个：{'、'.join(names)}"))
    by_status: dict[str, list[str]] = {}
    for said in form.statements:
        if said.status not in (None, ClauseStatus.NOT_DUE):
            by_status.setdefault(str(said.status), []).append(said.clause_id)
    lines += [(f"工作进展 · {s}", f"{len(ids)}条：{'、'.join(ids)}") for s, ids in by_status.items()]
    return tuple(lines)


def _figures(indicator: Indicator, figures: list[Figure]) -> str:
    """Put an indicator's figures on one line: `分子 13，分母 96，比率 13.5%`."""
    unit = "" if indicator.kind is Kind.RATIO else indicator.unit.partition("/")[0]
    parts = [f"{ROLE_NAMES[f.role]} {show(f.value, unit)}" for f in figures]
    values = {f.role: f.value for f in figures}
    part, whole = values.get(Role.NUMERATOR), values.get(Role.DENOMINATOR)
    if part is not None and whole:
        parts.append(f"比率 {show(part / whole * 100, '%')}")
    return "，".join(parts)


def _companions(
    office: Office, plan_id: str, verdict: Verdict, period: Period | None
) -> tuple[tuple[str, str], ...]:
    """Give what came beside the return, (kind, file name), the file itself included if it is such."""
    if verdict.reading.companion_kind:
        return ((verdict.reading.companion_kind, verdict.submission.original_name),)
    if period is None:
        return ()
    with office.store.reading() as connection:
        sent = returns.submissions_of(connection, plan_id, verdict.submission.agency_id, period)
    return tuple((row.companion_kind, row.original_name) for row in sent if row.companion_kind)


def _owed(office: Office, plan_id: str, agency_id: str, period: Period | None) -> Row[Any] | None:
    if period is None:
        return None
    with office.store.reading() as connection:
        return returns.agency_return(connection, plan_id, agency_id, period)


OUTCOME_NAMES = {
    SubmissionState.ACCEPTED: "已接收",
    SubmissionState.RETURNED: "已退回",
    SubmissionState.UNREADABLE: "无法读取",
    SubmissionState.DUPLICATE: "重复报送",
    SubmissionState.FOREIGN: "不是本单位本期报表",
    SubmissionState.TOO_LATE: "本期已锁定",
    SubmissionState.COMPANION: "随附材料已收",
    SubmissionState.OBJECTION: "核对意见已收",
}
