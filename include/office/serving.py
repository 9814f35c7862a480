"""送达: how, to whom and when; the clocks start the working day after, and the agency is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.escalation import Deadline, Step, day_text, deadlines, move_letter, reply_due
from include.office import lookup
from include.office.desk import Office, demo_mark, record
from include.office.outbox import drain_drive, drive_put, mail
from include.plan import Period
from include.records.escalation import LetterState
from include.store import cases, outbox
from include.workdays import SHANGHAI


def serve(
    office: Office,
    letter_id: int,
    *,
    how: str,
    to: str,
    user: str,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Record that a letter was served (送达) to somebody at a moment, now unless given.

    Raises:
        RefusedError: no such letter, not one that can be served, before it was signed, or not come yet.
    """
    at = (at or now).astimezone(SHANGHAI)
    row = lookup.letter(office, letter_id)
    served = move_letter(LetterState(row.state), "serve")
    if at > now or at.date() < row.signed_on:
        raise RefusedError(f"送达时间{at:%Y-%m-%d %H:%M}应在签发之日（{row.signed_on}）以后、现在以前")
    ladder, calendar = office.ladder(row.plan_id), office.calendar(row.plan_id)
    due = None if row.corrects else reply_due(at.date(), row.step, ladder, calendar)
    asked = () if row.corrects else deadlines(row.step, at.date(), ladder, calendar)
    notices = _notices(office, row, at, asked, now) if asked else ()
    values: dict[str, Any] = {"served_at": at, "served_how": how, "served_to": to, "reply_due_on": due}
    with office.store.writing() as connection:
        if not cases.change_letter(connection, row.id, LetterState(row.state), state=served, **values):
            raise lookup.changed_meanwhile(letter_id)
        body = {
            "how": how,
            "to": to,
            "at": at.isoformat(),
            "reply_due_on": due.isoformat() if due else None,
            "asked": {d.what: d.on.isoformat() for d in asked},
        }
        record(connection, row.plan_id, now, "letter-served", f"letter/{row.id}", body, actor=user)
        for notice in notices:
            outbox.queue(connection, row.plan_id, now, notice)
    drain_drive(office, row.plan_id, now)


def set_interview(office: Office, letter_id: int, *, on: date, place: str, user: str, now: datetime) -> date:
    """Record the day and place of an interview (约谈); its report is due so many working days after that day.

    The agency is told. A day set before is replaced. Gives the day the report is due.

    Raises:
        RefusedError: no served letter of an interview, or less notice than the ladder asks for.
    """
    with office.store.reading() as connection:
        row = cases.letter(connection, letter_id)
    if row is None or row.step != Step.INTERVIEW or row.state != LetterState.SERVED:
        raise RefusedError(f"文书{letter_id}不是已送达、等待约谈的约谈通知书")
    ladder, calendar = office.ladder(row.plan_id), office.calendar(row.plan_id)
    rule = ladder.step(row.step)
    earliest = calendar.add(now.astimezone(SHANGHAI).date(), rule.notice_days)
    if on < earliest or not calendar.is_workday(on):
        raise RefusedError(
            f"约谈应在工作日，且至少提前{rule.notice_days}个工作日告知：最早{day_text(earliest)}，不能是{day_text(on)}"
        )
    due = calendar.add(on, rule.reply_days)
    said = (f"约谈时间：{day_text(on)}", f"约谈地点：{place}", f"约谈后报告：{day_text(due)}前（含当日）")
    notices = _told(office, row, f"interview/{on}", "约谈告知", "约谈时间、地点已定：", said, now)
    with office.store.writing() as connection:
        if not cases.change_letter(connection, row.id, LetterState(row.state), reply_due_on=due):
            raise lookup.changed_meanwhile(letter_id)
        body = {"on": on.isoformat(), "place": place, "reply_due_on": due.isoformat()}
        record(connection, row.plan_id, now, "interview-set", f"letter/{row.id}", body, actor=user)
        for notice in notices:
            outbox.queue(connection, row.plan_id, now, notice)
    drain_drive(office, row.plan_id, now)
    return due


def _notices(
    office: Office, row: Row[Any], at: datetime, asked: Sequence[Deadline], now: datetime
) -> tuple[outbox.Outgoing, ...]:
    """Tell the agency which days the clocks of its letter end on, now that the day of service is known."""
    opening = f"已于{day_text(at.date())}送达，期限自次日起按工作日计算："
    return _told(office, row, "served", "送达告知", opening, tuple(map(str, asked)), now)


def _told(
    office: Office, row: Row[Any], key: str, kind: str, opening: str, said: Sequence[str], now: datetime
) -> tuple[outbox.Outgoing, ...]:
    """Tell the agency something about its letter: a note beside the letter, and a mail."""
    plan = office.plan(row.plan_id, Period.parse(row.period))
    agency, mark = plan.agency(row.agency_id).name, demo_mark(plan.demo)
    text = "\n".join(
        [
            f"{mark}{agency}：",
            "",
            f"{row.number}{opening}",
            *(f"  {line}" for line in said),
            f"答复材料请放入共享盘“{office.drive.agency_path(agency, '回复')}”，文件名写明文号。",
            "",
            f"{plan.office_name}{mark}",
            "",
        ]
    )
    path = f"{office.drive.agency_path(agency, '文书')}/{row.number} {kind}.txt"
    note = office.archive.put_bytes(text.encode("utf-8-sig"))
    put = drive_put(f"letter/{row.id}/{key}/{path}", path, note)
    contacts = office.people(plan.id).working_contacts_of(row.agency_id, now.date())
    sent = mail(
        office,
        plan.id,
        f"letter/{row.id}/{key}/mail",
        to=[c.email for c in contacts],
        subject=f"{mark}{kind}：{row.number}，{said[0]}",
        text=text,
    )
    return (put, sent) if sent else (put,)
