"""Gathering all there is to show of a period: the content behind consolidated workbook, digest and board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from include.escalation import LETTER_STATE_NAMES, STEP_NAMES
from include.indicators import path_values, reconcile, remark, show
from include.office.desk import Office
from include.office.editions import corrections
from include.office.rules import catalogue
from include.office.standings import YearStandings, year_standings
from include.office.timetable import days_of
from include.office.year_progress import YearProgress, year_progress
from include.plan import Indicator, Period, Plan
from include.records.escalation import CaseState
from include.records.facts import Fact, Progress
from include.records.figures import ClauseStatus
from include.records.findings import Severity
from include.records.reports import (
    AgencyRow,
    ClauseRow,
    FactRow,
    IndicatorRow,
    LetterRow,
    MonthReport,
    ReconciliationRow,
)
from include.records.submissions import Filing, Timeliness
from include.store import cases, publications, returns
from include.workdays import SHANGHAI


@dataclass(frozen=True)
class _Gathered:
    """What one report is made of, read once."""

    office: Office
    plan: Plan
    period: Period
    now: datetime
    facts: list[Fact]
    progress: YearProgress
    standings: YearStandings
    submissions: dict[int, Row[Any]]
    statements: Sequence[Row[Any]]
    cases: Sequence[Row[Any]]
    steps: Sequence[Row[Any]]
    letters: Sequence[Row[Any]]
    published: Sequence[Row[Any]]
    beta: Sequence[Row[Any]]

    def agency_name(self, agency_id: str) -> str:
        return self.office.agency(self.plan.id, agency_id, self.period).name


def month_report(office: Office, plan_id: str, period: Period, now: datetime, *, kind: str) -> MonthReport:
    """Gather the report of a period as of a moment; `kind` is what it is published as."""
    gathered = _gather(office, plan_id, period, now, kind)
    plan, as_of = gathered.plan, now.date()
    standings = [
        gathered.standings[agency.id, period]
        for agency in plan.filers
        if (agency.id, period) in gathered.standings
    ]
    owed = [s for s in standings if s.filing is not Filing.EXEMPT]
    return MonthReport(
        plan_id=plan_id,
        plan_title=plan.title,
        place=plan.place,
        office_name=plan.office_name,
        period=period,
        as_of=as_of,
        edition=1,
        issue_number=period.month,
        locked=bool(standings) and all(s.locked for s in standings),
        demo=plan.demo,
        clock_note=office.clock_note(now),
        handling_mark=office.settings.handling_mark,
        completeness=(sum(s.filing is Filing.ACCEPTED for s in owed), len(owed)),
        timeliness=(sum(s.timeliness is Timeliness.ON_TIME for s in owed), len(owed)),
        indicators=tuple(_indicator_row(gathered, i) for i in plan.indicators),
        agencies=tuple(_agency_rows(gathered)),
        clauses=tuple(_clause_rows(gathered)),
        corrections=tuple(corrections(plan, period, gathered.progress, gathered.published)),
        reconciliations=tuple(_reconciliations(gathered)),
        letters=tuple(letter_row(plan, row, gathered.steps) for row in gathered.letters),
        decisions=tuple((_about(plan, d.about), d.question, d.assumption) for d in plan.decisions),
        facts=tuple(_fact_rows(gathered)),
        remarks=tuple(_remarks(gathered)),
        next_dates=tuple(_next_dates(office, plan, period)),
    )


def _gather(office: Office, plan_id: str, period: Period, now: datetime, kind: str) -> _Gathered:
    with office.store.reading() as connection:
        facts = returns.facts(connection, plan_id, period, arrived_by=now)
        return _Gathered(
            office=office,
            plan=office.plan(plan_id, period),
            period=period,
            now=now,
            facts=facts,
            progress=year_progress(office, plan_id, period, now, facts),
            standings=year_standings(office, plan_id, now),
            submissions={row.id: row for row in returns.submissions(connection, plan_id)},
            statements=returns.statements(connection, plan_id, period, arrived_by=now),
            cases=cases.cases(connection, plan_id),
            steps=cases.steps(connection, plan_id),
            letters=[
                row
                for row in cases.letters(connection, plan_id)
                if row.period <= str(period) and row.drafted_on <= now.date()
            ],
            beta=returns.findings(connection, plan_id, period, Severity.BETA, arrived_by=now),
            published=publications.editions(connection, plan_id, kind),
        )


def _indicator_row(g: _Gathered, indicator: Indicator) -> IndicatorRow:
    progress = g.progress[g.period][indicator.id]
    series = tuple(
        g.progress[p][indicator.id].value if p in g.progress and indicator.id in g.progress[p] else None
        for p in (Period(g.period.year, m) for m in range(1, 13))
    )
    said = [
        f.explanation
        for f in g.facts
        if f.indicator_id == indicator.id and f.period == g.period and f.explanation
    ]
    return IndicatorRow(
        progress=progress,
        clause_id=indicator.clause,
        name=indicator.name,
        unit=indicator.unit,
        comparator=indicator.comparator.value,
        answerable=g.agency_name(indicator.answerable),
        sources=tuple(g.agency_name(s) for s in indicator.sources),
        series=series,
        path=path_values(indicator),
        explanation="；".join(dict.fromkeys(said)),
        last_light=_last_light(g, indicator),
        office_action=_office_action(g, indicator),
        change=_change(g, indicator, progress),
        remark=remark(indicator, progress),
        marks=(f"待认定 {show(progress.pending, indicator.unit)}",) if progress.pending else (),
    )


def _last_light(g: _Gathered, indicator: Indicator) -> str:
    before = g.progress.get(g.period.previous, {}).get(indicator.id)
    return before.light.value if before else ""


def _office_action(g: _Gathered, indicator: Indicator) -> str:
    taken = [
        row
        for row in g.steps
        if any(
            c.id == row.case_id and c.matter == indicator.id and c.state == CaseState.OPEN for c in g.cases
        )
    ]
    return "；".join(
        f"{row.drafted_on.month}月{row.drafted_on.day}日{STEP_NAMES[row.step]}（{LETTER_STATE_NAMES[row.state]}）"
        for row in taken
    )


def _change(g: _Gathered, indicator: Indicator, progress: Progress) -> str:
    """Say which agency's figure moved the value since last month."""
    if progress.value is None or progress.last_value is None or progress.value == progress.last_value:
        return ""
    moved = [
        g.agency_name(f.agency_id)
        for f in g.facts
        if f.indicator_id == indicator.id and f.period == g.period and f.agency_id in indicator.sources
    ]
    difference = progress.value - progress.last_value
    sign = "增加" if difference > 0 else "减少"
    return f"较上月{sign}{show(abs(difference), indicator.unit)}（{'、'.join(dict.fromkeys(moved))}报数）"


def _agency_rows(g: _Gathered) -> Iterable[AgencyRow]:
    spoken: dict[str, set[str]] = defaultdict(set)
    for row in g.statements:
        if row.status:
            spoken[row.agency_id].add(row.clause_id)
    for agency in g.plan.filers:
        filings = tuple(
            s
            for (who, p), s in sorted(g.standings.items(), key=lambda kv: kv[0][1])
            if who == agency.id and p <= g.period
        )
        silent = [
            c.id
            for c in g.plan.clauses_of(agency.id)
            if c.cadence.due_in(g.period) and c.id not in spoken[agency.id]
        ]
        yield AgencyRow(
            agency_id=agency.id,
            name=agency.name,
            filings=filings,
            lights=tuple(
                (i.id, g.progress[g.period][i.id].light.value)
                for i in g.plan.indicators
                if i.answerable == agency.id
            ),
            open_cases=tuple(
                _case_line(g, c) for c in g.cases if c.agency_id == agency.id and c.state == CaseState.OPEN
            ),
            silent_clauses=tuple(silent),
            made_up=agency.made_up,
        )


def _case_line(g: _Gathered, case: Row[Any]) -> str:
    taken = [row for row in g.steps if row.case_id == case.id]
    last = f"{STEP_NAMES[taken[-1].step]}{LETTER_STATE_NAMES[taken[-1].state]}" if taken else "已立项"
    return f"{matter_name(g.plan, case.matter)}：{last}（{case.opened_on.month}月{case.opened_on.day}日起）"


def matter_name(plan: Plan, matter: str) -> str:
    """Name a matter for users: the indicator's name, or 月度报送."""
    known = {i.id: i.name for i in plan.indicators}
    return known.get(matter, "月度报送")


def _clause_rows(g: _Gathered) -> Iterable[ClauseRow]:
    said = {(row.agency_id, row.clause_id): row for row in g.statements}
    for clause in g.plan.clauses:
        for agency_id in g.plan.owners(clause.id):
            row = said.get((agency_id, clause.id))
            due = clause.cadence.due_in(g.period)
            if row is None and not due:
                continue
            status = (
                row.status
                if row is not None and row.status
                else ("未填" if due else ClauseStatus.NOT_DUE.value)
            )
            if status == ClauseStatus.NOT_DUE.value and not (row and row.text):
                continue
            said_there = (row.text, row.problems, row.next_steps, row.explanation) if row else ("", "", "")
            yield ClauseRow(clause.id, clause.title, g.agency_name(agency_id), status, *said_there)


def _remarks(g: _Gathered) -> Iterable[tuple[str, str, str]]:
    """Give what rules that inform the office alone found in the returns that count."""
    titles: dict[str, str] = {rule.id: rule.title for rule in catalogue()}
    for row in g.beta:
        yield g.agency_name(row.agency_id), titles.get(str(row.rule), str(row.rule)), row.message


def _reconciliations(g: _Gathered) -> Iterable[ReconciliationRow]:
    with g.office.store.reading() as connection:
        decided = returns.figures_of_record(connection, g.plan.id, g.period)
    for difference in reconcile(g.plan, g.period, g.facts):
        indicator = g.plan.indicator(difference.indicator_id)
        settled = decided.get((difference.indicator_id, difference.role))
        yield ReconciliationRow(
            indicator_id=indicator.id,
            name=indicator.name,
            figures=tuple((g.agency_name(a), show(v, "")) for a, v in difference.figures),
            decision=show(settled, "") if settled is not None else "待核定",
            reason="" if settled is None else "食药安办核定",
        )


def letter_row(plan: Plan, row: Row[Any], steps: Sequence[Row[Any]]) -> LetterRow:
    """Make a ledger line of a letter."""
    return LetterRow(
        kind_name=row.content["kind_name"],
        number=row.number or "",
        agency=plan.agency(row.agency_id).name
        if any(a.id == row.agency_id for a in plan.agencies)
        else row.agency_id,
        summary=row.content["title"],
        state=LETTER_STATE_NAMES[row.state],
        drafted_on=row.drafted_on,
        signed_on=row.signed_on,
        served_on=row.served_at.astimezone(SHANGHAI).date() if row.served_at else None,
        reply_due_on=row.reply_due_on,
        matters="、".join(f"督办事项{s.case_id}" for s in steps if s.letter_id == row.id),
    )


def _fact_rows(g: _Gathered) -> Iterable[FactRow]:
    names = {i.id: i.name for i in g.plan.indicators}
    for fact in g.facts:
        submission = g.submissions[fact.submission_id]
        if fact.indicator_id in names:
            yield FactRow(
                fact=fact,
                agency=g.agency_name(fact.agency_id),
                indicator=names[fact.indicator_id],
                file=submission.original_name,
                submission_number=submission.number,
                arrived_at=submission.arrived_at,
                signed_by=submission.signed_by,
            )


def _about(plan: Plan, about: str) -> str:
    names = {i.id: i.name for i in plan.indicators} | {c.id: f"第{c.id}条" for c in plan.clauses}
    return names.get(about, "全文")


def _next_dates(office: Office, plan: Plan, period: Period) -> Iterable[tuple[date, str]]:
    calendar = office.calendar(plan.id)
    here, coming = days_of(plan, period, calendar), days_of(plan, period.next, calendar)
    yield here.locks_on, f"{period.label}报表锁定"
    yield coming.opens_on, f"{period.next.label}填报模板下发"
    yield coming.due_at.date(), f"{period.next.label}报表18:00截止"
    yield coming.digest_on, f"{period.next.label}工作月报印发"
