"""The table of a submission's states is complete."""

from __future__ import annotations

from itertools import product

import pytest

from include.errors import RefusedError
from include.records.submissions import SubmissionState
from include.returns.states import SUBMISSION_LIFE, TRANSITIONS, SubmissionEvent, settle


def test_a_file_that_was_taken_can_become_anything_else_by_exactly_one_event() -> None:
    from_taken = [after for (before, _), after in TRANSITIONS.items() if before is SubmissionState.TAKEN]
    assert sorted(from_taken) == sorted(set(SubmissionState) - {SubmissionState.TAKEN})
    assert {event for _, event in TRANSITIONS} == set(SubmissionEvent)


def test_every_state_is_either_taken_or_final() -> None:
    assert set(SubmissionState) == {SubmissionState.TAKEN, *SUBMISSION_LIFE.final}


@pytest.mark.parametrize(("state", "event"), list(product(SubmissionState, SubmissionEvent)))
def test_every_pair_of_state_and_event_is_answered(state: SubmissionState, event: SubmissionEvent) -> None:
    if state is SubmissionState.TAKEN:
        assert settle(state, event) in SUBMISSION_LIFE.final
    else:
        with pytest.raises(RefusedError, match=f"不能{SUBMISSION_LIFE.events[event]}；须为“"):
            settle(state, event)
