"""The life of a letter and of a case: one table each, and an answer for every pair that is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from include.errors import RefusedError
from include.escalation.names import CASE_STATE_NAMES, LETTER_STATE_NAMES
from include.records.escalation import CaseState, LetterState

_L, _C = LetterState, CaseState

# What can happen to a letter. 印发 is the moment it is handed over under its seal: before it a letter is 撤回
# (`withdraw`), after it 撤销 (`revoke`); a number once taken stays in the ledger either way.
LETTER_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "submit": "送签",  # a draft is put before its approver
        "redraft": "改稿",  # the text changes; a waiting letter waits again, under its new hash
        "return": "退回",  # the approver wants it changed, with a reason
        "waive": "免发",  # it is not sent this time, with a reason
        "sign": "签发",  # the approver signs; the day dates the letter
        "number": "取号",  # it takes its number
        "seal": "用印",  # the sealed scan is attached
        "serve": "送达",  # how, to whom, when; an office without paper serves an unsealed letter
        "answer": "答复",  # a reply arrived, late or not: the clock stops
        "expire": "逾期",  # its clock ran out
        "accept": "认可",  # what it asked for is done, or the reply is good enough
        "refuse": "不予认可",  # the reply is not
        "correct": "更正",  # a 更正函 corrects it; it stands
        "withdraw": "撤回",  # taken back before 印发
        "revoke": "撤销",  # taken back after 印发
    }
)

LETTER_MOVES: Mapping[tuple[LetterState, str], LetterState] = MappingProxyType(
    {
        (_L.DRAFT, "submit"): _L.WAITING,
        (_L.DRAFT, "redraft"): _L.DRAFT,
        (_L.DRAFT, "waive"): _L.WAIVED,
        (_L.DRAFT, "withdraw"): _L.WITHDRAWN,
        (_L.WAITING, "redraft"): _L.WAITING,
        (_L.WAITING, "return"): _L.DRAFT,
        (_L.WAITING, "waive"): _L.WAIVED,
        (_L.WAITING, "withdraw"): _L.WITHDRAWN,
        (_L.WAITING, "sign"): _L.SIGNED,
        (_L.SIGNED, "number"): _L.NUMBERED,
        (_L.SIGNED, "withdraw"): _L.WITHDRAWN,
        (_L.NUMBERED, "seal"): _L.SEALED,
        (_L.NUMBERED, "serve"): _L.SERVED,
        (_L.NUMBERED, "withdraw"): _L.WITHDRAWN,
        (_L.SEALED, "serve"): _L.SERVED,
        (_L.SEALED, "withdraw"): _L.WITHDRAWN,
        (_L.SERVED, "answer"): _L.ANSWERED,
        (_L.SERVED, "expire"): _L.OVERDUE,
        (_L.SERVED, "accept"): _L.ACCEPTED,
        (_L.SERVED, "correct"): _L.SERVED,
        (_L.SERVED, "revoke"): _L.REVOKED,
        (_L.ANSWERED, "accept"): _L.ACCEPTED,
        (_L.ANSWERED, "refuse"): _L.OVERDUE,
        (_L.ANSWERED, "correct"): _L.ANSWERED,
        (_L.ANSWERED, "revoke"): _L.REVOKED,
        (_L.OVERDUE, "answer"): _L.ANSWERED,
        (_L.OVERDUE, "accept"): _L.ACCEPTED,
        (_L.OVERDUE, "correct"): _L.OVERDUE,
        (_L.OVERDUE, "revoke"): _L.REVOKED,
        (_L.ACCEPTED, "correct"): _L.ACCEPTED,
        (_L.ACCEPTED, "revoke"): _L.REVOKED,
    }
)

CASE_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "step": "采取措施",  # a step is taken, or taken again
        "extend": "延期",  # until a day, with reason and author
        "accept-reason": "认可正当理由",  # no step up while it stands
        "fulfil": "销号",  # what it asked for is done, with evidence
        "waive": "免予督办",  # the office lets it be, with a reason
        "merge": "并入",  # it goes on in another case
    }
)

CASE_MOVES: Mapping[tuple[CaseState, str], CaseState] = MappingProxyType(
    {
        (_C.OPEN, "step"): _C.OPEN,
        (_C.OPEN, "extend"): _C.OPEN,
        (_C.OPEN, "accept-reason"): _C.OPEN,
        (_C.OPEN, "fulfil"): _C.FULFILLED,
        (_C.OPEN, "waive"): _C.WAIVED,
        (_C.OPEN, "merge"): _C.MERGED,
    }
)


def move_letter(state: LetterState, event: str) -> LetterState:
    """Give the state a letter comes to. Raises: RefusedError saying what it must be first."""
    if (state, event) not in LETTER_MOVES:
        raise RefusedError(_refusal("letter", state, event, LETTER_EVENTS, LETTER_STATE_NAMES, LETTER_MOVES))
    return LETTER_MOVES[state, event]


def move_case(state: CaseState, event: str) -> CaseState:
    """Give the state a case comes to. Raises: RefusedError saying what it must be first."""
    if (state, event) not in CASE_MOVES:
        raise RefusedError(_refusal("case", state, event, CASE_EVENTS, CASE_STATE_NAMES, CASE_MOVES))
    return CASE_MOVES[state, event]


def letter_diagram() -> str:
    """Draw the life of a letter as a Mermaid state diagram."""
    return _diagram(LETTER_STATE_NAMES, LETTER_EVENTS, LETTER_MOVES, _L.DRAFT)


def case_diagram() -> str:
    """Draw the life of a case as a Mermaid state diagram."""
    return _diagram(CASE_STATE_NAMES, CASE_EVENTS, CASE_MOVES, _C.OPEN)


def _refusal(
    what: str,
    state: str,
    event: str,
    events: Mapping[str, str],
    states: Mapping[str, str],
    moves: Mapping[tuple[LetterState, str], LetterState] | Mapping[tuple[CaseState, str], CaseState],
) -> str:
    if event not in events:
        return f"{event!r} is nothing that happens to a {what}; expected one of: {', '.join(events)}"
    allowed = [s for s, e in moves if e == event]
    final = (
        ""
        if any(s == state for s, _ in moves)
        else f"; nothing more can happen to it （{states[state]}为最终状态）"
    )
    wanted = ", ".join(f"{s.value} ({states[s]})" for s in allowed)
    now = f"cannot {event} ({events[event]}) a {what} that is {state} ({states[state]})"
    return f"{now}: it must be {wanted}{final}"


def _diagram(
    states: Mapping[str, str],
    events: Mapping[str, str],
    moves: Mapping[tuple[LetterState, str], LetterState] | Mapping[tuple[CaseState, str], CaseState],
    first: str,
) -> str:
    lines = ["stateDiagram-v2", *(f"    {state}: {name}" for state, name in states.items())]
    lines += [f"    [*] --> {first}"]
    lines += [f"    {state} --> {to}: {events[event]}" for (state, event), to in moves.items()]
    lines += [f"    {state} --> [*]" for state in _final(states, moves)]
    return "\n".join(lines) + "\n"


def _final(states: Iterable[str], moves: Iterable[tuple[str, str]]) -> list[str]:
    begins = {state for state, _ in moves}
    return [state for state in states if state not in begins]
