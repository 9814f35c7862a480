"""Sending what the outbox holds to people: once to each recipient, and again to whom it did not reach."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from include.delivery import (
    UncertainDeliveryError,
    build_message,
    chat_names,
    send_chat,
    send_smtp,
    write_eml,
)
from include.office.desk import Office, record
from include.office.outbox import MAX_ATTEMPTS, postpone
from include.records.messages import Attachment, Channel, Mail, MessageState, Notice, Reception, SendResult
from include.store import ledger, outbox

_AGAIN_AFTER_A_CUT = timedelta(minutes=2)
MAX_DOUBTS = 3  # so often is one mail that may have been sent sent once more, then a person looks
_DOUBTED = "mail-uncertain"  # in the ledger, each time
_UNREACHED = "unreached"
_NOT_ALLOWED = "不在允许收信的名单里（people.yaml 的 mail_allowed），没有发给此人"
_SETTLED = {Reception.ACCEPTED, Reception.REFUSED, Reception.NOT_ALLOWED, Reception.BOUNCED}

log = logging.getLogger(__name__)

Recipients = dict[str, tuple[str, str]]  # by recipient: its reception, the words


def send_waiting(office: Office, plan_id: str, now: datetime) -> dict[str, int]:
    """Send the mail and the notices that are due, oldest first; counts by what came of it.

    A message found in `sending` was being sent when its process died: a formal letter becomes *uncertain* and
    is shown to a person; anything else is sent again under the same Message-ID, a few times. If no mail
    server answers, or it took a text and did not say so, nothing more is tried: all of it waits, in order.
    """
    counts = {"sent": 0, "failed": 0, "uncertain": _recover(office, plan_id, now)}
    for channel in (Channel.MAIL, Channel.CHAT):
        with office.store.reading() as connection:
            waiting = outbox.due(connection, plan_id, channel, now)
        for n, row in enumerate(waiting):
            came_of_it = _send_one(office, plan_id, row, now)
            log.info("message %d by %s: %s", row.id, channel.value, came_of_it or "taken by another")
            if came_of_it == _UNREACHED:
                counts["failed"] += len(waiting) - n
            elif came_of_it:
                counts[came_of_it] += 1
            if came_of_it in (_UNREACHED, MessageState.UNCERTAIN):
                _let_wait(office, waiting[n + 1 :], now)
                break
    return counts


def mail_of(payload: Mapping[str, Any]) -> Mail:
    """Read a mail back from its row."""
    attachments = tuple(Attachment(**a) for a in payload["attachments"])
    return Mail(**{**payload, "to": tuple(payload["to"]), "attachments": attachments})


def _send_one(office: Office, plan_id: str, row: Row[Any], now: datetime) -> str:
    with office.store.writing() as connection:
        mine = outbox.move(
            connection, row.id, MessageState.PENDING, MessageState.SENDING, attempts=row.attempts + 1
        )
    if not mine:
        return ""
    try:
        result = _CHANNELS[row.channel](office, plan_id, row, now)
    except UncertainDeliveryError as error:
        _doubt(office, plan_id, row, now, f"连接在提交正文后中断：{error}")
        return MessageState.UNCERTAIN
    if not result.reached:
        postpone(office, row, now, result.detail, MessageState.SENDING, give_up=False)
        return _UNREACHED
    return _conclude(office, plan_id, row, now, result)


def _mail(office: Office, plan_id: str, row: Row[Any], now: datetime) -> SendResult:
    mail, people = mail_of(row.payload), office.people(plan_id)
    barred = {to: (Reception.NOT_ALLOWED, _NOT_ALLOWED) for to in mail.to if not people.may_receive(to)}
    shown = tuple(to for to in mail.to if to not in barred)
    left = tuple(to for to in shown if row.recipients.get(to, ("",))[0] not in _SETTLED)
    if not left:
        return SendResult("没有可以发送的收件人", barred)
    try:
        message = build_message(replace(mail, to=shown), office.archive, now)
    except FileNotFoundError as error:
        words = f"附件不在档案中：{error.filename}"
        return SendResult(words, dict.fromkeys(left, (Reception.DEFERRED, words)))
    if office.settings.mail_mode == "eml":
        result = write_eml(replace(mail, to=left), message, office.settings.home / "mail")
    else:
        result = send_smtp(replace(mail, to=left), message, office.settings)
    return replace(result, recipients={**barred, **result.recipients})


def _chat(office: Office, plan_id: str, row: Row[Any], now: datetime) -> SendResult:
    urls = chat_names(office.settings.chats)
    left = [name for name in urls if row.recipients.get(name, ("",))[0] not in _SETTLED]
    return send_chat(Notice(**row.payload), urls, left)


_CHANNELS: dict[str, Callable[[Office, str, Row[Any], datetime], SendResult]] = {
    Channel.MAIL: _mail,
    Channel.CHAT: _chat,
}


def _conclude(office: Office, plan_id: str, row: Row[Any], now: datetime, result: SendResult) -> str:
    """Write down what came of it: sent, failed, or once more for those who could not take it now."""
    recipients: Recipients = {**row.recipients, **result.recipients}
    deferred = _of(recipients, Reception.DEFERRED)
    if deferred and row.attempts + 1 < MAX_ATTEMPTS:
        why = f"{result.detail}；稍后再发给：{_listed(deferred)}"
        postpone(office, row, now, why, MessageState.SENDING, give_up=False, recipients=recipients)
        return "failed"
    accepted = list(_of(recipients, Reception.ACCEPTED))
    refused = {to: words for to, (kind, words) in recipients.items() if kind != Reception.ACCEPTED}
    state = MessageState.SENT if accepted else MessageState.FAILED
    values = {
        "detail": result.detail,
        "recipients": recipients,
        "attention": f"没有送到：{_listed(refused)}" if refused else "",
        "sent_at": now if accepted else None,
    }
    with office.store.writing() as connection:
        outbox.move(connection, row.id, MessageState.SENDING, state, **values)
        body = {"to": accepted, "detail": result.detail, "refused": refused}
        record(connection, plan_id, now, f"{row.channel}-{state}", row.key, body)
    return str(state)


def _of(recipients: Recipients, reception: Reception) -> dict[str, str]:
    return {to: words for to, (kind, words) in recipients.items() if kind == reception}


def _listed(recipients: Mapping[str, str]) -> str:
    return "；".join(f"{to}（{words}）" for to, words in recipients.items())


def _let_wait(office: Office, rows: Sequence[Row[Any]], now: datetime) -> None:
    for row in rows:
        postpone(office, row, now, "邮件服务器没有应答，未发送", MessageState.PENDING, give_up=False)


def _recover(office: Office, plan_id: str, now: datetime) -> int:
    with office.store.reading() as connection:
        stuck = outbox.in_state(connection, plan_id, MessageState.SENDING)
    for row in stuck:
        _doubt(office, plan_id, row, now, "发送过程中断，是否送出不能确定", wait=timedelta())
    return sum(row.formal for row in stuck)


def _doubt(
    office: Office,
    plan_id: str,
    row: Row[Any],
    now: datetime,
    why: str,
    wait: timedelta = _AGAIN_AFTER_A_CUT,
) -> None:
    """Let a formal letter wait for a person; anything else leaves again under the same Message-ID.

    Not for ever: a server that takes each text and never says so would fill its recipients' mailboxes.
    """
    to, values = MessageState.PENDING, {"detail": why, "not_before": now + wait}
    with office.store.writing() as connection:
        before = [e for e in ledger.about(connection, plan_id, [row.key]) if e.event == _DOUBTED]
        if row.formal or len(before) + 1 >= MAX_DOUBTS:
            to, values = MessageState.UNCERTAIN, {"detail": why, "attention": why}
        if outbox.move(connection, row.id, MessageState.SENDING, to, **values):
            record(connection, plan_id, now, _DOUBTED, row.key, {"why": why, "to": str(to)})
