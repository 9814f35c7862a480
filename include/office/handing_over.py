"""Handing a numbered letter over: rendered from its frozen content, archived, to folders and by mail.

One order everywhere (decision 9): what is numbered and not rendered is rendered by the next run; the first
artefact archived is the artefact.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from include.documents.letters import letter_name, template_hash, write_letter
from include.documents.pdf import to_pdf
from include.errors import RefusedError
from include.office.desk import Office, demo_mark, record
from include.office.outbox import drain_drive, drive_put, mail
from include.office.serving import serve
from include.plan import Agency, Period, Plan
from include.records.escalation import LetterContent, LetterState
from include.records.messages import DOCX, PDF, Attachment, MessageState
from include.store import cases, outbox

Copy = tuple[bytes, bytes | None]  # .docx and, where LibreOffice is at hand, the PDF made from it
BY_DELIVERY = "送达共享盘文书文件夹"
_ISSUED = (LetterState.NUMBERED, LetterState.SEALED)


def hand_over(office: Office, plan_id: str, now: datetime) -> int:
    """Render every letter that is numbered and not rendered, hand it over, serve where delivery counts."""
    with office.store.reading() as connection:
        fresh = [row for row in cases.letters(connection, plan_id, *_ISSUED) if row.docx_sha256 is None]
    if fresh:
        contents = [cases.content_of(row.content) for row in fresh]
        own = templates_of(office)
        documents = [write_letter(c, unsealed=u, templates=own) for c in contents for u in (False, True)]
        copies = list(zip(documents, to_pdf(documents, home=office.settings.home), strict=True))
        for n, row in enumerate(fresh):
            _dispatch(office, plan_id, row, to_seal=copies[2 * n], unsealed=copies[2 * n + 1], now=now)
    drain_drive(office, plan_id, now)
    if office.settings.delivery_counts_as_served:
        _serve_delivered(office, plan_id, now)
    return len(fresh)


def templates_of(office: Office) -> Path:
    """Give where an office keeps its own letter templates, if it made any."""
    return office.settings.home / "templates"


def _dispatch(
    office: Office, plan_id: str, row: Row[Any], *, to_seal: Copy, unsealed: Copy, now: datetime
) -> None:
    """Archive and queue a letter's copies: the office's, to be sealed, and the agency's, marked 未用印."""
    plan, content = office.plan(plan_id, Period.parse(row.period)), cases.content_of(row.content)
    stem, key = letter_name(content, plan.agency(row.agency_id).name), f"letter/{row.id}"
    mine = _archived(office, stem, to_seal)
    theirs = _archived(office, f"{stem}（未用印）", unsealed)
    folders = [(office.drive.office_path("文书"), mine), (_folder(office, plan, row.agency_id), theirs)]
    copied = _copied(plan, content)
    folders += [(_folder(office, plan, agency.id), theirs) for agency in copied]
    messages = [
        drive_put(f"{key}/{folder}/{file.name}", f"{folder}/{file.name}", file.sha256)
        for folder, files in folders
        for file in files
    ]
    mails = (
        _mail(office, plan, row, content, theirs, now),
        _copy_mail(office, plan, row, content, copied, theirs, now),
        _note_to_leaders(office, plan, row, content, now),
    )
    with office.store.writing() as connection:
        if not cases.keep_documents(connection, row.id, mine[0].sha256, mine[1].sha256 if mine[1:] else None):
            return
        for message in (*messages, *(m for m in mails if m is not None)):
            outbox.queue(connection, plan_id, now, message)
        body = {
            "files": {f.name: f.sha256 for f in (*mine, *theirs)},
            "pdf": bool(mine[1:]),
            "template": template_hash(content, templates_of(office)),
        }
        record(connection, plan_id, now, "letter-handed-over", key, body)


def _folder(office: Office, plan: Plan, agency_id: str) -> str:
    return office.drive.agency_path(plan.agency(agency_id).name, "文书")


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
    contacts = office.people(plan.id).working_contacts_of(row.agency_id, now.date())
    mark = demo_mark(plan.demo)
    return mail(
        office,
        plan.id,
        f"letter/{row.id}/mail",
        to=[c.email for c in contacts],
        subject=f"{mark}{content.kind_name} {row.number}：{content.title}",
        formal=True,
        attachments=files,
        text=f"{_words(office, plan, row, content, with_pdf=len(files) > 1)}\n\n{plan.office_name}{mark}\n",
    )


def _words(office: Office, plan: Plan, row: Row[Any], content: LetterContent, *, with_pdf: bool) -> str:
    """Say in the mail what is attached, where it lies too, until when and where to answer, whom to ask."""
    agency = plan.agency(row.agency_id).name
    folder, replies = (office.drive.agency_path(agency, kind) for kind in ("文书", "回复"))
    days = 0 if row.corrects else office.ladder(plan.id).step(row.step).reply_days
    status = "以放入该文件夹为送达" if office.settings.delivery_counts_as_served else "正式文书用印后另行送达"
    form = "" if with_pdf else "本件只有可编辑的 docx 格式，没有 PDF。"
    lines = [
        f"{agency}：",
        "",
        f"《{content.title}》（{row.number}）已签发，见附件；同时放在共享盘“{folder}”。"
        f"附件为未用印的电子件，{status}。{form}",
    ]
    if days:
        lines += [
            f"请自送达次日起{days}个工作日内书面答复：答复材料放入共享盘“{replies}”，"
            f"文件名写明文号“{row.number}”。"
        ]
    return "\n".join([*lines, *([f"联系人、电话：{content.contact}"] if content.contact else [])])


def _copied(plan: Plan, content: LetterContent) -> list[Agency]:
    """Give the agencies of the plan that stand in a letter's 抄送."""
    return [agency for agency in plan.agencies if agency.name in content.copies_to]


def _copy_mail(
    office: Office,
    plan: Plan,
    row: Row[Any],
    content: LetterContent,
    copied: Sequence[Agency],
    files: tuple[Attachment, ...],
    now: datetime,
) -> outbox.Outgoing | None:
    """Make the mail to who stands in 抄送: agencies of the plan, and the leader over the agency."""
    people, day = office.people(plan.id), now.date()
    leaders = [p for p in people.supervisors_of(row.agency_id, day) if p.name in content.copies_to]
    contacts = [*(c for a in copied for c in people.working_contacts_of(a.id, day)), *leaders]
    mark, agency = demo_mark(plan.demo), plan.agency(row.agency_id).name
    return mail(
        office,
        plan.id,
        f"letter/{row.id}/copy",
        to=[c.email for c in contacts],
        subject=f"{mark}抄送：{content.kind_name} {row.number}（{agency}）",
        formal=True,
        attachments=files,
        text=f"现将发给{agency}的《{content.title}》（{row.number}）抄送您处，请知悉，不需答复。"
        f"\n\n{plan.office_name}{mark}\n",
    )


def _note_to_leaders(
    office: Office, plan: Plan, row: Row[Any], content: LetterContent, now: datetime
) -> outbox.Outgoing | None:
    """Tell the commission's leaders of a letter to a body whose standing asks for it."""
    agency = plan.agency(row.agency_id)
    if not office.ladder(plan.id).standings[agency.standing].tell_leader:
        return None
    mark = demo_mark(plan.demo)
    leaders = [p for p in office.people(plan.id).leaders if p.serves(now.date())]
    return mail(
        office,
        plan.id,
        f"letter/{row.id}/leaders",
        to=[p.email for p in leaders],
        subject=f"{mark}报告：已向{agency.name}发出{content.kind_name} {row.number}",
        text=f"已于{row.signed_on:%Y年%-m月%-d日}向{agency.name}发出《{content.title}》（{row.number}）。"
        f"该单位按单位性质只发{content.kind_name}，如需协调请告知我办。\n\n{plan.office_name}{mark}\n",
    )


def _serve_delivered(office: Office, plan_id: str, now: datetime) -> None:
    """Let delivery into the agency's folder count as 送达 (a setting for an office without paper)."""
    with office.store.reading() as connection:
        handed = [row for row in cases.letters(connection, plan_id, *_ISSUED) if row.docx_sha256]
        sent = [m.key for m in outbox.in_state(connection, plan_id, MessageState.SENT)]
    for row in handed:
        plan = office.plan(plan_id, Period.parse(row.period))
        folder = f"letter/{row.id}/{_folder(office, plan, row.agency_id)}/"
        if any(key.startswith(folder) for key in sent):
            with suppress(RefusedError):  # another process served it in the same moment
                to = plan.agency(row.agency_id).name
                serve(office, row.id, how=BY_DELIVERY, to=to, user="duban", now=now)
