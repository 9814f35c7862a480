"""What a person does about a message: look, send again, settle, note that it came back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.delivery import read_bounce
from include.errors import RefusedError
from include.files.atomic import make_folder
from include.office.desk import Office, open_office, record, selected
from include.office.evidence import reason_given
from include.office.outbox import shown_as
from include.records.message_life import MESSAGE_STATE_NAMES
from include.records.messages import Channel, MessageState, Reception
from include.store import outbox
from include.workdays import SHANGHAI

OUTCOMES = {"sent": MessageState.SENT, "dropped": MessageState.DROPPED}
_LEFT_OUT = "dealt-with"  # subfolder of the bounces: read, whatever it was


def overview(
    plan: str | None = None, states: Iterable[str] = (), *, office: Office | None = None
) -> Iterator[dict[str, Any]]:
    """Give the messages in these states (none named: those a person has to look at), as plain values."""
    office = office or open_office()
    wanted = {_state(state) for state in states}
    for plan_id in selected(office, plan):
        with office.store.reading() as connection:
            rows = outbox.messages(connection, plan_id) if wanted else iter(())
            chosen = [row for row in rows if row.state in wanted]
            chosen = chosen if wanted else list(outbox.needing_a_person(connection, plan_id))
        yield from map(_plain, chosen)


def resend(
    message_id: int,
    *,
    reason: str,
    user: str,
    to: Iterable[str] = (),
    now: datetime | str | None = None,
    office: Office | None = None,
) -> None:
    """Send a message again to everybody it has not reached; or, in their place, to the addresses in `to`.

    Raises:
        RefusedError: no reason, no such message, it is under way, or it has reached everybody.
    """
    office = office or open_office()
    moment = office.now(now)
    with office.store.writing() as connection:
        row = _decidable(connection, message_id, reason)
        reached = {to: r for to, r in row.recipients.items() if r[0] == Reception.ACCEPTED}
        addressed = row.payload.get("to", [])
        left = list(to) or [to for to in addressed if to not in reached]
        if row.channel == Channel.MAIL and not left:
            raise RefusedError(f"{message_id}号发送件已送达全部收件人，不用重发：{'、'.join(reached)}")
        payload = dict(row.payload)
        if row.channel == Channel.MAIL:
            payload["to"] = [*(to for to in addressed if to in reached), *left]
        values = {"attempts": 0, "not_before": moment, "attention": "", "detail": "", "recipients": reached}
        _decide(connection, row, MessageState.PENDING, **values, payload=payload)
        body = {"reason": reason, "to": left, "was": row.state, "detail": row.detail}
        record(connection, row.plan_id, moment, "message-resent", row.key, body, actor=user)


def settle(
    message_id: int,
    *,
    outcome: str,
    reason: str,
    user: str,
    now: datetime | str | None = None,
    office: Office | None = None,
) -> None:
    """Record what a person found out: `sent`, it arrived or was handed over otherwise; `dropped`, not to go.

    Raises:
        RefusedError: no reason, no such outcome or message, or it is under way.
    """
    office = office or open_office()
    moment = office.now(now)
    if outcome not in OUTCOMES:
        raise RefusedError(f"“{outcome}”不是处理结果；应为{'、'.join(OUTCOMES)}")
    with office.store.writing() as connection:
        row = _decidable(connection, message_id, reason)
        arrived = {"sent_at": row.sent_at or moment} if outcome == "sent" else {}
        _decide(connection, row, OUTCOMES[outcome], attention="", **arrived)
        body = {"outcome": outcome, "reason": reason, "was": row.state, "detail": row.detail}
        record(connection, row.plan_id, moment, "message-settled", row.key, body, actor=user)


def bounced(
    message_id: int,
    recipient: str,
    *,
    reason: str,
    user: str,
    now: datetime | str | None = None,
    office: Office | None = None,
) -> None:
    """Record that a mail came back from a recipient (退信); a person then has to look at it.

    Raises:
        RefusedError: no reason, no such mail, or it did not go to this recipient.
    """
    office = office or open_office()
    with office.store.writing() as connection:
        row = _decidable(connection, message_id, reason)
        if recipient not in row.recipients:
            names = "、".join(row.recipients) or "无"
            raise RefusedError(f"{message_id}号发送件没有发给{recipient}；收件人：{names}")
        _note_bounce(connection, row, {recipient: reason}, office.now(now), user)


def read_bounces(office: Office, now: datetime) -> int:
    """Read the folder of what came back (`DUBAN_BOUNCES_DIR`); gives how many mails of ours it told of.

    Every file read is moved into a subfolder, whether it was a bounce of ours or not.
    """
    folder = office.settings.bounces_dir
    files = sorted(folder.glob("*.eml")) if folder is not None else []
    found = 0
    for file in files:
        make_folder(file.parent / _LEFT_OUT)
        with suppress(FileNotFoundError):  # another delivery, of another place, reads them too
            found += _read_bounce(office, file.read_bytes(), now)
            file.rename(file.parent / _LEFT_OUT / file.name)
    return found


def _read_bounce(office: Office, data: bytes, now: datetime) -> bool:
    bounce = read_bounce(data)
    if bounce is None:
        return False
    with office.store.writing() as connection:
        row = outbox.by_message_id(connection, bounce.message_id)
        if row is None:
            return False
        ours = {to.lower(): to for to in row.recipients}
        failed = {ours[to.lower()]: words for to, words in bounce.recipients.items() if to.lower() in ours}
        fresh = {to: words for to, words in failed.items() if row.recipients[to][0] != Reception.BOUNCED}
        if fresh:
            _note_bounce(connection, row, fresh, now, "duban")
        return bool(fresh)


def _note_bounce(
    connection: Connection, row: Row[Any], failed: dict[str, str], now: datetime, actor: str
) -> None:
    recipients = row.recipients | {to: (Reception.BOUNCED, words) for to, words in failed.items()}
    why = "；".join(f"{to}（{words}）" for to, words in failed.items())
    attention = "；".join(filter(None, [row.attention, f"退信：{why}"]))
    _decide(connection, row, MessageState(row.state), recipients=recipients, attention=attention)
    record(connection, row.plan_id, now, "mail-bounced", row.key, {"recipients": failed}, actor=actor)


def _decidable(connection: Connection, message_id: int, reason: str) -> Row[Any]:
    reason_given(reason)
    row = outbox.by_id(connection, message_id)
    if row is None:
        raise RefusedError(f"没有{message_id}号发送件；编号见 duban mail list")
    if row.state in (MessageState.RENDERING, MessageState.PENDING, MessageState.SENDING):
        state = MESSAGE_STATE_NAMES[row.state]
        raise RefusedError(f"{message_id}号发送件还没有结果（{state}），请稍候")
    return row


def _decide(connection: Connection, row: Row[Any], state: MessageState, **values: Any) -> None:
    if not outbox.move(connection, row.id, MessageState(row.state), state, **values):
        raise RefusedError(f"{row.id}号发送件刚由别人改动，请重新查看再办")


def _state(text: str) -> MessageState:
    try:
        return MessageState(text)
    except ValueError as error:
        raise RefusedError(f"“{text}”不是状态；应为{'、'.join(MessageState)}") from error


def _plain(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "plan": row.plan_id,
        "key": row.key,
        "channel": row.channel,
        "formal": row.formal,
        "state": row.state,
        "what": shown_as(row),
        "recipients": {to: list(r) for to, r in row.recipients.items()} or row.payload.get("to", []),
        "attempts": row.attempts,
        "detail": row.detail,
        "attention": row.attention,
        "created_at": row.created_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "sent_at": row.sent_at.astimezone(SHANGHAI).isoformat(timespec="seconds") if row.sent_at else None,
    }
