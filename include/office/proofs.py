"""核对稿: at close each agency gets what will be published about it, and a working day to object."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection

from include.documents.consolidated_sheets import filing_word
from include.documents.digest_words import COMPARATORS
from include.files.waiting import side_by_side
from include.indicators import show, show_value
from include.office.desk import Asked, Office, demo_mark, record
from include.office.outbox import drive_put, mail
from include.plan import Agency, Indicator, Period, Plan
from include.records.messages import XLSX, Attachment
from include.records.reports import LIGHT_NAMES, AgencyRow, IndicatorRow, MonthReport
from include.returns.proof_order import ProofOrder, ProofRow
from include.returns.proof_sheet import proof_name, write_proof
from include.returns.wording import moment_text
from include.store import outbox, proofs
from include.workdays import SHANGHAI, moment

WINDOW_ENDS = time(18, 0)  # of the next working day 待确认


def send_proofs(office: Office, report: MonthReport, asked: Asked) -> int:
    """Send each agency its 核对稿 where what it shows is new, all or none; gives how many."""
    plan = office.plan(report.plan_id, report.period)
    with office.store.reading() as connection:
        known = proofs.newest(connection, report.plan_id, report.period)
    until = _objections_until(office, report.plan_id, asked.now)
    orders: list[ProofOrder] = []
    for row in report.agencies:
        if not row.filings:
            continue
        last = known.get(row.agency_id)
        order = _order(office, report, plan, row, until, asked.now)
        if last is None or last.content_hash != _content_hash(order):
            orders.append(replace(order, edition=last.edition + 1 if last else 1))
    if not orders:
        return 0
    rendered = side_by_side(lambda order: office.archive.put_bytes(write_proof(order)), orders)
    with office.store.writing() as connection:
        for order, sha256 in zip(orders, rendered, strict=True):
            _send(office, connection, order, sha256, asked)
    return len(orders)


def still_open(office: Office, plan_id: str, period: Period, now: datetime) -> datetime | None:
    """Give until when a first 核对稿 may still be objected to; None if that time is over."""
    with office.store.reading() as connection:
        until = proofs.window_ends_at(connection, plan_id, period)
    return until if until is not None and now < until else None


def _objections_until(office: Office, plan_id: str, now: datetime) -> datetime:
    return moment(office.calendar(plan_id).add(now.date(), 1), WINDOW_ENDS)


def _order(
    office: Office, report: MonthReport, plan: Plan, row: AgencyRow, until: datetime, now: datetime
) -> ProofOrder:
    agency = plan.agency(row.agency_id)
    standing = next((f for f in row.filings if f.period == report.period), None)
    notes = "".join(f"；{word}：{reason}" for word, reason in standing.notes) if standing else ""
    return ProofOrder(
        plan_id=report.plan_id,
        plan_title=report.plan_title,
        office_name=report.office_name,
        agency_id=row.agency_id,
        agency_name=row.name,
        period=report.period.label,
        month=str(report.period),
        edition=1,
        filing=filing_word(standing) + notes,
        silent=row.silent_clauses,
        rows=tuple(_rows(report, plan, agency)),
        objections_until=until,
        until_mark=office.calendar(report.plan_id).mark(until.astimezone(SHANGHAI).date()),
        sent_at=now,
        demo=report.demo,
        clock_note=report.clock_note,
        handling_mark=office.settings.handling_mark,
    )


def _rows(report: MonthReport, plan: Plan, agency: Agency) -> list[ProofRow]:
    shown = {row.progress.indicator_id: row for row in report.indicators}
    return [
        _row(shown[indicator.id], _part(indicator, agency.id))
        for indicator in plan.indicators
        if agency.id in indicator.agencies
    ]


def _part(indicator: Indicator, agency_id: str) -> str:
    parts = (
        ("答责", agency_id == indicator.answerable),
        ("报送", agency_id in indicator.sources),
        ("核对", agency_id in indicator.cross_check),
    )
    return "、".join(word for word, has in parts if has)


def _row(row: IndicatorRow, part: str) -> ProofRow:
    progress = row.progress
    made_of = f"（{show(progress.numerator, '')}/{show(progress.denominator, '')}）"
    value = show_value(progress, row.unit) + (made_of if progress.numerator is not None else "")
    light = LIGHT_NAMES[progress.light.value] + (f"（{progress.grey.value}）" if progress.grey else "")
    return ProofRow(
        indicator_id=progress.indicator_id,
        clause_id=row.clause_id,
        name=row.name,
        part=part,
        value=value,
        target=f"{COMPARATORS[row.comparator]}{show(progress.target, row.unit)}",
        light=light,
        marks="\n".join(mark for mark in row.marks if not mark.startswith("核对异议")),
    )


def _content_hash(order: ProofOrder) -> str:
    """Hash what an agency is shown, leaving aside when and as which edition."""
    said = asdict(order)
    for when in ("edition", "clock_note", "objections_until", "until_mark", "sent_at"):
        del said[when]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _send(office: Office, connection: Connection, order: ProofOrder, sha256: str, asked: Asked) -> None:
    name = proof_name(order.month, order.edition)
    path = f"{office.drive.agency_path(order.agency_name, '回执')}/{name}"
    key = f"proof/{order.month}/{order.agency_id}/{order.edition}"
    contacts = office.people(order.plan_id).contacts_of(order.agency_id, asked.now.date())
    letter = mail(
        office,
        order.plan_id,
        f"{key}/mail",
        to=[c.email for c in contacts],
        subject=f"{demo_mark(order.demo)}{order.period}发布前核对：{order.agency_name}",
        text=_mail_text(order, name),
        attachments=(Attachment(name, sha256, XLSX),),
    )
    values: dict[str, Any] = {
        "plan_id": order.plan_id,
        "agency_id": order.agency_id,
        "period": order.month,
        "edition": order.edition,
        "content_hash": _content_hash(order),
        "sha256": sha256,
        "path": path,
        "sent_at": asked.now,
        "objections_until": order.objections_until,
    }
    proofs.add_proof(connection, values)
    put = drive_put(key, path, sha256)
    outbox.queue(connection, order.plan_id, asked.now, *filter(None, (put, letter)))
    body = {"agency": order.agency_id, "edition": order.edition, "sha256": sha256}
    record(connection, order.plan_id, asked.now, "proof-sent", order.month, body)


def _mail_text(order: ProofOrder, name: str) -> str:
    return (
        f"{order.agency_name}：{order.period}将要发布的、与贵单位有关的内容见附件（本单位“回执”文件夹里也有）。\n"
        f"没有异议不用回复。有异议的，请在{moment_text(order.objections_until)}{order.until_mark}前在“{name}”的黄色格里写明，"
        "保存后放入“报送”文件夹。\n"
        "异议与该数一并列出，不改动已报的数；数字报错了的，请报送更正后的报表。"
    )
