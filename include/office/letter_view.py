"""What an approver reads: the case, the letter's own history, what changed since the last round, the text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.escalation import (
    APPROVER_NAMES,
    LETTER_STATE_NAMES,
    dated,
    day_text,
    deadlines,
    differences,
    letter_text,
    literal,
)
from include.office.case_book import case_name, name_of
from include.office.desk import Office
from include.office.issuing import SAME_DAY
from include.office.talks import talks_of
from include.plan import Period, Plan
from include.records.message_life import MESSAGE_STATE_NAMES
from include.store import cases, ledger, outbox, replies
from include.workdays import SHANGHAI

_TOLD = {
    "letter-returned": "退回",
    "letter-asked-again": "重新送签",
    "letter-redrafted": "文稿变动",
    "letter-submitted": "再次送签",
    "letter-reviewed": "核稿",
    "letter-numbered": "取号",
    "letter-sealed": "用印",
    "letter-accepted": "认可",
    "letter-refused": "不予认可",
    "letter-corrected": "更正",
    "letter-withdrawn": "撤回",
    "letter-revoked": "撤销",
    "letter-waived": "免发",
}


def as_shown(office: Office, row: Row[Any], now: datetime) -> str:
    """Write in Markdown all an approver has to know to decide about a letter, its text last."""
    plan = office.plan(row.plan_id, Period.parse(row.period))
    with office.store.reading() as connection:
        parts = [
            _head(connection, plan, row),
            _section("督办事项", _matters(connection, plan, row)),
            _section("此前文书和答复", _history(connection, plan, row)),
            _section("本件经过", _life(connection, office, row)),
            _section("与上一稿相比", _changes(connection, row)),
        ]
    content = cases.content_of(row.content)
    if row.signed_on is None and office.settings.delivery_counts_as_served:
        content = dated(content, now.date(), office.calendar(row.plan_id), SAME_DAY)
    return "\n\n".join([*filter(None, parts), "---", letter_text(content)])


def _head(connection: Connection, plan: Plan, row: Row[Any]) -> str:
    """Say who signs, how many letters there were this year, whether it was reviewed and talked over."""
    everybody = cases.issued_in_year(connection, plan.id, plan.year)
    theirs = cases.issued_in_year(connection, plan.id, plan.year, row.agency_id)
    kind, agency = row.content["kind_name"], plan.agency(row.agency_id).name
    talks = map(str, talks_of(connection, row.id) or ("尚未登记，签发时须填写",))
    lines = [
        f"**{kind} · {agency} · {LETTER_STATE_NAMES[row.state]} · 第{row.asks}轮送签**",
        f"签发人：{APPROVER_NAMES[row.approver]}（{row.approver}）　"
        f"本年已签发文书 {everybody} 份，其中发给该单位 {theirs} 份",
        f"核稿：{_review(row)}",
        *(f"事先沟通：{literal(talk)}" for talk in talks),
    ]
    return "\n\n".join(lines)


def _review(row: Row[Any]) -> str:
    if row.reviewed_by is None:
        return "未核稿"
    on = day_text(row.reviewed_at.astimezone(SHANGHAI).date())
    stale = "" if row.reviewed_hash == row.content_hash else "（核稿后文稿有变动）"
    return f"{literal(row.reviewed_by)}，{on}{stale}"


def _section(title: str, lines: Iterator[str]) -> str:
    told = list(lines)
    return "\n".join([f"### {title}", "", *told]) if told else ""


def _matters(connection: Connection, plan: Plan, row: Row[Any]) -> Iterator[str]:
    for matter in cases.matters_of(connection, row.id):
        name, why = literal(case_name(plan, matter)), literal("".join(matter.reasons))
        opened = f"{day_text(matter.opened_on)}立项，本措施第{matter.round}次"
        yield f"- {name}（督办事项{matter.case_id}，{opened}）：{why}"
    if row.corrects:
        corrected = cases.letter(connection, row.corrects)
        if corrected is not None:
            yield f"- 更正{corrected.number}《{literal(corrected.content['title'])}》"


def _history(connection: Connection, plan: Plan, row: Row[Any]) -> Iterator[str]:
    """Tell of the letters these cases have got before, and of what came back."""
    about = {m.case_id for m in cases.matters_of(connection, row.id)}
    steps = cases.steps(connection, plan.id)
    before = {s.letter_id: s for s in steps if s.case_id in about and s.letter_id < row.id}
    for letter in before.values():
        signed = day_text(letter.signed_on) if letter.signed_on else "未签发"
        due = f"，答复期限{day_text(letter.reply_due_on)}" if letter.reply_due_on else ""
        kind, state = letter.content["kind_name"], LETTER_STATE_NAMES[letter.state]
        yield f"- {kind} {letter.number or '（未取号）'}（{signed}）：{state}{due}"
        for reply in replies.of_letter(connection, letter.letter_id):
            came = day_text(reply.arrived_at.astimezone(SHANGHAI).date())
            yield f"    - 答复：{literal(reply.original_name)}（{came}收到）"


def _life(connection: Connection, office: Office, row: Row[Any]) -> Iterator[str]:
    """Tell what happened to this letter so far: returned and why, reviewed, served, delivered."""
    for entry in ledger.about(connection, row.plan_id, [f"letter/{row.id}"]):
        if what := _TOLD.get(entry.event):
            why = entry.body.get("reason") or entry.body.get("why") or entry.body.get("number") or ""
            at = f"{entry.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            yield f"- {at} {what}（{name_of(office, row, entry.actor)}）{'：' if why else ''}{literal(why)}"
    if row.served_at is not None:
        at = row.served_at.astimezone(SHANGHAI)
        to = f"，{literal(row.served_to)}" if row.served_to else ""
        yield f"- {at:%Y-%m-%d %H:%M} 送达：{literal(row.served_how)}{to}"
        if not row.corrects:
            asked = deadlines(row.step, at.date(), office.ladder(row.plan_id), office.calendar(row.plan_id))
            yield from (f"    - {deadline}" for deadline in asked)
    for reply in replies.of_letter(connection, row.id):
        at = reply.arrived_at.astimezone(SHANGHAI)
        yield f"- {at:%Y-%m-%d %H:%M} 收到答复：{literal(reply.original_name)}"
    for message in outbox.under(connection, row.plan_id, f"letter/{row.id}/"):
        where = message.payload.get("path") or "、".join(message.payload.get("to", ()))
        at = message.sent_at
        sent = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else MESSAGE_STATE_NAMES[message.state]
        yield f"- 发送：{literal(where)}（{sent}）"


def _changes(connection: Connection, row: Row[Any]) -> Iterator[str]:
    """Tell what differs from the last text that was put before the approver."""
    other = [d for d in cases.drafts(connection, row.id) if d.content_hash != row.content_hash]
    if row.signed_on is None and other:
        before, now = cases.content_of(other[-1].content), cases.content_of(row.content)
        yield f"第{other[-1].round}轮送签稿以后的变动（~~删去~~，**增加**）："
        yield ""
        yield from differences(before, now)
