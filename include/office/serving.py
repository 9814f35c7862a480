"""送达: how, to whom and when; the clocks start the working day after, and the agency is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.escalation import Deadline, day_text, deadlines, move_letter, reply_due
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
    with office.store.reading() as connection:
        row = cases.letter(connection, letter_id)
    if row is None:
        raise RefusedError(f"there is no letter {letter_id}")
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
            raise RefusedError(f"letter {letter_id} was changed by somebody else in the same moment")
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


def _notices(
    office: Office, row: Row[Any], at: datetime, asked: Sequence[Deadline], now: datetime
) -> tuple[outbox.Outgoing, ...]:
    """Tell the agency which days the clocks of its letter end on, now that the day of service is known."""
    plan = office.plan(row.plan_id, Period.parse(row.period))
    agency, mark, key = plan.agency(row.agency_id).name, demo_mark(plan.demo), f"letter/{row.id}/served"
    text = "\n".join(
        [
            f"{mark}{agency}：",
            "",
            f"{row.number}已于{day_text(at.date())}送达，期限自次日起按工作日计算：",
            *(f"  {deadline}" for deadline in asked),
            f"答复材料请放入共享盘“{office.drive.agency_path(agency, '回复')}”，文件名写明文号。",
            "",
            f"{plan.office_name}{mark}",
            "",
        ]
    )
    path = f"{office.drive.agency_path(agency, '文书')}/{row.number} 送达告知.txt"
    put = drive_put(f"{key}/{path}", path, office.archive.put_bytes(text.encode("utf-8-sig")))
    contacts = office.people(plan.id).working_contacts_of(row.agency_id, now.date())
    sent = mail(
        office,
        plan.id,
        f"{key}/mail",
        to=[c.email for c in contacts],
        subject=f"{mark}送达告知：{row.number}，{asked[0]}",
        text=text,
    )
    return (put, sent) if sent else (put,)
