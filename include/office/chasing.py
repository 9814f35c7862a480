"""Chasers (催报): a mail and a sheet in the folder, before and on the due day; nobody signs them."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy import insert, select

from include.documents.letters import write_letter
from include.escalation import ChaserOrder, chasers_due, compose_chaser
from include.office.desk import Asked, Office, demo_mark, record
from include.office.handing_over import templates_of
from include.office.outbox import drain_drive, drive_put, mail
from include.office.standings import year_standings
from include.plan import Plan
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
    subject, state, ask = _words(plan, standing, office)
    sheet = _sheet(office, plan, standing, state, ask, asked.as_of)
    folder = office.drive.agency_path(plan.agency(standing.agency_id).name, "文书")
    text = _mail_text(office, plan, standing, state, ask)
    name = f"chaser/{standing.period}/{standing.agency_id}/{asked.as_of}"
    message = mail(
        office,
        plan_id,
        name,
        to=[c.email for c in contacts],
        subject=subject,
        text=text,
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


def _words(plan: Plan, standing: ReturnStanding, office: Office) -> tuple[str, str, tuple[str, str]]:
    """Say until when, how the return stands, and what to do now: subject, state, what is asked."""
    agency = plan.agency(standing.agency_id).name
    due = standing.due_at.astimezone(SHANGHAI)
    template, dropped, receipts = (
        f"“{office.drive.agency_path(agency, kind)}”" for kind in ("待报", "报送", "回执")
    )
    by = f"{due:%-m月%-d日%H:%M}{standing.due_mark}"
    subject = f"{demo_mark(plan.demo)}催报：{agency}{standing.period.label}报表请于{by}前报送"
    if standing.filing is Filing.RETURNED:
        state = "已退回，尚未更正重报"
        how = f"请在共享盘{receipts}的回执上改好标出的问题，重新放入{dropped}。"
    else:
        state = "尚未收到"
        how = f"填报模板在共享盘{template}，填好后放入{dropped}。本月没有新进展的，在封面选零报告后同样报送。"
    rest = "已经报送的，以收到的回执为准。不能按时报送的，请在截止前与我办联系。"
    return subject, state, (how, rest)


def _mail_text(office: Office, plan: Plan, standing: ReturnStanding, state: str, ask: tuple[str, str]) -> str:
    contact = office.people(plan.id).office_contact
    lines = [
        f"{plan.agency(standing.agency_id).name}：",
        "",
        f"{standing.period.label}报表{state}，截止时间为{_due(standing)}。",
        *ask,
        *([f"联系人、电话：{contact}"] if contact else []),
        "",
        f"{plan.office_name}{demo_mark(plan.demo)}",
    ]
    return "\n".join(lines) + "\n"


def _sheet(
    office: Office, plan: Plan, standing: ReturnStanding, state: str, ask: tuple[str, str], on: date
) -> Attachment:
    """Write the chaser as a sheet in the form of a letter, without number or seal, and archive it."""
    people = office.people(plan.id)
    content = compose_chaser(
        ChaserOrder(
            plan=plan,
            agency=plan.agency(standing.agency_id).name,
            period=standing.period,
            due=_due(standing),
            state=state,
            ask=ask,
            on=on,
            signatory=people.signatory or plan.office_name,
            contact=people.office_contact,
            handling_mark=office.settings.handling_mark,
        )
    )
    document = write_letter(content, unsealed=True, templates=templates_of(office))
    name = f"{content.kind_name} {standing.period}（{on:%-m月%-d日}）.docx"
    return Attachment(name, office.archive.put_bytes(document), DOCX)


def _due(standing: ReturnStanding) -> str:
    return f"{standing.due_at.astimezone(SHANGHAI):%Y年%-m月%-d日%H:%M}{standing.due_mark}"
