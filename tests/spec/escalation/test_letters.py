"""What each letter says: why the office writes, what it rests on, what is required by when, the evidence."""

from dataclasses import replace
from typing import Any

import pytest

from include.errors import RefusedError
from include.escalation import (
    LetterOrder,
    Matter,
    compose,
    correct,
    dated,
    deadlines,
    differences,
    edited,
    letter_text,
    run_id,
)
from include.plan import Period, Plan, load_plan
from include.records.escalation import LetterContent, Track
from tests.spec.escalation.procedure import AUGUST, CALENDAR, LADDER, PLAN, day, lights, missing, on

INDICATOR = "school-canteen-grade-a"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(PLAN).at(AUGUST)


def reasons(facts: Any) -> tuple[str, ...]:
    proposal = on(day(9, 9), facts)
    assert proposal is not None
    return proposal.reasons


def overdue(**changes: Any) -> Matter:
    rows = (("2024年8月", "2024年9月6日18:00", "未报"),)
    return Matter(Track.REPORTING, "reporting", "月度报送", "", "", None, reasons(missing(**changes)), rows)


def lagging(plan: Plan, indicator_id: str = INDICATOR, **changes: Any) -> Matter:
    indicator = plan.indicator(indicator_id)
    clause = plan.clause(indicator.clause)
    row = (
        indicator.name,
        f">={indicator.target}{indicator.unit}",
        "20.0%",
        "10.5%",
        "红",
        "市市场监管局表C5",
    )
    return Matter(
        Track.PROGRESS, indicator_id, indicator.name, clause.id, clause.title, clause.text,
        reasons(lights("red", **changes)), (row,),
    )  # fmt: skip


def order(plan: Plan, *matters: Matter, **changes: Any) -> LetterOrder:
    known: dict[str, Any] = {
        "plan": plan, "agency_id": "education", "step": "reminder", "round": 1, "period": AUGUST,
        "matters": matters, "ladder": LADDER, "calendar": CALENDAR, "as_of": day(9, 9),
        "contact": "联系人：某某，电话：0000-00000000", "signatory": plan.office_name, "copies_to": (),
        "handling_mark": "内部资料", "demo": False,
    }  # fmt: skip
    return LetterOrder(**known | changes)


def test_a_reminder_of_a_return_names_the_month_the_due_date_and_what_to_do(plan: Plan):
    letter = compose(order(plan, overdue()))
    assert letter.title == "关于报送2024年8月食品安全工作报表的提醒敦促函"
    assert (letter.kind_name, letter.letter_form, letter.addressee) == ("提醒敦促函", True, "市教育局")
    assert "报送截止日为2024年9月6日，至2024年9月9日仍未收到，已逾期1个工作日" in "".join(letter.paragraphs)
    assert letter.requirements[0].startswith("报送报表。请自本函送达次日起5个工作日内报送附件所列报表")
    assert "第7.1项推行的“三书一函”工作机制" in letter.legal_basis
    assert letter.annexes == (
        ("未按要求报送的报表清单", ("报送月份", "报送截止时间", "目前情况"), overdue().facts),
    )


def test_a_reminder_of_an_indicator_names_figures_light_clause_and_lineage(plan: Plan):
    letter = compose(order(plan, lagging(plan)))
    assert letter.title == "关于加快推进“学校食堂A级比例”指标的提醒敦促函"
    body = "".join(letter.paragraphs)
    assert "“学校食堂A级比例”年度目标不低于50%，2024年8月时序进度20.0%，实际10.5%。" in body
    assert "2024年8月进度亮红灯，符合“指标亮红灯”的督办条件" in body
    assert "第3.1项“集中用餐食堂准入与提级”" in letter.legal_basis
    title, header, rows = letter.annexes[0]
    assert (title, header[-1], rows[0][1], rows[0][-1]) == (
        "指标进度表",
        "数据来源",
        "≥50%",
        "市市场监管局表C5",
    )


def test_the_official_wording_is_quoted_where_it_is_attached(plan: Plan):
    attached = replace(lagging(plan), clause_text="原文一句“引语”。")
    assert (
        "第3.1项“集中用餐食堂准入与提级”（原文：“原文一句‘引语’。”）"
        in compose(order(plan, attached)).legal_basis
    )


def test_one_letter_gathers_an_agencys_matters(plan: Plan):
    matters = (overdue(), lagging(plan), lagging(plan, "school-model-canteens"))
    letter = compose(order(plan, *matters))
    assert letter.title == "关于报送2024年8月食品安全工作报表和加快推进指标进度的提醒敦促函"
    assert [p[:3] for p in letter.paragraphs[1:]] == ["（一）", "（二）", "（三）"]
    assert [title for title, _, _ in letter.annexes] == ["未按要求报送的报表清单", "指标进度表"]
    assert len(letter.annexes[1][2]) == 2


def test_several_indicators_share_a_title(plan: Plan):
    letter = compose(order(plan, lagging(plan), lagging(plan, "school-model-canteens"), step="rectification"))
    assert letter.title == "关于“学校食堂A级比例”等2项指标进度滞后的整改通知书"


def test_before_service_the_count_of_working_days_stands_and_after_it_the_day_too(plan: Plan):
    draft = compose(order(plan, lagging(plan), step="rectification"))
    signed = dated(draft, day(9, 10), CALENDAR, "签发当日送达的，")
    assert draft.requirements[0].startswith("报送整改方案。请自本通知书送达次日起5个工作日内报送")
    assert "5个工作日内（签发当日送达的，即2024年9月18日前，含当日）" in signed.requirements[0]
    assert "20个工作日内（签发当日送达的，即2024年10月14日前，含当日）" in signed.requirements[1]
    assert signed.requirements[2:] == draft.requirements[2:]


def test_what_is_due_when_is_reckoned_from_the_day_of_service():
    def told(step: str) -> list[str]:
        return [str(deadline) for deadline in deadlines(step, day(9, 10), LADDER, CALENDAR)]

    assert told("reminder") == ["书面答复：2024年9月18日前（含当日）"]
    assert told("rectification") == [
        "报送整改方案：2024年9月18日前（含当日）",
        "完成整改并报告结果：2024年10月14日前（含当日）",
    ]
    assert told("interview") == [], "its report is due by a day the office still sets"
    assert told("lifting") == []


def test_a_day_in_a_year_nobody_published_says_so(plan: Plan):
    year = next(y for y in range(2026, 2100) if CALENDAR.is_provisional(y))
    letter = dated(compose(order(plan, overdue())), day(3, 1, year), CALENDAR, "")
    assert "按暂定的工作日推算" in letter.requirements[0]
    assert "按暂定的工作日推算" in str(deadlines("reminder", day(3, 1, year), LADDER, CALENDAR)[0])


def issued(plan: Plan) -> LetterContent:
    return replace(compose(order(plan, overdue())), number="平食药安办函〔2024〕3号", signed_on=day(9, 10))


def test_a_correction_names_the_letter_and_each_place_and_changes_no_clock(plan: Plan):
    places = [("2024年9月6日", "2024年9月5日"), ("1个工作日", "2个工作日")]
    letter = correct(issued(plan), places, "日期录入有误")
    assert (letter.kind_name, letter.number, letter.signed_on) == ("更正函", None, None)
    assert letter.title == "关于平食药安办函〔2024〕3号文的更正函"
    assert letter.paragraphs == (
        "我办2024年9月10日签发的《关于报送2024年8月食品安全工作报表的提醒敦促函》"
        "（平食药安办函〔2024〕3号）文字有误，现更正如下。",
        "（一）原文“2024年9月6日”，更正为“2024年9月5日”。",
        "（二）原文“1个工作日”，更正为“2个工作日”。",
    )
    assert letter.legal_basis == "更正原因：日期录入有误。"
    assert "自原文书送达次日起计算" in letter.requirements[0]
    assert letter.annexes == ()


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ([], "哪一处"),
        ([("没有的话", "有的话")], "没有“没有的话”"),
        ([("2024年9月6日", "2024年9月6日")], "两者应当不同"),
        ([("2024年9月6日", " ")], "两者应当不同"),
    ],
)
def test_a_correction_of_nothing_is_refused(plan: Plan, places: list[tuple[str, str]], words: str):
    with pytest.raises(RefusedError, match=words):
        correct(issued(plan), places, "录入有误")


def test_a_letter_that_was_not_issued_is_changed_and_not_corrected(plan: Plan):
    draft = compose(order(plan, overdue()))
    with pytest.raises(RefusedError, match="退回改稿"):
        correct(draft, [("2024年9月6日", "2024年9月5日")], "录入有误")
    changed = edited(draft, [("未报", "尚未报送")])
    assert changed.addressee == draft.addressee
    assert changed.annexes[0][2][0][-1] == "尚未报送"


def test_the_difference_between_two_texts_is_told_paragraph_by_paragraph(plan: Plan):
    before = compose(order(plan, overdue()))
    after = replace(
        edited(before, [("以收到的回执为准", "以系统回执为准")]),
        paragraphs=(*before.paragraphs, "另附说明。"),
        copies_to=("市府办",),
    )
    told = differences(before, after)
    assert f"- 增加正文第{len(after.paragraphs)}段：**另附说明。**" in told
    assert any(line.startswith("- 要求第1条改为：") and "~~收到的~~**系统**回执为准" in line for line in told)
    assert "- 抄送改为：**市府办**" in told
    assert len(told) == 3
    assert differences(before, before) == ()


def test_a_rectification_names_the_letters_before_it_and_the_step_after(plan: Plan):
    letter = compose(
        order(
            plan, lagging(plan), step="rectification", earlier=("平食药安办函〔2024〕3号（2024年9月10日）",)
        )
    )
    assert (
        "此前，我办已就上述事项发出平食药安办函〔2024〕3号（2024年9月10日），事项至今尚未办结。"
        in letter.paragraphs
    )
    assert letter.requirements[-1].endswith("将按“三书一函”工作机制发出约谈通知书。")


def test_a_letter_warns_of_no_step_its_ladder_does_not_have(plan: Plan):
    letter = compose(order(plan, overdue(), step="rectification"))
    assert not any("逾期处理" in demand for demand in letter.requirements)


def test_a_later_letter_about_returns_says_how_they_stand(plan: Plan):
    months = tuple((f"2024年{n}月", "某日", "未报") for n in range(4, 9))
    one = compose(order(plan, overdue(), step="rectification"))
    many = compose(order(plan, replace(overdue(), facts=months), step="rectification"))
    assert "截至2024年9月9日，2024年8月报表（截止时间为2024年9月6日18:00）未报。" in one.paragraphs[1]
    assert "2024年6月报表（截止时间为某日）未报等5期，见附件。" in many.paragraphs[1]


def test_an_interview_leaves_time_and_place_open_and_keeps_the_notice(plan: Plan):
    letter = compose(order(plan, lagging(plan), step="interview"))
    assert letter.title == "关于“学校食堂A级比例”指标进度滞后的约谈通知书"
    assert letter.requirements[0] == "约谈时间和地点。由我办与你单位商定，至少提前3个工作日另行告知。"
    assert "自约谈次日起5个工作日内" in letter.requirements[3]


def test_a_listing_names_plan_end_extension_and_lifting(plan: Plan):
    letter = compose(order(plan, lagging(plan), step="listing"))
    assert [demand.partition("。")[0] for demand in letter.requirements] == [
        "报送整改方案", "完成整改", "申请延期", "解除督办", "答复方式",
    ]  # fmt: skip
    assert "届满20个工作日前书面申请，我办自收到申请之日起10个工作日内作出决定" in letter.requirements[2]


def test_a_lifting_notice_ends_a_listing(plan: Plan):
    letter = compose(order(plan, lagging(plan), step="lifting", earlier=("甲〔2024〕1号（2024年6月3日）",)))
    assert letter.title == "关于“学校食堂A级比例”指标进度滞后挂牌督办的解除通知书"
    assert letter.requirements[0].startswith("自本通知书签发之日起解除挂牌督办。")
    assert not any("尚未办结" in paragraph for paragraph in letter.paragraphs)


def test_a_court_gets_a_liaison_letter_that_asks(plan: Plan):
    letter = compose(order(plan, overdue(), agency_id="court"))
    assert letter.title == "关于商请报送2024年8月食品安全工作报表的工作联系函"
    assert "现就以下事项商请贵单位支持" in letter.paragraphs[0]
    assert "三书一函" not in letter.legal_basis


def test_what_is_for_the_office_alone_never_stands_in_a_letter(plan: Plan):
    court = missing(standing=plan.agency("court").standing)
    assert any("办内提示" in reason for reason in reasons(court))
    letter = compose(order(plan, overdue(standing=plan.agency("court").standing), agency_id="court"))
    assert "办内提示" not in letter_text(letter)


def test_a_demo_says_so_in_title_and_text_and_its_number_comes_from_the_office(plan: Plan):
    letter = compose(order(plan, overdue(), demo=True, number="演示〔2024〕1号"))
    assert letter.demo
    assert letter.title.startswith("（演示）")
    assert "演示数据" in letter.paragraphs[0]
    assert letter.number == "演示〔2024〕1号"
    assert letter_text(letter).startswith("**演示数据，不具有公文效力**")


def test_composing_twice_gives_the_same_letter(plan: Plan):
    assert compose(order(plan, overdue(), lagging(plan))) == compose(order(plan, overdue(), lagging(plan)))


def test_a_letter_about_nothing_is_refused(plan: Plan):
    with pytest.raises(ValueError, match="about no matter"):
        compose(order(plan))


def test_an_annex_row_must_have_the_columns_of_its_annex():
    with pytest.raises(ValueError, match="报送月份, 报送截止时间, 目前情况"):
        Matter(Track.REPORTING, "reporting", "月度报送", "", "", None, (), (("2024年8月",),))


def test_the_approver_reads_number_addressee_demands_signature_and_annexes(plan: Plan):
    text = letter_text(compose(order(plan, overdue(), lagging(plan), copies_to=("市府办", "市纪委"))))
    assert "# 关于报送2024年8月食品安全工作报表和加快推进指标进度的提醒敦促函" in text
    assert "文号：签发时取号" in text
    assert "\n\n市教育局：\n\n" in text
    assert "\n1. 报送报表。" in text
    assert "（成文日期：签发之日）" in text
    assert "抄送：市府办，市纪委" in text
    assert "## 附件2　指标进度表\n\n| 指标 | 目标值 |" in text


def test_no_word_of_an_agency_becomes_markdown(plan: Plan):
    row = ("2024年8月", "a|b", "<b>未报</b> *x* [y](z)\n# h")
    text = letter_text(compose(order(plan, replace(overdue(), facts=(row,)))))
    assert r"a\|b | \<b\>未报\</b\> \*x\* \[y\](z) \# h |" in text


def test_a_letter_round_has_one_run_id_for_ever():
    assert run_id(7, 2) == "letter-7-round-2"


def test_a_plan_without_the_mechanisms_clause_still_gives_a_letter(plan: Plan):
    other = plan.model_copy(update={"clauses": tuple(c for c in plan.clauses if c.id != "7.1")})
    assert "按照“三书一函”工作机制" in compose(order(other, overdue())).legal_basis


def test_a_months_title_names_two_months_and_counts_more(plan: Plan):
    rows = tuple((f"2024年{n}月", "某日", "未报") for n in (6, 7, 8))
    two = compose(order(plan, replace(overdue(), facts=rows[1:])))
    three = compose(order(plan, replace(overdue(), facts=rows)))
    assert two.title == "关于报送2024年7月、2024年8月食品安全工作报表的提醒敦促函"
    assert three.title == "关于报送2024年6月等3个月食品安全工作报表的提醒敦促函"
    none = compose(order(plan, replace(overdue(), facts=()), period=Period(2024, 7)))
    assert none.title == "关于报送2024年7月食品安全工作报表的提醒敦促函"


def test_a_major_risk_is_listed_by_its_name_with_what_is_known_of_it(plan: Plan):
    row = ("某处冷库", "2024年9月3日", "温控失灵")
    risk = Matter(Track.MAJOR_RISK, "risk-1", "某处冷库温控失灵", "", "", None, (), (row,))
    letter = compose(order(plan, risk, step="listing"))
    assert letter.title == "关于某处冷库温控失灵的挂牌督办通知书"
    assert "存在重大风险隐患" in letter.paragraphs[0]
    assert letter.paragraphs[1].startswith("2024年9月3日发现重大风险隐患“某处冷库温控失灵”：温控失灵。")
    assert letter.annexes == (("重大风险隐患清单", ("风险隐患", "发现日期", "基本情况"), (row,)),)


def test_a_letter_whose_facts_have_no_rows_still_names_its_matter(plan: Plan):
    bare = compose(
        order(plan, replace(lagging(plan), facts=()), replace(overdue(), facts=()), step="rectification")
    )
    assert "（一）关于“学校食堂A级比例”。" in bare.paragraphs[1]
    assert bare.annexes == ()
