"""Deciding what the ladder says today: pure, a function of the facts, the ladder, the calendar and the day.

How a matter is looked at, in this order:

1. What was asked for is done: the case closes. A listing that was served ends with its 解除 notice first.
2. Nothing while a person has the word: a letter that is a draft, waits or is not served yet; an extension; an accepted
   reason; a step already proposed for the day.
3. Nothing while a clock runs: the step up comes when the whole clock of the last letter has run out.
4. Otherwise the next rung, if one of its conditions holds; past the cap or the top, `show` says so.

A step a person set aside (waived, withdrawn, revoked) was not taken: the case stays open and where it was, and holds.
It goes on only for a cause newer than that decision — another period, another light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from include.escalation.conditions import Cause, Sight, cause
from include.escalation.days import SET_ASIDE, UNSERVED, clock_ends_on, day_text, may_be_dated
from include.escalation.ladder import Ladder, Rung
from include.escalation.names import NOTE, STANDING_NAMES, Action, Step
from include.records.escalation import CaseFacts, Proposal, StepTaken
from include.workdays import WorkCalendar


def decide(
    matters: Sequence[CaseFacts], ladder: Ladder, calendar: WorkCalendar, as_of: date
) -> tuple[Proposal, ...]:
    """Propose what the ladder says for a day: at most one proposal a matter.

    A matter whose period was settled otherwise (exempt, case waived) must not be among the facts as overdue: what a
    closed case decided is not seen here.
    """
    proposals = (_Matter(facts, ladder, calendar, as_of).decide() for facts in matters)
    return tuple(proposal for proposal in proposals if proposal is not None)


@dataclass(frozen=True)
class _Matter:
    """One matter on one day."""

    facts: CaseFacts
    ladder: Ladder
    calendar: WorkCalendar
    as_of: date

    def decide(self) -> Proposal | None:
        if self.facts.fulfilled:
            return self._end()
        if self._held():
            return None
        if not self.facts.letters or self.ladder.standings[self.facts.standing].highest is None:
            return self._unlettered()
        return self._climb()

    # -- what counts ---------------------------------------------------------------------------------------------

    @property
    def _last(self) -> StepTaken | None:
        """The last step that was taken and not set aside."""
        return next((s for s in reversed(self.facts.steps) if s.letter_state not in SET_ASIDE), None)

    @property
    def _reached(self) -> str | None:
        """The step the matter stands at: its case's last one, or the one carried over from the case before."""
        if self._last:
            return self._last.step
        return self.facts.carried_step if self.ladder.settings.continue_from_last_step else None

    def _held(self) -> bool:
        facts, last = self.facts, self._last
        if facts.accepted_reason or (
            facts.extension_until is not None and facts.extension_until >= self.as_of
        ):
            return True
        if any(s.letter_state in UNSERVED or s.proposed_on >= self.as_of for s in facts.steps):
            return True
        ends = clock_ends_on(last, self.ladder, self.calendar) if last else None
        return last is not None and (ends is None or ends >= self.as_of)

    # -- the end -------------------------------------------------------------------------------------------------

    def _end(self) -> Proposal | None:
        if self.facts.case_id is None:
            return None
        lifting = [s for s in self.facts.steps if s.step == Step.LIFTING]
        if any(s.letter_state in UNSERVED for s in lifting):
            return None
        day = day_text(self.as_of)
        if lifting:
            return self._close("lifted", f"挂牌督办的解除已有决定，截至{day}事项已办结，予以销号。")
        if self._listed:
            why = f"截至{day}，挂牌督办事项已按要求完成整改，应予解除。"
            return self._open(Step.LIFTING, (Cause("fulfilled", self.as_of, why),))
        return self._close("fulfilled", f"截至{day}，督办要求事项已办结，予以销号。")

    @property
    def _listed(self) -> bool:
        """A listing is in force: it was served and not set aside."""
        return any(
            s.step == Step.LISTING and s.letter_state not in SET_ASIDE | UNSERVED for s in self.facts.steps
        )

    def _close(self, rule: str, why: str) -> Proposal:
        return self._proposal(Action.CLOSE, self._last.step if self._last else "", (why,), rule)

    # -- up ------------------------------------------------------------------------------------------------------

    def _climb(self) -> Proposal | None:
        rung = self.ladder.above(self.facts.track, self._reached)
        if rung is None:
            return self._again() or self._at_top()
        causes = self._causes(rung)
        if not causes:
            return self._again()
        if not self.ladder.allows(self.facts.standing, rung.step):
            return self._again() or self._capped(causes)
        return self._open(rung.step, causes)

    def _again(self) -> Proposal | None:
        """A matter that comes back takes the step it had once more, if nothing calls for the next one."""
        if self._last or self._reached is None or not self.ladder.allows(self.facts.standing, self._reached):
            return None
        causes = self._causes(self.ladder.rungs(self.facts.track)[0])
        return self._open(Step(self._reached), causes) if causes else None

    def _causes(self, rung: Rung) -> tuple[Cause, ...]:
        """What calls for a rung today, less what a person has dealt with by setting a step aside."""
        sight = Sight(self.facts, self._last, self.ladder, self.calendar, self.as_of)
        dealt_with = max(
            (s.proposed_on for s in self.facts.steps if s.letter_state in SET_ASIDE), default=None
        )
        found = (cause(condition, sight) for condition in rung.when)
        return tuple(c for c in found if c and (dealt_with is None or c.since > dealt_with))

    def _open(self, step: Step, causes: tuple[Cause, ...]) -> Proposal:
        reasons = [c.sentence for c in causes]
        if self.ladder.standings[self.facts.standing].tell_leader:
            document = self.ladder.document(self.facts.standing, step)
            reasons.append(f"{NOTE}该单位为{self._standing}，发{document}，同时向食药安委领导报告。")
        return self._proposal(Action.OPEN_STEP, step, tuple(reasons), causes[0].rule)

    # -- nothing more, and why -----------------------------------------------------------------------------------

    def _unlettered(self) -> Proposal | None:
        causes = self._causes(self.ladder.rungs(self.facts.track)[0])
        if not causes:
            return None
        why = f"该单位（{self._standing}）的事项只公示、不发文。"
        return self._proposal(Action.SHOW, "", (*(c.sentence for c in causes), why), "not-lettered")

    def _capped(self, causes: tuple[Cause, ...]) -> Proposal:
        reached = self._reached
        highest = self.ladder.document(self.facts.standing, reached) if reached else "不发文"
        why = f"该单位为{self._standing}，最高措施为{highest}，不再升级，请报食药安委领导协调。"
        return self._proposal(Action.SHOW, reached or "", (*(c.sentence for c in causes), why), "cap-reached")

    def _at_top(self) -> Proposal | None:
        if self._last is None:
            return None
        document = self.ladder.document(self.facts.standing, self._last.step)
        why = f"{document}期限已届满，截至{day_text(self.as_of)}事项尚未办结；递进措施已到最后一步，请食药安办研究。"
        return self._proposal(Action.SHOW, self._last.step, (why,), "top-reached")

    # -- the value -----------------------------------------------------------------------------------------------

    @property
    def _standing(self) -> str:
        return STANDING_NAMES[self.facts.standing]

    def _proposal(self, action: Action, step: str, reasons: tuple[str, ...], rule: str) -> Proposal:
        letter = action is Action.OPEN_STEP
        taken = sum(s.step == step for s in self.facts.steps)
        provisional = letter and not may_be_dated(self.calendar, self.as_of)
        if provisional:
            reasons += (f"{NOTE}{self.as_of.year}年放假安排尚未公布，工作日为暂定，本件只拟稿，不得签发。",)
        return Proposal(
            action=action.value,
            agency_id=self.facts.agency_id,
            track=self.facts.track,
            matter=self.facts.matter,
            case_id=self.facts.case_id,
            step=str(step),
            round=taken + 1 if letter else taken,
            reasons=reasons,
            rule=rule,
            automatic=self.ladder.step(step).automatic if letter else False,
            approver=self.ladder.approver(self.facts.standing, step).value if letter else "",
            provisional=provisional,
        )
