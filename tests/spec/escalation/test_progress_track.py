"""The progress track: 提醒敦促函 → 整改通知书 → 约谈通知书 → 挂牌督办 (a setting)."""

from dataclasses import replace

from include.plan import Period
from include.records.escalation import LetterState, Track
from tests.spec.escalation.procedure import LADDER, day, lights, matter, on, step_on, switched, taken

SEPTEMBER = Period(2024, 9)


def test_a_red_light_without_a_case_gives_a_reminder():
    proposal = on(day(9, 9), lights("green", "red"))
    assert proposal is not None
    assert (proposal.action, proposal.step, proposal.rule) == ("open-step", "reminder", "light-red")
    assert proposal.reasons == (
        "截至2024年9月9日，该项指标2024年8月进度亮红灯，符合“指标亮红灯”的督办条件。",
    )


def test_one_yellow_light_gives_nothing_and_two_months_running_a_reminder():
    assert on(day(9, 9), lights("green", "yellow")) is None
    proposal = on(day(9, 9), lights("green", "yellow", "yellow"))
    assert proposal is not None
    assert (proposal.step, proposal.rule) == ("reminder", "light-yellow")
    assert "2024年7月、2024年8月连续2个月亮黄灯" in proposal.reasons[0]


def test_a_red_made_good_shows_yellow_for_one_period_and_gives_nothing():
    assert on(day(9, 9), lights("red", "yellow")) is None


def test_a_path_nobody_confirmed_opens_no_case():
    assert on(day(9, 9), lights("red", "red", path_confirmed=False)) is None


def test_a_grey_light_gives_nothing():
    assert on(day(9, 9), lights("red", "grey")) is None


def test_a_reminder_unanswered_when_its_clock_ran_out_gives_a_rectification():
    reminded = lights("red", steps=(taken("reminder", day(9, 10)),))
    assert step_on(day(9, 18), reminded) is None
    assert step_on(day(9, 19), reminded) == "rectification"


def test_an_answered_reminder_waits_for_the_next_figures_and_steps_up_if_they_are_still_red():
    answered = taken("reminder", day(9, 10), letter_state=LetterState.ANSWERED, answered_on=day(9, 12))
    assert on(day(10, 9), lights("red", steps=(answered,))) is None
    proposal = on(day(10, 15), lights("red", "red", last=SEPTEMBER, steps=(answered,)))
    assert proposal is not None
    assert (proposal.step, proposal.rule) == ("rectification", "still-red")
    assert proposal.reasons[0].startswith("2024年9月10日送达的提醒敦促函期限已于2024年9月18日届满，")


def test_an_office_can_have_the_old_figures_count_as_still_red():
    rungs = list(LADDER.tracks[Track.PROGRESS])
    when = tuple(
        c.model_copy(update={"new_figures": False}) if c.rule == "still-red" else c for c in rungs[1].when
    )
    rungs[1] = rungs[1].model_copy(update={"when": when})
    strict = LADDER.model_copy(update={"tracks": LADDER.tracks | {Track.PROGRESS: tuple(rungs)}})
    answered = taken("reminder", day(9, 10), letter_state=LetterState.ANSWERED, answered_on=day(9, 12))
    assert step_on(day(9, 18), lights("red", steps=(answered,)), strict) is None
    assert step_on(day(9, 19), lights("red", steps=(answered,)), strict) == "rectification"


def test_a_rectification_not_done_after_twenty_working_days_gives_an_interview():
    both = lights("red", steps=(taken("reminder", day(8, 9)), taken("rectification", day(9, 10))))
    assert step_on(day(10, 14), both) is None  # the twentieth working day after 10 September
    proposal = on(day(10, 15), both)
    assert proposal is not None
    assert (proposal.step, proposal.rule, proposal.approver) == ("interview", "not-accepted", "office-head")
    assert "办理期限为2024年10月14日，未收到答复" in proposal.reasons[0]


def test_a_plan_alone_is_not_the_rectification():
    answered = taken("rectification", day(9, 10), letter_state=LetterState.ANSWERED, answered_on=day(9, 13))
    facts = lights("red", steps=(taken("reminder", day(8, 9)), answered))
    assert step_on(day(10, 14), facts) is None
    assert step_on(day(10, 15), facts) == "interview"


def test_a_plan_that_is_late_is_shown_while_the_clock_of_the_rectification_runs():
    both = lights("red", steps=(taken("reminder", day(8, 9)), taken("rectification", day(9, 10))))
    assert on(day(9, 18), both) is None
    shown = on(day(9, 19), both)
    assert shown is not None
    assert (shown.action, shown.rule) == ("show", "plan-overdue")


def test_an_accepted_rectification_steps_up_only_when_red_three_periods_running_in_the_case():
    accepted = taken("rectification", day(8, 1), letter_state=LetterState.ACCEPTED, accepted_on=day(8, 20))
    steps = (taken("reminder", day(7, 10)), accepted)
    assert on(day(9, 9), lights("red", "red", "yellow", "red", steps=steps)) is None
    proposal = on(day(9, 9), lights("red", "red", "red", "red", steps=steps))
    assert proposal is not None
    assert (proposal.step, proposal.rule) == ("interview", "red-running")
    assert "已连续3个月亮红灯" in proposal.reasons[0]  # May's was before the case


def test_after_the_interview_the_ladder_ends_unless_listing_is_switched_on():
    steps = (
        taken("reminder", day(7, 10)),
        taken("rectification", day(7, 25)),
        taken("interview", day(8, 26)),
    )
    facts = lights("red", "red", "red", steps=steps)
    assert on(day(9, 5), facts) is None  # 3 days' notice and 5 for the report end on the 5th
    shown = on(day(9, 6), facts)
    assert shown is not None
    assert (shown.action, shown.rule) == ("show", "top-reached")
    listed = on(day(9, 6), facts, switched(listing_after_interview=True))
    assert listed is not None
    assert (listed.step, listed.approver) == ("listing", "commission")


def test_a_listing_that_was_served_ends_with_its_lifting_notice_and_then_closes():
    listed = lights("green", steps=(taken("listing", day(6, 3)),), fulfilled=True)
    lifting = on(day(9, 9), listed)
    assert lifting is not None
    assert (lifting.action, lifting.step, lifting.approver) == ("open-step", "lifting", "commission")
    waiting = replace(listed, steps=(*listed.steps, taken("lifting")))
    assert on(day(9, 10), waiting) is None
    served = replace(listed, steps=(*listed.steps, taken("lifting", day(9, 11))))
    closed = on(day(9, 12), served)
    assert closed is not None
    assert (closed.action, closed.rule) == ("close", "lifted")


def test_a_listing_not_served_yet_closes_without_a_lifting_notice():
    closed = on(day(9, 9), lights("green", steps=(taken("listing"),), fulfilled=True))
    assert closed is not None
    assert closed.action == "close"


def test_a_major_risk_the_office_recorded_is_listed_at_once():
    risk = matter(Track.MAJOR_RISK, matter="risk-1")
    proposal = on(day(9, 9), risk)
    assert proposal is not None
    assert (proposal.step, proposal.rule, proposal.approver) == ("listing", "major-risk", "commission")


def test_a_made_good_indicator_closes_its_case():
    made_good = lights("red", "green", steps=(taken("reminder", day(8, 9)),), fulfilled=True)
    closed = on(day(9, 9), made_good)
    assert closed is not None
    assert closed.action == "close"
