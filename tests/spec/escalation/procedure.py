"""What the tests of the procedure speak with: the real ladder and calendar, and matters in a few words.

The days used: August 2024 was due on Friday 6 September. Saturday 14 September was worked, 15–17 September
and 1–7 October were holidays, so five working days after 10 September end on the 18th.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from include.escalation import Ladder, decide, load_ladder, reply_due
from include.plan import Period
from include.plan.model import Standing
from include.records.escalation import CaseFacts, LetterState, Proposal, StepTaken, Track
from include.workdays import WorkCalendar

PLAN = Path(__file__).resolve().parents[3] / "plans" / "pinghu-2024"
LADDER = load_ladder(PLAN / "ladder.yaml")
CALENDAR = WorkCalendar()
AUGUST = Period(2024, 8)
DUE = date(2024, 9, 6)


def day(month: int, number: int, year: int = 2024) -> date:
    return date(year, month, number)


def switched(**settings: bool) -> Ladder:
    return LADDER.model_copy(update={"settings": LADDER.settings.model_copy(update=settings)})


def matter(track: Track, **changes: Any) -> CaseFacts:
    steps = changes.get("steps", ())
    known: dict[str, Any] = {
        "case_id": 1 if steps else None, "agency_id": "education", "track": track, "matter": track.value,
        "standing": Standing.GOVERNMENT, "letters": True, "steps": (), "extension_until": None,
        "opened_on": steps[0].proposed_on if steps else None, "accepted_reason": False, "carried_step": None,
    }  # fmt: skip
    return CaseFacts(**known | changes)


def missing(**changes: Any) -> CaseFacts:
    """August's return is missing."""
    return matter(Track.REPORTING, **{"overdue": ((AUGUST, DUE),), "late_running": 1} | changes)


def lights(*colours: str, last: Period = AUGUST, **changes: Any) -> CaseFacts:
    """An indicator with these lights, the last one of `last`."""
    periods = [last.shift(n - len(colours) + 1) for n in range(len(colours))]
    return matter(Track.PROGRESS, lights=tuple(zip(periods, colours, strict=True)), **changes)


def taken(step: str, served: date | None = None, **changes: Any) -> StepTaken:
    """A step, served on a day and unanswered; its reply is due as the ladder says."""
    known: dict[str, Any] = {
        "step": step, "round": 1, "proposed_on": served or day(9, 9),
        "letter_state": LetterState.SERVED if served else LetterState.WAITING, "served_on": served,
        "reply_due_on": reply_due(served, step, LADDER, CALENDAR) if served else None,
        "answered_on": None, "accepted_on": None,
    }  # fmt: skip
    return StepTaken(**known | changes)


def aside(step: str, proposed: date, state: LetterState = LetterState.WAIVED) -> StepTaken:
    """A step a person set aside."""
    return taken(step, proposed_on=proposed, letter_state=state)


def on(as_of: date, facts: CaseFacts, ladder: Ladder = LADDER) -> Proposal | None:
    """Give what is proposed for the matter on a day."""
    proposals = decide((facts,), ladder, CALENDAR, as_of)
    return proposals[0] if proposals else None


def step_on(as_of: date, facts: CaseFacts, ladder: Ladder = LADDER) -> str | None:
    """Give the step proposed for the matter on a day, or None."""
    proposal = on(as_of, facts, ladder)
    return proposal.step if proposal and proposal.action == "open-step" else None
