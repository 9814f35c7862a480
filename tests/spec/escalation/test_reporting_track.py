"""The reporting track: 催报 → 提醒敦促函 → 整改通知书, and 约谈 only if the office switches it on."""

from dataclasses import replace
from datetime import date

import pytest

from include.escalation import chasers_due
from include.records.escalation import LetterState
from tests.spec.escalation.procedure import (
    AUGUST,
    CALENDAR,
    DUE,
    LADDER,
    day,
    missing,
    on,
    step_on,
    switched,
    taken,
)


@pytest.mark.parametrize(("as_of", "chased"), [(3, False), (4, True), (5, False), (6, True), (9, False)])
def test_a_return_is_chased_two_working_days_before_and_on_the_due_date(as_of: int, chased: bool):
    assert chasers_due(DUE, LADDER, CALENDAR, day(9, as_of)) is chased


def test_two_working_days_before_are_counted_over_a_holiday():
    assert chasers_due(date(2024, 10, 12), LADDER, CALENDAR, date(2024, 10, 10))
    assert chasers_due(date(2024, 10, 8), LADDER, CALENDAR, date(2024, 9, 29))  # a Sunday that was worked


def test_on_the_due_date_and_over_the_weekend_nothing_is_proposed():
    assert [on(day(9, n), missing()) for n in (6, 7, 8)] == [None, None, None]


def test_one_working_day_overdue_gives_a_reminder():
    proposal = on(day(9, 9), missing())
    assert proposal is not None
    assert (proposal.action, proposal.step, proposal.round) == ("open-step", "reminder", 1)
    assert (proposal.rule, proposal.approver, proposal.automatic) == (
        "return-overdue",
        "office-deputy",
        False,
    )
    assert proposal.reasons == (
        "2024年8月报表报送截止日为2024年9月6日，至2024年9月9日仍未收到，已逾期1个工作日，"
        "符合“报表逾期满1个工作日”的督办条件。",
    )


def test_the_office_can_let_the_reminder_go_out_by_itself():
    automatic = LADDER.model_copy(
        update={
            "steps": LADDER.steps
            | {"reminder": LADDER.step("reminder").model_copy(update={"automatic": True})}
        }
    )
    proposal = on(day(9, 9), missing(), automatic)
    assert proposal is not None
    assert proposal.automatic


def test_a_returned_submission_not_corrected_within_three_working_days_gives_a_reminder():
    returned = missing(overdue=(), uncorrected=((AUGUST, day(9, 9)),))
    assert step_on(day(9, 12), returned) is None
    proposal = on(day(9, 13), returned)
    assert proposal is not None
    assert (proposal.step, proposal.rule) == ("reminder", "not-corrected")
    assert "于2024年9月9日退回更正，至2024年9月13日尚未重新报送，已过4个工作日" in proposal.reasons[0]


def test_several_late_periods_are_one_matter_with_one_sentence_each():
    both = missing(overdue=((AUGUST.previous, day(8, 7)), (AUGUST, DUE)), late_running=2)
    proposal = on(day(9, 9), both)
    assert proposal is not None
    assert proposal.step == "reminder"
    assert "2024年7月报表报送截止日为2024年8月7日" in proposal.reasons[0]
    assert "；2024年8月报表报送截止日为2024年9月6日" in proposal.reasons[0]


def test_a_reminder_unanswered_when_its_clock_ran_out_gives_a_rectification():
    reminded = missing(steps=(taken("reminder", day(9, 10)),))
    assert step_on(day(9, 18), reminded) is None
    proposal = on(day(9, 19), reminded)
    assert proposal is not None
    assert (proposal.step, proposal.rule, proposal.approver) == (
        "rectification",
        "reply-overdue",
        "office-head",
    )
    assert proposal.reasons[0].startswith("2024年9月10日送达的提醒敦促函答复期限为2024年9月18日，")


def test_an_answered_reminder_does_not_step_up():
    answered = taken("reminder", day(9, 10), letter_state=LetterState.ANSWERED, answered_on=day(9, 12))
    assert step_on(day(9, 19), missing(steps=(answered,))) is None


def test_an_answer_the_office_refused_gives_a_rectification_once_the_clock_ran_out():
    refused = taken("reminder", day(9, 10), letter_state=LetterState.OVERDUE, answered_on=day(9, 12))
    assert step_on(day(9, 18), missing(steps=(refused,))) is None
    proposal = on(day(9, 19), missing(steps=(refused,)))
    assert proposal is not None
    assert (proposal.step, proposal.rule) == ("rectification", "reply-refused")


def test_late_two_periods_running_gives_a_rectification_even_if_the_reminder_was_answered():
    answered = taken("reminder", day(8, 9), letter_state=LetterState.ANSWERED, answered_on=day(8, 12))
    proposal = on(day(9, 9), missing(steps=(answered,), late_running=2))
    assert proposal is not None
    assert (proposal.step, proposal.rule) == ("rectification", "late-running")


def test_a_matter_with_no_letter_yet_begins_at_the_reminder_however_late_it_is():
    assert step_on(day(9, 9), missing(late_running=5)) == "reminder"


def test_the_rectification_is_the_last_step_of_reporting_unless_the_office_switches_the_interview_on():
    rectified = missing(
        steps=(taken("reminder", day(7, 10)), taken("rectification", day(7, 25))), late_running=3
    )
    proposal = on(day(9, 9), rectified)
    assert proposal is not None
    assert (proposal.action, proposal.rule) == ("show", "top-reached")
    assert step_on(day(9, 9), rectified, switched(interview_on_reporting=True)) == "interview"


def test_filing_closes_the_case():
    filed = replace(
        missing(steps=(taken("reminder", day(9, 10)),)), overdue=(), late_running=0, fulfilled=True
    )
    proposal = on(day(9, 12), filed)
    assert proposal is not None
    assert (proposal.action, proposal.case_id, proposal.rule) == ("close", 1, "fulfilled")
    assert proposal.reasons == ("截至2024年9月12日，督办要求事项已办结，予以销号。",)


def test_a_filed_return_without_a_case_is_no_matter():
    assert on(day(9, 12), missing(overdue=(), late_running=0, fulfilled=True)) is None
