"""Closing cases (销号): what was asked for is done; an unsigned letter is withdrawn with its last case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.errors import RefusedError
from include.escalation import decide, move_case, move_letter
from include.office.desk import Asked, Office, record
from include.office.matters import Situation, matters_of, situation
from include.records.escalation import CaseState, LetterState, Proposal
from include.store import cases

_UNSIGNED = (LetterState.WAITING, LetterState.DRAFT)


@dataclass(frozen=True, slots=True)
class Closure:
    """How a case ends: the event of its life, why, when, by whom, with what beside it in its row."""

    event: str
    because: str
    on: date
    now: datetime
    actor: str = "duban"
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])


def close_fulfilled(office: Office, plan_id: str, asked: Asked, now: Situation | None = None) -> int:
    """Close every case whose matter is settled as of the day asked; gives how many.

    Done before a letter is signed, too: nobody signs about something that was put right since it was drafted.
    """
    now = now or situation(office, plan_id, asked.at)
    if now is None:
        return 0
    proposals = decide(matters_of(now), office.ladder(plan_id), office.calendar(plan_id), asked.as_of)
    return close(office, [p for p in proposals if p.action == "close"], asked)


def close(office: Office, proposals: Sequence[Proposal], asked: Asked) -> int:
    """Close the cases of these proposals; gives how many were open."""
    return sum(_close(office, proposal, asked) for proposal in proposals)


def _close(office: Office, proposal: Proposal, asked: Asked) -> bool:
    how = Closure("fulfil", "；".join(proposal.reasons), asked.as_of, asked.now)
    with office.store.writing() as connection:
        row = cases.case(connection, proposal.case_id) if proposal.case_id is not None else None
        if row is None or row.state != CaseState.OPEN:
            return False
        end_case(connection, row, how)
    return True


def end_case(connection: Connection, row: Row[Any], how: Closure) -> None:
    """Close a case inside the caller's transaction; letters about nothing else are withdrawn with it.

    Raises:
        RefusedError: it is closed already.
    """
    state = CaseState(row.state)
    closed: dict[str, Any] = {"state": move_case(state, how.event), "closed_on": how.on}
    values = {**closed, "closed_because": how.because, **how.values}
    if not cases.change_case(connection, row.id, state, **values):
        raise RefusedError(f"督办事项{row.id}刚由别人办结，请重新查看再办")
    body = {"agency": row.agency_id, "matter": row.matter, "how": how.event, "reasons": [how.because]}
    record(connection, row.plan_id, how.now, "case-closed", f"case/{row.id}", {**body, **how.body}, how.actor)
    _withdraw_unsigned(connection, row.plan_id, row.id, how.now)


def _withdraw_unsigned(connection: Connection, plan_id: str, case_id: int, now: datetime) -> None:
    for letter in cases.letters(connection, plan_id, *_UNSIGNED):
        about = cases.matters_of(connection, letter.id)
        if any(row.id == case_id for row in about) and all(row.state != CaseState.OPEN for row in about):
            state = LetterState(letter.state)
            if cases.change_letter(connection, letter.id, state, state=move_letter(state, "withdraw")):
                body = {"why": "事由已消除，督办事项已销号"}
                record(connection, plan_id, now, "letter-withdrawn", f"letter/{letter.id}", body)
