"""Use case `sign`: show a draft to an approver, and act on the answer. duban's own row is the truth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from include.errors import PlanError, RefusedError
from include.escalation import LETTER_STATE_NAMES, move_letter
from include.office import lookup
from include.office.closing import close_fulfilled
from include.office.desk import Moment, Office, open_office, record
from include.office.event_names import RECORDED
from include.office.evidence import reason_given
from include.office.issuing import check_signer, sign, waiting_letter
from include.office.letter_view import as_shown
from include.office.talks import keep_talk, read_talk
from include.plan import Period
from include.records.escalation import LetterState
from include.settings import settings
from include.store import cases

SIGN, RETURN, WAIVE = "签发", "退回", "免发"
_ENOUGH = 8  # signs of a fingerprint


def show(letter_id: int, *, now: Moment = None, office: Office | None = None) -> dict[str, Any]:
    """Give what an approver sees: `title`, `agency`, `text` (Markdown), `hash` of the letter's words."""
    office = office or open_office()
    row = lookup.letter(office, letter_id)
    return {
        "title": row.content["title"],
        "agency": office.plan(row.plan_id, Period.parse(row.period)).agency(row.agency_id).name,
        "text": as_shown(office, row, office.now(now)),
        "hash": row.content_hash,
    }


def question(
    letter_id: int, *, apart: str = "", now: Moment = None, office: Office | None = None
) -> dict[str, Any]:
    """Give what the run page of a signing round shows: `plan`, `subject`, `text` (Markdown), `hash`.

    The letter's words stand there only where no other place's people can open the page: in the DAG of one
    plan (`apart`), or where the installation serves one place alone. Else what is shown are ids and counts,
    and the words are read on the board.

    Raises:
        RefusedError: the letter is not of the plan whose own pages these are.
    """
    office = office or open_office()
    row, shown = lookup.letter(office, letter_id), show(letter_id, now=now, office=office)
    if apart and row.plan_id != apart:
        raise RefusedError(f"文书{letter_id}不是{apart}的；请在督办看板查看它属于哪个地区")
    asked = {"plan": row.plan_id, "hash": shown["hash"]}
    if apart or _serves_one_place(office, row.plan_id):
        return asked | {"subject": f"{shown['title']} → {shown['agency']}", "text": shown["text"]}
    with office.store.reading() as connection:
        matters = len(cases.matters_of(connection, letter_id))
    kind = row.content["kind_name"]
    text = f"{kind}，文书{letter_id}，第{row.asks}轮送签：单位 1 个，督办事项 {matters} 件。全文在督办看板。"
    return asked | {"subject": f"{kind}（文书{letter_id}）", "text": text}


def _serves_one_place(office: Office, plan_id: str) -> bool:
    """Tell whether every plan of the installation is of this plan's place; one that cannot be read is not."""

    def place(plan: str) -> str:
        book = office.book(plan)
        return book.at(Period(book.year, 1)).place

    here = place(plan_id)
    try:
        return all(place(other) == here for other in office.plan_ids)
    except PlanError:
        return False


def answer(  # noqa: PLR0913 (what one form and its round say)
    letter_id: int,
    *,
    decision: str,
    user: str,
    hash: str,
    reason: str = "",
    talk: Mapping[str, str] | None = None,
    number: str = "",
    round: int | None = None,
    now: Moment = None,
    office: Office | None = None,
) -> dict[str, Any]:
    """Act on an approver's answer: 签发, 退回 or 免发.

    Args:
        letter_id: the letter.
        decision: one of the three.
        user: who answered.
        hash: of the text that was shown; its first eight signs are enough.
        reason: why.
        talk: 事先沟通 as filled in (`on`, `with`, `said`, or `skipped`); what was recorded before holds, too.
        number: 文号 of the office's register; empty takes the next of the block.
        round: the round that asked; one that another has followed is not asked for again.
        now: when.
        office: an open office.

    Returns:
        `touched`, `note`, and `letters`: the rounds to ask for again, where the answer could not be taken
        (not this person's to give, a text that changed meanwhile, a reason missing) or another round waits. A
        letter that no longer waits is left alone.
    """
    office = office or open_office()
    row, moment = lookup.letter(office, letter_id), office.now(now)
    if why := _settled(row, round):
        return _nothing(why) | {"letters": _rounds(row)}
    if decision == SIGN and close_fulfilled(office, row.plan_id, office.asked(now=moment)):
        row = lookup.letter(office, letter_id)
        if row.state != LetterState.WAITING:
            return _touched(row, f"文书{letter_id}的事由已消除，已撤回")
    try:
        _keep_talk(office, row, talk, user, moment)
        note = _act(office, row, decision, user, _whole(hash, row), reason, number, moment)
    except RefusedError as refused:
        return _ask_again(office, row, user, str(refused), moment)
    return _touched(row, note)


def looks_again_in() -> timedelta:
    """Give how long an open question waits until it looks whether its round still does."""
    return timedelta(seconds=settings().question_look_seconds)


def settled(letter_id: int, *, round: int, office: Office | None = None) -> str:
    """Say why a round is not to be answered any more; empty while it waits. Raises: RefusedError."""
    return _settled(lookup.letter(office or open_office(), letter_id), round)


def _settled(row: Row[Any], round: int | None) -> str:
    if row.state != LetterState.WAITING:
        return f"文书{row.id}已不在待签发状态（现为{LETTER_STATE_NAMES[row.state]}）"
    if round is not None and round < row.asks:
        return f"文书{row.id}第{round}轮送签已被新稿取代，请在第{row.asks}轮办理"
    return ""


def lost(letter_id: int, *, round: int, now: Moment = None, office: Office | None = None) -> dict[str, Any]:
    """Ask anew where a round's run failed or ran out of time, unless it was answered or another asks."""
    office = office or open_office()
    row = lookup.letter(office, letter_id)
    if row.state != LetterState.WAITING or row.asks != round:
        return _nothing(f"文书{letter_id}不需要重新送签")
    return _ask_again(office, row, "duban", "送签任务中断或超时没有答复", office.now(now))


def _nothing(note: str) -> dict[str, Any]:
    return {"touched": [], "letters": [], "note": note}


def _touched(row: Row[Any], note: str) -> dict[str, Any]:
    return {"touched": [{"plan": row.plan_id, "period": row.period}], "letters": [], "note": note}


def _whole(shown: str, row: Row[Any]) -> str:
    """Give the whole hash for the beginning of it a person typed."""
    return row.content_hash if len(shown) >= _ENOUGH and row.content_hash.startswith(shown) else shown


def _keep_talk(
    office: Office, row: Row[Any], written: Mapping[str, str] | None, user: str, now: datetime
) -> None:
    """Keep what a signer filled in of 事先沟通: it stands even if the rest of the answer is refused."""
    talk = read_talk(written or {}, now.date())
    if talk is None:
        return
    check_signer(office, row, user)
    with office.store.writing() as connection:
        keep_talk(connection, row.plan_id, row.id, talk, user, now)


def _act(
    office: Office,
    row: Row[Any],
    decision: str,
    user: str,
    shown: str,
    reason: str,
    number: str,
    now: datetime,
) -> str:
    if decision == SIGN:
        return sign(
            office, row.plan_id, row.id, user=user, reason=reason, shown=shown, number=number, now=now
        )
    event = {RETURN: "return", WAIVE: "waive"}.get(decision)
    if event is None:
        raise RefusedError(f"“{decision}”不是可选的答复；应为{SIGN}、{RETURN}或{WAIVE}")
    why = reason_given(reason)
    with office.store.writing() as connection:
        current = waiting_letter(connection, row.plan_id, row.id)
        check_signer(office, current, user)
        to, subject = move_letter(LetterState.WAITING, event), f"letter/{row.id}"
        cases.change_letter(connection, row.id, LetterState.WAITING, state=to)
        body = {"reason": why, "text": shown}
        record(connection, row.plan_id, now, RECORDED[event], subject, body, actor=user)
    return decision


def _ask_again(office: Office, row: Row[Any], user: str, why: str, now: datetime) -> dict[str, Any]:
    """Open the next round; of two answers to one round only the first does."""
    asks = row.asks + 1
    with office.store.writing() as connection:
        current = cases.locked_letter(connection, row.id)
        if current is None or (current.state, current.asks) != (LetterState.WAITING, row.asks):
            return _nothing(f"{why}；文书{row.id}已由别人办理或重新送签")
        cases.change_letter(connection, row.id, LetterState.WAITING, asks=asks)
        body = {"why": why, "round": asks}
        record(connection, row.plan_id, now, "letter-asked-again", f"letter/{row.id}", body, actor=user)
    return _touched(row, why) | {"letters": [lookup.asked_round(row, asks)]}


def _rounds(row: Row[Any]) -> list[dict[str, Any]]:
    return [lookup.asked_round(row)] if row.state == LetterState.WAITING else []


def submit(letter_id: int, *, user: str, now: Moment = None, office: Office | None = None) -> None:
    """Put a draft that was returned before its approver again. Raises: RefusedError."""
    office = office or open_office()
    row, moment = lookup.letter(office, letter_id), office.now(now)
    state = LetterState(row.state)
    to = move_letter(state, "submit")
    with office.store.writing() as connection:
        if not cases.change_letter(connection, row.id, state, state=to, asks=row.asks + 1):
            raise lookup.changed_meanwhile(letter_id)
        record(connection, row.plan_id, moment, "letter-submitted", f"letter/{row.id}", {}, actor=user)
