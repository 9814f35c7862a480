"""Joint duties (共同任务): clauses several agencies share, and which of them spoke."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from include.office.desk import Office, open_office
from include.plan import Clause, Period, Plan
from include.records.figures import FilledForm
from include.records.reports import JointDutyRow
from include.records.submissions import Filing
from include.store import returns

Said = Mapping[tuple[str, str], str]  # the status given, by agency and clause; empty if the cell is blank
NOT_FILED, NOT_SAID, EXEMPT = "未报", "未填", "免报"
SILENT = (NOT_FILED, NOT_SAID)
_MOST_NAMES = 8  # in one line of a receipt; what is beyond is counted


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said of a month's clauses so far, and whose returns were accepted or are not owed."""

    said: Said
    filings: Mapping[str, Filing]


def joint_rows(
    plan: Plan, period: Period, said: Said, filings: Mapping[str, Filing]
) -> Iterator[JointDutyRow]:
    """Show for every clause that several agencies share and that is due how each of them stands."""
    for clause in plan.clauses:
        owners = plan.owners(clause.id)
        if len(owners) > 1 and clause.cadence.due_in(period):
            states = ((plan.agency(owner).name, state_of(owner, clause, said, filings)) for owner in owners)
            yield JointDutyRow(clause.id, clause.title, owners, tuple(states))


def state_of(agency_id: str, clause: Clause, said: Said, filings: Mapping[str, Filing]) -> str:
    """Say how an agency stands to a clause that is due: the status it gave, else 未填, 未报 or 免报."""
    filed = {Filing.ACCEPTED: NOT_SAID, Filing.EXEMPT: EXEMPT}
    return said.get((agency_id, clause.id)) or filed.get(filings.get(agency_id, Filing.NONE), NOT_FILED)


def statuses(statements: Sequence[Row[Any]]) -> dict[tuple[str, str], str]:
    """Give the status each agency gave each clause."""
    return {(row.agency_id, row.clause_id): row.status or "" for row in statements}


def joint_duties(plan: str, period: str, *, office: Office | None = None) -> list[dict[str, Any]]:
    """List the joint duties of a month, as plain values.

    Each has `clause`, `title`, `states` (`[{agency, name, state}]`) and `silent` (names of the silent ones).
    """
    office = office or open_office()
    which = office.period(plan, period)
    known = spoken(office, plan, which)
    return [
        {
            "clause": row.clause_id,
            "title": row.title,
            "states": [
                {"agency": agency, "name": name, "state": state}
                for agency, (name, state) in zip(row.agency_ids, row.states, strict=True)
            ],
            "silent": list(row.silent),
        }
        for row in joint_rows(office.plan(plan, which), which, known.said, known.filings)
    ]


def joint_lines(
    known: Spoken, plan: Plan, period: Period, agency_id: str, form: FilledForm
) -> tuple[tuple[str, str], ...]:
    """Say in an agency's receipt, for each clause it shares, who of the owners has spoken so far.

    `form` is what the agency files just now: its own part counts as said.
    """
    said = {**known.said, **{(agency_id, s.clause_id): s.status or "" for s in form.statements}}
    filings = {**known.filings, agency_id: Filing.ACCEPTED}
    return tuple(
        (f"{row.clause_id} {row.title}", _words(row))
        for row in joint_rows(plan, period, said, filings)
        if agency_id in row.agency_ids
    )


def spoken(office: Office, plan_id: str, period: Period) -> Spoken:
    """Give what was said of a month so far."""
    with office.store.reading() as connection:
        said = statuses(returns.statements(connection, plan_id, period))
        owed = returns.agency_returns(connection, plan_id, period)
        accepted = returns.accepted_agencies(connection, plan_id, period)
    exempt = {row.agency_id: Filing.EXEMPT for row in owed if row.exempt_reason}
    return Spoken(said, exempt | dict.fromkeys(accepted, Filing.ACCEPTED))


def _words(row: JointDutyRow) -> str:
    told = (("已报", row.filed), ("尚未报", row.silent), ("免报", row.exempt))
    return "；".join(f"{word}{len(names)}家（{_names(names)}）" for word, names in told if names)


def _names(names: Sequence[str]) -> str:
    more = "等" if len(names) > _MOST_NAMES else ""
    return "、".join(names[:_MOST_NAMES]) + more
