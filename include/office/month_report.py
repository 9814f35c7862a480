"""Gathering all there is to show of a period: the content behind consolidated workbook, digest and board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from include.office.agency_rows import agency_rows, clause_rows
from include.office.case_book import instructions
from include.office.corrections import corrections
from include.office.desk import Office
from include.office.indicator_rows import indicator_row, objection_rows, reconciliation_rows
from include.office.joint_duties import joint_rows
from include.office.letter_rows import letter_rows
from include.office.report_basis import Basis, gather
from include.office.rules import catalogue
from include.office.timetable import days_of
from include.plan import Period, Plan
from include.records.reports import FactRow, MonthReport
from include.records.submissions import Filing, Timeliness


def month_report(office: Office, plan_id: str, period: Period, now: datetime, *, kind: str) -> MonthReport:
    """Gather the report of a period as of a moment; `kind` is what it is published as."""
    b = gather(office, plan_id, period, now, kind)
    plan, as_of = b.plan, now.date()
    standings = [
        b.standings[agency.id, period] for agency in plan.filers if (agency.id, period) in b.standings
    ]
    owed = [s for s in standings if s.filing is not Filing.EXEMPT]
    with office.store.reading() as connection:
        letters = tuple(letter_rows(office, connection, plan, b.letters, b.steps))
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
        indicators=tuple(indicator_row(b, i) for i in plan.indicators),
        agencies=tuple(agency_rows(b)),
        clauses=tuple(clause_rows(b)),
        corrections=tuple(corrections(b)),
        reconciliations=tuple(reconciliation_rows(b)),
        letters=letters,
        decisions=tuple((_about(plan, d.about), d.question, d.assumption) for d in plan.decisions),
        facts=tuple(_fact_rows(b)),
        next_dates=tuple(_next_dates(office, plan, period)),
        objections=tuple(objection_rows(b)),
        remarks=tuple(_remarks(b)),
        joint_duties=tuple(joint_rows(plan, period, b.said, b.filings)),
        instructions=instructions(office, plan_id, as_of),
        ranked=plan.rank_agencies,
    )


def _fact_rows(b: Basis) -> Iterable[FactRow]:
    names = {i.id: i.name for i in b.plan.indicators}
    for fact in b.facts:
        submission = b.submissions[fact.submission_id]
        if fact.indicator_id in names:
            yield FactRow(
                fact=fact,
                agency=b.agency_name(fact.agency_id),
                indicator=names[fact.indicator_id],
                file=submission.original_name,
                submission_number=submission.number,
                arrived_at=submission.arrived_at,
                signed_by=submission.signed_by,
                marks=b.standings[fact.agency_id, fact.period].words,
            )


def _remarks(b: Basis) -> Iterable[tuple[str, str, str]]:
    """Give what rules that inform the office alone found in the returns that count."""
    titles: dict[str, str] = {rule.id: rule.title for rule in catalogue()}
    for row in b.beta:
        yield b.agency_name(row.agency_id), titles.get(str(row.rule), str(row.rule)), row.message


def _about(plan: Plan, about: str) -> str:
    names = {i.id: i.name for i in plan.indicators} | {c.id: f"第{c.id}条" for c in plan.clauses}
    return names.get(about, "全文")


def _next_dates(office: Office, plan: Plan, period: Period) -> Iterable[tuple[date, str]]:
    calendar = office.calendar(plan.id)
    here, coming = days_of(plan, period, calendar), days_of(plan, period.next, calendar)
    for day, what in (
        (here.locks_on, f"{period.label}报表锁定"),
        (coming.opens_on, f"{period.next.label}填报模板下发"),
        (coming.due_at.date(), f"{period.next.label}报表18:00截止"),
        (coming.digest_on, f"{period.next.label}工作月报印发"),
    ):
        yield day, f"{what}{calendar.mark(day)}"
