"""Replies: an agency answers a letter by a file in its 回复 folder; the letter's clock stops on receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from include.escalation import move_letter
from include.files import Claimed, candidates, claim, claimed_files
from include.files.drive import TAKEN
from include.office.desk import Office, record
from include.office.intake import stable_files
from include.office.outbox import drive_put
from include.plan import Agency
from include.records.escalation import LetterState
from include.store import cases, outbox, replies
from include.workdays import SHANGHAI


def waiting_for(office: Office, agency: Agency) -> bool:
    """Tell whether a reply lies in the agency's 回复 folder."""
    return bool(candidates(office.drive.agency_folder(agency.name, "回复")))


def take_replies(office: Office, plan_id: str, agencies: Iterable[Agency], now: datetime) -> int:
    """Take every reply, tie it to its letter, answer in 回执; gives how many."""
    agencies = list(agencies)
    for agency, seen in stable_files(office, agencies, "回复"):
        claim(seen, _taken(office, agency), now)
    taken = 0
    for agency in agencies:
        with office.store.reading() as connection:
            known = replies.known(connection, plan_id, agency.id)
        for claimed in claimed_files(_taken(office, agency)):
            if claimed.path.name not in known:
                _register(office, plan_id, agency, claimed, now)
                taken += 1
    return taken


def _taken(office: Office, agency: Agency) -> Path:
    return office.drive.agency_folder(agency.name, "回复") / TAKEN


def _register(office: Office, plan_id: str, agency: Agency, claimed: Claimed, now: datetime) -> None:
    sha256 = office.archive.put_file(claimed.path)
    with office.store.reading() as connection:
        running = [
            row
            for row in cases.letters(connection, plan_id, LetterState.SERVED, LetterState.OVERDUE)
            if row.agency_id == agency.id
        ]
    letter = match(claimed.original_name, running)
    answer = office.archive.put_bytes(_words(agency, claimed, letter, running).encode("utf-8-sig"))
    path = f"{office.drive.agency_path(agency.name, '回执')}/回复收悉 {claimed.original_name}.txt"
    day = claimed.claimed_at.astimezone(SHANGHAI).date()
    with office.store.writing() as connection:
        values: dict[str, Any] = {
            "plan_id": plan_id,
            "agency_id": agency.id,
            "claimed_name": claimed.path.name,
            "original_name": claimed.original_name,
            "sha256": sha256,
            "arrived_at": claimed.claimed_at,
            "letter_id": letter.id if letter else None,
        }
        replies.add(connection, values)
        if letter is not None:
            state = LetterState(letter.state)
            cases.change_letter(
                connection, letter.id, state, state=move_letter(state, "answer"), answered_on=day
            )
        body = {
            "agency": agency.id,
            "file": claimed.original_name,
            "sha256": sha256,
            "letter": values["letter_id"],
        }
        record(connection, plan_id, now, "reply-taken", claimed.path.name, body)
        outbox.queue(connection, plan_id, now, drive_put(f"reply/{claimed.path.name}", path, answer))


def match(name: str, running: Sequence[Row[Any]]) -> Row[Any] | None:
    """Find the letter a reply answers: by its number in the file's name, else the only one running."""
    named = [row for row in running if row.number and row.number in name]
    if len(named) == 1:
        return named[0]
    return running[0] if len(running) == 1 else None


def _words(agency: Agency, claimed: Claimed, letter: Row[Any] | None, running: Sequence[Row[Any]]) -> str:
    head = f"{agency.name}:\n\n已收到“{claimed.original_name}”。"
    if letter is not None:
        return f"{head}\n该件作为对{letter.number}的回复登记,答复期限已停止计算,食药安办审核后另行告知。\n"
    if not running:
        return f"{head}\n目前没有等待贵单位回复的文书,该件已存档;如系报表,请放入“报送”文件夹。\n"
    numbers = "、".join(row.number for row in running)
    return (
        f"{head}\n贵单位有{len(running)}份文书等待回复({numbers}),不能确定回复哪一份。"
        "请在文件名中写明文号后重新放入。\n"
    )
