"""Receipts (回执): the answer to each submission, on the drive and as a short mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from include.indicators import show
from include.office.desk import Office, demo_mark
from include.office.judging import Verdict
from include.office.outbox import drive_put, mail
from include.plan import Period, Plan
from include.records.figures import FigureState, FilledForm, Role
from include.records.submissions import SubmissionState
from include.returns.receipt import ReceiptOrder, receipt_name, receipt_text, write_receipt
from include.store import outbox, returns

_ROLE_NAMES = {
    Role.MONTH: "本月数",
    Role.ADJUSTMENT: "调整数",
    Role.CUMULATIVE: "累计",
    Role.NUMERATOR: "分子",
    Role.DENOMINATOR: "分母",
    Role.LEVEL: "期末数",
    Role.PENDING: "待认定",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A rendered receipt: where it goes, its hash in the archive, its three lines."""

    path: str
    sha256: str
    text: str
    subject: str


def receipt_for(office: Office, plan_id: str, verdict: Verdict, number: int, now: datetime) -> Receipt:
    """Render the receipt of a verdict into the archive."""
    of = verdict.submission
    period = verdict.period or Period.of(now.date())
    plan = office.plan(plan_id, period)
    agency = office.agency(plan_id, of.agency_id, period)
    order = ReceiptOrder(
        original=office.archive.read(of.sha256),
        original_name=of.original_name,
        agency_name=agency.name,
        period=verdict.period.label if verdict.period else "",
        number=number,
        outcome=verdict.state,
        findings=verdict.findings,
        notes=verdict.reading.form.notes if verdict.reading.form else (),
        companions=((verdict.reading.companion_kind, of.original_name),)
        if verdict.reading.companion_kind
        else (),
        understood=_understood(plan, verdict.reading.form),
        due_at=_due_at(office, plan_id, of.agency_id, verdict.period),
        decided_at=now,
        same_as=verdict.same_as,
        on_time=verdict.counts_on_time,
        demo=plan.demo,
        clock_note=office.clock_note(now),
        handling_mark=office.settings.handling_mark,
    )
    name = receipt_name(verdict.period or Period.of(now.date()), number, verdict.state, verdict.findings)
    return Receipt(
        path=f"{office.drive.agency_path(agency.name, '回执')}/{name}",
        sha256=office.archive.put_bytes(write_receipt(order)),
        text=receipt_text(order),
        subject=f"{demo_mark(plan.demo)}{name.rpartition('.')[0]}",
    )


def queue_receipt(
    office: Office, connection: Connection, plan_id: str, verdict: Verdict, receipt: Receipt, now: datetime
) -> None:
    """Put the receipt into the outbox, inside the transaction that settles the submission."""
    key = f"receipt/{verdict.submission.id}"
    outbox.queue(connection, plan_id, now, drive_put(key, receipt.path, receipt.sha256))
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
        outbox.queue(connection, plan_id, now, letter)


def _understood(plan: Plan, form: FilledForm | None) -> tuple[tuple[str, str], ...]:
    if form is None:
        return ()
    known = {i.id: i for i in plan.indicators}
    shown: list[tuple[str, str]] = []
    for figure in form.figures:
        indicator = known.get(figure.indicator_id)
        if indicator is None or figure.state in (FigureState.MISSING, FigureState.NOT_APPLICABLE):
            continue
        unit = "" if indicator.kind == "ratio" else indicator.unit.partition("/")[0]
        shown.append((f"{indicator.name} · {_ROLE_NAMES[figure.role]}", show(figure.value, unit)))
    return tuple(shown)


def _due_at(office: Office, plan_id: str, agency_id: str, period: Period | None) -> datetime | None:
    if period is None:
        return None
    with office.store.reading() as connection:
        row = returns.agency_return(connection, plan_id, agency_id, period)
    return (row.extended_to or row.due_at) if row else None


OUTCOME_NAMES = {
    SubmissionState.ACCEPTED: "已接收",
    SubmissionState.RETURNED: "已退回",
    SubmissionState.UNREADABLE: "无法读取",
    SubmissionState.DUPLICATE: "重复报送",
    SubmissionState.FOREIGN: "不是本单位本期报表",
    SubmissionState.TOO_LATE: "本期已锁定",
    SubmissionState.COMPANION: "随附材料已收",
}
