"""What happens to a letter after it is signed: number, seal, service, 撤回, 撤销, its reply judged."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.escalation import LETTER_EVENTS, day_text, move_letter
from include.files import safe_name
from include.office import issuing, lookup, serving
from include.office.decided import Decided
from include.office.desk import Moment, Office, demo_mark, open_office, record
from include.office.event_names import RECORDED
from include.office.evidence import kept
from include.office.outbox import drain_drive, drive_put, mail
from include.plan import Period
from include.records.escalation import LetterState
from include.records.messages import Attachment
from include.store import cases, outbox

_SCANS = {
    b"%PDF": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"PK\x03\x04": "application/ofd",
}
_UNSIGNED = (LetterState.DRAFT, LetterState.WAITING)


def numbered(
    letter_id: int, *, number: str = "", user: str, now: Moment = None, office: Office | None = None
) -> str:
    """Give a signed letter its number (取号). Raises: RefusedError."""
    office = office or open_office()
    return issuing.number_letter(office, letter_id, number=number, user=user, now=office.now(now))


def served(
    letter_id: int,
    *,
    how: str,
    user: str,
    to: str = "",
    at: Moment = None,
    now: Moment = None,
    office: Office | None = None,
) -> None:
    """Record that a letter was served: how, to whom, when. Raises: RefusedError."""
    office = office or open_office()
    moment = office.now(now)
    when = office.now(at) if at else None
    serving.serve(office, letter_id, how=how, to=to, user=user, now=moment, at=when)


def interview(
    letter_id: int,
    *,
    on: date | str,
    place: str,
    user: str,
    now: Moment = None,
    office: Office | None = None,
) -> date:
    """Record day and place of an interview (约谈); gives the day its report is due. Raises: RefusedError."""
    office = office or open_office()
    try:
        day = date.fromisoformat(on) if isinstance(on, str) else on
    except ValueError as error:
        raise RefusedError(f"“{on}”不是日期，应写作 2024-09-10") from error
    if not place.strip():
        raise RefusedError("须写明约谈地点")
    moment = office.now(now)
    return serving.set_interview(office, letter_id, on=day, place=place.strip(), user=user, now=moment)


def sealed(
    letter_id: int, *, file: Path | str, user: str, now: Moment = None, office: Office | None = None
) -> None:
    """File the sealed scan back to its letter (用印): the official copy, to the agency's folder and by mail.

    Raises:
        RefusedError: no scan (PDF, picture or OFD), or not a letter that can be sealed.
    """
    office = office or open_office()
    moment, scan = office.now(now), Path(file)
    evidence = kept(office, scan)["evidence"]
    media = _media_type(scan)
    row = lookup.letter(office, letter_id)
    state = move_letter(LetterState(row.state), "seal")
    name = safe_name(f"{row.number} {row.content['kind_name']}（盖章件）{scan.suffix.lower()}")
    copy = Attachment(name, evidence["sha256"], media)
    subject = f"{row.content['kind_name']} {row.number}（盖章件）"
    text = f"{row.number}的盖章件见附件，为正式文本。"
    messages = _to_agency(office, row, f"sealed/{copy.sha256[:12]}", subject, text, copy, "文书", moment)
    mine = f"{office.drive.office_path('文书')}/{name}"
    messages.append(drive_put(f"letter/{row.id}/sealed/{copy.sha256[:12]}/{mine}", mine, copy.sha256))
    values = {"sealed_at": moment, "sealed_name": scan.name, "sealed_sha256": copy.sha256}
    _change(office, row, RECORDED["seal"], state, values, {"evidence": evidence}, messages, user, moment)


def withdraw(letter_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Take a letter back before it is served (撤回); a signed one, who may sign it. Raises: RefusedError."""
    _take_back(office or open_office(), letter_id, "withdraw", by)


def revoke(letter_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Take a served letter back (撤销): who may sign it; the agency is told. Raises: RefusedError."""
    _take_back(office or open_office(), letter_id, "revoke", by)


def _take_back(office: Office, letter_id: int, event: str, by: Decided) -> None:
    row, (moment, said) = lookup.letter(office, letter_id), by.taken(office)
    state, word = move_letter(LetterState(row.state), event), LETTER_EVENTS[event]
    if row.state not in _UNSIGNED:
        issuing.check_signer(office, row, by.user)
    messages = []
    if row.docx_sha256:  # the agency has it
        text = (
            f"我办{day_text(row.signed_on)}签发的《{row.content['title']}》（{row.number}）现予{word}，"
            f"不再要求答复和办理。原因：{said['reason']}。"
        )
        messages = _to_agency(office, row, word, f"{word}告知：{row.number}", text, None, "文书", moment)
    _change(office, row, RECORDED[event], state, {}, said, messages, by.user, moment)


def accept(letter_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Find good what came back to a letter, or what was done. Raises: RefusedError."""
    _judge(office or open_office(), letter_id, "accept", by)


def refuse(letter_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Find the reply to a letter not good enough: the ladder says what follows. Raises: RefusedError."""
    _judge(office or open_office(), letter_id, "refuse", by)


def _judge(office: Office, letter_id: int, event: str, by: Decided) -> None:
    row, (moment, said) = lookup.letter(office, letter_id), by.taken(office)
    state, word = move_letter(LetterState(row.state), event), LETTER_EVENTS[event]
    values = {"accepted_on": moment.date()} if event == "accept" else {}
    why = said["reason"].rstrip("。")
    text = f"对{row.number}的答复和办理情况，我办审核意见：{word}。{why}。"
    key = f"{event}/{moment:%Y%m%dT%H%M%S}"
    messages = _to_agency(office, row, key, f"审核意见：{row.number} {word}", text, None, "回执", moment)
    _change(office, row, RECORDED[event], state, values, said, messages, by.user, moment)


def _to_agency(
    office: Office,
    row: Row[Any],
    what: str,
    subject: str,
    words: str,
    copy: Attachment | None,
    folder: str,
    now: datetime,
) -> list[outbox.Outgoing]:
    """Make what the agency is told: a file in its folder (the copy, or else the words) and a mail."""
    plan = office.plan(row.plan_id, Period.parse(row.period))
    agency, mark, key = plan.agency(row.agency_id).name, demo_mark(plan.demo), f"letter/{row.id}/{what}"
    text = f"{mark}{agency}：\n\n{words}\n\n{plan.office_name}　{day_text(now.date())}{mark}\n"
    name = copy.name if copy else f"{safe_name(subject)}.txt"
    sha256 = copy.sha256 if copy else office.archive.put_bytes(text.encode("utf-8-sig"))
    path = f"{office.drive.agency_path(agency, folder)}/{name}"
    contacts = office.people(plan.id).working_contacts_of(row.agency_id, now.date())
    sent = mail(
        office,
        plan.id,
        f"{key}/mail",
        to=[c.email for c in contacts],
        subject=f"{mark}{subject}",
        text=text,
        attachments=(copy,) if copy else (),
        formal=copy is not None,
    )
    return [drive_put(f"{key}/{path}", path, sha256), *([sent] if sent else [])]


def _change(
    office: Office,
    row: Row[Any],
    event: str,
    state: LetterState,
    values: dict[str, Any],
    body: dict[str, Any],
    messages: list[outbox.Outgoing],
    user: str,
    now: datetime,
) -> None:
    """Change a letter, its ledger and the outbox in one transaction, unless it changed since it was read."""
    with office.store.writing() as connection:
        if lookup.locked(connection, row.id) != row:
            raise lookup.changed_meanwhile(row.id)
        cases.change_letter(connection, row.id, LetterState(row.state), state=state, **values)
        record(connection, row.plan_id, now, event, f"letter/{row.id}", body, actor=user)
        for message in messages:
            outbox.queue(connection, row.plan_id, now, message)
    drain_drive(office, row.plan_id, now)


def _media_type(scan: Path) -> str:
    """Tell what kind of scan a file is by its first bytes. Raises: RefusedError."""
    with scan.open("rb") as file:
        head = file.read(4)
    for magic, media in _SCANS.items():
        if head.startswith(magic) and (media != "application/ofd" or scan.suffix.lower() == ".ofd"):
            return media
    raise RefusedError(f"{scan.name}不是盖章扫描件：应为 PDF、图片或 OFD")
