"""Deciding what the ladder says today: pure, a function of the facts, the ladder, the calendar and the day.

A matter is looked at in this order:

1. What was asked for is done: the case closes. A listing that was served first gets its 解除 notice.
2. Nothing while a person has the word: a letter not served yet (draft, waiting, signed …), an extension, an
   accepted reason, a step proposed for the day already.
3. Nothing while a clock runs: the step up comes when the whole clock of the last letter has run out.
4. Otherwise the next rung, if one of its conditions holds. Past the cap or the top `show` says so.

A track the ladder does not have (a leader's instruction, major risks where they are left out) takes no step.

A step that a person set aside (waived, withdrawn, revoked) was not taken: the case stays open, where it was,
and holds. It goes on only for a cause that is newer than that step: another period, another light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from include.escalation.conditions import Cause, Sight, cause
from include.escalation.days import SET_ASIDE, UNSERVED, clock_ends_on, day_text, may_be_dated
from include.escalation.ladder import Ladder, Rung
from include.escalation.names import NOTE, STANDING_NAMES, Action, Step
from include.records.escalation import CaseFacts, LetterState, Proposal, StepTaken
from include.workdays import WorkCalendar


def decide(
    matters: Sequence[CaseFacts], ladder: Ladder, calendar: WorkCalendar, as_of: date
) -> tuple[Proposal, ...]:
    """Propose what the ladder says for a day: at most one proposal a matter, see `Action`.

    The facts carry only what is still open: a period that was settled otherwise (免报, a waived case) is not
    overdue, for what a closed case decided is not seen here.
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
        if not self.facts.letters or self.ladder.highest(self.facts.standing) is None:
            return self._unlettered()
        if self._last and self._clock_runs(self._last):
            return self._plan_overdue(self._last)
        return self._climb()

    # where the matter stands

    @property
    def _last(self) -> StepTaken | None:
        """The last step that was taken and not set aside."""
        return next((s for s in reversed(self.facts.steps) if s.letter_state not in SET_ASIDE), None)

    @property
    def _reached(self) -> str | None:
        """The step the matter stands at: its own last one, or the one carried over from the case before."""
        if self._last:
            return self._last.step
        return self.facts.carried_step if self.ladder.settings.continue_from_last_step else None

    def _held(self) -> bool:
        """Tell whether a person has the word."""
        facts = self.facts
        extended = facts.extension_until is not None and facts.extension_until >= self.as_of
        pending = any(s.letter_state in UNSERVED or s.proposed_on >= self.as_of for s in facts.steps)
        return facts.accepted_reason or extended or pending

    def _clock_runs(self, last: StepTaken) -> bool:
        ends_on = clock_ends_on(last, self.ladder, self.calendar)
        return ends_on is None or ends_on >= self.as_of

    # the end

    def _end(self) -> Proposal | None:
        if self.facts.case_id is None:
            return None
        day = day_text(self.as_of)
        lifting = [s for s in self.facts.steps if s.step == Step.LIFTING]
        if any(s.letter_state in UNSERVED for s in lifting):
            return None
        if lifting:
            return self._close("lifted", f"挂牌督办的解除已有决定，截至{day}事项已办结，予以销号。")
        if self._listed:
            why = f"截至{day}，挂牌督办事项已按要求完成整改，应予解除。"
            return self._open(Step.LIFTING, (Cause("fulfilled", self.as_of, why),))
        return self._close("fulfilled", f"截至{day}，督办要求事项已办结，予以销号。")

    @property
    def _listed(self) -> bool:
        """True while a listing is in force: served and not set aside."""
        listings = [s for s in self.facts.steps if s.step == Step.LISTING]
        return any(s.letter_state not in SET_ASIDE | UNSERVED for s in listings)

    def _close(self, rule: str, why: str) -> Proposal:
        return self._proposal(Action.CLOSE, self._last.step if self._last else "", (why,), rule)

    # up

    def _climb(self) -> Proposal | None:
        rung = self.ladder.above(self.facts.track, self._reached)
        causes = self._causes(rung) if rung else ()
        if rung and causes and self.ladder.allows(self.facts.standing, rung.step):
            return self._open(rung.step, causes)
        return self._again() or self._no_further(rung, causes)

    def _again(self) -> Proposal | None:
        """Take the step a matter had once more, if it comes back and nothing calls for the next one."""
        reached = self._reached
        if self._last or reached is None or not self.ladder.allows(self.facts.standing, reached):
            return None
        causes = self._first_causes()
        return self._open(Step(reached), causes) if causes else None

    def _first_causes(self) -> tuple[Cause, ...]:
        """Give what would begin the ladder today; nothing on a track that has no steps."""
        rungs = self.ladder.rungs(self.facts.track)
        return self._causes(rungs[0]) if rungs else ()

    def _causes(self, rung: Rung) -> tuple[Cause, ...]:
        """Give what calls for a rung today, less what a person has dealt with by setting a step aside."""
        sight = Sight(self.facts, self._last, self.ladder, self.calendar, self.as_of)
        aside = [s.proposed_on for s in self.facts.steps if s.letter_state in SET_ASIDE]
        found = (cause(condition, sight) for condition in rung.when)
        return tuple(c for c in found if c and all(c.after >= day for day in aside))

    def _open(self, step: Step, causes: tuple[Cause, ...]) -> Proposal:
        reasons = [c.sentence for c in causes]
        if self._last is None and self._reached:  # who reads the letter has to see why it begins so high
            before = self.ladder.document(self.facts.standing, self._reached)
            reasons.append(f"同一事项此前已发{before}，本次接着办理。")
        if self.ladder.standings[self.facts.standing].tell_leader:
            document = self.ladder.document(self.facts.standing, step)
            reasons.append(f"{NOTE}该单位为{self._standing}，发{document}，同时向食药安委领导报告。")
        if self._provisional:
            reasons.append(f"{NOTE}{self.as_of.year}年放假安排尚未公布，工作日为暂定，本件只拟稿，不得签发。")
        return self._proposal(Action.OPEN_STEP, step, tuple(reasons), causes[0].rule)

    # nothing, and why

    def _unlettered(self) -> Proposal | None:
        causes = self._first_causes()
        why = f"{NOTE}该单位（{self._standing}）的事项只公示、不发文。"
        return self._show("", causes, why, "not-lettered") if causes else None

    def _plan_overdue(self, last: StepTaken) -> Proposal | None:
        """Show that the plan a letter asked for is late, while the clock of the whole still runs."""
        due, waited = last.reply_due_on, last.letter_state in (LetterState.SERVED, LetterState.OVERDUE)
        if due is None or due >= self.as_of or not waited or last.answered_on or self._has_plan(last):
            return None
        document = self.ladder.document(self.facts.standing, last.step)
        why = (
            f"{NOTE}{document}要求于{day_text(due)}前报送的方案至{day_text(self.as_of)}未收到，办理期限未满。"
        )
        return self._show(last.step, (), why, "plan-overdue")

    def _has_plan(self, last: StepTaken) -> bool:
        """Tell whether a 整改方案 came in for the letter, outside its reply."""
        plan_on = self.facts.plan_on
        return plan_on is not None and last.served_on is not None and plan_on >= last.served_on

    def _no_further(self, rung: Rung | None, causes: tuple[Cause, ...]) -> Proposal | None:
        reached, highest = self._reached or "", self.ladder.highest(self.facts.standing)
        if rung and causes and highest:
            document = self.ladder.document(self.facts.standing, highest)
            why = f"{NOTE}该单位为{self._standing}，最高措施为{document}，不再升级，请报食药安委领导协调。"
            return self._show(reached, causes, why, "cap-reached")
        if rung is None and self._last:
            document = self.ladder.document(self.facts.standing, reached)
            why = f"{NOTE}截至{day_text(self.as_of)}，{document}期限已满，尚未办结，已到最后一步。"
            return self._show(reached, (), why, "top-reached")
        return None

    def _show(self, step: str, causes: tuple[Cause, ...], why: str, rule: str) -> Proposal:
        return self._proposal(Action.SHOW, step, (*(c.sentence for c in causes), why), rule)

    # the value

    @property
    def _standing(self) -> str:
        return STANDING_NAMES[self.facts.standing]

    @property
    def _provisional(self) -> bool:
        return not may_be_dated(self.calendar, self.as_of)

    def _proposal(self, action: Action, step: str, reasons: tuple[str, ...], rule: str) -> Proposal:
        letter = action is Action.OPEN_STEP
        taken = sum(s.step == step for s in self.facts.steps)
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
            automatic=letter and self.ladder.automatic(self.facts.standing, step),
            approver=self.ladder.approver(self.facts.standing, step).value if letter else "",
            provisional=letter and self._provisional,
        )
