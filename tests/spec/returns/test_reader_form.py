"""What a return says, read back figure by figure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from include.plan import plan_hash
from include.records.figures import ClauseStatus, Figure, FigureState, Role
from include.records.readings import Reading, ReadOutcome
from tests.corpus import education as e

Read = Callable[..., Reading]


def figure(reading: Reading, role: Role, indicator: str = e.COUNT) -> Figure:
    assert reading.form is not None
    (found,) = [f for f in reading.form.figures if (f.indicator_id, f.role) == (indicator, role)]
    return found


def test_a_faultless_return_is_read_whole(read: Read) -> None:
    reading = read(
        e.filled(names={e.COUNT: [("某某小学", "新华路 1 号")]}, explanations={e.RATIO: "新增 2 家"})
    )
    assert (reading.outcome, reading.findings) == (ReadOutcome.FORM, ())
    form = reading.form
    assert form is not None
    assert (form.identity.plan_id, form.identity.agency_id, form.identity.period) == (
        "pinghu-2024",
        "education",
        "2024-08",
    )
    assert form.identity.plan_hash == plan_hash(e.plan_of())
    assert (form.filled_by, form.signed_by, form.phone) == ("演示填报人", "演示签发人", "0573-00000000")
    assert not form.nil_return
    assert [(n.indicator_id, n.name, n.detail) for n in form.names] == [(e.COUNT, "某某小学", "新华路 1 号")]
    assert form.explanations[e.RATIO].raw == "新增 2 家"
    assert figure(reading, Role.NUMERATOR, e.RATIO).explanation == "新增 2 家"


def test_every_figure_keeps_sheet_cell_and_raw_text(read: Read) -> None:
    found = figure(read(e.filled({(e.RATIO, Role.NUMERATOR): "３０"})), Role.NUMERATOR, e.RATIO)
    assert (found.cell.sheet, found.cell.ref, found.cell.raw) == (
        "指标",
        e.place(e.RATIO, "numerator"),
        "３０",
    )
    assert found.value == 30
    assert "全角" in found.note


def test_a_blank_template_is_a_form_with_everything_missing(read: Read) -> None:
    reading = read(e.template())
    assert (reading.outcome, reading.findings) == (ReadOutcome.FORM, ())
    assert figure(reading, Role.MONTH).state is FigureState.MISSING
    assert reading.form
    assert reading.form.filled_by == ""
    assert "filled_by" in reading.form.cover, "the receipt can mark the blank cell"


@pytest.mark.parametrize(
    ("written", "state", "value"),
    [
        (0, FigureState.CONFIRMED_ZERO, 0),
        ("0", FigureState.CONFIRMED_ZERO, 0),
        ("无", FigureState.CONFIRMED_ZERO, 0),
        ("/", FigureState.NOT_APPLICABLE, None),
        ("——", FigureState.NOT_APPLICABLE, None),
        ("不适用", FigureState.NOT_APPLICABLE, None),
        (None, FigureState.MISSING, None),
        ("　", FigureState.MISSING, None),
        (2, FigureState.REPORTED, 2),
    ],
)
def test_blank_zero_and_not_applicable_are_three_things(
    read: Read, written: object, state: FigureState, value: int | None
) -> None:
    reading = read(e.filled({(e.COUNT, Role.MONTH): written}))
    found = figure(reading, Role.MONTH)
    assert (found.state, found.value) == (state, value)
    assert reading.findings == ()


def test_none_is_asked_about_where_it_need_not_mean_zero(read: Read) -> None:
    reading = read(e.filled({(e.RATIO, Role.DENOMINATOR): "无"}))
    assert [(f.rule, f.ref) for f in reading.findings] == [
        ("number-ambiguous", e.place(e.RATIO, "denominator"))
    ]
    assert figure(reading, Role.DENOMINATOR, e.RATIO).state is FigureState.MISSING


def test_the_cumulative_figure_is_computed_where_the_file_has_none(read: Read) -> None:
    reading = read(e.filled({(e.COUNT, Role.MONTH): "２家", (e.COUNT, Role.ADJUSTMENT): -1}))
    assert figure(reading, Role.CUMULATIVE).value == e.LAST + 2 - 1
    assert reading.form
    assert any("由系统按" in note for note in reading.form.notes)
    assert any("“２家”" in note and "按 2 读取" in note for note in reading.form.notes)


def test_the_cumulative_figure_of_the_file_is_taken_if_there_is_one(read: Read) -> None:
    found = figure(read(e.filled({(e.COUNT, Role.CUMULATIVE): 9})), Role.CUMULATIVE)
    assert (found.value, found.cell.ref, found.note) == (9, e.place(e.COUNT, "result"), "")


def test_no_cumulative_figure_is_made_of_a_month_that_is_missing_or_doubtful(read: Read) -> None:
    for month in (None, "约 2", "/"):
        found = figure(read(e.filled({(e.COUNT, Role.MONTH): month})), Role.CUMULATIVE)
        assert (found.state, found.value) == (FigureState.MISSING, None)


def test_what_is_not_due_owes_nothing_and_may_still_be_said(read: Read) -> None:
    reading = read(e.filled())
    assert reading.form
    by_clause = {s.clause_id: s for s in reading.form.statements}
    assert by_clause["7.2"].status is ClauseStatus.NOT_DUE
    told = read(e.edited(lambda book: _say(book, "7.2", "正常推进", "开了会")))
    assert told.form
    assert {s.clause_id: (s.status, s.text) for s in told.form.statements}["7.2"] == (
        ClauseStatus.ADVANCING,
        "开了会",
    )


def _say(book: Any, clause: str, status: str, text: str) -> None:
    book["工作进展"][e.clause_place(clause, "status")].value = status
    book["工作进展"][e.clause_place(clause, "text")].value = text


def test_a_figure_not_due_is_not_applicable(read: Read) -> None:
    reading = read(e.filled(agency="market-regulation"), agency="market-regulation")
    states = {f.role: f.state for f in reading.form.figures if f.indicator_id == "baobao-supervision-rate"}  # type: ignore[union-attr]
    assert set(states.values()) == {FigureState.NOT_APPLICABLE}
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("word", "said"), [("是", True), ("√", True), ("", False), ("否", False), ("/", False)]
)
def test_only_a_clear_yes_is_a_nil_return(read: Read, word: str, said: bool) -> None:
    reading = read(e.filled(cover={"nil_return": word}))
    assert reading.form
    assert reading.form.nil_return is said
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("written", "status"), [("推进中", "正常推进"), ("滞后", "进度滞后"), (" 已 完成", "已完成")]
)
def test_a_status_that_can_only_mean_one_thing_is_taken_for_it(read: Read, written: str, status: str) -> None:
    reading = read(e.edited(lambda book: _say(book, "3.3", written, "……")))
    assert reading.form
    assert {s.clause_id: s.status for s in reading.form.statements}["3.3"] == ClauseStatus(status)
    assert reading.findings == ()
    assert any(status in note for note in reading.form.notes)


def test_figures_of_a_ratio_are_counts_whatever_their_unit_is_called(read: Read) -> None:
    reading = read(e.filled({(e.RATIO, Role.NUMERATOR): "1.2万家", (e.RATIO, Role.DENOMINATOR): "12,500"}))
    assert figure(reading, Role.NUMERATOR, e.RATIO).value == Decimal(12000)
    assert figure(reading, Role.DENOMINATOR, e.RATIO).value == Decimal(12500)
    assert reading.findings == ()


def test_somebodys_own_formula_counts_with_its_result_and_is_noted(read: Read) -> None:
    ref = e.place(e.COUNT, "amount").encode()

    def with_formula(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet2.xml"):
            return content
        start = content.index(b'<c r="' + ref + b'"')
        at = content.index(b"<v>", start)
        return content[:at] + b"<f>1+0</f>" + content[at:]

    reading = read(e.repacked(with_formula))
    assert figure(reading, Role.MONTH).value == 1
    assert reading.form
    assert any("单位自己写的公式" in note for note in reading.form.notes)
    assert reading.findings == ()


def test_a_picture_inside_a_cell_is_an_attachment_and_no_fault(read: Read) -> None:
    picture = '=DISPIMG("ID_A1B2",1)'

    def put(book: Any) -> None:
        book["工作进展"][e.clause_place("3.3", "problems")].value = picture
        book["工作进展"][e.clause_place("3.3", "problems")].data_type = "s"
        book["指标"][e.place(e.COUNT, "pending")].value = picture
        book["指标"][e.place(e.COUNT, "pending")].data_type = "s"

    reading = read(e.edited(put))
    assert reading.findings == ()
    assert figure(reading, Role.PENDING).state is FigureState.MISSING
    assert reading.form
    assert {s.clause_id: s.problems for s in reading.form.statements}["3.3"] == "〔图片〕"
