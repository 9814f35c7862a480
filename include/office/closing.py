"""Closing cases (销号): what was asked for is done; an unsigned letter is withdrawn with its last case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from include.escalation import decide, move_case, move_letter
from include.office.desk import Asked, Office, record
from include.office.matters import Situation, matters_of, situation
from include.records.escalation import CaseState, LetterState, Proposal
from include.store import cases

_UNSIGNED = (LetterState.WAITING, LetterState.DRAFT)


def close_fulfilled(office: Office, plan_id: str, asked: Asked, now: Situation | None = None) -> int:
    """Close every case whose matter is settled as of the day asked; gives how many.

    Done before a letter is signed, too: nobody signs about something that was put right since it was drafted.
    """
    now = now or situation(office, plan_id, asked.at)
    if now is None:
        return 0
    proposals = decide(matters_of(now), office.ladder(plan_id), office.calendar(plan_id), asked.as_of)
    return close(office, plan_id, [p for p in proposals if p.action == "close"], asked)


def close(office: Office, plan_id: str, proposals: Sequence[Proposal], asked: Asked) -> int:
    """Close the cases of these proposals; gives how many were open."""
    return sum(_close(office, plan_id, proposal, asked) for proposal in proposals)


def _close(office: Office, plan_id: str, proposal: Proposal, asked: Asked) -> bool:
    if proposal.case_id is None:
        return False
    to, because = move_case(CaseState.OPEN, "fulfil"), "；".join(proposal.reasons)
    with office.store.writing() as connection:
        if not cases.close_case(connection, proposal.case_id, to, asked.as_of, because):
            return False
        body = {"agency": proposal.agency_id, "matter": proposal.matter, "reasons": list(proposal.reasons)}
        record(connection, plan_id, asked.now, "case-closed", f"case/{proposal.case_id}", body)
        _withdraw_unsigned(connection, plan_id, proposal.case_id, asked)
    return True


def _withdraw_unsigned(connection: Connection, plan_id: str, case_id: int, asked: Asked) -> None:
    for letter in cases.letters(connection, plan_id, *_UNSIGNED):
        about = cases.matters_of(connection, letter.id)
        if any(row.id == case_id for row in about) and all(row.state != CaseState.OPEN for row in about):
            state = LetterState(letter.state)
            if cases.change_letter(connection, letter.id, state, state=move_letter(state, "withdraw")):
                body = {"why": "事由已消除，督办事项已销号"}
                record(connection, plan_id, asked.now, "letter-withdrawn", f"letter/{letter.id}", body)
