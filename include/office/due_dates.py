"""Due dates after the calendar changed: they move by a recorded step, never by themselves.

A return opened while its due day was provisional (暂定) keeps the day it was told until here; so does one
whose month the office's own `overrides.yaml` changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row

from include.files import Drive
from include.office.desk import Office, demo_mark, record
from include.office.outbox import drain_drive, drive_put, mail
from include.office.timetable import days_of
from include.plan import Period, Plan
from include.returns.wording import moment_text
from include.store import outbox, returns
from include.workdays import SHANGHAI


def settle_due_dates(office: Office, plan_id: str, now: datetime) -> int:
    """Move what is due by the calendar as it now stands, and tell the agencies; gives how many returns moved.

    Left alone: a return that is extended (a person set its day), locked or due already, and one whose new day
    would be today or past.
    """
    with office.store.reading() as connection:
        owed = returns.agency_returns(connection, plan_id)
    waiting: dict[Period, list[Row[tuple[object, ...]]]] = defaultdict(list)
    for row in owed:
        if row.due_at > now and row.extended_to is None and row.locked_at is None:
            waiting[Period.parse(row.period)].append(row)
    moved = sum(_settle(office, plan_id, period, rows, now) for period, rows in waiting.items())
    drain_drive(office, plan_id, now)
    return moved


def _settle(
    office: Office, plan_id: str, period: Period, owed: Sequence[Row[tuple[object, ...]]], now: datetime
) -> int:
    plan, calendar = office.plan(plan_id, period), office.calendar(plan_id)
    due_at = days_of(plan, period, calendar).due_at
    rows = [row for row in owed if row.due_at != due_at]
    if not rows or due_at.date() <= now.date():
        return 0
    source = calendar.source(due_at.year)
    with office.store.writing() as connection:
        for row in rows:
            returns.move_due(connection, plan_id, row.agency_id, period, due_at)
            if not row.exempt_reason:
                _tell(office, connection, plan, row, due_at, now)
        body = {
            "agencies": [row.agency_id for row in rows],
            "from": sorted({row.due_at.astimezone(SHANGHAI).isoformat() for row in rows}),
            "to": due_at.isoformat(),
            "reason": f"工作日历有变：{source}",
        }
        record(connection, plan_id, now, "due-moved", str(period), body)
    return len(rows)


def _tell(
    office: Office,
    connection: Connection,
    plan: Plan,
    row: Row[tuple[object, ...]],
    due_at: datetime,
    now: datetime,
) -> None:
    """Tell an agency by a note beside its template and a mail."""
    period, agency = Period.parse(row.period), office.agency(plan.id, row.agency_id, Period.parse(row.period))
    subject = f"改期 {period.label}报表截止时间"
    text = (
        f"{demo_mark(plan.demo)}{office.clock_note(now)}{agency.name}：\n"
        f"{period.label}报表的截止时间由{moment_text(row.due_at)}改为"
        f"{moment_text(due_at)}{office.calendar(plan.id).mark(due_at.date())}。\n"
        "工作日历已有变动，截止时间随之调整；填报模板上印的截止时间不再适用，其他不变，模板照用。\n"
        f"{plan.office_name}\n"
    )
    key = f"due/{period}/{agency.id}/{now:%Y-%m-%d}"
    note = office.archive.put_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    path = f"{Drive.agency_path(agency.name, '待报')}/{subject}.txt"
    to = [c.email for c in office.people(plan.id).working_contacts_of(agency.id, now.date())]
    subject = f"{demo_mark(plan.demo)}{subject}"
    for outgoing in (
        drive_put(key, path, note),
        mail(office, plan.id, f"{key}/mail", to=to, subject=subject, text=text),
    ):
        if outgoing is not None:
            outbox.queue(connection, plan.id, now, outgoing)
