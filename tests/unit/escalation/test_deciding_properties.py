"""What must hold of `decide` whatever the facts are."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from include.escalation import Ladder, decide, reply_due
from include.plan import Period
from include.plan.model import Standing
from include.records.escalation import CaseFacts, LetterState, Proposal, StepTaken, Track
from tests.spec.escalation.procedure import CALENDAR, LADDER, switched

STEPS = ("reminder", "rectification", "interview", "listing")
UNSERVED = ("draft", "waiting", "signed", "numbered", "sealed")
calm = settings(deadline=None, derandomize=True)
ALL_ON = switched(interview_on_reporting=True, listing_after_interview=True)
DAYS = st.dates(date(2024, 1, 2), date(2024, 12, 20))
TODAY = st.dates(date(2024, 9, 1), date(2024, 12, 31))
MONTHS = [Period(2024, n) for n in range(1, 13)]


@st.composite
def steps_taken(draw: st.DrawFn) -> tuple[StepTaken, ...]:
    """Steps in the ladder's order, each served before the next; only the last may not be served yet."""
    taken: list[StepTaken] = []
    days = sorted(draw(st.lists(DAYS, max_size=3, unique=True)))
    for n, proposed in enumerate(days):
        served = draw(st.sampled_from(("served", "answered", "accepted", "overdue", "waived", "revoked")))
        waits = n == len(days) - 1 and seldom(draw)
        state = LetterState(draw(st.sampled_from(UNSERVED)) if waits else served)
        on = None if state in UNSERVED or state == "waived" else proposed + timedelta(days=1)
        step = STEPS[sum(t.letter_state not in ("waived", "revoked") for t in taken) % 4]
        rounds = sum(t.step == step for t in taken) + 1
        due = reply_due(on, step, LADDER, CALENDAR) if on else None
        answered = due if state in ("answered", "accepted") else None
        accepted = due if state == "accepted" else None
        taken.append(StepTaken(step, rounds, proposed, state, on, due, answered, accepted))
    return tuple(taken)


@st.composite
def case_facts(draw: st.DrawFn) -> CaseFacts:
    """Any facts of a matter, sensible or not."""
    taken = draw(steps_taken())
    first = draw(st.integers(0, 11))
    months = MONTHS[first : first + draw(st.integers(0, 5))]
    return CaseFacts(
        case_id=1 if taken or draw(st.booleans()) else None,
        agency_id="education",
        track=draw(st.sampled_from(Track)),
        matter="m",
        standing=draw(st.sampled_from((*[Standing.GOVERNMENT] * 9, *Standing))),
        letters=not seldom(draw),
        opened_on=taken[0].proposed_on if taken else None,
        steps=taken,
        extension_until=draw(DAYS) if seldom(draw) else None,
        accepted_reason=seldom(draw),
        carried_step=draw(st.sampled_from((None, None, *STEPS[:3]))),
        overdue=tuple((m, CALENDAR.add(m.ends_on, 5)) for m in months[: draw(st.integers(0, 2))]),
        uncorrected=tuple((m, CALENDAR.add(m.ends_on, 6)) for m in months[: draw(st.integers(0, 1))]),
        late_running=draw(st.integers(0, 4)),
        lights=tuple((m, draw(st.sampled_from(("green", "yellow", "red", "red", "grey")))) for m in months),
        path_confirmed=not seldom(draw),
        fulfilled=seldom(draw),
    )


def seldom(draw: st.DrawFn) -> bool:
    return draw(st.sampled_from((False,) * 9 + (True,)))


LADDERS = st.sampled_from((LADDER, ALL_ON, switched(continue_from_last_step=False)))


def one(facts: CaseFacts, ladder: Ladder, as_of: date) -> Proposal | None:
    proposals = decide((facts,), ladder, CALENDAR, as_of)
    assert len(proposals) <= 1
    return proposals[0] if proposals else None


def drafted(facts: CaseFacts, proposal: Proposal, as_of: date) -> CaseFacts:
    """What the office makes of a proposal: the case is open and its letter waits."""
    step = StepTaken(proposal.step, proposal.round, as_of, LetterState.WAITING, None, None, None, None)
    return replace(
        facts, case_id=facts.case_id or 1, opened_on=facts.opened_on or as_of, steps=(*facts.steps, step)
    )


@calm
@given(st.lists(case_facts(), max_size=4), LADDERS, TODAY)
def test_deciding_twice_gives_the_same_and_every_matter_stands_alone(
    matters: list[CaseFacts], ladder: Ladder, as_of: date
):
    together = decide(matters, ladder, CALENDAR, as_of)
    assert together == decide(matters, ladder, CALENDAR, as_of)
    assert list(together) == [p for facts in matters if (p := one(facts, ladder, as_of))]


@calm
@given(case_facts(), LADDERS, TODAY)
def test_what_was_proposed_and_drafted_is_not_proposed_again(facts: CaseFacts, ladder: Ladder, as_of: date):
    proposal = one(facts, ladder, as_of)
    if proposal and proposal.action == "open-step":
        again = drafted(facts, proposal, as_of)
        for days in (0, 1, 40):
            later = one(again, ladder, as_of + timedelta(days=days))
            assert later is None or later.action == "close"


@calm
@given(case_facts(), LADDERS, TODAY)
def test_a_round_is_never_taken_twice(facts: CaseFacts, ladder: Ladder, as_of: date):
    proposal = one(facts, ladder, as_of)
    if proposal and proposal.action == "open-step":
        assert (proposal.step, proposal.round) not in {(s.step, s.round) for s in facts.steps}


@calm
@given(case_facts(), LADDERS, TODAY, st.integers(1, 60))
def test_while_nothing_changes_what_is_due_stays_due(
    facts: CaseFacts, ladder: Ladder, as_of: date, days: int
):
    proposal = one(facts, ladder, as_of)
    if proposal and proposal.action in ("open-step", "close"):
        later = one(facts, ladder, as_of + timedelta(days=days))
        assert later is not None
        assert (later.action, later.step, later.round) == (proposal.action, proposal.step, proposal.round)


@calm
@given(case_facts(), LADDERS, TODAY)
def test_no_step_while_a_clock_runs_a_letter_waits_or_an_extension_holds(
    facts: CaseFacts, ladder: Ladder, as_of: date
):
    proposal = one(facts, ladder, as_of)
    if proposal is None or proposal.action != "open-step" or facts.fulfilled:
        return
    assert not facts.accepted_reason
    assert facts.extension_until is None or facts.extension_until < as_of
    assert all(s.letter_state not in UNSERVED for s in facts.steps)
    running = [s for s in facts.steps if s.letter_state not in ("waived", "revoked")][-1:]
    assert all(s.reply_due_on is not None and s.reply_due_on < as_of for s in running)


@calm
@given(case_facts(), LADDERS, TODAY)
def test_the_cap_of_a_standing_is_never_passed(facts: CaseFacts, ladder: Ladder, as_of: date):
    proposal = one(facts, ladder, as_of)
    if proposal is None or proposal.action != "open-step" or proposal.step == "lifting":
        return
    assert facts.letters
    highest = LADDER.standings[facts.standing].highest
    assert highest is not None
    assert STEPS.index(proposal.step) <= STEPS.index(highest)


@calm
@given(case_facts(), LADDERS, TODAY)
def test_no_step_is_skipped(facts: CaseFacts, ladder: Ladder, as_of: date):
    proposal = one(facts, ladder, as_of)
    if proposal is None or proposal.action != "open-step" or proposal.step == "lifting":
        return
    if facts.track is Track.MAJOR_RISK:
        assert proposal.step == "listing"
        return
    counted = [s.step for s in facts.steps if s.letter_state not in ("waived", "revoked")]
    reached = counted[-1] if counted else facts.carried_step
    height = STEPS.index(reached) if reached else -1
    assert STEPS.index(proposal.step) <= height + 1


@calm
@given(case_facts(), LADDERS, TODAY)
def test_what_is_fulfilled_closes_and_nothing_else_does(facts: CaseFacts, ladder: Ladder, as_of: date):
    proposal = one(facts, ladder, as_of)
    if proposal and proposal.action == "close":
        assert facts.fulfilled
        assert facts.case_id is not None
    if facts.fulfilled and proposal and proposal.action != "close":
        assert proposal.step == "lifting"


@calm
@given(case_facts(), LADDERS, TODAY, st.integers(1, 40))
def test_after_an_outage_deciding_for_today_alone_is_deciding_each_missed_day_with_nothing_issued(
    facts: CaseFacts, ladder: Ladder, last: date, missed: int
):
    day_by_day = facts
    closed = None
    for back in range(missed, -1, -1):
        proposal = one(day_by_day, ladder, last - timedelta(days=back))
        if proposal and proposal.action == "open-step":
            day_by_day = drafted(day_by_day, proposal, last - timedelta(days=back))
        elif proposal and proposal.action == "close":
            closed = proposal
            break
    alone = one(facts, ladder, last)
    drafts = [(s.step, s.round) for s in day_by_day.steps[len(facts.steps) :]]
    assert len(drafts) <= 1
    if alone and alone.action == "open-step":
        assert drafts == [(alone.step, alone.round)]
        assert alone.step == drafts[0][0]
    else:
        assert not drafts
    assert (closed is not None) == (alone is not None and alone.action == "close")


@calm
@given(
    st.sampled_from((Track.REPORTING, Track.PROGRESS)), LADDERS, st.sampled_from(Standing), st.integers(1, 5)
)
def test_a_matter_nobody_answers_climbs_step_by_step_and_the_ladder_ends(
    track: Track, ladder: Ladder, standing: Standing, wait: int
):
    """Every letter is served the day after it is drafted, nobody ever answers, the light stays red."""
    facts = CaseFacts(
        case_id=None, agency_id="a", track=track, matter="m", standing=standing, letters=True, opened_on=None,
        steps=(), extension_until=None, accepted_reason=False, carried_step=None,
        overdue=((Period(2024, 1), date(2024, 2, 7)),), late_running=1, lights=((Period(2024, 1), "red"),),
    )  # fmt: skip
    day, seen = date(2024, 2, 8), list[str]()
    while day < date(2024, 5, 1):
        proposal = one(facts, ladder, day)
        if proposal and proposal.action == "open-step":
            seen.append(proposal.step)
            facts = served(drafted(facts, proposal, day))
        day += timedelta(days=wait)
    assert tuple(seen) == STEPS[: len(seen)]
    final = one(facts, ladder, date(2024, 12, 31))
    assert final is not None
    assert final.action == "show"


def served(facts: CaseFacts) -> CaseFacts:
    """Serve the last letter the day after it was drafted."""
    last = facts.steps[-1]
    on = last.proposed_on + timedelta(days=1)
    due = reply_due(on, last.step, LADDER, CALENDAR)
    step = replace(last, letter_state=LetterState.SERVED, served_on=on, reply_due_on=due)
    return replace(facts, steps=(*facts.steps[:-1], step))
