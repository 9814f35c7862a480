"""Replies: an agency answers a letter by a file in its 回复 folder; the letter's clock stops on receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.escalation import mentioned, move_letter, plain
from include.files import Claimed, candidates, claim, claimed_files
from include.files.claim import NOTE
from include.files.drive import TAKEN
from include.files.words import words_in
from include.office.desk import Office, demo_mark, record
from include.office.intake import Stable, idle_since
from include.office.outbox import drive_put, mail
from include.plan import Agency, Period
from include.records.escalation import LetterState
from include.store import cases, outbox, replies
from include.workdays import SHANGHAI


def waiting_for(office: Office, plan_id: str, agency: Agency, now: datetime) -> bool:
    """Tell whether a reply lies in the agency's 回复 folder, or was claimed by a run that was cut off."""
    folder = office.drive_of(plan_id).agency_folder(agency.name, "回复")
    return bool(candidates(folder, idle_since(office, now)) or _unkept(office, plan_id, agency))


def take_replies(
    office: Office, plan_id: str, agencies: Iterable[Agency], stable: Stable, now: datetime
) -> int:
    """Take every reply, tie it to its letter, answer in 回执; gives how many."""
    drive, taken = office.drive_of(plan_id), 0
    for agency in agencies:
        for seen in stable.get(drive.agency_folder(agency.name, "回复"), ()):
            claim(seen, _taken(office, plan_id, agency), now)
        for claimed in _unkept(office, plan_id, agency):
            _register(office, plan_id, agency, claimed, now)
            taken += 1
    return taken


def _unkept(office: Office, plan_id: str, agency: Agency) -> list[Claimed]:
    with office.store.reading() as connection:
        known = replies.known(connection, plan_id, agency.id)
    return [c for c in claimed_files(_taken(office, plan_id, agency)) if c.path.name not in known]


def _taken(office: Office, plan_id: str, agency: Agency) -> Path:
    return office.drive_of(plan_id).agency_folder(agency.name, "回复") / TAKEN


def _register(office: Office, plan_id: str, agency: Agency, claimed: Claimed, now: datetime) -> None:
    """Keep one reply: tied to its letter whose clock stops, or asked about; answered either way."""
    sha256 = office.archive.put_file(claimed.path)
    with office.store.reading() as connection:
        letters = [row for row in cases.letters(connection, plan_id) if row.agency_id == agency.id]
        first = replies.first_arrival(connection, plan_id, agency.id, sha256)
    letter = _match(claimed, letters)
    stops = letter is not None and _runs(letter)
    arrived_at = min(first, claimed.claimed_at) if first else claimed.claimed_at
    day = arrived_at.astimezone(SHANGHAI).date()
    values: dict[str, Any] = {
        "plan_id": plan_id,
        "agency_id": agency.id,
        "claimed_name": claimed.path.name,
        "original_name": claimed.original_name,
        "sha256": sha256,
        "arrived_at": claimed.claimed_at,
        "letter_id": letter.id if letter else None,
    }
    messages = _answers(office, plan_id, agency, claimed, letter, letters)
    with office.store.writing() as connection:
        replies.add(connection, values)
        if letter is not None and stops:
            state = LetterState(letter.state)
            answered = {"state": move_letter(state, "answer"), "answered_on": day}
            if not cases.change_letter(connection, letter.id, state, **answered):
                raise RefusedError(f"文书{letter.id}其间已有改动；回复将重新收取")
            body = {"file": claimed.original_name, "sha256": sha256, "answered_on": day.isoformat()}
            record(connection, plan_id, now, "letter-answered", f"letter/{letter.id}", body, actor=agency.id)
        body = {
            "agency": agency.id,
            "file": claimed.original_name,
            "sha256": sha256,
            "letter": values["letter_id"],
        }
        record(connection, plan_id, now, "reply-taken", claimed.path.name, body)
        for message in messages:
            outbox.queue(connection, plan_id, now, message)


def _answers(
    office: Office,
    plan_id: str,
    agency: Agency,
    claimed: Claimed,
    letter: Row[Any] | None,
    letters: Sequence[Row[Any]],
) -> list[outbox.Outgoing]:
    """Make the receipt of a reply, in 回执 and by mail; unclear what it answers, ask in 回复, too."""
    day = claimed.claimed_at.astimezone(SHANGHAI).date()
    plan = office.plan(plan_id, Period.of(day))
    mark, key = demo_mark(plan.demo), f"reply/{claimed.path.name}"
    asks = letter is None and any(map(_runs, letters))
    words = mark + _words(agency, claimed, letter, letters)
    answer = office.archive.put_bytes(words.encode("utf-8-sig"))
    stem = Path(claimed.original_name).stem
    folders = [
        ("回执", f"回复收悉 {stem}.txt"),
        *([("回复", f"{NOTE}：请注明文号 {stem}.txt")] if asks else []),
    ]
    messages = [
        drive_put(f"{key}/{folder}", f"{office.drive.agency_path(agency.name, folder)}/{name}", answer)
        for folder, name in folders
    ]
    sent = mail(
        office,
        plan_id,
        f"{key}/mail",
        to=[c.email for c in office.people(plan_id).working_contacts_of(agency.id, day)],
        subject=f"{mark}{'请注明文号' if asks else '回复收悉'}：{claimed.original_name}",
        text=f"{words}\n{plan.office_name}{mark}\n",
    )
    return [*messages, *([sent] if sent else [])]


def _match(claimed: Claimed, letters: Sequence[Row[Any]]) -> Row[Any] | None:
    name = claimed.original_name
    return match(name, letters) or (None if mentioned(name) else match_text(words_in(claimed.path), letters))


def match(name: str, letters: Sequence[Row[Any]]) -> Row[Any] | None:
    """Find which of an agency's letters a reply is about; None if that cannot be told.

    By the number in the file's name, whatever brackets it is typed with; without one, the only letter whose
    clock runs. A name with the number of another letter never stops a clock.
    """
    named = _named(name, letters)
    chosen = [row for row in letters if _runs(row)] if named is None else named
    return chosen[0] if len(chosen) == 1 else None


def match_text(text: str, letters: Sequence[Row[Any]]) -> Row[Any] | None:
    """Find the one waiting letter whose number a reply's text names; it may name others, too."""
    running = [row for row in _named(text, letters) or () if _runs(row)]
    return running[0] if len(running) == 1 else None


def _named(text: str, letters: Sequence[Row[Any]]) -> list[Row[Any]] | None:
    """Give the letters a text names, by the whole number or without its 代字; None: no number."""
    said = mentioned(text)
    numbered = [row for row in letters if row.number]
    whole = [row for row in numbered if plain(row.number) in plain(text)]
    short = {(year, n) for _, year, n in said}
    parts = [row for row in numbered if {(y, n) for _, y, n in mentioned(row.number)} <= short]
    return (whole or parts) if said else None


def _runs(letter: Row[Any]) -> bool:
    """Tell whether an answer to a letter is waited for; a 更正函 asks for none."""
    return letter.state in (LetterState.SERVED, LetterState.OVERDUE) and not letter.corrects


def _words(agency: Agency, claimed: Claimed, letter: Row[Any] | None, letters: Sequence[Row[Any]]) -> str:
    head = f"{agency.name}：\n\n已收到“{claimed.original_name}”。"
    if letter is not None and _runs(letter):
        return f"{head}\n该件作为对{letter.number}的回复登记，答复期限已停止计算，食药安办审核后另行告知。\n"
    if letter is not None:
        return f"{head}\n该件作为{letter.number}的补充材料登记。\n"
    running = [row for row in letters if _runs(row)]
    if not running:
        return f"{head}\n目前没有等待贵单位回复的文书，该件已存档；如系报表，请放入“报送”文件夹。\n"
    numbers = "、".join(row.number for row in running)
    return (
        f"{head}\n等待贵单位回复的文书有{len(running)}份（{numbers}），不能确定该件回复的是哪一份，"
        "答复期限仍在计算。请在文件名中写明文号，重新放入“回复”文件夹。\n"
    )
