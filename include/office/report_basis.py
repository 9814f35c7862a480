"""What a month's report is made of, read once: as of a moment, by what was known then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from include.office.desk import Office
from include.office.joint_duties import statuses
from include.office.reconciling import Reconciled, reconciled
from include.office.standings import YearStandings, year_standings
from include.office.year_progress import YearProgress, year_progress
from include.plan import Period, Plan
from include.records.facts import Fact
from include.records.findings import Severity
from include.records.submissions import Filing
from include.store import cases, decisions, proofs, publications, returns


@dataclass(frozen=True)
class Basis:
    """Everything known of one month, and of the months of its year before."""

    office: Office
    plan: Plan
    period: Period
    now: datetime
    facts: list[Fact]
    progress: YearProgress
    standings: YearStandings
    submissions: Mapping[int, Row[Any]]
    statements: Sequence[Row[Any]]
    decisions: Sequence[Row[Any]]  # every figure of record, the withdrawn ones too
    reconciled: Sequence[Reconciled]
    objections: Sequence[Row[Any]]  # of the period, as they stood
    beta: Sequence[Row[Any]]  # findings that inform the office only
    cases: Sequence[Row[Any]]
    steps: Sequence[Row[Any]]
    letters: Sequence[Row[Any]]
    published: Sequence[Row[Any]]

    def agency_name(self, agency_id: str) -> str:
        """Name an agency as it stands in the period."""
        return self.office.agency(self.plan.id, agency_id, self.period).name

    @cached_property
    def said(self) -> dict[tuple[str, str], str]:
        """The status each agency gave each clause in the period."""
        return statuses(self.statements)

    @cached_property
    def filings(self) -> dict[str, Filing]:
        """How each agency's return of the period stands."""
        return {agency: s.filing for (agency, p), s in self.standings.items() if p == self.period}


def gather(office: Office, plan_id: str, period: Period, now: datetime, kind: str) -> Basis:
    """Read what a report of a period is made of; `kind` is what it is published as."""
    plan = office.plan(plan_id, period)
    with office.store.reading() as connection:
        facts = returns.facts(connection, plan_id, period, arrived_by=now)
        standing = decisions.figures_of_record(connection, plan_id, period, now)
        return Basis(
            office=office,
            plan=plan,
            period=period,
            now=now,
            facts=facts,
            progress=year_progress(office, plan_id, period, now, facts),
            standings=year_standings(office, plan_id, now),
            submissions={row.id: row for row in returns.submissions(connection, plan_id)},
            statements=returns.statements(connection, plan_id, period, arrived_by=now),
            decisions=decisions.history(connection, plan_id, now),
            reconciled=reconciled(plan, period, facts, standing),
            objections=proofs.objections(connection, plan_id, period, now),
            beta=returns.findings(connection, plan_id, period, Severity.BETA, arrived_by=now),
            cases=cases.cases(connection, plan_id),
            steps=cases.steps(connection, plan_id),
            letters=[
                row
                for row in cases.letters(connection, plan_id)
                if row.period <= str(period) and row.drafted_on <= now.date()
            ],
            published=publications.editions(connection, plan_id, kind),
        )
