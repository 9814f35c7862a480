"""事先沟通: who was talked to before a letter is signed, when, what they said; or why nobody was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from include.errors import RefusedError
from include.escalation import day_text
from include.office.desk import record
from include.store import cases

_DAY = re.compile(r"(?:(\d{4})[-年/.])?(\d{1,2})[-月/.](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk, or, where `skipped_because` says something, why there was none."""

    held_on: date | None
    with_whom: str
    said: str
    skipped_because: str

    def __str__(self) -> str:
        """Write it for users."""
        if self.held_on is None:
            return f"未沟通：{self.skipped_because}"
        return f"{day_text(self.held_on)}与{self.with_whom}沟通，对方意见：{self.said}"


def read_talk(written: Mapping[str, str], today: date) -> Talk | None:
    """Read what somebody filled in (`on`, `with`, `said`, or `skipped`); None if nothing.

    Raises:
        RefusedError: half of it, a day that is none or has not come, or both a talk and why there was none.
    """
    on, whom, said, skipped = (
        str(written.get(key) or "").strip() for key in ("on", "with", "said", "skipped")
    )
    if not (on or whom or said):
        return Talk(None, "", "", skipped) if skipped else None
    if skipped:
        raise RefusedError("事先沟通：沟通情况和没有沟通的原因只能写一项")
    missing = [name for name, text in (("日期", on), ("与谁", whom), ("对方意见", said)) if not text]
    if missing:
        raise RefusedError(f"事先沟通还缺：{'、'.join(missing)}；没有沟通的，写明原因")
    return Talk(_day(on, today), whom, said, "")


def _day(text: str, today: date) -> date:
    found = _DAY.fullmatch(text)
    try:
        day = date(int(found[1] or today.year), int(found[2]), int(found[3])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise RefusedError(f"事先沟通：“{text}”不是日期；应如 2024-09-02 或 9月2日")
    if day > today:
        raise RefusedError(f"事先沟通：{day_text(day)}还没有到")
    return day


def keep_talk(
    connection: Connection, plan_id: str, letter_id: int, talk: Talk, user: str, now: datetime
) -> None:
    """Keep a talk beside its letter and in the ledger, inside the caller's transaction; told twice, once."""
    if talk in talks_of(connection, letter_id):
        return
    told = {"with_whom": talk.with_whom, "said": talk.said, "skipped_because": talk.skipped_because}
    values = {"letter_id": letter_id, "held_on": talk.held_on, "recorded_by": user, "recorded_at": now}
    cases.add_talk(connection, {**values, **told})
    event = "letter-talk-skipped" if talk.held_on is None else "letter-talked-over"
    body = {"held_on": talk.held_on.isoformat() if talk.held_on else None, **told}
    record(connection, plan_id, now, event, f"letter/{letter_id}", body, actor=user)


def talks_of(connection: Connection, letter_id: int) -> list[Talk]:
    """Give what was talked over before a letter, oldest first."""
    rows = cases.talks(connection, letter_id)
    return [Talk(r.held_on, r.with_whom, r.said, r.skipped_because) for r in rows]
