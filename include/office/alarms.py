"""The administrator's alarms: what stands is kept, shown on the board, and mailed once a day by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from include.errors import DubanError
from include.office.alarm_checks import OF_INSTALLATION, OF_PLAN, OF_PLAN_DAILY, AlarmKind
from include.office.desk import Office, demo_mark, open_office, selected
from include.office.outbox import mail, notice
from include.plan import Period
from include.records.messages import NoticeKind
from include.store import alarms, outbox
from include.workdays import SHANGHAI

INSTALLATION = ""  # in place of a plan id: of no plan alone


def standing(plan: str | None = None, *, office: Office | None = None) -> list[dict[str, Any]]:
    """Give the alarms that stand for a plan (or all) and for the installation, the oldest first.

    Plain values: `plan` (empty: the installation), `kind` (id), `title`, `subject`, `text`, `since` (ISO). As
    they were at the last look: every ten minutes; ledger and backup every working morning.
    """
    office = office or open_office()
    with office.store.reading() as connection:
        rows = alarms.standing(connection, [INSTALLATION, *selected(office, plan)])
    return [
        {
            "plan": row.plan_id,
            "kind": row.kind,
            "title": AlarmKind[row.kind].value,
            "subject": row.subject,
            "text": row.text,
            "since": row.since.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        }
        for row in rows
    ]


def watch(
    office: Office,
    now: datetime,
    *,
    plan: str | None = None,
    daily: bool = False,
    found: Mapping[AlarmKind, dict[str, str]] | None = None,
) -> None:
    """Look for what needs a person, keep it, and mail the administrators.

    Args:
        office: the office.
        now: the moment.
        plan: only this one, and what is of no plan alone; None is all.
        daily: also look at what takes its time.
        found: what the caller found out itself, by kind and subject.
    """
    of_installation = {kind: dict(look(office)) for kind, look in OF_INSTALLATION.items()}
    _keep(office, INSTALLATION, {**of_installation, **(found or {})}, now)
    for plan_id in selected(office, plan):
        looks = OF_PLAN_DAILY if daily else OF_PLAN
        try:
            _keep(
                office, plan_id, {kind: dict(look(office, plan_id, now)) for kind, look in looks.items()}, now
            )
        except DubanError:
            continue  # a plan that cannot be loaded fails every flow, and those are told
    _mail(office, now)


def _keep(office: Office, plan_id: str, found: Mapping[AlarmKind, Mapping[str, str]], now: datetime) -> None:
    rows = {
        (plan_id, kind.name, subject[:200]): text
        for kind, of in found.items()
        for subject, text in of.items()
    }
    with office.store.writing() as connection:
        alarms.replace(connection, plan_id, [kind.name for kind in found], rows, now)


def _mail(office: Office, now: datetime) -> None:
    """Queue a mail for each kind that stands, one a day, and a word for the group chats."""
    addressed: set[str] = set()  # who looks after several plans is told of the installation once
    for plan_id in office.plan_ids:
        try:
            outgoing = list(_mails(office, plan_id, now, addressed))
        except DubanError:
            continue
        with office.store.writing() as connection:
            for message in outgoing:
                outbox.queue(connection, plan_id, now, message)


def _mails(office: Office, plan_id: str, now: datetime, addressed: set[str]) -> Iterator[outbox.Outgoing]:
    who = {p.email for p in office.people(plan_id).administrators if p.email and p.serves(now.date())}
    book = office.book(plan_id)
    mark = demo_mark(book.at(Period(book.year, 1)).demo)
    with office.store.reading() as connection:
        rows = alarms.standing(connection, [INSTALLATION, plan_id])
    for kind in AlarmKind:
        own = [row for row in rows if row.kind == kind.name]
        to = who if any(row.plan_id for row in own) else who - addressed
        if not own or not to:
            continue
        lines = [f"- {row.text}（自{row.since.astimezone(SHANGHAI):%-m月%-d日 %H:%M}起）" for row in own]
        message = mail(
            office,
            plan_id,
            f"alarm/{kind.name}/{now.date()}",
            to=sorted(to),
            subject=f"{mark}督办系统提醒：{kind.value}",
            text="\n".join([*lines, "", "处理后自动消除；各项提醒也列在“督办看板”上。"]),
        )
        if message is not None:
            yield message
    addressed |= who
    chat = notice(office, f"alarm/chat/{now.date()}", NoticeKind.ALARM, mark=mark) if rows else None
    if chat is not None:
        yield chat
