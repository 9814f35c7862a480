"""What the office decides about cases, through the office with real stores."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from demo.setting import LATE, PLAN, SILENT
from include.errors import RefusedError
from include.office import case_book, collect_returns, escalate_overdue, open_period, raising, sign_letters
from include.office import cases as office_cases
from include.office.decided import Decided
from include.office.matters import matters_of, situation
from include.records.escalation import CaseState, LetterState, Track
from tests.integration.office.conftest import JANUARY, Stage, plain

CLERK = "office-clerk"


def because(reason: str = "经研究", **given: Any) -> Decided:
    return Decided(CLERK, reason, **given)


def escalate(stage: Stage, moment: str, *, looked: bool = True) -> dict[str, Any]:
    stage.at(moment)
    if looked:
        collect_returns.run(office=stage.office)
    return escalate_overdue.run(office=stage.office)


def sign(stage: Stage, letter_id: int, user: str = "office-deputy") -> None:
    shown = sign_letters.show(letter_id, office=stage.office)["hash"]
    given: dict[str, Any] = {"user": user, "hash": shown, "talk": {"skipped": "演示"}}
    sign_letters.answer(letter_id, decision=sign_letters.SIGN, office=stage.office, **given)


@pytest.fixture
def overdue(january: Stage) -> Stage:
    """2024-02-07 09:10: reminders wait for two missing returns and one lagging indicator."""
    escalate(january, "2024-02-07T09:10", looked=False)
    return january


@pytest.fixture
def reminded(overdue: Stage) -> Stage:
    """The silent agency's reminder is served on 2024-02-07; its answer is due on the 20th."""
    overdue.at("2024-02-07T15:00")
    sign(overdue, overdue.letter(SILENT).id)
    return overdue


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "现场照片.pdf"
    file.write_bytes(b"%PDF-1.4 evidence")
    return file


def case_of(stage: Stage, agency: str) -> Any:
    (row,) = stage.cases(agency)
    return row


def history(stage: Stage, case_id: int) -> str:
    return plain("\n".join(case_book.history(case_id, office=stage.office)))


# overdue letters


def test_a_letter_nobody_answered_is_overdue_from_the_day_after_its_last(reminded: Stage) -> None:
    escalate(reminded, "2024-02-20T09:10")
    assert reminded.letter(SILENT).state == LetterState.SERVED
    escalate(reminded, "2024-02-21T09:10")
    assert [row.step for row in reminded.letters(SILENT)] == ["reminder", "rectification"]
    assert reminded.letters(SILENT)[0].state == LetterState.OVERDUE
    escalate(reminded, "2024-02-22T09:10", looked=False)
    (event,) = reminded.events("letter-overdue")
    assert event.body == {"reply_due_on": "2024-02-20"}


def test_while_the_collector_is_down_no_answer_is_overdue_and_nothing_steps_up(reminded: Stage) -> None:
    escalate(reminded, "2024-02-26T09:10", looked=False)
    assert reminded.letter(SILENT).state == LetterState.SERVED
    reminded.agency(SILENT).reply("演示〔2024〕1号", "已于2月9日放入，当时未能取走。")
    escalate(reminded, "2024-02-26T09:30")
    assert reminded.letter(SILENT).state == LetterState.ANSWERED


def test_an_agency_is_not_late_because_the_collector_was_down_at_the_due_moment(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    escalate(stage, "2024-02-08T09:10", looked=False)
    assert stage.letters() == []
    stage.agency(SILENT).file(JANUARY)
    escalate(stage, "2024-02-09T09:10")
    assert stage.cases(SILENT) == []
    assert stage.cases(LATE), "somebody looked now, and found nothing"


# decisions


def test_an_extension_holds_the_case_and_is_recorded_with_its_evidence(reminded: Stage, scan: Path) -> None:
    case, until = case_of(reminded, SILENT), date(2024, 2, 28)
    office_cases.extend(case.id, because("系统更换", evidence=scan), until=until, office=reminded.office)
    escalate(reminded, "2024-02-28T09:10")
    assert len(reminded.letters(SILENT)) == 1
    escalate(reminded, "2024-02-29T09:10")
    assert [row.step for row in reminded.letters(SILENT)] == ["reminder", "rectification"]
    (event,) = reminded.events("case-extend")
    told = event.body
    assert (event.actor, told["reason"], told["extension_until"]) == (CLERK, "系统更换", "2024-02-28")
    assert told["evidence"]["name"] == scan.name
    assert reminded.office.archive.read(told["evidence"]["sha256"]) == scan.read_bytes()
    with pytest.raises(RefusedError, match="须晚于现有期限2024-02-28"):
        office_cases.extend(case.id, because(), until=until, office=reminded.office)


def test_an_accepted_reason_holds_until_it_is_withdrawn(reminded: Stage) -> None:
    case = case_of(reminded, SILENT)
    office_cases.accept_reason(case.id, because("机构改革中"), office=reminded.office)
    escalate(reminded, "2024-02-22T09:10")
    assert len(reminded.letters(SILENT)) == 1
    office_cases.withdraw_reason(case.id, because("改革已完成"), office=reminded.office)
    escalate(reminded, "2024-02-23T09:10")
    assert len(reminded.letters(SILENT)) == 2


def test_a_waived_case_does_not_come_back_for_what_was_waived(overdue: Stage) -> None:
    case = case_of(overdue, SILENT)
    office_cases.waive(case.id, because("已当面说明"), office=overdue.office)
    assert overdue.letter(SILENT).state == LetterState.WITHDRAWN
    escalate(overdue, "2024-02-20T09:10")
    assert case_of(overdue, SILENT).state == CaseState.WAIVED
    lines = case_book.overview(PLAN, closed=True, office=overdue.office)
    assert [line["state"] for line in lines if line["id"] == case.id] == ["免予督办"]
    assert case.id not in {line["id"] for line in case_book.overview(PLAN, office=overdue.office)}
    with pytest.raises(RefusedError, match="须为“督办中”"):
        office_cases.waive(case.id, because(), office=overdue.office)


def test_closing_by_hand_needs_evidence_and_every_decision_a_reason(overdue: Stage, scan: Path) -> None:
    case = case_of(overdue, SILENT)
    with pytest.raises(RefusedError, match="佐证材料"):
        office_cases.fulfil(case.id, because(), office=overdue.office)
    with pytest.raises(RefusedError, match="理由"):
        office_cases.fulfil(case.id, because("  ", evidence=scan), office=overdue.office)
    office_cases.fulfil(case.id, because("已纸质报送", evidence=scan), office=overdue.office)
    closed = case_of(overdue, SILENT)
    assert (closed.state, closed.closed_because) == (CaseState.FULFILLED, "已纸质报送")
    assert closed.settled_through == "2024-01"
    assert scan.name in history(overdue, case.id)


def test_a_plan_that_came_in_or_was_sent_back_is_in_the_history(reminded: Stage) -> None:
    case = case_of(reminded, SILENT)
    office_cases.take_plan(case.id, because("纸质方案"), office=reminded.office)
    assert case_of(reminded, SILENT).plan_on == date(2024, 2, 7)
    office_cases.refuse_plan(case.id, because("没有责任人"), office=reminded.office)
    assert case_of(reminded, SILENT).plan_on is None
    told = history(reminded, case.id)
    for words in ("拟采取措施提醒敦促函(第1次)", "报表逾期", "签发", "送达", "收到方案", "没有责任人"):
        assert plain(words) in told


def test_a_co_owner_is_in_copy_only_if_the_office_adds_it(overdue: Stage) -> None:
    case = case_of(overdue, SILENT)
    office_cases.add_co_owner(case.id, "education", because("共同负责"), office=overdue.office)
    with pytest.raises(RefusedError, match="已在抄送名单中"):
        office_cases.add_co_owner(case.id, "education", because(), office=overdue.office)
    with pytest.raises(RefusedError, match="不是可以抄送"):
        office_cases.add_co_owner(case.id, SILENT, because(), office=overdue.office)
    overdue.at("2024-02-07T15:00")
    sign(overdue, overdue.letter(SILENT).id)
    escalate(overdue, "2024-02-21T09:10")
    first, second = overdue.letters(SILENT)
    assert first.content["copies_to"] == [], "drafted before"
    assert second.content["copies_to"] == [overdue.name("education")]
    office_cases.drop_co_owner(case.id, "education", because("不再需要"), office=overdue.office)
    assert case_of(overdue, SILENT).copies_to == []


def test_a_silent_co_owner_is_a_case_of_its_own_that_names_what_it_shares(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-07T09:10")
    collect_returns.run(office=stage.office)
    now = situation(stage.office, PLAN, stage.office.now())
    assert now is not None
    facts = {f.agency_id: f for f in matters_of(now) if f.track is Track.REPORTING}
    shared = facts["education"].joint_clauses
    assert shared
    assert all(len(now.plan.clause(clause).responsibilities) > 1 for clause in shared)
    escalate_overdue.run(office=stage.office)
    letter = stage.letter("education")
    text = plain(sign_letters.show(letter.id, office=stage.office)["text"])
    assert plain(f"与其他单位共同负责的第{'、'.join(shared[:3])}") in text
    assert case_of(stage, "education").id != case_of(stage, "health").id


def test_a_case_goes_on_in_another_of_its_kind(reminded: Stage) -> None:
    silent, late = case_of(reminded, SILENT), case_of(reminded, LATE)
    office_cases.merge(silent.id, late.id, because("机构合并"), office=reminded.office)
    merged = case_of(reminded, SILENT)
    assert (merged.state, merged.merged_into) == (CaseState.MERGED, late.id)
    assert case_of(reminded, LATE).carried_step == "reminder"
    with pytest.raises(RefusedError, match="不能并入"):
        office_cases.merge(late.id, late.id, because(), office=reminded.office)


# major risks


def test_a_major_risk_is_listed_lifted_and_closed(january: Stage, scan: Path) -> None:
    january.at("2024-02-06T18:10")
    office, agency = january.office, "market-regulation"
    risk = {"title": "某冷库超范围储存", "detail": "检查发现三批次问题", "found_on": date(2024, 2, 5)}
    number = raising.list_risk(PLAN, agency, because("省级通报"), **risk, office=office)
    escalate(january, "2024-02-07T09:10", looked=False)
    letter = next(row for row in january.letters(agency) if row.step == "listing")
    assert letter.approver == "commission"
    text = plain(sign_letters.show(letter.id, office=office)["text"])
    for words in ("某冷库超范围储存", "检查发现三批次问题", "2024年2月5日", "重大风险隐患"):
        assert plain(words) in text
    sign(january, letter.id, user="commission")
    with pytest.raises(RefusedError, match="先登记解除"):
        office_cases.fulfil(number, because(evidence=scan), office=office)
    late = {"until": date(2024, 7, 1), "asked_on": date(2024, 5, 8)}
    with pytest.raises(RefusedError, match="期限届满20个工作日前申请"):
        office_cases.extend(number, because(), **late, office=office)
    with pytest.raises(RefusedError, match="佐证材料"):
        office_cases.lift(number, because(), office=office)
    office_cases.lift(number, because("复查合格", evidence=scan), office=office)
    escalate(january, "2024-02-08T09:10", looked=False)
    lifting = next(row for row in january.letters(agency) if row.step == "lifting")
    sign(january, lifting.id, user="commission")
    escalate(january, "2024-02-09T09:10", looked=False)
    (case,) = [row for row in january.cases(agency) if row.id == number]
    assert case.state == CaseState.FULFILLED
    assert "解除" in case.closed_because


def test_what_was_never_listed_cannot_be_lifted(overdue: Stage, scan: Path) -> None:
    case = case_of(overdue, SILENT)
    with pytest.raises(RefusedError, match="没有挂牌督办"):
        office_cases.lift(case.id, because(evidence=scan), office=overdue.office)


# instructions


def instruct(stage: Stage, *agencies: str, due_on: date = date(2024, 2, 20)) -> list[int]:
    words, given_on = "开学前查清学校食堂隐患", date(2024, 2, 5)
    said: dict[str, Any] = {"words": words, "leader": "张副市长", "given_on": given_on, "due_on": due_on}
    return raising.instruct(PLAN, agencies, because("批示件第3号"), **said, office=stage.office)


def test_an_instruction_is_a_case_with_its_own_date_and_never_lettered(january: Stage, scan: Path) -> None:
    january.at("2024-02-06T18:10")
    first, second = instruct(january, "education", "health")
    told = case_book.instructions(january.office, PLAN, date(2024, 2, 19))
    assert plain("，".join(told[0])) == plain(
        f"张副市长2024年2月5日批示：开学前查清学校食堂隐患（{january.name('education')}承办，"
        "2024年2月20日前办结），还有1个工作日"
    )
    assert case_book.instructions(january.office, PLAN, date(2024, 2, 21))[1][1] == "已超过1个工作日"
    escalate(january, "2024-02-22T09:10")
    assert january.letters("health") == []
    assert case_book.overview(PLAN, office=january.office)[0]["track"] == "批示"
    office_cases.extend(first, because("领导同意"), until=date(2024, 3, 1), office=january.office)
    office_cases.fulfil(second, because("已报告", evidence=scan), office=january.office)
    (left,) = case_book.instructions(january.office, PLAN, date(2024, 2, 23))
    assert "2024年3月1日" in left[0]


def test_an_instruction_to_nobody_or_due_before_it_was_given_is_refused(january: Stage) -> None:
    with pytest.raises(RefusedError, match="须写明承办单位"):
        instruct(january)
    with pytest.raises(RefusedError, match="没有成员单位nobody"):
        instruct(january, "nobody")
    with pytest.raises(RefusedError, match="早于批示日期"):
        instruct(january, "health", due_on=date(2024, 2, 1))


# the office's own


def test_what_is_never_lettered_is_shown_with_its_reason(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    escalate(stage, "2024-02-07T09:10")
    own = {a.id for a in stage.office.plan(PLAN, JANUARY).filers if a.standing == "office" or not a.letters}
    lines = case_book.shown(PLAN, office=stage.office)
    assert {line["agency_id"] for line in lines} == own
    assert {line["rule"] for line in lines} == {"只公示不发文"}
    assert all("只公示、不发文" in line["reasons"][-1] for line in lines)
    assert not own & {row.agency_id for row in stage.letters()}
