"""Issuing a letter: signed and numbered in one transaction; what follows from it is `handing_over`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.errors import RefusedError
from include.escalation import APPROVER_NAMES, LETTER_STATE_NAMES, dated, day_text, move_letter
from include.office import lookup
from include.office.desk import Office, record
from include.office.handing_over import hand_over
from include.office.numbering import assign
from include.office.talks import Talk, keep_talk, talks_of
from include.records.escalation import LetterState
from include.store import cases

AUTOMATIC = "duban"  # who signs what the ladder lets go out by itself
SAME_DAY = "签发当日送达的，"
NOT_ASKED_FOR = Talk(None, "", "", "按递进措施设置自动签发，不事先沟通")
_TAKEN_BACK = (LetterState.WITHDRAWN, LetterState.REVOKED)
NO_NUMBER_YET = "已签发，待取号"


def sign(
    office: Office,
    plan_id: str,
    letter_id: int,
    *,
    user: str,
    reason: str,
    shown: str,
    now: datetime,
    number: str = "",
) -> str:
    """Sign a letter whose text the signer saw (`shown` is its hash), and issue it; gives its number.

    Raises:
        RefusedError: not waiting, changed since shown, dated before others, not this person's to sign, not
            talked over before, not reviewed where that is asked for, no number left, or a day that only a
            provisional calendar would date.
    """
    if office.calendar(plan_id).is_provisional(now.year):
        raise RefusedError(
            f"{now.year}年工作日历尚未公布，文书不能以暂定日历落款；请先在 overrides.yaml 中确认"
        )
    with office.store.writing() as connection:
        row = waiting_letter(connection, plan_id, letter_id)
        _check_day(connection, row, now.date())
        if row.content_hash != shown:
            raise RefusedError("文稿在送签后有变动，须重新送签")
        if user == AUTOMATIC:
            keep_talk(connection, plan_id, letter_id, NOT_ASKED_FOR, user, now)
        else:
            check_signer(office, row, user)
            _check_review(office, row, user)
            if not talks_of(connection, letter_id):
                raise RefusedError("签发前须登记事先沟通（何时、与谁、对方意见），没有沟通的写明原因")
        given = _take_number(
            office,
            connection,
            row,
            number,
            now,
            state=move_letter(LetterState.WAITING, "sign"),
            signed_by=user,
        )
        body = {"number": given, "text": shown, "reason": reason}
        record(connection, plan_id, now, "letter-signed", f"letter/{letter_id}", body, actor=user)
        if row.corrects:
            _correct(connection, row, given, now, user)
    hand_over(office, plan_id, now)
    return given or NO_NUMBER_YET


def number_letter(office: Office, letter_id: int, *, number: str, user: str, now: datetime) -> str:
    """Give a signed letter its number (取号), from the office's register or from a block given meanwhile.

    Raises:
        RefusedError: not signed, numbered already, not a number of its series, or taken.
    """
    with office.store.writing() as connection:
        row = lookup.locked(connection, letter_id)
        move_letter(LetterState(row.state), "number")
        given = _take_number(office, connection, row, number, now, state=LetterState(row.state))
        if given is None:
            raise RefusedError("没有登记号段，请写明文号（--number）")
        body = {"number": given}
        record(connection, row.plan_id, now, "letter-numbered", f"letter/{letter_id}", body, actor=user)
    hand_over(office, row.plan_id, now)
    return given


def _take_number(
    office: Office,
    connection: Connection,
    row: Row[Any],
    typed: str,
    now: datetime,
    *,
    state: LetterState,
    **signed: Any,
) -> str | None:
    """Date and number a letter; without a number at hand it stays signed. Gives the number."""
    day = row.signed_on or now.date()
    given = assign(office, connection, row, day, typed)
    number = str(given) if given else None
    content = replace(cases.content_of(row.content), number=number, signed_on=day)
    if row.signed_on is None and office.settings.delivery_counts_as_served:
        content = dated(content, day, office.calendar(row.plan_id), SAME_DAY)
    if number:
        state = move_letter(state, "number")
    values = {"number": number, "signed_on": day, "content": cases.content_json(content), **signed}
    cases.change_letter(connection, row.id, LetterState(row.state), state=state, **values)
    return number


def _correct(connection: Connection, row: Row[Any], number: str | None, now: datetime, user: str) -> None:
    """Note at the letter a 更正函 corrects that it was corrected; it stands."""
    wrong = cases.locked_letter(connection, row.corrects)
    if wrong is None:
        raise RefusedError(f"没有所更正的文书{row.corrects}；编号见 duban letters list")
    move_letter(LetterState(wrong.state), "correct")
    body = {"by": row.id, "number": number}
    record(connection, row.plan_id, now, "letter-corrected", f"letter/{wrong.id}", body, actor=user)


def waiting_letter(connection: Connection, plan_id: str, letter_id: int) -> Row[Any]:
    """Give a letter that waits for a signature, and let nobody else answer for it. Raises: RefusedError."""
    row = cases.locked_letter(connection, letter_id)
    if row is None or row.plan_id != plan_id:
        raise RefusedError(f"{plan_id}没有文书{letter_id}；编号见 duban letters list")
    if row.state != LetterState.WAITING:
        raise RefusedError(f"文书{letter_id}不在待签发状态（现为{LETTER_STATE_NAMES[row.state]}）")
    return row


def _check_day(connection: Connection, row: Row[Any], day: date) -> None:
    """Look that no letter is dated before its draft, or before one that was signed. Raises: RefusedError."""
    standing = [
        other.signed_on
        for other in cases.letters(connection, row.plan_id)
        if other.signed_on is not None and other.state not in _TAKEN_BACK
    ]
    latest = max([row.drafted_on, *standing])
    if day < latest:
        raise RefusedError(
            f"系统时钟为{day_text(day)}，早于本文书拟稿或最近一份文书签发的日期（{day_text(latest)}），不能落款；"
            "请先核对系统时间"
        )


def check_signer(office: Office, row: Row[Any], user: str) -> None:
    """Look whether a letter is this person's to decide on. Raises: RefusedError."""
    if not office.people(row.plan_id).may_sign(user, row.approver):
        raise RefusedError(
            f"{user} 不在“{APPROVER_NAMES[row.approver]}”（{row.approver}）的签发人名单中，请由名单中的人签发"
        )


def _check_review(office: Office, row: Row[Any], user: str) -> None:
    """Look whether the text was reviewed (核稿) by somebody else, where the office asks for it."""
    if not office.settings.review_before_signing:
        return
    if row.reviewed_hash != row.content_hash:
        raise RefusedError("本文稿还没有核稿（duban letters review）")
    if row.reviewed_by == user:
        raise RefusedError(f"核稿和签发不能是同一人（{user}）")
