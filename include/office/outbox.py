"""The outbox: making what is to leave; writing what is for the drive, and trying again what failed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from include.files import AwayError
from include.files.waiting import side_by_side
from include.foreign import words
from include.office.desk import Office
from include.records.messages import Attachment, Channel, DrivePut, Mail, MessageState, Notice, NoticeKind
from include.store import outbox

MAX_ATTEMPTS = 8
_FIRST_WAIT = timedelta(minutes=2)


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
    """Make a mail; None if there is no address. Who may receive it is looked at when it leaves.

    The text ends with the handling mark; a subject or an HTML part that shows it is the caller's.
    """
    recipients = tuple(dict.fromkeys(address for address in to if address))
    if not recipients:
        return None
    mark = office.settings.handling_mark
    if mark and mark not in text:
        text = f"{text.rstrip()}\n\n（{mark}）\n"
    content = Mail(
        message_id(plan_id, key), office.settings.mail_from, recipients, subject, text, html, attachments
    )
    return outbox.Outgoing(key, Channel.MAIL, content, formal)


def notice(office: Office, key: str, kind: NoticeKind, *, mark: str = "") -> outbox.Outgoing | None:
    """Make a notice for the group chats; None where none is configured."""
    return outbox.Outgoing(key, Channel.CHAT, Notice(kind.name, mark)) if office.settings.chats else None


def shown_as(row: Row[Any]) -> str:
    """Say what a message is: a mail's subject, a file's place on the drive, a notice."""
    return row.payload.get("subject") or row.payload.get("path") or "群通知"


def drain_drive(office: Office, plan_id: str, now: datetime) -> int:
    """Write everything waiting for the drive, oldest first; gives how many.

    While a place is away all that is for it waits, in order, and no try is counted; a file that alone cannot
    be written is tried again later and holds up no other. A crash between writing and noting it is harmless:
    the same bytes are found where they should stand.
    """
    with office.store.reading() as connection:
        waiting = outbox.due(connection, plan_id, Channel.DRIVE, now)
    return sum(_put_all(office, plan_id, wave, now) for wave in _waves(waiting))


def _waves(rows: Iterable[Row[Any]]) -> list[list[Row[Any]]]:
    """Split what can be written side by side: no path twice, later bytes behind earlier ones."""
    waves: list[list[Row[Any]]] = []
    seen: Counter[str] = Counter()
    for row in rows:
        path = row.payload["path"]
        if seen[path] == len(waves):
            waves.append([])
        waves[seen[path]].append(row)
        seen[path] += 1
    return waves


def _put_all(office: Office, plan_id: str, rows: Sequence[Row[Any]], now: datetime) -> int:
    """Write a wave, then note all of it in one transaction."""
    present = [row for row in rows if _is_there(office, plan_id, row.payload["path"])]
    with office.store.reading() as connection:
        last = outbox.last_written(connection, plan_id, [row.payload["path"] for row in present])
    drive = office.drive_of(plan_id)

    def put(row: Row[Any]) -> str | OSError:
        try:
            data = office.archive.read(row.payload["sha256"])
            return drive.put_unless_touched(row.payload["path"], data, last.get(row.payload["path"]))
        except OSError as error:
            return error

    outcomes = list(zip(present, side_by_side(put, present), strict=True))
    written = [(row, used) for row, used in outcomes if isinstance(used, str)]
    with office.store.writing() as connection:
        outbox.note_written(connection, plan_id, {used: row.payload["sha256"] for row, used in written})
        for row, used in written:
            outbox.move(connection, row.id, MessageState.PENDING, MessageState.SENT, sent_at=now, detail=used)
    for row, error in outcomes:
        if isinstance(error, OSError) and not isinstance(error, AwayError):
            postpone(office, row, now, f"共享盘写入失败：{words(error)}", MessageState.PENDING, give_up=False)
    return len(written)


def _is_there(office: Office, plan_id: str, path: str) -> bool:
    try:
        office.drive_of(plan_id).place_of(path).check()
    except AwayError:
        return False
    return True


def postpone(
    office: Office,
    row: Row[Any],
    now: datetime,
    why: str,
    state: MessageState,
    *,
    give_up: bool,
    **values: Any,
) -> bool:
    """Try again later, each wait twice the last; where it can be given up, a person has to look in the end.

    What only found drive or server away is never given up: the alarms tell of it, and it goes on.

    Returns:
        Whether it was given up.
    """
    attempts = row.attempts + 1
    given_up = give_up and attempts >= MAX_ATTEMPTS
    if given_up:
        values |= {"attention": why}
    with office.store.writing() as connection:
        outbox.move(
            connection,
            row.id,
            state,
            MessageState.FAILED if given_up else MessageState.PENDING,
            attempts=attempts,
            detail=why,
            not_before=now + _FIRST_WAIT * 2 ** (min(attempts, MAX_ATTEMPTS) - 1),
            **values,
        )
    return given_up
