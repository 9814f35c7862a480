"""What holds a case, and what lets it go on: waiting letters, clocks, extensions, waivers, coming back."""

from dataclasses import replace

import pytest

from include.escalation import may_be_dated, reply_due
from include.plan import Period
from include.records.escalation import LetterState
from tests.spec.escalation.procedure import (
    AUGUST,
    CALENDAR,
    DUE,
    LADDER,
    aside,
    day,
    lights,
    missing,
    on,
    step_on,
    switched,
    taken,
)

UNANSWERED = (taken("reminder", day(9, 10)),)


@pytest.mark.parametrize("state", ["draft", "waiting", "signed", "numbered", "sealed"])
def test_a_letter_that_is_not_served_blocks_the_next_step_however_long_it_takes(state: str):
    waiting = taken("reminder", proposed_on=day(9, 9), letter_state=LetterState(state))
    assert on(day(12, 30), missing(steps=(waiting,), late_running=4)) is None


def test_the_reply_clock_starts_the_working_day_after_service_and_counts_working_days():
    assert reply_due(day(9, 10), "reminder", LADDER, CALENDAR) == day(9, 18)
    assert reply_due(day(9, 14), "reminder", LADDER, CALENDAR) == day(9, 24)  # a Saturday that was worked
    assert reply_due(day(9, 15), "reminder", LADDER, CALENDAR) == day(9, 24)  # served on a holiday


def test_an_interview_has_its_notice_before_its_report():
    assert reply_due(day(9, 10), "interview", LADDER, CALENDAR) == day(9, 23)


def test_a_later_reply_date_the_office_set_is_the_clock():
    later = (replace(UNANSWERED[0], reply_due_on=day(9, 25)),)
    assert step_on(day(9, 25), missing(steps=later)) is None
    assert step_on(day(9, 26), missing(steps=later)) == "rectification"


def test_an_extension_holds_until_its_last_day():
    extended = missing(steps=UNANSWERED, extension_until=day(9, 27))
    assert step_on(day(9, 27), extended) is None
    assert step_on(day(9, 29), extended) == "rectification"


def test_an_extension_holds_no_closing():
    done = missing(steps=UNANSWERED, extension_until=day(9, 27), overdue=(), fulfilled=True)
    closed = on(day(9, 12), done)
    assert closed is not None
    assert closed.action == "close"


def test_an_accepted_reason_holds_every_step():
    assert on(day(12, 30), missing(steps=UNANSWERED, accepted_reason=True, late_running=4)) is None


def test_no_second_step_on_the_day_of_one():
    same_day = replace(UNANSWERED[0], proposed_on=day(9, 19))
    assert on(day(9, 19), missing(steps=(same_day,))) is None


@pytest.mark.parametrize("state", [LetterState.WAIVED, LetterState.WITHDRAWN, LetterState.REVOKED])
def test_a_step_set_aside_is_not_proposed_again_for_the_same_cause(state: LetterState):
    facts = missing(steps=(aside("reminder", day(9, 9), state),))
    assert [step_on(day(9, n), facts) for n in (10, 20, 30)] == [None, None, None]


def test_a_step_set_aside_comes_again_as_the_next_round_for_a_newer_cause():
    october = ((AUGUST, DUE), (AUGUST.next, day(10, 12)))
    facts = missing(steps=(aside("reminder", day(9, 9)),), overdue=october, late_running=2)
    proposal = on(day(10, 14), facts)
    assert proposal is not None
    assert (proposal.step, proposal.round) == ("reminder", 2)


def test_what_fell_due_on_the_day_of_the_waived_step_is_newer_than_it():
    october = ((AUGUST, DUE), (AUGUST.next, day(10, 12)))
    facts = missing(steps=(aside("reminder", day(10, 12)),), overdue=october, late_running=2)
    assert step_on(day(10, 14), facts) == "reminder"
    later = missing(steps=(aside("reminder", day(10, 13)),), overdue=october, late_running=2)
    assert step_on(day(10, 14), later) is None


def test_a_waived_rectification_leaves_the_case_at_its_reminder():
    steps = (*UNANSWERED, aside("rectification", day(9, 19)))
    assert step_on(day(9, 30), lights("red", steps=steps)) is None
    next_month = lights("red", "red", last=Period(2024, 9), steps=steps)
    proposal = on(day(10, 14), next_month)
    assert proposal is not None
    assert (proposal.step, proposal.round, proposal.rule) == ("rectification", 2, "still-red")


def test_a_waived_lifting_notice_closes_the_case():
    steps = (taken("listing", day(6, 3)), aside("lifting", day(9, 9)))
    closed = on(day(9, 10), lights("green", steps=steps, fulfilled=True))
    assert closed is not None
    assert (closed.action, closed.rule) == ("close", "lifted")


def test_a_matter_that_comes_back_goes_on_from_the_step_it_had():
    came_back = lights("red", carried_step="rectification")
    assert step_on(day(9, 9), came_back) == "rectification"
    assert step_on(day(9, 9), came_back, switched(continue_from_last_step=False)) == "reminder"
    proposal, anew = on(day(9, 9), came_back), on(day(9, 9), lights("red"))
    assert proposal is not None
    assert anew is not None
    assert "同一事项此前已发整改通知书，本次接着办理。" in proposal.reasons
    assert not any("此前已发" in reason for reason in anew.reasons)


def test_a_matter_that_comes_back_two_periods_running_takes_the_next_step():
    came_back = missing(carried_step="reminder", late_running=2)
    assert step_on(day(9, 9), came_back) == "rectification"
    assert step_on(day(9, 9), came_back, switched(continue_from_last_step=False)) == "reminder"


def test_a_proposal_in_a_year_nobody_published_is_marked_and_no_letter_may_be_dated_by_it():
    year = next(y for y in range(2026, 2100) if CALENDAR.is_provisional(y))
    due = ((Period(year, 2), day(3, 5, year)),)
    proposal = on(day(3, 9, year), missing(overdue=due))
    assert proposal is not None
    assert proposal.provisional
    assert "不得签发" in proposal.reasons[-1]
    assert not may_be_dated(CALENDAR, day(3, 9, year))
    assert may_be_dated(CALENDAR, day(9, 9))
