"""How far the ladder goes for each standing (单位性质)."""

import pytest

from include.plan.model import Standing
from include.records.escalation import Track
from tests.spec.escalation.procedure import LADDER, day, lights, matter, missing, on, taken

UNANSWERED = (taken("reminder", day(9, 10)),)


@pytest.mark.parametrize("standing", ["party", "court-procuratorate", "vertical"])
def test_party_courts_and_vertical_bodies_get_a_liaison_letter_and_their_leader_is_told(standing: str):
    proposal = on(day(9, 9), missing(standing=Standing(standing)))
    assert proposal is not None
    assert proposal.step == "reminder"
    assert LADDER.document(Standing(standing), "reminder") == "工作联系函"
    assert proposal.reasons[-1].startswith("办内提示：")
    assert "发工作联系函，同时向食药安委领导报告" in proposal.reasons[-1]


@pytest.mark.parametrize("standing", ["party", "court-procuratorate", "vertical", "branch"])
def test_nothing_higher_than_the_cap_is_ever_proposed_and_the_note_says_why(standing: str):
    proposal = on(day(9, 19), missing(standing=Standing(standing), steps=UNANSWERED))
    assert proposal is not None
    assert (proposal.action, proposal.rule, proposal.approver) == ("show", "cap-reached", "")
    assert "不再升级，请报食药安委领导协调" in proposal.reasons[-1]


def test_a_liaison_letter_never_goes_out_by_itself():
    automatic = LADDER.model_copy(
        update={
            "steps": LADDER.steps
            | {"reminder": LADDER.step("reminder").model_copy(update={"automatic": True})}
        }
    )
    court = on(day(9, 9), missing(standing=Standing.COURT_PROCURATORATE), automatic)
    assert court is not None
    assert not court.automatic


def test_for_the_host_of_the_office_somebody_outside_it_approves_every_step():
    first = on(day(9, 9), missing(standing=Standing.HOST))
    second = on(day(9, 19), missing(standing=Standing.HOST, steps=UNANSWERED))
    assert first is not None
    assert second is not None
    assert (first.approver, second.approver) == ("commission", "commission")


def test_the_office_itself_is_shown_and_never_lettered():
    proposal = on(day(9, 9), missing(standing=Standing.OFFICE))
    assert proposal is not None
    assert (proposal.action, proposal.rule, proposal.step) == ("show", "not-lettered", "")


def test_an_agency_without_letters_is_shown_and_never_lettered():
    proposal = on(day(9, 9), lights("red", letters=False))
    assert proposal is not None
    assert (proposal.action, proposal.rule) == ("show", "not-lettered")
    assert "进度亮红灯" in proposal.reasons[0]


def test_a_court_is_not_listed_even_for_a_major_risk():
    risk = matter(Track.MAJOR_RISK, matter="risk-1", standing=Standing.COURT_PROCURATORATE)
    proposal = on(day(9, 9), risk)
    assert proposal is not None
    assert (proposal.action, proposal.rule) == ("show", "cap-reached")
    assert "最高措施为工作联系函" in proposal.reasons[-1]


def test_every_standing_has_a_cap():
    assert set(LADDER.standings) == set(Standing)
