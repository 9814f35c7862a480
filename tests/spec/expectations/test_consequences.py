"""One fault, one message: what follows from another is not told, and equal faults do not fill a page."""

from __future__ import annotations

from dataclasses import replace

from include.expectations import validate
from include.expectations.telling import MOST_ALIKE
from include.plan.limits import Limits
from include.records.figures import Cell, Role
from include.records.findings import Finding, Severity
from tests.spec.expectations.examples import DISPOSAL, GRADE_A, SAMPLING, STORES
from tests.spec.expectations.forms import (
    checked,
    judged,
    past_of,
    plan,
    right,
    rules,
    with_figures,
    with_name,
    with_statement,
)


def _reader(sheet: str, ref: str, subject: str = "", severity: Severity = Severity.ERROR) -> Finding:
    return Finding("number-unreadable", severity, sheet, ref, "三十多", "一个数", "看不懂", "请填数", subject)


def test_a_cell_the_reader_could_not_read_is_not_called_missing_too() -> None:
    form = with_figures(right(), {(SAMPLING, Role.MONTH): None, (SAMPLING, Role.CUMULATIVE): None})
    assert judged(form, known=(_reader("指标", "H21", SAMPLING),)) == ()


def test_what_the_reader_only_remarked_on_is_still_judged() -> None:
    form = with_figures(right(), {(SAMPLING, Role.MONTH): None, (SAMPLING, Role.CUMULATIVE): None})
    assert rules(judged(form, known=(_reader("指标", "H21", SAMPLING, Severity.WARNING),))) == [
        "figure-missing"
    ]


def test_the_other_half_of_a_ratio_is_still_missed() -> None:
    blank = {(DISPOSAL, Role.NUMERATOR): None, (DISPOSAL, Role.DENOMINATOR): None}
    found = judged(with_figures(right(), blank), known=(_reader("指标", "F20", DISPOSAL),))
    assert [(f.rule, f.ref) for f in found] == [("figure-missing", "G20")]


def test_a_lost_column_is_told_once_by_the_reader() -> None:
    form = right()
    nowhere = (replace(f, cell=Cell("指标", "")) if f.role is Role.MONTH else f for f in form.figures)
    lost = with_figures(replace(form, figures=tuple(nowhere)), {(SAMPLING, Role.MONTH): None})
    assert "figure-missing" in rules(judged(lost))
    assert judged(lost, known=(_reader("指标", "A5"),)) == ()


def test_a_negative_month_is_one_fault_though_cumulative_and_list_are_wrong_with_it() -> None:
    form = with_figures(right(), {(STORES, Role.MONTH): -1, (STORES, Role.CUMULATIVE): 7})
    assert rules(judged(form)) == ["month-not-negative"]


def test_a_telephone_number_in_a_cell_is_one_fault() -> None:
    wrong = {(SAMPLING, Role.MONTH): 13800000000, (SAMPLING, Role.CUMULATIVE): 13800001015}
    found = judged(with_figures(right(), wrong))
    assert rules(found) == ["figure-within-measure"]
    assert [f.ref for f in found] == ["H21", "J21"]


def test_two_faults_of_two_rows_are_both_told() -> None:
    wrong = {(GRADE_A, Role.NUMERATOR): 500, (SAMPLING, Role.CUMULATIVE): 3}
    assert rules(judged(with_figures(right(), wrong))) == [
        "ratio-numerator-within-denominator",
        "cumulative-never-falls",
    ]


def test_findings_come_in_the_order_their_cells_are_read() -> None:
    form = replace(right(), phone="")
    wrong = {(SAMPLING, Role.MONTH): None, (DISPOSAL, Role.NUMERATOR): "0.9", (GRADE_A, Role.NUMERATOR): 500}
    form = with_statement(with_figures(form, wrong), "15.1", status=None)
    assert [f"{f.sheet}!{f.ref}" for f in judged(form)][:4] == ["封面!C10", "指标!F6", "指标!F20", "指标!H21"]


def test_a_name_listed_twice_is_not_also_a_wrong_count() -> None:
    form = with_name(right(), STORES, "演示“五优”生鲜店甲号")
    assert rules(judged(form)) == ["name-listed-twice"]


def test_each_plan_is_judged_by_its_own_thresholds_in_one_go() -> None:
    short = with_statement(right(), "15.1", text="检查了十二家店")
    usual, stricter = plan(), plan().model_copy(update={"limits": Limits(shortest_text=30)})
    laxer = plan().model_copy(update={"limits": Limits(shortest_text=2)})
    batch = [checked(short, n, resolved=of) for n, of in enumerate((usual, stricter, laxer), 1)]
    found = validate(batch, {c.submission_id: past_of(c.agency_id) for c in batch})
    told = {n: [f for f in found[n] if f.rule == "text-too-short"] for n in (1, 2, 3)}
    assert [len(told[n]) > 0 for n in (1, 2, 3)] == [True, True, False]
    assert len(told[2]) > len(told[1])
    assert {f.expected for f in told[2]} == {"至少 30 个字"}


def test_equal_faults_are_findings_of_their_own_and_beyond_a_hundred_told_together() -> None:
    for beyond, told in ((1, MOST_ALIKE + 1), (2, MOST_ALIKE + 1), (3, MOST_ALIKE + 1)):
        form = right()
        for number in range(MOST_ALIKE + beyond):
            form = with_name(form, STORES, str(number + 10))
        found = judged(form)
        assert rules(found) == ["name-is-a-name"]
        assert len(found) == told
        if beyond > 1:
            assert found[-1].message.startswith(f"同样的问题还有 {beyond} 处：")
