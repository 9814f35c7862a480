"""Draining the outbox: each message leaves once; what fails is tried again, what is uncertain waits."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from include.delivery import build_message, send_smtp, write_eml
from include.delivery.smtp import UncertainDeliveryError
from include.office.desk import Office, record
from include.records.messages import Attachment, Channel, DrivePut, Mail, MessageState, SendResult
from include.store import outbox

MAX_ATTEMPTS = 8
_FIRST_WAIT = timedelta(minutes=2)
_UNREACHED = "unreached"


def message_id(plan_id: str, key: str) -> str:
    """Make the fixed Message-ID of a message."""
    return f"<{hashlib.sha256(f'{plan_id}/{key}'.encode()).hexdigest()[:32]}@duban.invalid>"


def drive_put(key: str, path: str, sha256: str) -> outbox.Outgoing:
    """Make a message that puts an archived artefact on the drive."""
    return outbox.Outgoing(key, Channel.DRIVE, DrivePut(path, sha256))


def mail(
    office: Office,
    plan_id: str,
    key: str,
    *,
    to: Iterable[str],
    subject: str,
    text: str,
    html: str = "",
    attachments: tuple[Attachment, ...] = (),
    formal: bool = False,
) -> outbox.Outgoing | None:
    """Make a mail to those who may receive it; None if nobody is left."""
    people = office.people(plan_id)
    allowed = tuple(dict.fromkeys(address for address in to if address and people.may_receive(address)))
    if not allowed:
        return None
    content = Mail(
        message_id(plan_id, key), office.settings.mail_from, allowed, subject, text, html, attachments
    )
    return outbox.Outgoing(key, Channel.MAIL, content, formal)


def drain_drive(office: Office, plan_id: str, now: datetime) -> int:
    """Write everything waiting for the drive, oldest first; gives how many.

    While the drive is away all of it waits, in order, and no try is counted; a file that alone cannot be
    written is tried again later and holds up no other.
    """
    written = 0
    with office.store.reading() as connection:
        waiting = outbox.due(connection, plan_id, Channel.DRIVE, now)
    for row in waiting:
        try:
            _put(office, plan_id, row, now)
        except OSError as error:
            if not drive_is_there(office):
                break
            _postpone(office, row, now, f"共享盘写入失败：{error}", MessageState.PENDING, give_up=False)
        else:
            written += 1
    return written


def drive_is_there(office: Office) -> bool:
    """Tell whether the shared drive can be written to."""
    root = office.drive.root
    return root.is_dir() and os.access(root, os.W_OK)


def _put(office: Office, plan_id: str, row: Row[Any], now: datetime) -> None:
    put = DrivePut(**row.payload)
    with office.store.reading() as connection:
        last = outbox.last_written(connection, plan_id, put.path)
    used = office.drive_of(plan_id).put_unless_touched(put.path, office.archive.read(put.sha256), last)
    with office.store.writing() as connection:
        outbox.note_written(connection, plan_id, used, put.sha256)
        outbox.move(connection, row.id, MessageState.PENDING, MessageState.SENT, sent_at=now, detail=used)


def send_mail(office: Office, plan_id: str, now: datetime) -> dict[str, int]:
    """Send the mail that is due, oldest first; counts by what came of it.

    A message found in `sending` was being sent when its process died: a formal letter becomes *uncertain* and
    is shown to a person; anything else is sent again under the same Message-ID. If no server answers, nothing
    more is tried: all of it waits, in order, however long.
    """
    counts = {"sent": 0, "failed": 0, "uncertain": _recover(office, plan_id, now)}
    with office.store.reading() as connection:
        waiting = outbox.due(connection, plan_id, Channel.MAIL, now)
    for n, row in enumerate(waiting):
        with office.store.writing() as connection:
            mine = outbox.move(
                connection, row.id, MessageState.PENDING, MessageState.SENDING, attempts=row.attempts + 1
            )
        came_of_it = _send_one(office, plan_id, row, now) if mine else ""
        if came_of_it == _UNREACHED:
            _let_wait(office, waiting[n + 1 :], now)
            counts["failed"] += len(waiting) - n
            break
        if came_of_it:
            counts[came_of_it] += 1
    return counts


def _let_wait(office: Office, rows: Sequence[Row[Any]], now: datetime) -> None:
    for row in rows:
        _postpone(office, row, now, "邮件服务器连接不上，未发送", MessageState.PENDING, give_up=False)


def _send_one(office: Office, plan_id: str, row: Row[Any], now: datetime) -> str:
    payload = {**row.payload, "to": tuple(row.payload["to"])}
    payload["attachments"] = tuple(Attachment(**a) for a in payload["attachments"])
    content = Mail(**payload)
    try:
        message = build_message(content, office.archive, now)
        if office.settings.mail_mode == "eml":
            result = write_eml(content, message, office.settings.home / "mail")
        else:
            result = send_smtp(content, message, office.settings)
    except UncertainDeliveryError as error:
        _doubt(office, plan_id, row, now, f"连接在提交正文后中断: {error}")
        return "uncertain"
    except FileNotFoundError as error:
        result = SendResult(False, f"附件不在档案中: {error}")
    if not result.sent:
        _postpone(office, row, now, result.detail, MessageState.SENDING, give_up=result.reached)
        return "failed" if result.reached else _UNREACHED
    with office.store.writing() as connection:
        outbox.move(
            connection, row.id, MessageState.SENDING, MessageState.SENT, sent_at=now, detail=result.detail
        )
        body = {"to": list(content.to), "detail": result.detail, "refused": dict(result.refused)}
        record(connection, plan_id, now, "mail-sent", row.key, body)
    return "sent"


def _postpone(
    office: Office, row: Row[Any], now: datetime, why: str, state: MessageState, *, give_up: bool
) -> None:
    """Try again later, each wait twice the last; where it can be given up, a person has to look in the end.

    What only found drive or server away is never given up: housekeeping tells of it, and it goes on.
    """
    attempts = row.attempts + 1
    with office.store.writing() as connection:
        outbox.move(
            connection,
            row.id,
            state,
            MessageState.FAILED if give_up and attempts >= MAX_ATTEMPTS else MessageState.PENDING,
            attempts=attempts,
            detail=why,
            not_before=now + _FIRST_WAIT * 2 ** (min(attempts, MAX_ATTEMPTS) - 1),
        )


def _recover(office: Office, plan_id: str, now: datetime) -> int:
    with office.store.reading() as connection:
        stuck = outbox.in_state(connection, plan_id, MessageState.SENDING)
    doubtful = 0
    for row in stuck:
        if row.formal:
            _doubt(office, plan_id, row, now, "发送过程中断，是否送出不能确定")
            doubtful += 1
        else:
            with office.store.writing() as connection:
                outbox.move(connection, row.id, MessageState.SENDING, MessageState.PENDING, not_before=now)
    return doubtful


def _doubt(office: Office, plan_id: str, row: Row[Any], now: datetime, why: str) -> None:
    with office.store.writing() as connection:
        if row.formal:
            outbox.move(connection, row.id, MessageState.SENDING, MessageState.UNCERTAIN, detail=why)
            record(connection, plan_id, now, "mail-uncertain", row.key, {"why": why})
        else:
            outbox.move(
                connection,
                row.id,
                MessageState.SENDING,
                MessageState.PENDING,
                detail=why,
                not_before=now + _FIRST_WAIT,
            )
