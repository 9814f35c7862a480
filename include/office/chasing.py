"""Chasers (催报): a mail and a sheet in the folder, before and on the due day; nobody signs them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import insert, select

from include.documents.letters import write_letter
from include.escalation import ChaserOrder, chasers_due, compose_chaser
from include.office.desk import Asked, Office, demo_mark, record
from include.office.handing_over import templates_of
from include.office.outbox import drain_drive, drive_put, mail
from include.office.phrasing import phrases_of
from include.office.standings import year_standings
from include.plan import Period, Plan
from include.records.escalation import LetterContent
from include.records.messages import DOCX, Attachment
from include.records.submissions import Filing, ReturnStanding, Timeliness
from include.store import outbox
from include.store import schema as t
from include.workdays import SHANGHAI

_FROM, _UNTIL = time(9), time(17)  # chasers go out in these hours of a working day only


def chase(office: Office, plan_id: str, asked: Asked) -> int:
    """Chase every agency whose return is due soon and not accepted, once a day; gives how many.

    A past day is never chased for: a reminder that comes after the fact helps nobody.
    """
    if asked.as_of != asked.now.date() or not _FROM <= asked.now.time() < _UNTIL:
        return 0
    ladder, calendar = office.ladder(plan_id), office.calendar(plan_id)
    waiting = [
        s
        for s in year_standings(office, plan_id, asked.at).values()
        if s.timeliness is Timeliness.PENDING
        and not s.locked
        and chasers_due(s.due_at.astimezone(SHANGHAI).date(), ladder, calendar, asked.as_of)
    ]
    chased = sum(_chase(office, plan_id, standing, asked) for standing in waiting)
    drain_drive(office, plan_id, asked.now)
    return chased


def _chase(office: Office, plan_id: str, standing: ReturnStanding, asked: Asked) -> bool:
    plan = office.plan(plan_id, standing.period)
    key = {
        "plan_id": plan_id,
        "agency_id": standing.agency_id,
        "period": str(standing.period),
        "chased_on": asked.as_of,
    }
    contacts = office.people(plan_id).working_contacts_of(standing.agency_id, asked.as_of)
    order = _order(office, plan, standing, asked.as_of)
    content = compose_chaser(order)
    sheet = _sheet(office, content, standing.period, asked.as_of)
    folder = office.drive.agency_path(order.agency, "文书")
    due = _due(standing, "%-m月%-d日%H:%M")
    subject = f"{demo_mark(plan.demo)}催报：{order.agency}{standing.period.label}报表请于{due}前报送"
    name = f"chaser/{standing.period}/{standing.agency_id}/{asked.as_of}"
    message = mail(
        office,
        plan_id,
        name,
        to=[c.email for c in contacts],
        subject=subject,
        text=_mail_text(order, content.requirements),
        attachments=(sheet,),
    )
    c = t.chaser
    with office.store.writing() as connection:
        same = [c.c[name] == value for name, value in key.items()]
        if connection.execute(select(c).where(*same)).first() is not None:
            return False
        connection.execute(insert(c).values(**key))
        put = drive_put(f"{name}/sheet", f"{folder}/{sheet.name}", sheet.sha256)
        for outgoing in (put, *([message] if message is not None else [])):
            outbox.queue(connection, plan_id, asked.now, outgoing)
        body: dict[str, Any] = {"agency": standing.agency_id, "mailed": message is not None}
        record(connection, plan_id, asked.now, "chased", str(standing.period), body)
    return True


def _order(office: Office, plan: Plan, standing: ReturnStanding, on: date) -> ChaserOrder:
    people, agency = office.people(plan.id), plan.agency(standing.agency_id).name
    return ChaserOrder(
        plan=plan,
        agency=agency,
        period=standing.period,
        due=_due(standing, "%Y年%-m月%-d日%H:%M"),
        returned=standing.filing is Filing.RETURNED,
        folders={kind: office.drive.agency_path(agency, kind) for kind in ("待报", "报送", "回执")},
        on=on,
        signatory=people.signatory or plan.office_name,
        contact=people.office_contact,
        handling_mark=office.settings.handling_mark,
        phrases=phrases_of(office),
    )


def _due(standing: ReturnStanding, form: str) -> str:
    return f"{standing.due_at.astimezone(SHANGHAI):{form}}{standing.due_mark}"


def _mail_text(order: ChaserOrder, asked: Sequence[str]) -> str:
    lines = [
        f"{order.agency}：",
        "",
        f"{order.period.label}报表{order.state}，截止时间为{order.due}。",
        *asked,
        *([f"联系人、电话：{order.contact}"] if order.contact else []),
        "",
        f"{order.plan.office_name}{demo_mark(order.plan.demo)}",
    ]
    return "\n".join(lines) + "\n"


def _sheet(office: Office, content: LetterContent, period: Period, on: date) -> Attachment:
    """Write the chaser as a sheet in the form of a letter, without number or seal, and archive it."""
    document = write_letter(content, unsealed=True, templates=templates_of(office))
    name = f"{content.kind_name} {period}（{on:%-m月%-d日}）.docx"
    return Attachment(name, office.archive.put_bytes(document), DOCX)
