"""Chasers (催报): a plain mail to who has not filed yet, before and on the due day; nobody signs it."""

from __future__ import annotations

from datetime import time
from typing import Any

from sqlalchemy import insert, select

from include.escalation import chasers_due
from include.office.desk import Asked, Office, demo_mark, record
from include.office.outbox import mail
from include.office.standings import year_standings
from include.plan import Plan
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
    return sum(_chase(office, plan_id, standing, asked) for standing in waiting)


def _chase(office: Office, plan_id: str, standing: ReturnStanding, asked: Asked) -> bool:
    plan = office.plan(plan_id, standing.period)
    key = {
        "plan_id": plan_id,
        "agency_id": standing.agency_id,
        "period": str(standing.period),
        "chased_on": asked.as_of,
    }
    contacts = office.people(plan_id).contacts_of(standing.agency_id, asked.as_of)
    subject, text = _words(plan, standing, office)
    message = mail(
        office,
        plan_id,
        f"chaser/{standing.period}/{standing.agency_id}/{asked.as_of}",
        to=[c.email for c in contacts],
        subject=subject,
        text=text,
    )
    c = t.chaser
    with office.store.writing() as connection:
        same = [c.c[name] == value for name, value in key.items()]
        if connection.execute(select(c).where(*same)).first() is not None:
            return False
        connection.execute(insert(c).values(**key))
        if message is not None:
            outbox.queue(connection, plan_id, asked.now, message)
        body: dict[str, Any] = {"agency": standing.agency_id, "mailed": message is not None}
        record(connection, plan_id, asked.now, "chased", str(standing.period), body)
    return True


def _words(plan: Plan, standing: ReturnStanding, office: Office) -> tuple[str, str]:
    """Say what is missing until when, where template and return belong, and whom to ask."""
    agency = plan.agency(standing.agency_id).name
    due = standing.due_at.astimezone(SHANGHAI)
    mark = demo_mark(plan.demo)
    template, dropped, receipts = (
        f"“{office.drive.agency_path(agency, kind)}”" for kind in ("待报", "报送", "回执")
    )
    subject = f"{mark}催报：{agency}{standing.period.label}报表请于{due:%-m月%-d日%H:%M}前报送"
    if standing.filing is Filing.RETURNED:
        state = "已退回，尚未更正重报"
        how = f"请在共享盘{receipts}的回执上改好标出的问题，重新放入{dropped}。"
    else:
        state = "尚未收到"
        how = f"填报模板在共享盘{template}，填好后放入{dropped}。本月没有新进展的，在封面选零报告后同样报送。"
    contact = office.people(plan.id).office_contact
    lines = [
        f"{agency}：",
        "",
        f"{standing.period.label}报表{state}，截止时间为{due:%Y年%-m月%-d日%H:%M}。",
        how,
        "已经报送的，以收到的回执为准。不能按时报送的，请在截止前与我办联系。",
        *([f"联系人、电话：{contact}"] if contact else []),
        "",
        f"{plan.office_name}{mark}",
    ]
    return subject, "\n".join(lines) + "\n"
