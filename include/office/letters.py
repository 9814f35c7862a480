"""Letters before they are signed: listed, changed, reviewed (核稿), talked over; 更正函 drafted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.errors import RefusedError
from include.escalation import LETTER_STATE_NAMES, correct, edited, move_letter
from include.office import lookup
from include.office.desk import Moment, Office, open_office, record, selected
from include.office.drafting import content_hash
from include.office.evidence import reason_given
from include.office.phrasing import phrases_of
from include.office.talks import keep_talk, read_talk
from include.plan import Period
from include.records.escalation import LetterContent, LetterState
from include.store import cases

Places = Sequence[tuple[str, str]]  # what stands there, what should


def overview(plan: str | None = None, *, office: Office | None = None) -> list[dict[str, Any]]:
    """Give every letter of the plans, oldest first, as plain values."""
    office = office or open_office()
    found: list[dict[str, Any]] = []
    for plan_id in selected(office, plan):
        with office.store.reading() as connection:
            rows = cases.letters(connection, plan_id)
        found += [_values(office, row) for row in rows]
    return found


def _values(office: Office, row: Row[Any]) -> dict[str, Any]:
    agency = office.plan(row.plan_id, Period.parse(row.period)).agency(row.agency_id).name
    kept = ("id", "number", "agency_id", "approver", "drafted_on", "signed_on", "served_at", "reply_due_on")
    return {
        "plan": row.plan_id,
        "kind": row.content["kind_name"],
        "state": LETTER_STATE_NAMES[row.state],
        "agency": agency,
        "title": row.content["title"],
        "round": row.asks,
        "corrects": row.corrects,
        **{name: getattr(row, name) for name in kept},
    }


def review(
    letter_id: int, *, user: str, note: str = "", now: Moment = None, office: Office | None = None
) -> None:
    """Record who reviewed the text of a letter as it stands (核稿). Raises: RefusedError."""
    office = office or open_office()
    moment = office.now(now)
    with office.store.writing() as connection:
        row = lookup.locked(connection, letter_id)
        state = move_letter(LetterState(row.state), "review")
        values = {"reviewed_by": user, "reviewed_at": moment, "reviewed_hash": row.content_hash}
        cases.change_letter(connection, row.id, LetterState(row.state), state=state, **values)
        body = {"text": row.content_hash, "reason": note}
        record(connection, row.plan_id, moment, "letter-reviewed", f"letter/{row.id}", body, actor=user)


def talk(
    letter_id: int,
    *,
    user: str,
    on: str = "",
    whom: str = "",
    said: str = "",
    skipped: str = "",
    now: Moment = None,
    office: Office | None = None,
) -> None:
    """Record 事先沟通 before a letter is signed, or why there was none. Raises: RefusedError."""
    office = office or open_office()
    moment = office.now(now)
    told = read_talk({"on": on, "with": whom, "said": said, "skipped": skipped}, moment.date())
    if told is None:
        raise RefusedError("请写明何时、与谁、对方意见；没有沟通的，写明原因")
    with office.store.writing() as connection:
        row = lookup.locked(connection, letter_id)
        if row.state not in (LetterState.DRAFT, LetterState.WAITING):
            raise RefusedError(f"文书{letter_id}为“{LETTER_STATE_NAMES[row.state]}”，事先沟通在签发前登记")
        keep_talk(connection, row.plan_id, row.id, told, user, moment)


def edit(
    letter_id: int,
    *,
    places: Places,
    reason: str,
    user: str,
    now: Moment = None,
    office: Office | None = None,
) -> None:
    """Change passages of a draft; one that waits for a signature waits again. Raises: RefusedError."""
    office = office or open_office()
    moment, why = office.now(now), reason_given(reason)
    with office.store.writing() as connection:
        row = lookup.locked(connection, letter_id)
        before = LetterState(row.state)
        after = move_letter(before, "redraft")
        content = edited(cases.content_of(row.content), places)
        digest, asks = content_hash(content), row.asks + (after is LetterState.WAITING)
        values: dict[str, Any] = {"content": cases.content_json(content), "content_hash": digest}
        if asks != row.asks:
            values["asks"] = asks
        cases.change_letter(connection, row.id, before, state=after, **values)
        body = {"content_hash": digest, "round": asks, "reason": why, "places": [list(p) for p in places]}
        record(connection, row.plan_id, moment, "letter-redrafted", f"letter/{row.id}", body, actor=user)


def correction(
    letter_id: int,
    *,
    places: Places,
    reason: str,
    user: str,
    now: Moment = None,
    office: Office | None = None,
) -> int:
    """Draft the 更正函 of a letter that was issued; it waits for the same approver. Gives its id.

    Raises:
        RefusedError: not issued, itself a correction, a passage that does not stand in it, no reason.
    """
    office = office or open_office()
    moment, why = office.now(now), reason_given(reason)
    with office.store.writing() as connection:
        row = lookup.locked(connection, letter_id)
        move_letter(LetterState(row.state), "correct")
        if row.corrects:
            raise RefusedError(f"文书{letter_id}本身是更正函；请对原文书{row.corrects}再出更正函")
        content = correct(cases.content_of(row.content), places, why, phrases_of(office))
        corrected = _add_correction(connection, row, content, moment)
        body = {"corrects": row.id, "reason": why, "content_hash": content_hash(content)}
        record(connection, row.plan_id, moment, "letter-drafted", f"letter/{corrected}", body, actor=user)
    return corrected


def _add_correction(connection: Connection, row: Row[Any], content: LetterContent, now: datetime) -> int:
    """Add a 更正函 of a letter, waiting; it is no step of a case and has no clock."""
    same = {
        name: getattr(row, name) for name in ("plan_id", "agency_id", "period", "step", "round", "approver")
    }
    values = {"state": LetterState.WAITING, "content_hash": content_hash(content), "corrects": row.id}
    return cases.add_letter(connection, {**same, **values, "drafted_on": now.date()}, content)
