"""Letters beyond signing: listing them, what happened to them outside the system, numbers given to duban."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from include.errors import RefusedError
from include.escalation import LETTER_STATE_NAMES
from include.office.desk import Office, open_office, record, selected
from include.office.issuing import serve
from include.plan import Period
from include.store import cases


def overview(plan: str | None = None, *, office: Office | None = None) -> list[dict[str, Any]]:
    """Give every letter of the plans, oldest first, as plain values."""
    office = office or open_office()
    found: list[dict[str, Any]] = []
    for plan_id in selected(office, plan):
        with office.store.reading() as connection:
            rows = cases.letters(connection, plan_id)
        found += [
            {
                "plan": plan_id,
                "id": row.id,
                "kind": row.content["kind_name"],
                "state": LETTER_STATE_NAMES[row.state],
                "number": row.number,
                "agency_id": row.agency_id,
                "agency": office.plan(plan_id, Period.parse(row.period)).agency(row.agency_id).name,
                "title": row.content["title"],
                "approver": row.approver,
                "drafted_on": row.drafted_on,
                "signed_on": row.signed_on,
                "served_at": row.served_at,
                "reply_due_on": row.reply_due_on,
            }
            for row in rows
        ]
    return found


def served(
    letter_id: int, *, how: str, user: str, now: datetime | str | None = None, office: Office | None = None
) -> None:
    """Record that a letter was served outside the system. Raises: RefusedError."""
    office = office or open_office()
    with office.store.reading() as connection:
        row = cases.letter(connection, letter_id)
    if row is None:
        raise RefusedError(f"there is no letter {letter_id}")
    serve(office, row.plan_id, letter_id, how=how, user=user, now=office.now(now))


def give_numbers(
    plan_id: str,
    prefix: str,
    year: int,
    first: int,
    last: int,
    *,
    user: str,
    now: datetime | str | None = None,
    office: Office | None = None,
) -> None:
    """Give duban a block of numbers of the office's register. Raises: RefusedError."""
    office = office or open_office()
    list(selected(office, plan_id))
    if not 1 <= first <= last:
        raise RefusedError(f"{first}–{last} is no block of numbers; expected first ≥ 1 and last ≥ first")
    with office.store.writing() as connection:
        if not cases.give_block(connection, plan_id, prefix, year, first, last):
            raise RefusedError(f"{prefix}〔{year}〕已有号段")
        body = {"prefix": prefix, "year": year, "first": first, "last": last}
        record(connection, plan_id, office.now(now), "numbers-given", prefix, body, actor=user)
