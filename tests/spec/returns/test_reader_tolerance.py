"""Moved, renamed, extra, merged, hidden: what people do to a workbook and still mean the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.records.figures import FilledForm, Role
from include.records.readings import Reading, ReadOutcome
from tests.corpus import education as e

Read = Callable[..., Reading]


def said(form: FilledForm) -> tuple[object, ...]:
    """What a form says, wherever it stands."""
    return (
        [(f.indicator_id, f.role, f.state, f.value) for f in form.figures],
        [(n.indicator_id, n.name, n.detail) for n in form.names],
        [(s.clause_id, s.status, s.text, s.problems, s.next_steps, s.reported_by) for s in form.statements],
        (form.filled_by, form.signed_by, form.phone, form.nil_return, form.identity.period),
    )


def base() -> bytes:
    return e.filled(names={e.COUNT: [("某某小学", "一路"), ("某某中学", "二路")]})


def _column_moved_to_front(book: Any) -> None:
    sheet = book["指标"]
    for row in range(5, 9):  # 分母 changes places with 条款
        one, other = sheet.cell(row, 1), sheet.cell(row, 7)
        one.value, other.value = other.value, one.value


def _columns_renamed(book: Any) -> None:
    for ref, name in (("F5", "分子数（个）"), ("H5", "本月完成数"), ("L5", "备 注"), ("J5", "累计数")):
        book["指标"][ref].value = name
    book["工作进展"]["E5"].value = "进展情况"


def _extra_column(book: Any) -> None:
    book["指标"].insert_cols(3)
    book["指标"]["C5"].value = "科室"
    book["指标"]["C7"].value = "体卫艺科"


def _extra_header_rows(book: Any) -> None:
    book["指标"].insert_rows(1, 4)
    book["指标"]["A1"].value = "平湖市教育局月报"


def _extra_rows_and_total(book: Any) -> None:
    sheet = book["指标"]
    sheet["B12"].value = "合计"
    sheet["F12"].value = 30
    sheet["B13"].value = "注:以上为在籍学校"


def _rows_reordered(book: Any) -> None:
    sheet = book["指标"]
    rows = [[cell.value for cell in sheet[number]] for number in (6, 7)]
    for number, values in zip((7, 6), rows, strict=True):
        for column, value in enumerate(values, 1):
            sheet.cell(number, column).value = value


def _sheet_renamed(book: Any) -> None:
    book["指标"].title = "8月指标表"
    book["工作进展"].title = "Sheet3"


def _sheets_reordered(book: Any) -> None:
    book.move_sheet("工作进展", -3)
    book.move_sheet("封面", 2)


def _receipt_in_front(book: Any) -> None:
    sheet = book.create_sheet("回执", 0)
    for row in (
        ["回执"],
        ["序号", "工作表", "单元格", "填写内容", "问题", "指标", "分子", "分母"],
        [1, "指标", "F6", "约30"],
    ):
        sheet.append(row)


def _hidden_column_lost(book: Any) -> None:
    for title, letter in (("指标", "N"), ("名单", "G"), ("工作进展", "J")):
        for row in range(5, 20):
            book[title][f"{letter}{row}"].value = None


def _label_cells_merged(book: Any) -> None:
    sheet = book["名单"]
    for row in range(7, 17):
        sheet[f"B{row}"].value = sheet[f"G{row}"].value = None
    sheet.merge_cells("B6:B16")


def _hidden_rows(book: Any) -> None:
    book["指标"].row_dimensions[7].hidden = True


def _sheet_hidden(book: Any) -> None:
    book["工作进展"].sheet_state = "hidden"


def _labels_retyped(book: Any) -> None:
    book["指标"]["B7"].value = ' 中小学"示范食堂" '
    book["指标"]["N7"].value = None


def _cover_rearranged(book: Any) -> None:
    sheet = book["封面"]
    fields = e.layout_of().cover
    kept = {field.key: (field.label, sheet[field.ref].value) for field in fields.fields}
    for row in sheet["A5:F14"]:
        for cell in row:
            if not hasattr(cell, "row") or type(cell).__name__ != "MergedCell":
                cell.value = None
    sheet["B15"].value = f"填表人：{kept['filled_by'][1]}"
    sheet["B16"].value, sheet["C16"].value = "电 话", kept["phone"][1]
    sheet["D16"].value, sheet["E16"].value = "审核人", kept["signed_by"][1]


CHANGES = [
    _column_moved_to_front, _columns_renamed, _extra_column, _extra_header_rows, _extra_rows_and_total,
    _rows_reordered, _sheet_renamed, _sheets_reordered, _receipt_in_front, _hidden_column_lost,
    _label_cells_merged, _hidden_rows, _sheet_hidden, _labels_retyped, _cover_rearranged,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_a_change_of_form_changes_nothing_of_what_is_said(change: Callable[[Any], None], read: Read) -> None:
    before, after = read(base()), read(e.edited(change, base()))
    assert after.findings == ()
    assert before.form
    assert after.form
    assert said(after.form) == said(before.form)


@pytest.mark.parametrize(
    "name", ["2024-08 填报模板(1).xlsx", "副本2024-08.xlsx", "最终版 最终版2.xls", "报表"]
)
def test_the_files_name_does_not_matter(name: str, read: Read) -> None:
    reading = read(base(), name)
    assert (reading.outcome, reading.findings) == (ReadOutcome.FORM, ())


def test_rows_left_out_of_account_and_hidden_ones_are_named_in_a_note(read: Read) -> None:
    reading = read(e.edited(_extra_rows_and_total))
    assert reading.form
    assert any("指标 第 12 行" in note and "没有计入" in note for note in reading.form.notes)
    hidden = read(e.edited(_hidden_rows))
    assert hidden.form
    assert any("指标 第 7 行" in note and "隐藏" in note for note in hidden.form.notes)


def test_a_text_merged_over_several_clauses_is_said_of_each(read: Read) -> None:
    def merge(book: Any) -> None:
        for ref in ("E7", "E8"):
            book["工作进展"][ref].value = None
        book["工作进展"]["E6"].value = "三项一并推进"
        book["工作进展"].merge_cells("E6:E8")

    reading = read(e.edited(merge))
    assert reading.form
    texts = {s.clause_id: s.text for s in reading.form.statements}
    assert [texts[c] for c in ("3.1", "3.3", "6.2")] == ["三项一并推进"] * 3


def test_a_named_list_may_grow_beyond_its_lines(read: Read) -> None:
    def grow(book: Any) -> None:
        book["名单"].insert_rows(8)
        book["名单"]["D8"].value = "插入的学校"

    reading = read(e.edited(grow, base()))
    assert reading.form
    assert [n.name for n in reading.form.names] == ["某某小学", "某某中学", "插入的学校"]
    assert {n.indicator_id for n in reading.form.names} == {e.COUNT}
    assert any("按上一行的指标计" in note for note in reading.form.notes)


def test_without_the_hidden_sheet_cover_or_file_name_tell_the_month(read: Read) -> None:
    def lose(book: Any) -> None:
        del book["系统信息"]

    def lose_both(book: Any) -> None:
        lose(book)
        book["封面"]["C6"].value = None

    for data, name in ((e.edited(lose), "报表.xlsx"), (e.edited(lose_both), "教育局202408.xlsx")):
        reading = read(data, name)
        assert reading.findings == ()
        assert reading.form
        assert reading.form.identity.period == "2024-08"
        assert any("系统信息" in note for note in reading.form.notes)


def test_without_the_hidden_sheet_the_cover_tells_another_agencys_return(read: Read) -> None:
    def lose(book: Any) -> None:
        del book["系统信息"]

    reading = read(e.edited(lose, e.filled(agency="court")))
    assert reading.outcome is ReadOutcome.FOREIGN
    assert [f.rule for f in reading.findings] == ["foreign-agency"]
    assert reading.findings[0].found == "市法院"


def test_one_fault_of_a_figure_is_one_finding_and_leaves_the_rest_readable(read: Read) -> None:
    reading = read(e.filled({(e.COUNT, Role.MONTH): "约 2", (e.RATIO, Role.NUMERATOR): 40}))
    assert [(f.rule, f.sheet, f.ref, f.found, f.subject) for f in reading.findings] == [
        ("number-ambiguous", "指标", e.place(e.COUNT, "amount"), "约 2", e.COUNT)
    ]
    assert reading.form
    assert {f.role: f.value for f in reading.form.figures if f.indicator_id == e.RATIO}[Role.NUMERATOR] == 40


def test_a_column_that_is_none_of_the_templates_is_named_as_not_read(read: Read) -> None:
    def add(book: Any) -> None:
        sheet = book["指标"]
        sheet["P5"].value, sheet["P6"].value = "备注", "系统升级，少报两家"
        sheet["Q5"].value = "科室"  # nothing is written below it

    form = read(e.edited(add)).form
    assert form
    told = [note for note in form.notes if "不是模板里的栏目" in note]
    assert told == ["指标 P 列“备注”：不是模板里的栏目，其中的内容没有计入；要说明的请写到“情况说明”栏"]
