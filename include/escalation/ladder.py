"""The ladder (递进措施) as data: steps, their clocks and approvers, the conditions of each track, caps."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from include.escalation.names import LADDER_ORDER, Approver, Step
from include.plan.model import Standing
from include.records.escalation import Track


class Strict(BaseModel):
    """Base of the ladder's values: immutable, no unknown key, no conversion between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Chaser(Strict):
    """When a plain mail chases a return (催报)."""

    document: str
    working_days_before: tuple[int, ...] = Field(
        min_length=1
    )  # before the due date; 0 is the due date itself


class StepRule(Strict):
    """One step: its document, who approves it, its clocks in working days from the day after service."""

    document: str
    template: Literal["letter", "document"]  # which .docx it is written with: 信函格式, or the plain form
    prefix: str  # 代字 its numbers are given under
    approver: Approver
    automatic: bool = False
    reply_days: int = Field(default=0, ge=0)  # until the answer, plan or report
    done_days: int = Field(default=0, ge=0)  # until it is done; 0: the answer is all it asks for
    notice_days: int = Field(default=0, ge=0)  # between service and the interview, at least
    extension_ask_days: int = Field(default=0, ge=0)  # an extension is asked for that long before the end
    extension_decide_days: int = Field(default=0, ge=0)  # and decided within


class Condition(Strict):
    """One reason to take a step. Which of the other keys a rule wants stands in `conditions.RULES`."""

    rule: str
    working_days: int | None = Field(default=None, ge=1)
    periods: int | None = Field(default=None, ge=2)
    new_figures: bool | None = None


class Rung(Strict):
    """One step of a track, with the conditions of which any one is enough."""

    step: Step
    when: tuple[Condition, ...] = Field(min_length=1)
    only_if: Literal["interview_on_reporting", "listing_after_interview"] | None = None


class Cap(Strict):
    """How far the ladder goes for agencies of one standing. `highest` None: shown, never lettered."""

    highest: Step | None
    document: str | None = None  # the name the letter has for them, such as 工作联系函
    approver: Approver | None = None  # who approves instead, outside that agency
    tell_leader: bool = False  # the commission's leader gets a note


class LadderSettings(Strict):
    """What an office can switch."""

    continue_from_last_step: bool
    listing_after_interview: bool
    interview_on_reporting: bool


class Ladder(Strict):
    """The ladder of a plan. `load_ladder` refuses one that can skip a step, loop or never end."""

    mechanism_clause: str  # the clause that makes the four documents a working mechanism
    settings: LadderSettings
    chaser: Chaser
    steps: dict[Step, StepRule]
    tracks: dict[Track, tuple[Rung, ...]]
    standings: dict[Standing, Cap]

    def step(self, step: str) -> StepRule:
        """Look a step up. Raises: ValueError for one there is not."""
        return self.steps[Step(step)]

    def rungs(self, track: Track) -> tuple[Rung, ...]:
        """Give the steps of a track that are switched on, lowest first; none for a track left out."""
        rungs = self.tracks.get(track, ())
        return tuple(r for r in rungs if r.only_if is None or getattr(self.settings, r.only_if))

    def above(self, track: Track, step: str | None) -> Rung | None:
        """Give the next rung of a track above a step (the lowest for None); None at the top."""
        reached = LADDER_ORDER.index(Step(step)) if step else -1
        return next((r for r in self.rungs(track) if LADDER_ORDER.index(r.step) > reached), None)

    def highest(self, standing: Standing) -> Step | None:
        """Give the highest step for a standing; None: no letter at all."""
        return self.standings[standing].highest

    def allows(self, standing: Standing, step: str) -> bool:
        """Tell whether the cap of a standing lets a step be taken."""
        highest = self.highest(standing)
        return highest is not None and LADDER_ORDER.index(Step(step)) <= LADDER_ORDER.index(highest)

    def document(self, standing: Standing, step: str) -> str:
        """Give the name of a step's document for agencies of a standing."""
        return self.standings[standing].document or self.step(step).document

    def approver(self, standing: Standing, step: str) -> Approver:
        """Give the role that approves a step for agencies of a standing."""
        return self.standings[standing].approver or self.step(step).approver

    def automatic(self, standing: Standing, step: str) -> bool:
        """Tell whether a letter goes out by itself; never where a standing changes its form or approver."""
        cap = self.standings[standing]
        return self.step(step).automatic and cap.document is None and cap.approver is None
