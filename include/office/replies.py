"""Replies: an agency answers a letter by a file in its 回复 folder; the letter's clock stops on receipt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from include.escalation import move_letter
from include.files import Claimed, candidates, claim, claimed_files
from include.files.drive import TAKEN
from include.office.desk import Office, demo_mark, record
from include.office.intake import stable_files
from include.office.outbox import drive_put
from include.plan import Agency, Period
from include.records.escalation import LetterState
from include.store import cases, outbox, replies
from include.workdays import SHANGHAI


def waiting_for(office: Office, plan_id: str, agency: Agency) -> bool:
    """Tell whether a reply lies in the agency's 回复 folder."""
    return bool(candidates(office.drive_of(plan_id).agency_folder(agency.name, "回复")))


def take_replies(office: Office, plan_id: str, agencies: Iterable[Agency], now: datetime) -> int:
    """Take every reply, tie it to its letter, answer in 回执; gives how many."""
    agencies = list(agencies)
    for agency, seen in stable_files(office, plan_id, agencies, "回复"):
        claim(seen, _taken(office, plan_id, agency), now)
    taken = 0
    for agency in agencies:
        with office.store.reading() as connection:
            known = replies.known(connection, plan_id, agency.id)
        for claimed in claimed_files(_taken(office, plan_id, agency)):
            if claimed.path.name not in known:
                _register(office, plan_id, agency, claimed, now)
                taken += 1
    return taken


def _taken(office: Office, plan_id: str, agency: Agency) -> Path:
    return office.drive_of(plan_id).agency_folder(agency.name, "回复") / TAKEN


def _register(office: Office, plan_id: str, agency: Agency, claimed: Claimed, now: datetime) -> None:
    sha256 = office.archive.put_file(claimed.path)
    with office.store.reading() as connection:
        letters = [row for row in cases.letters(connection, plan_id) if row.agency_id == agency.id]
    letter = match(claimed.original_name, letters)
    day = claimed.claimed_at.astimezone(SHANGHAI).date()
    words = demo_mark(office.plan(plan_id, Period.of(day)).demo) + _words(agency, claimed, letter, letters)
    answer = office.archive.put_bytes(words.encode("utf-8-sig"))
    name = f"回复收悉 {Path(claimed.original_name).stem}.txt"
    path = f"{office.drive.agency_path(agency.name, '回执')}/{name}"
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
        if letter is not None and _runs(letter):
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


def match(name: str, letters: Sequence[Row[Any]]) -> Row[Any] | None:
    """Find which of an agency's letters a reply is about; None if that cannot be told.

    By the number in the file's name, whatever brackets it is typed with; without one, the only letter whose
    clock runs. A name with the number of another letter never stops a clock.
    """
    text = _plain(name)
    numbered = [row for row in letters if row.number]
    said = _NUMBER.findall(text)
    whole = [row for row in numbered if _plain(row.number) in text]
    short = [row for row in numbered if _NUMBER.findall(_plain(row.number))[0] in said]
    chosen = (whole or short) if said else [row for row in letters if _runs(row)]
    return chosen[0] if len(chosen) == 1 else None


_NUMBER = re.compile(r"\((\d{4})\)(\d+)号")
_BRACKETS = str.maketrans("〔〕[]【】", "()()()")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())


def _runs(letter: Row[Any]) -> bool:
    """Tell whether an answer to a letter is waited for."""
    return letter.state in (LetterState.SERVED, LetterState.OVERDUE)


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
