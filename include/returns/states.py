"""The states of a submission (报送件) as one table: what each event makes of each state.

A file is taken once and settled once. What it is settled as never changes: an agency that corrects its return
sends another file, which is another submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from include.errors import RefusedError
from include.records.submissions import SubmissionState


class SubmissionEvent(StrEnum):
    """What can happen to a submission."""

    ACCEPT = "accept"  # read and without error
    RETURN = "return"  # read, with errors to correct
    FAIL_TO_READ = "fail-to-read"  # encrypted, corrupt, hostile, not a template
    FIND_DUPLICATE = "find-duplicate"  # the same bytes as the submission that counts
    FIND_FOREIGN = "find-foreign"  # another agency's, period's or plan's workbook
    FIND_LOCKED = "find-locked"  # its period is locked and no late filing was allowed
    FIND_COMPANION = "find-companion"  # a scan, picture or document


_S, _E = SubmissionState, SubmissionEvent

TRANSITIONS: Mapping[tuple[SubmissionState, SubmissionEvent], SubmissionState] = MappingProxyType(
    {
        (_S.TAKEN, _E.ACCEPT): _S.ACCEPTED,
        (_S.TAKEN, _E.RETURN): _S.RETURNED,
        (_S.TAKEN, _E.FAIL_TO_READ): _S.UNREADABLE,
        (_S.TAKEN, _E.FIND_DUPLICATE): _S.DUPLICATE,
        (_S.TAKEN, _E.FIND_FOREIGN): _S.FOREIGN,
        (_S.TAKEN, _E.FIND_LOCKED): _S.TOO_LATE,
        (_S.TAKEN, _E.FIND_COMPANION): _S.COMPANION,
    }
)
FINAL = frozenset(TRANSITIONS.values())


def can_settle(state: SubmissionState, event: SubmissionEvent) -> bool:
    """Tell whether the event may happen in that state."""
    return (state, event) in TRANSITIONS


def settle(state: SubmissionState, event: SubmissionEvent) -> SubmissionState:
    """Give the state the event leads to.

    Raises:
        RefusedError: the submission is settled already.
    """
    if not can_settle(state, event):
        raise RefusedError(
            f"submission is {state} and cannot take event {event}; "
            "a settled file stays as it is: a correction is a new submission"
        )
    return TRANSITIONS[state, event]


def diagram() -> str:
    """Give the table as a Mermaid state diagram."""
    lines = [f"    {before} --> {after}: {event}" for (before, event), after in TRANSITIONS.items()]
    ends = [f"    {state} --> [*]" for state in sorted(FINAL)]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {_S.TAKEN}", *lines, *ends]) + "\n"
