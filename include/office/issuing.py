"""Issuing a letter: sign and number in one transaction, render from the frozen content, hand over, serve.

One order everywhere (decision 9): what is signed and not rendered is rendered by the next run; the first
artefact archived is the artefact.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.documents.letters import letter_name, write_letter
from include.documents.pdf import to_pdf
from include.errors import RefusedError
from include.escalation import move_letter, reply_due
from include.office.desk import Office, demo_mark, record
from include.office.outbox import drain_drive, drive_put, mail
from include.plan import Period, Plan
from include.records.escalation import LetterContent, LetterState
from include.records.messages import DOCX, PDF, Attachment, MessageState
from include.store import cases, outbox
from include.workdays import SHANGHAI

AUTOMATIC = "duban"  # who signs what the ladder lets go out by itself
DEMO_PREFIX = "演示"
Copy = tuple[bytes, bytes | None]  # .docx and, where LibreOffice is at hand, the PDF made from it
_ISSUED = (LetterState.NUMBERED, LetterState.SEALED)


def sign(
    office: Office, plan_id: str, letter_id: int, *, user: str, reason: str, shown: str, now: datetime
) -> str:
    """Sign a letter whose text the signer saw (`shown` is its hash), and issue it; gives its number.

    Raises:
        RefusedError: not waiting, changed since shown, not this person's to sign, no number left, or a day
            that a provisional calendar would date.
    """
    if office.calendar(plan_id).is_provisional(now.year):
        raise RefusedError(
            f"{now.year}年工作日历尚未公布，文书不能以暂定日历落款；请先在 overrides.yaml 中确认"
        )
    with office.store.writing() as connection:
        row = waiting_letter(connection, plan_id, letter_id)
        if row.content_hash != shown:
            raise RefusedError("文稿在送签后有变动，须重新送签")
        if user != AUTOMATIC and not office.people(plan_id).may_sign(user, row.approver):
            raise RefusedError(f"{user} 不在“{row.approver}”的签发人名单中")
        number = _number(office, connection, plan_id, row, now)
        content = replace(cases.content_of(row.content), number=number, signed_on=now.date())
        signed = move_letter(LetterState(row.state), "sign")
        cases.change_letter(
            connection,
            letter_id,
            LetterState.WAITING,
            state=move_letter(signed, "number"),
            number=number,
            signed_on=now.date(),
            signed_by=user,
            content=cases.content_json(content),
        )
        body = {"number": number, "text": shown, "reason": reason}
        record(connection, plan_id, now, "letter-signed", f"letter/{letter_id}", body, actor=user)
    hand_over(office, plan_id, now)
    return number


def waiting_letter(connection: Connection, plan_id: str, letter_id: int) -> Row[Any]:
    """Give a letter that waits for a signature, and let nobody else answer for it. Raises: RefusedError."""
    row = cases.locked_letter(connection, letter_id)
    if row is None or row.plan_id != plan_id:
        raise RefusedError(f"{plan_id} has no letter {letter_id}")
    if row.state != LetterState.WAITING:
        raise RefusedError(f"文书{letter_id}不在待签发状态（现为 {row.state}）")
    return row


def _number(office: Office, connection: Connection, plan_id: str, row: Row[Any], now: datetime) -> str:
    """Take the next number of the block the office gave, inside the signing transaction: no gaps."""
    demo = office.plan(plan_id, Period.parse(row.period)).demo
    prefix = DEMO_PREFIX if demo else office.ladder(plan_id).step(row.step).prefix
    number = cases.next_number(connection, plan_id, prefix, now.year)
    if number is None:
        raise RefusedError(f"{prefix}〔{now.year}〕没有可用的文号；请先登记号段（duban letters numbers）")
    return f"{prefix}〔{now.year}〕{number}号"


def hand_over(office: Office, plan_id: str, now: datetime) -> int:
    """Render every letter that is numbered and not rendered, hand it over, serve where delivery counts."""
    with office.store.reading() as connection:
        fresh = [row for row in cases.letters(connection, plan_id, *_ISSUED) if row.docx_sha256 is None]
    if fresh:
        contents = [cases.content_of(row.content) for row in fresh]
        own = office.settings.home / "templates"  # an office's own letter templates, if it made any
        documents = [write_letter(c, unsealed=u, templates=own) for c in contents for u in (False, True)]
        copies = list(zip(documents, to_pdf(documents, home=office.settings.home), strict=True))
        for n, row in enumerate(fresh):
            _dispatch(office, plan_id, row, to_seal=copies[2 * n], unsealed=copies[2 * n + 1], now=now)
    drain_drive(office, plan_id, now)
    if office.settings.delivery_counts_as_served:
        _serve_delivered(office, plan_id, now)
    return len(fresh)


def _dispatch(
    office: Office, plan_id: str, row: Row[Any], *, to_seal: Copy, unsealed: Copy, now: datetime
) -> None:
    """Archive and queue a letter's copies: the office's, to be sealed, and the agency's, marked 未用印."""
    plan, content = office.plan(plan_id, Period.parse(row.period)), cases.content_of(row.content)
    agency = plan.agency(row.agency_id)
    stem, key = letter_name(content, agency.name), f"letter/{row.id}"
    mine = _archived(office, stem, to_seal)
    theirs = _archived(office, f"{stem}（未用印）", unsealed)
    message = _mail(office, plan, row, content, theirs, now)
    with office.store.writing() as connection:
        if not cases.keep_documents(connection, row.id, mine[0].sha256, mine[1].sha256 if mine[1:] else None):
            return
        for folder, files in (
            (office.drive.agency_path(agency.name, "文书"), theirs),
            (office.drive.office_path("文书"), mine),
        ):
            for file in files:
                put = drive_put(f"{key}/{folder}/{file.name}", f"{folder}/{file.name}", file.sha256)
                outbox.queue(connection, plan_id, now, put)
        if message is not None:
            outbox.queue(connection, plan_id, now, message)
        body = {"files": {f.name: f.sha256 for f in (*mine, *theirs)}, "pdf": bool(mine[1:])}
        record(connection, plan_id, now, "letter-handed-over", key, body)


def _archived(office: Office, stem: str, copy: Copy) -> tuple[Attachment, ...]:
    """Archive a copy; without LibreOffice there is no PDF of it."""
    docx, pdf = copy
    files = [Attachment(f"{stem}.docx", office.archive.put_bytes(docx), DOCX)]
    if pdf is not None:
        files.append(Attachment(f"{stem}.pdf", office.archive.put_bytes(pdf), PDF))
    return tuple(files)


def _mail(
    office: Office,
    plan: Plan,
    row: Row[Any],
    content: LetterContent,
    files: tuple[Attachment, ...],
    now: datetime,
) -> outbox.Outgoing | None:
    contacts = office.people(plan.id).contacts_of(row.agency_id, now.date())
    mark = demo_mark(plan.demo)
    agency = plan.agency(row.agency_id).name
    return mail(
        office,
        plan.id,
        f"letter/{row.id}/mail",
        to=[c.email for c in contacts],
        subject=f"{mark}{content.kind_name} {row.number}：{content.title}",
        formal=True,
        attachments=files,
        text=f"{_words(office, plan, row, content, agency)}\n\n{plan.office_name}{mark}\n",
    )


def _words(office: Office, plan: Plan, row: Row[Any], content: LetterContent, agency: str) -> str:
    """Say in the mail what is attached, where it lies too, until when and where to answer, whom to ask."""
    folder, replies = (office.drive.agency_path(agency, kind) for kind in ("文书", "回复"))
    days = office.ladder(plan.id).step(row.step).reply_days
    status = "以放入该文件夹为送达" if office.settings.delivery_counts_as_served else "正式文书用印后另行送达"
    lines = [
        f"{agency}：",
        "",
        f"《{content.title}》（{row.number}）已签发，见附件；同时放在共享盘“{folder}”。"
        f"附件为未用印的电子件，{status}。",
    ]
    if days:
        lines += [
            f"请自送达次日起{days}个工作日内书面答复：答复材料放入共享盘“{replies}”，"
            f"文件名写明文号“{row.number}”。"
        ]
    return "\n".join([*lines, *([f"联系人、电话：{content.contact}"] if content.contact else [])])


def _serve_delivered(office: Office, plan_id: str, now: datetime) -> None:
    """Let delivery into the agency's folder count as 送达 (a setting for an office without paper)."""
    with office.store.reading() as connection:
        handed = [row for row in cases.letters(connection, plan_id, *_ISSUED) if row.docx_sha256]
        sent = {
            m.key
            for m in outbox.in_state(connection, plan_id, MessageState.SENT)
            if m.key.startswith("letter/")
        }
    for row in handed:
        if any(key.startswith(f"letter/{row.id}/责任单位/") for key in sent):
            with suppress(RefusedError):  # another process served it in the same moment
                serve(office, plan_id, row.id, how="送达共享盘文书文件夹", user=AUTOMATIC, now=now)


def serve(office: Office, plan_id: str, letter_id: int, *, how: str, user: str, now: datetime) -> None:
    """Record that a letter was served (送达): its reply clock starts the working day after.

    Raises:
        RefusedError: no such letter, or not one that can be served.
    """
    with office.store.writing() as connection:
        row = cases.letter(connection, letter_id)
        if row is None or row.plan_id != plan_id:
            raise RefusedError(f"{plan_id} has no letter {letter_id}")
        state = LetterState(row.state)
        day = now.astimezone(SHANGHAI).date()
        due = reply_due(day, row.step, office.ladder(plan_id), office.calendar(plan_id))
        values = {"served_at": now, "served_how": how, "reply_due_on": due}
        if not cases.change_letter(connection, letter_id, state, state=move_letter(state, "serve"), **values):
            raise RefusedError(f"letter {letter_id} was changed by somebody else in the same moment")
        body = {"how": how, "reply_due_on": due.isoformat()}
        record(connection, plan_id, now, "letter-served", f"letter/{letter_id}", body, actor=user)
