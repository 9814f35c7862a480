"""The state tables of letters and cases: every pair of state and event has an answer."""

import pytest

from include.errors import RefusedError
from include.escalation import (
    CASE_EVENTS,
    CASE_LIFE,
    CASE_MOVES,
    CASE_STATE_NAMES,
    LETTER_EVENTS,
    LETTER_LIFE,
    LETTER_MOVES,
    LETTER_STATE_NAMES,
    move_case,
    move_letter,
)
from include.records.escalation import CaseState, LetterState

LETTER_PAIRS = [(state, event) for state in LetterState for event in LETTER_EVENTS]
CASE_PAIRS = [(state, event) for state in CaseState for event in CASE_EVENTS]


@pytest.mark.parametrize(("state", "event"), LETTER_PAIRS)
def test_every_event_of_a_letter_moves_it_or_is_refused_with_a_reason(state: LetterState, event: str):
    if (state, event) in LETTER_MOVES:
        assert move_letter(state, event) is LETTER_MOVES[state, event]
        return
    with pytest.raises(RefusedError, match=f"不能{LETTER_EVENTS[event]}；须为“") as refused:
        move_letter(state, event)
    assert LETTER_STATE_NAMES[state] in str(refused.value)


@pytest.mark.parametrize(("state", "event"), CASE_PAIRS)
def test_every_event_of_a_case_moves_it_or_is_refused_with_a_reason(state: CaseState, event: str):
    if (state, event) in CASE_MOVES:
        assert move_case(state, event) is CASE_MOVES[state, event]
        return
    with pytest.raises(RefusedError, match=f"已是最终状态，不能{CASE_EVENTS[event]}；须为“督办中”"):
        move_case(state, event)


def test_an_event_nobody_knows_is_refused_with_those_there_are():
    with pytest.raises(RefusedError, match=r"文书没有“burn”这一步；.*submit"):
        move_letter(LetterState.DRAFT, "burn")
    with pytest.raises(RefusedError, match="没有“burn”这一步"):
        move_case(CaseState.OPEN, "burn")


def test_the_tables_name_every_state_and_use_every_event():
    assert set(LETTER_STATE_NAMES) == {s.value for s in LetterState}
    assert set(CASE_STATE_NAMES) == {s.value for s in CaseState}
    assert {event for _, event in LETTER_MOVES} == set(LETTER_EVENTS)
    assert {event for _, event in CASE_MOVES} == set(CASE_EVENTS)


def test_every_state_can_be_reached_from_a_draft():
    reached, edge = {LetterState.DRAFT}, {LetterState.DRAFT}
    while edge:
        edge = {to for (state, _), to in LETTER_MOVES.items() if state in edge} - reached
        reached |= edge
    assert reached == set(LetterState)


def test_a_letter_goes_from_draft_to_accepted_as_the_procedure_says():
    state = LetterState.DRAFT
    for event in ("submit", "sign", "number", "seal", "serve", "answer", "accept"):
        state = move_letter(state, event)
    assert state is LetterState.ACCEPTED


def test_a_letter_is_taken_back_by_withdrawal_until_it_is_served_and_by_revocation_after():
    taken_back = {
        s: e for (s, e), to in LETTER_MOVES.items() if to in (LetterState.WITHDRAWN, LetterState.REVOKED)
    }
    before = (
        LetterState.DRAFT,
        LetterState.WAITING,
        LetterState.SIGNED,
        LetterState.NUMBERED,
        LetterState.SEALED,
    )
    after = (LetterState.SERVED, LetterState.ANSWERED, LetterState.OVERDUE, LetterState.ACCEPTED)
    assert taken_back == dict.fromkeys(before, "withdraw") | dict.fromkeys(after, "revoke")


def test_the_diagrams_draw_every_transition_with_its_chinese_name():
    letter, case = LETTER_LIFE.diagram(), CASE_LIFE.diagram()
    assert letter.startswith("stateDiagram-v2\n")
    assert "    waiting --> signed: 签发" in letter
    assert "    [*] --> draft" in letter
    assert "    waived --> [*]" in letter
    assert letter.count(" --> ") == len(LETTER_MOVES) + 1 + 3
    assert case.count(" --> ") == len(CASE_MOVES) + 1 + 3
