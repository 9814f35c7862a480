"""Anchors of the ledger: the newest entry's number and hash, written each day to the office's own folder.

The chain finds whatever is changed inside the ledger. That its end was cut off, or all of it written anew by
somebody who knows how hashes are made, is found only by what stands elsewhere: this file on the shared drive,
and each monthly workbook of the 台账, which has been handed out. What was written after the newest anchor and
cut off again before the next cannot be found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from include.files import AwayError
from include.office.desk import Office
from include.store import ledger
from include.workdays import SHANGHAI

NAME = "台账校验值.txt"
_HEAD = "台账校验值：每个工作日记下最后一条的序号和校验值，用于发现台账被截去或重写。请勿修改。\n"
_LINE = re.compile(r"第(\d+)条\s+([0-9a-f]{64})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Checked:
    """How a ledger held: its number of entries, of anchors (None: the drive is away), what does not hold."""

    entries: int
    anchors: int | None
    breaks: tuple[ledger.Break, ...]


def check(office: Office, plan_id: str, also: bytes = b"") -> Checked:
    """Verify the ledger of a plan: its chain, and against what was published of it.

    Args:
        office: the office.
        plan_id: the plan.
        also: a copy of the anchors that a person kept.
    """
    try:
        known: dict[int, str] | None = read(_standing(office, plan_id))
    except (AwayError, OSError):
        known = None
    kept = read(also)
    with office.store.reading() as connection:
        newest = ledger.last(connection, plan_id)
        breaks = ledger.verify(connection, plan_id, known, kept)
    anchors = None if known is None and not kept else len((known or {}) | kept)
    return Checked(newest.seq if newest else 0, anchors, tuple(breaks))


def publish(office: Office, plan_id: str, now: datetime) -> bool:
    """Write down the newest entry, below what stands there; nothing where the ledger did not grow or hold.

    Raises:
        AwayError: the shared drive cannot be reached.
    """
    written = _standing(office, plan_id)
    with office.store.reading() as connection:
        newest = ledger.last(connection, plan_id)
        if newest is None or newest.seq in read(written):
            return False
        if ledger.verify(connection, plan_id, read(written)):
            return False  # the alarms tell of it; what stands there is kept as evidence
    line = f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}　第{newest.seq}条　{newest.hash}\n"
    office.drive_of(plan_id).put(_path(office), (written or _HEAD.encode()) + line.encode())
    return True


def read(text: bytes) -> dict[int, str]:
    """Give the hashes a file of anchors tells, by number."""
    return {int(seq): hash for seq, hash in _LINE.findall(text.decode("utf-8-sig", errors="replace"))}


def _standing(office: Office, plan_id: str) -> bytes:
    path = _path(office)
    place = office.drive_of(plan_id).place_of(path)
    place.check()  # a drive that is away is no drive without anchors
    return place.read(path) or b""


def _path(office: Office) -> str:
    return f"{office.drive.office_path('台账')}/{NAME}"
