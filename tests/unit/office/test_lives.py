"""Every life there is has an answer for every state and event."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from include.errors import RefusedError
from include.office.lives import LIVES, page
from include.records.life import Life
from include.records.message_life import may_become
from include.records.messages import MessageState
from tests.states import PAGE

PAIRS = [
    pytest.param(life, state, event, id=f"{life.what}-{state}-{event}")
    for life in LIVES
    for state, event in product(life.states, life.events)
]


def test_the_five_lives_are_told() -> None:
    assert [life.what for life in LIVES] == ["return", "submission", "case", "letter", "message"]


@pytest.mark.parametrize(("life", "state", "event"), PAIRS)
def test_every_event_in_every_state_leads_somewhere_or_is_refused_with_what_it_must_be(
    life: Life[Any], state: str, event: str
) -> None:
    kind = type(life.first)
    if life.may(kind(state), event):
        assert life.move(kind(state), event) in life.states
        return
    with pytest.raises(RefusedError, match=f"不能{life.events[event]}；须为“") as refused:
        life.move(kind(state), event)
    assert life.states[state] in str(refused.value)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.what)
def test_a_life_names_all_its_states_and_reaches_every_one(life: Life[Any]) -> None:
    assert set(life.states) == {member.value for member in type(life.first)}
    assert {event for _, event in life.moves} == set(life.events)
    reached = {life.first, *life.moves.values()}
    outside = {MessageState.RENDERING} if life.what == "message" else set()  # where a letter's message begins
    assert reached | outside == set(type(life.first))


def test_the_outbox_is_held_to_the_life_of_a_message() -> None:
    assert may_become(MessageState.PENDING, MessageState.SENDING)
    assert not may_become(MessageState.SENT, MessageState.SENDING)


def test_the_page_of_the_docs_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.states"
