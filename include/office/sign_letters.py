"""Use case `sign`: show a draft to an approver, and act on the answer. duban's own row is the truth."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.escalation import STEP_NAMES, letter_text, move_letter, run_id
from include.office.closing import close_fulfilled
from include.office.desk import Office, open_office, record
from include.office.issuing import sign, waiting_letter
from include.plan import Period
from include.records.escalation import LetterState
from include.store import cases

SIGN, RETURN, WAIVE = "签发", "退回", "免发"


def show(letter_id: int, *, office: Office | None = None) -> dict[str, Any]:
    """Give what an approver sees: `title`, `agency`, `text` (Markdown), `hash` of the text."""
    office = office or open_office()
    row = _letter(office, letter_id)
    plan = office.plan(row.plan_id, Period.parse(row.period))
    with office.store.reading() as connection:
        issued = cases.issued_in_year(connection, row.plan_id, plan.year)
    agency = plan.agency(row.agency_id).name
    head = f"{STEP_NAMES[row.step]} · {agency} · 本年已签发文书 {issued} 份 · 签发人 {row.approver}"
    text = f"{head}\n\n---\n\n{letter_text(cases.content_of(row.content))}"
    return {"title": row.content["title"], "agency": agency, "text": text, "hash": row.content_hash}


def answer(
    letter_id: int,
    *,
    decision: str,
    user: str,
    hash: str,
    reason: str = "",
    now: datetime | str | None = None,
    office: Office | None = None,
) -> dict[str, Any]:
    """Act on an approver's answer: 签发, 退回 or 免发.

    Returns `touched` and `letters`: the rounds to ask for again, where the answer could not be taken (not
    this person's to give, a text that changed meanwhile, a reason missing). A letter that no longer waits is
    left alone.
    """
    office = office or open_office()
    row, moment = _letter(office, letter_id), office.now(now)
    if row.state != LetterState.WAITING:
        return {"touched": [], "letters": [], "note": f"文书{letter_id}已不在待签发状态"}
    if decision == SIGN and close_fulfilled(office, row.plan_id, office.asked(now=moment)):
        row = _letter(office, letter_id)
        if row.state != LetterState.WAITING:
            touched = [{"plan": row.plan_id, "period": row.period}]
            return {"touched": touched, "letters": [], "note": f"文书{letter_id}的事由已消除，已撤回"}
    try:
        note = _act(office, row, decision, user, hash, reason, moment)
    except RefusedError as refused:
        return _ask_again(office, row, user, str(refused), moment)
    return {"touched": [{"plan": row.plan_id, "period": row.period}], "letters": [], "note": note}


def _act(
    office: Office, row: Row[Any], decision: str, user: str, shown: str, reason: str, now: datetime
) -> str:
    if decision == SIGN:
        return sign(office, row.plan_id, row.id, user=user, reason=reason, shown=shown, now=now)
    if not reason.strip():
        raise RefusedError(f"{decision}须写明理由")
    event = {RETURN: "return", WAIVE: "waive"}.get(decision)
    if event is None:
        raise RefusedError(f"{decision!r} is no answer; expected {SIGN}, {RETURN} or {WAIVE}")
    with office.store.writing() as connection:
        current = waiting_letter(connection, row.plan_id, row.id)
        if not office.people(row.plan_id).may_sign(user, current.approver):
            raise RefusedError(f"{user} 不在“{current.approver}”的签发人名单中")
        to = move_letter(LetterState.WAITING, event)
        cases.change_letter(connection, row.id, LetterState.WAITING, state=to)
        record(
            connection,
            row.plan_id,
            now,
            f"letter-{event}ed",
            f"letter/{row.id}",
            {"reason": reason},
            actor=user,
        )
    return decision


def _ask_again(office: Office, row: Row[Any], user: str, why: str, now: datetime) -> dict[str, Any]:
    with office.store.writing() as connection:
        asks = row.asks + 1
        cases.change_letter(connection, row.id, LetterState.WAITING, state=LetterState.WAITING, asks=asks)
        record(
            connection, row.plan_id, now, "letter-asked-again", f"letter/{row.id}", {"why": why}, actor=user
        )
    again = [{"id": row.id, "round": asks, "run_id": run_id(row.id, asks)}]
    return {"touched": [{"plan": row.plan_id, "period": row.period}], "letters": again, "note": why}


def submit(
    letter_id: int, *, user: str, now: datetime | str | None = None, office: Office | None = None
) -> None:
    """Put a draft that was returned before its approver again. Raises: RefusedError."""
    office = office or open_office()
    row, moment = _letter(office, letter_id), office.now(now)
    state = LetterState(row.state)
    to = move_letter(state, "submit")
    with office.store.writing() as connection:
        if not cases.change_letter(connection, row.id, state, state=to, asks=row.asks + 1):
            raise RefusedError(f"letter {letter_id} was changed by somebody else in the same moment")
        record(connection, row.plan_id, moment, "letter-submitted", f"letter/{row.id}", {}, actor=user)


def _letter(office: Office, letter_id: int) -> Row[Any]:
    with office.store.reading() as connection:
        row = cases.letter(connection, letter_id)
    if row is None:
        raise RefusedError(f"there is no letter {letter_id}")
    return row
