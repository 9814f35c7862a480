"""Drafting letters: what the proposals of one agency and step become, with the facts they rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.escalation import LetterOrder, Matter, compose, day_text
from include.indicators import show
from include.office.desk import Office
from include.office.matters import REPORTING, Situation
from include.office.phrasing import phrases_of
from include.plan import Indicator
from include.plan.people import SUPERVISOR
from include.records.escalation import CaseState, LetterContent, Proposal, Track
from include.records.facts import Fact, Progress
from include.records.reports import LIGHT_NAMES
from include.records.submissions import Filing, Timeliness
from include.store import cases, returns
from include.workdays import SHANGHAI

_FILING = {
    Filing.NONE: "未报",
    Filing.RETURNED: "已退回未更正",
    Filing.ACCEPTED: "已报",
    Filing.EXEMPT: "免报",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one matter is in a letter."""

    track: Track
    matter: str
    reasons: tuple[str, ...]


def draft(
    office: Office,
    now: Situation,
    agency_id: str,
    step: str,
    round_: int,
    why: Sequence[Reason],
    at: datetime,
) -> LetterContent:
    """Compose the letter of an agency and step about these matters."""
    people = office.people(now.plan.id)
    return compose(
        LetterOrder(
            plan=now.plan,
            agency_id=agency_id,
            step=step,
            round=round_,
            period=now.newest,
            matters=tuple(_matter(office, now, agency_id, reason) for reason in why),
            ladder=office.ladder(now.plan.id),
            calendar=office.calendar(now.plan.id),
            as_of=at.date(),
            contact=people.office_contact,
            signatory=people.signatory or now.plan.office_name,
            copies_to=_copies(office, now, agency_id, step, {reason.matter for reason in why}, at.date()),
            handling_mark=office.settings.handling_mark,
            demo=now.plan.demo,
            phrases=phrases_of(office),
            earlier=_earlier(now, agency_id, {reason.matter for reason in why}),
        )
    )


def content_hash(content: LetterContent) -> str:
    """Hash what a letter says; an approval names it."""
    text = json.dumps(cases.content_json(content), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def reasons_of(proposals: Sequence[Proposal]) -> list[Reason]:
    """Give why each proposal is made."""
    return [Reason(p.track, p.matter, p.reasons) for p in proposals]


def reasons_kept(connection: Connection, letter_id: int) -> list[Reason]:
    """Give why the matters of a letter are in it, as they were when it was drafted."""
    return [
        Reason(Track(row.track), row.matter, tuple(row.reasons))
        for row in cases.matters_of(connection, letter_id)
    ]


def _matter(office: Office, now: Situation, agency_id: str, why: Reason) -> Matter:
    if why.track is Track.MAJOR_RISK:
        return _risk(now, agency_id, why)
    if why.matter == REPORTING:
        return Matter(
            track=why.track,
            matter=why.matter,
            name="月度报送",
            clause_id="",
            clause_title="",
            clause_text=None,
            reasons=why.reasons,
            facts=tuple(_overdue_rows(now, agency_id)),
        )
    indicator = now.plan.indicator(why.matter)
    clause = now.plan.clause(indicator.clause)
    return Matter(
        track=why.track,
        matter=why.matter,
        name=indicator.name,
        clause_id=clause.id,
        clause_title=clause.title,
        clause_text=clause.text,
        reasons=why.reasons,
        facts=(_indicator_facts(office, now, indicator),),
    )


def _risk(now: Situation, agency_id: str, why: Reason) -> Matter:
    """Tell of a major risk the office recorded; its case says all that is known of it."""
    case = next(c for c in reversed(now.cases) if (c.agency_id, c.matter) == (agency_id, why.matter))
    row = (case.title, day_text(case.raised_on), case.detail)
    return Matter(
        track=why.track,
        matter=why.matter,
        name=case.title,
        clause_id="",
        clause_title="",
        clause_text=None,
        reasons=why.reasons,
        facts=(row,),
    )


def _copies(
    office: Office, now: Situation, agency_id: str, step: str, matters: set[str], on: date
) -> tuple[str, ...]:
    """Name who stands in 抄送: whom `people.yaml` names for the step, co-owners the office added."""
    people, names = office.people(now.plan.id), {a.id: a.name for a in now.plan.agencies}
    listed: list[str] = []
    for entry in people.copies.get(step, ()):
        leaders = [p.name for p in people.supervisors_of(agency_id, on)]
        listed += leaders if entry == SUPERVISOR else [names.get(entry, entry)]
    added = [
        names[owner]
        for case in now.cases
        if case.agency_id == agency_id and case.matter in matters and case.state == CaseState.OPEN
        for owner in case.copies_to or ()
    ]
    return tuple(name for name in dict.fromkeys([*listed, *added]) if name != names[agency_id])


def _overdue_rows(now: Situation, agency_id: str) -> list[tuple[str, ...]]:
    """Rows: 报送月份, 截止时间, 目前情况."""
    return [
        (f.period.label, f"{f.due_at.astimezone(SHANGHAI):%Y年%-m月%-d日%H:%M}", _FILING[f.filing])
        for f in now.of_agency(agency_id)
        if f.timeliness is Timeliness.MISSING or f.filing is Filing.RETURNED
    ]


def _indicator_facts(office: Office, now: Situation, indicator: Indicator) -> tuple[str, ...]:
    """Row: 指标, 目标值, 时序进度, 实际, 亮灯, 数据来源."""
    progress: Progress = now.progress[now.newest][indicator.id]
    with office.store.reading() as connection:
        known = returns.facts(connection, now.plan.id, now.newest)
        files = {row.id: row for row in returns.submissions(connection, now.plan.id)}
    return (
        indicator.name,
        f"{indicator.comparator.value}{show(indicator.target, indicator.unit)}",
        show(progress.path_value, indicator.unit),
        show(progress.value, indicator.unit),
        LIGHT_NAMES[progress.light.value],
        _lineage([f for f in known if f.indicator_id == indicator.id], now, indicator, files),
    )


def _lineage(facts: list[Fact], now: Situation, indicator: Indicator, files: dict[int, Row[Any]]) -> str:
    """Say where the figures stand: agency, month, submission, sheet and cell."""
    sources = [f for f in facts if f.agency_id in indicator.sources and f.value is not None]
    if not sources:
        return "未报"
    newest = max(f.period for f in sources)
    places: dict[str, list[str]] = {}
    for fact in (f for f in sources if f.period == newest):
        number = files[fact.submission_id].number
        head = f"{now.plan.agency(fact.agency_id).name}{newest.label}第{number}次报送“{fact.sheet}”表"
        places.setdefault(head, []).append(fact.ref)
    return "；".join(f"{head}{'、'.join(refs)}" for head, refs in places.items())


def _earlier(now: Situation, agency_id: str, matters: set[str]) -> tuple[str, ...]:
    """Name the letters these matters' open cases have already got."""
    ids = {c.id for c in now.cases if c.agency_id == agency_id and c.matter in matters and c.state == "open"}
    issued = {s.letter_id: s for s in now.steps if s.case_id in ids and s.number and s.signed_on}
    return tuple(f"{s.number}({s.signed_on:%Y年%-m月%-d日})" for s in issued.values())
