"""Looking at cases: which there are, what is shown and never lettered, how each came to where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.escalation import (
    CASE_STATE_NAMES,
    LETTER_STATE_NAMES,
    RULE_NAMES,
    STEP_NAMES,
    TRACK_NAMES,
    day_text,
    decide,
)
from include.office import lookup
from include.office.desk import Asked, Office, open_office, selected
from include.office.event_names import EVENT_NAMES
from include.office.matters import matters_of, situation
from include.plan import Period, Plan
from include.records.escalation import CaseState, Track
from include.store import cases, ledger
from include.workdays import SHANGHAI


def overview(
    plan: str | None = None, *, closed: bool = False, office: Office | None = None
) -> list[dict[str, Any]]:
    """Give the open cases of the plans (`closed`: all), instructions first, as plain values."""
    office = office or open_office()
    found: list[dict[str, Any]] = []
    for plan_id in selected(office, plan):
        with office.store.reading() as connection:
            rows, steps = cases.cases(connection, plan_id), cases.steps(connection, plan_id)
        kept = [row for row in rows if closed or row.state == CaseState.OPEN]
        found += [_line(office, row, steps) for row in sorted(kept, key=_order)]
    return found


def _order(row: Row[Any]) -> tuple[int, int]:
    return [Track.INSTRUCTION, Track.MAJOR_RISK, Track.PROGRESS, Track.REPORTING].index(row.track), row.id


def _line(office: Office, row: Row[Any], steps: Sequence[Row[Any]]) -> dict[str, Any]:
    period = Period(office.book(row.plan_id).year, 12)
    taken = [s for s in steps if s.case_id == row.id]
    return {
        "plan": row.plan_id,
        "id": row.id,
        "track": TRACK_NAMES[row.track],
        "matter": row.matter,
        "name": case_name(office.plan(row.plan_id, period), row),
        "agency_id": row.agency_id,
        "agency": office.agency(row.plan_id, row.agency_id, period).name,
        "state": CASE_STATE_NAMES[row.state],
        "step": _step(taken[-1]) if taken else "",
        "opened_on": row.opened_on,
        "closed_on": row.closed_on,
        "extension_until": row.extension_until,
        "due_on": row.due_on,
        "accepted_reason": row.accepted_reason,
        "copies_to": row.copies_to or [],
        "merged_into": row.merged_into,
    }


def _step(row: Row[Any]) -> str:
    return f"{STEP_NAMES[row.step]}（{LETTER_STATE_NAMES[row.state]}）"


def case_name(plan: Plan, row: Row[Any]) -> str:
    """Name a case for users: the risk, the instruction, the indicator, or 月度报送."""
    known = {indicator.id: indicator.name for indicator in plan.indicators}
    return row.title or known.get(row.matter, "月度报送")


def instructions(office: Office, plan_id: str, as_of: date) -> tuple[tuple[str, str], ...]:
    """Tell each open instruction (批示) and how its clock stands, the one due first in front."""
    with office.store.reading() as connection:
        rows = [r for r in cases.cases(connection, plan_id) if r.track == Track.INSTRUCTION]
    standing = [r for r in rows if r.opened_on <= as_of and (r.closed_on is None or r.closed_on > as_of)]
    return tuple(_instruction(office, row, as_of) for row in sorted(standing, key=lambda r: (r.due_on, r.id)))


def _instruction(office: Office, row: Row[Any], as_of: date) -> tuple[str, str]:
    calendar = office.calendar(row.plan_id)
    left = calendar.between(as_of, row.due_on)
    clock = f"已超过{-left}个工作日" if row.due_on < as_of else f"还有{left}个工作日"
    agency = office.agency(row.plan_id, row.agency_id, Period.of(as_of)).name
    given, due = day_text(row.raised_on), day_text(row.due_on)
    return f"{row.raised_by}{given}批示：{row.title}（{agency}承办，{due}前办结）", clock


def shown(
    plan: str | None = None, now: datetime | str | None = None, *, office: Office | None = None
) -> list[dict[str, Any]]:
    """Give what is shown and not lettered today: the office's own matters, caps reached, late plans."""
    office = office or open_office()
    moment = office.now(now)
    return [line for plan_id in selected(office, plan) for line in _shown(office, plan_id, moment)]


def _shown(office: Office, plan_id: str, moment: datetime) -> Iterator[dict[str, Any]]:
    asked = Asked(moment, moment)
    now = situation(office, plan_id, moment)
    if now is None:
        return
    for p in decide(matters_of(now), office.ladder(plan_id), office.calendar(plan_id), asked.as_of):
        if p.action == "show":
            yield {
                "plan": plan_id,
                "agency_id": p.agency_id,
                "agency": now.plan.agency(p.agency_id).name,
                "matter": p.matter,
                "case": p.case_id,
                "rule": RULE_NAMES[p.rule],
                "reasons": list(p.reasons),
            }


def history(case_id: int, *, office: Office | None = None) -> list[str]:
    """Explain a case: a line for everything that happened to it and its letters — when, what, who, why."""
    office = office or open_office()
    row = lookup.case(office, case_id)
    with office.store.reading() as connection:
        steps = cases.steps(connection, row.plan_id)
        told = events(office, connection, row, steps)
    line = _line(office, row, steps)
    head = f"督办事项{case_id}：{line['agency']}，{line['track']}，{line['name']}（{line['state']}）"
    return [head, *(said for said, _ in told)]


def events(
    office: Office, connection: Connection, row: Row[Any], steps: Sequence[Row[Any]]
) -> list[tuple[str, dict[str, str] | None]]:
    """Tell what happened to a case and its letters: a line each, and its evidence (`name`, `sha256`)."""
    subjects = {f"case/{row.id}", *(f"letter/{s.letter_id}" for s in steps if s.case_id == row.id)}
    entries = ledger.about(connection, row.plan_id, subjects)
    return [(_told(e, lambda who: name_of(office, row, who)), e.body.get("evidence")) for e in entries]


def name_of(office: Office, row: Row[Any], who: str) -> str:
    """Name who stands in the ledger about a case or a letter: the system, an agency, or a user as he is."""
    try:
        return office.agency(row.plan_id, who, Period(office.book(row.plan_id).year, 12)).name
    except KeyError:
        return "系统" if who == "duban" else who


def _told(entry: Row[Any], name: Callable[[str], str]) -> str:
    body, at = entry.body, entry.at.astimezone(SHANGHAI)
    what = EVENT_NAMES.get(entry.event, entry.event)
    about = f"文书{entry.subject.removeprefix('letter/')}" if entry.subject.startswith("letter/") else ""
    step = f"{STEP_NAMES[body['step']]}（第{body['round']}次）" if entry.event == "step-proposed" else ""
    rule = f"，依据“{RULE_NAMES[body['rule']]}”" if body.get("rule") in RULE_NAMES else ""
    parts = [*body.get("reasons", ()), *(body[k] for k in ("reason", "why") if body.get(k))]
    why = "；".join(parts).replace("。；", "。")
    file = body.get("evidence")
    proof = f"，佐证材料：{file['name']}（sha256 {file['sha256'][:12]}）" if file else ""
    days = "".join(f"，{word}{body[k]}" for k, word in _DAYS.items() if body.get(k))
    copy = f"，抄送{name(body['copy'])}" if body.get("copy") else ""
    said = f"{about}{what}{step}{rule}{days}{copy}（{name(entry.actor)}）{'：' if why else ''}{why}{proof}"
    return f"{at:%Y-%m-%d %H:%M} {said}"


_DAYS = {
    "number": "文号",
    "reply_due_on": "答复期限",
    "extension_until": "延至",
    "due_on": "办理期限",
    "asked_on": "申请日期",
    "plan_on": "方案收到日期",
    "merged_into": "并入事项",
}
