"""The agencies of a month's report: filings, silences, what each said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from include.escalation import LETTER_STATE_NAMES, STEP_NAMES
from include.office.case_book import case_name
from include.office.joint_duties import NOT_SAID, SILENT, state_of
from include.office.report_basis import Basis
from include.plan import Agency
from include.records.escalation import CaseState
from include.records.figures import ClauseStatus
from include.records.reports import AgencyRow, ClauseRow


def agency_rows(b: Basis) -> Iterator[AgencyRow]:
    """Show each agency that files."""
    for agency in b.plan.filers:
        filings = tuple(
            s
            for (who, p), s in sorted(b.standings.items(), key=lambda kv: kv[0][1])
            if who == agency.id and p <= b.period
        )
        yield AgencyRow(
            agency_id=agency.id,
            name=agency.name,
            filings=filings,
            lights=tuple(
                (i.id, b.progress[b.period][i.id].light.value)
                for i in b.plan.indicators
                if i.answerable == agency.id
            ),
            open_cases=tuple(
                _case_line(b, c) for c in b.cases if c.agency_id == agency.id and c.state == CaseState.OPEN
            ),
            silent_clauses=tuple(_silent_clauses(b, agency)),
            made_up=agency.made_up,
        )


def _silent_clauses(b: Basis, agency: Agency) -> Iterator[str]:
    for clause in b.plan.clauses_of(agency.id):
        if clause.cadence.due_in(b.period) and state_of(agency.id, clause, b.said, b.filings) in SILENT:
            yield clause.id


def _case_line(b: Basis, case: Row[Any]) -> str:
    taken = [row for row in b.steps if row.case_id == case.id]
    last = f"{STEP_NAMES[taken[-1].step]}{LETTER_STATE_NAMES[taken[-1].state]}" if taken else "已立项"
    return f"{case_name(b.plan, case)}：{last}（{case.opened_on.month}月{case.opened_on.day}日起）"


def clause_rows(b: Basis) -> Iterator[ClauseRow]:
    """Show what each agency said on each of its clauses."""
    said = {(row.agency_id, row.clause_id): row for row in b.statements}
    for clause in b.plan.clauses:
        for agency_id in b.plan.owners(clause.id):
            row = said.get((agency_id, clause.id))
            due = clause.cadence.due_in(b.period)
            if row is None and not due:
                continue
            status = (
                row.status
                if row is not None and row.status
                else (NOT_SAID if due else ClauseStatus.NOT_DUE.value)
            )
            if status == ClauseStatus.NOT_DUE.value and not (row and row.text):
                continue
            said_there = (row.text, row.problems, row.next_steps, row.explanation) if row else ("", "", "")
            yield ClauseRow(clause.id, clause.title, b.agency_name(agency_id), status, *said_there)
