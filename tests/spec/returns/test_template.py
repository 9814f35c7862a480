"""The template an agency gets: what stands in it, what can be typed, what it says while one types."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from lxml.etree import fromstring  # pyright: ignore[reportAttributeAccessIssue] - it has no types
from openpyxl import load_workbook

from include.plan import Period, Plan
from include.records.figures import Identity
from include.returns.headings import Content
from include.returns.layout import NOT_DUE, STATUSES, TEMPLATE_VERSION, checksum
from include.returns.template import NamedSoFar, template_name, write_template
from tests.corpus.faults import prefilled_on
from tests.orders import (
    CHECKED,
    LAST_MONTH,
    NAMED,
    NOTHING_YET,
    PERIOD,
    RATIO,
    layout,
    plan,
    template_order,
)

AGENCIES = ("market-regulation", "education", "court")
FUNCTIONS = {
    "AND", "COUNTA", "IF", "IFERROR", "ISNUMBER", "LEFT", "LEN", "MID", "N", "NOT", "OR", "SUMPRODUCT",
    "TRIM",
}  # fmt: skip
NEWER = (
    "_xlfn",
    "_xlws",
    "x14:",
    "x15:",
    "xr:",
    "dynamicArray",
    "sheetMetadata",
    "threadedComment",
    "richValue",
)


LONG_TEXTS = replace(LAST_MONTH, texts=dict.fromkeys((c.id for c in plan().clauses), "上月推进" * 300))


def opened(data: bytes, **how: Any) -> Any:
    return load_workbook(BytesIO(data), **how)


def test_it_is_named_after_the_month() -> None:
    assert template_name(PERIOD) == "2024-08 填报模板.xlsx"


def test_the_same_order_gives_the_same_bytes() -> None:
    assert write_template(template_order()) == write_template(template_order())


@pytest.mark.parametrize("agency", AGENCIES)
def test_everything_stands_where_the_layout_says(agency: str) -> None:
    own, book = layout(agency), opened(write_template(template_order(agency)))
    assert tuple(book.sheetnames) == own.titles
    for field in (*own.cover.fields, *own.system.fields):
        title = own.cover.title if field in own.cover.fields else own.system.title
        assert book[title][f"B{field.row}"].value == field.label
    for table in own.tables:
        sheet = book[table.title]
        for column in table.columns:
            assert sheet[f"{column.letter}{table.header_row}"].value == column.header
        for row in table.rows:
            assert sheet[table.ref(row, "id")].value == row.key
            named = {"指标": "name", "名单": "indicator", "工作进展": "title"}[table.title]
            assert sheet[table.ref(row, named)].value.split("\n")[0] == row.label


@pytest.mark.parametrize("agency", AGENCIES)
def test_input_cells_are_yellow_and_unlocked_and_all_others_are_locked(agency: str) -> None:
    own, book = layout(agency), opened(write_template(template_order(agency)))
    inputs = {(own.cover.title, field.ref) for field in own.cover.fields if field.input}
    for table in own.tables:
        inputs |= {
            (table.title, table.ref(row, column.key))
            for row in table.rows
            for column in table.columns
            if column.content in (Content.TEXT, Content.CHOICE)
            or (column.content is Content.NUMBER and row.role(column.key))
        }
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == inputs
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password
    due = [row for table in own.tables for row in table.rows if row.due and table.title == "工作进展"]
    table = own.progress
    assert table
    assert {book[table.title][table.ref(row, "text")].fill.fgColor.rgb for row in due} <= {"FFFFF8DC"}


def test_last_months_figures_stand_beside_the_cells_to_fill() -> None:
    table = layout().indicators
    assert table
    sheet = opened(write_template(template_order()))[table.title]
    ratio, named, unknown = (sheet[table.ref(table.rows_of(i)[0], "last")] for i in (RATIO, NAMED, CHECKED))
    assert ratio.value == 0.125
    assert ratio.number_format == '"12/96 = "0.0%'
    assert named.value == 2
    assert unknown.value is None


def test_a_figure_older_than_last_month_names_its_month() -> None:
    table = layout().indicators
    assert table
    since = {NAMED: Period(2024, 6), RATIO: Period(2024, 7)}
    sheet = opened(write_template(template_order(prefill=replace(LAST_MONTH, since=since))))[table.title]
    named, ratio = (str(sheet[table.ref(table.rows_of(i)[0], "name")].value) for i in (NAMED, RATIO))
    assert named.endswith("\n【上月数】是6月的，上月没有接收这个数")
    assert "【上月数】" not in ratio


def test_names_of_earlier_months_are_filled_in_and_can_be_struck_out() -> None:
    table = layout().names
    assert table
    sheet = opened(write_template(template_order()))[table.title]
    rows = table.rows_of(NAMED)
    assert [sheet[table.ref(row, "name")].value for row in rows[:3]] == [
        "演示第一小学食堂",
        "演示第二小学食堂",
        None,
    ]
    assert sheet[table.ref(rows[0], "detail")].value == "演示路1号，2024年3月验收"
    assert not sheet[table.ref(rows[0], "name")].protection.locked


def test_a_list_that_has_outgrown_its_lines_gets_more_below() -> None:
    many = tuple(NamedSoFar(NAMED, Period(2024, 7), f"演示食堂{n}", "演示路") for n in range(15))
    table = layout().names
    assert table
    data = write_template(template_order(prefill=replace(LAST_MONTH, names=many)))
    sheet = opened(data)[table.title]
    rows = [r for r in range(table.header_row + 1, sheet.max_row + 1) if sheet.cell(r, 7).value == NAMED]
    assert len(rows) == 18
    assert [sheet.cell(r, 4).value for r in rows][:15] == [entry.name for entry in many]
    assert not any(sheet.cell(r, 4).protection.locked for r in rows)


def test_a_name_that_looks_like_a_formula_stays_a_text() -> None:
    evil = NamedSoFar(NAMED, Period(2024, 7), '=HYPERLINK("http://x.invalid")', "@SUM(1)")
    table = layout().names
    assert table
    sheet = opened(write_template(template_order(prefill=replace(NOTHING_YET, names=(evil,)))))[table.title]
    cell = sheet[table.ref(table.rows[0], "name")]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x.invalid")', "s")


def test_what_is_not_due_is_filled_in_as_not_due() -> None:
    own = layout("market-regulation")
    book = opened(write_template(template_order("market-regulation")))
    assert own.indicators
    assert own.progress
    waiting = [row for row in own.indicators.rows if not row.due]
    assert waiting
    for row in waiting:
        assert book["指标"][own.indicators.ref(row, row.figures[0][0])].value == NOT_DUE
    for row in own.progress.rows:
        expected = None if row.due else NOT_DUE
        assert book["工作进展"][own.progress.ref(row, "status")].value == expected


def test_status_and_nil_return_are_chosen_from_a_list() -> None:
    own, book = layout(), opened(write_template(template_order()))
    assert own.progress
    (status,) = {
        rule.formula1
        for rule in book["工作进展"].data_validations.dataValidation
        if own.progress.ref(own.progress.rows[0], "status") in rule.sqref
    }
    assert status == f'"{",".join(STATUSES)}"'
    nil = [
        r
        for r in book["封面"].data_validations.dataValidation
        if own.cover.field("nil_return").ref in r.sqref
    ]
    assert [rule.formula1 for rule in nil] == ['"是,否"']


def test_last_months_text_is_shown_when_the_cell_is_chosen_and_not_filled_in() -> None:
    own, book = layout(), opened(write_template(template_order()))
    assert own.progress
    ref = own.progress.ref(own.progress.rows_of("3.3")[0], "text")
    assert book["工作进展"][ref].value is None
    prompts = [r.prompt for r in book["工作进展"].data_validations.dataValidation if ref in r.sqref]
    assert prompts == ["上月与两家配送企业签约。"]


def test_the_hidden_sheet_says_whose_it_is_with_a_checksum() -> None:
    own, order = layout(), template_order()
    sheet = opened(write_template(order))[own.system.title]
    kept = prefilled_on(sheet)
    assert sheet.sheet_state == "hidden"
    values = {field.key: sheet[field.ref].value for field in own.system.fields}
    assert values == {
        "plan_id": "pinghu-2024",
        "agency_id": "education",
        "period": "2024-08",
        "template_version": TEMPLATE_VERSION,
        "plan_hash": order.plan_hash,
        "checksum": checksum(
            Identity("pinghu-2024", "education", "2024-08", TEMPLATE_VERSION, order.plan_hash), kept
        ),
    }


def test_the_cover_says_what_is_owed_until_when_and_how() -> None:
    sheet = opened(write_template(template_order()))["封面"]
    texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
    assert "2024年9月6日（星期五）18:00" in texts
    assert any("演示时钟 2024-09-03 09:00" in text for text in texts)
    assert sum("报送”文件夹" in text for text in texts) >= 1


def test_an_agency_that_owes_nothing_this_month_is_told_so() -> None:
    idle = next(a.id for a in plan().filers if not any(r.due for t in layout(a.id).tables for r in t.rows))
    sheet = opened(write_template(template_order(idle)))["封面"]
    assert any("本月没有必须填报的内容" in str(c.value) for row in sheet.iter_rows() for c in row)


def test_the_definitions_quote_the_official_text_once_it_is_attached() -> None:
    wording = "演示用的条款原文。"
    clauses = tuple(c.model_copy(update={"text": wording}) if c.id == "3.3" else c for c in plan().clauses)
    attached = Plan.model_validate({**{f: getattr(plan(), f) for f in Plan.model_fields}, "clauses": clauses})
    sheet = opened(write_template(template_order(plan=attached)))["口径说明"]
    rows = {
        row[0].value: row[2].value
        for row in sheet.iter_rows()
        if row[3].value in ("每月", "每季度（3、6、9、12月）")
    }
    assert rows["3.3"] == wording
    assert rows["3.1"].startswith(plan().clause("3.1").title)


def test_the_definitions_say_what_counts_where_it_should_stand_and_who_answers() -> None:
    sheet = opened(write_template(template_order()))["口径说明"]
    (row,) = [r for r in sheet.iter_rows(values_only=True) if r[1] == "“阳光配送”覆盖率"]
    assert "分母：全部学校食堂" in row[2]
    assert "暂按：" in row[2]
    assert "全年目标 20%" in row[3]
    assert row[4].split("\n") == ["报送：市教育局", "核对：市市场监管局", "答责：市教育局"]


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_mark_stands_on_every_sheet_of_the_demo_and_nowhere_else(demo: bool) -> None:
    book = opened(write_template(template_order(demo=demo, clock_note="", prefill=NOTHING_YET)))
    for sheet in book.worksheets[:-1]:
        shown = " ".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
        assert ("演示数据" in shown) is demo, sheet.title
        assert ("演示数据" in (sheet.oddHeader.right.text or "")) is demo, sheet.title


def test_it_prints_on_a4_with_repeated_heads_and_the_handling_mark() -> None:
    own, book = layout(), opened(write_template(template_order()))
    for sheet in book.worksheets[:-1]:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.oddFooter.left.text.endswith("内部资料")
        assert "&P" in sheet.oddFooter.center.text or "Page" in str(sheet.oddFooter.center.text)
    for table in own.tables:
        assert book[table.title].print_title_rows == f"${table.header_row}:${table.header_row}"
        assert book[table.title].freeze_panes is not None


@pytest.mark.parametrize("agency", AGENCIES)
def test_nothing_in_it_is_newer_than_excel_2010(agency: str) -> None:
    with zipfile.ZipFile(BytesIO(write_template(template_order(agency)))) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    for name, xml in parts.items():
        assert not [word for word in NEWER if word in xml], name
    formulas = [f for xml in parts.values() for f in re.findall(r"<(?:f|formula|formula1)>(.*?)</", xml)]
    used = {word for f in formulas for word in re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", f))}
    assert formulas
    assert used <= FUNCTIONS
    assert max(map(len, formulas)) < 8192
    nested = max(f.count("IF(") for f in formulas)
    assert nested <= 64


@pytest.mark.parametrize("agency", AGENCIES)
def test_nothing_in_it_is_beyond_what_excel_holds(agency: str) -> None:
    """Excel's specifications and limits: it repairs, that is drops, what is beyond them."""
    with zipfile.ZipFile(BytesIO(write_template(template_order(agency, prefill=LONG_TEXTS)))) as package:
        trees = {name: fromstring(package.read(name)) for name in package.namelist() if "xl/" in name}
    elements = [element for tree in trees.values() for element in tree.iter()]
    by_name: dict[str, list[Any]] = defaultdict(list)
    for element in elements:
        by_name[element.tag.rpartition("}")[2]].append(element)
    formulas = [f.text or "" for name in ("f", "formula", "formula1", "formula2") for f in by_name[name]]
    assert max(map(len, formulas)) <= 8192
    literals = [literal for f in formulas for literal in re.findall(r'"((?:[^"]|"")*)"', f)]
    assert max(map(len, literals)) <= 255
    lists = [v.findtext("{*}formula1") for v in by_name["dataValidation"] if v.get("type") == "list"]
    assert lists
    assert max(len(said or "") for said in lists) <= 255 + 2  # without its quotes
    validations = by_name["dataValidation"]
    for title, text in (("promptTitle", "prompt"), ("errorTitle", "error")):
        assert max(len(v.get(title, "")) for v in validations) <= 32
        assert 0 < max(len(v.get(text, "")) for v in validations) <= 255
    assert max(len(sheet.get("name")) for sheet in by_name["sheet"]) <= 31
    assert max(len("".join(text.itertext())) for text in by_name["si"]) <= 32767
    for head in ("oddHeader", "oddFooter"):
        assert max((len(h.text or "") for h in by_name[head]), default=0) <= 255
    heights = [float(row.get("ht")) for row in by_name["row"] if row.get("ht")]
    assert max(heights) <= 409
    assert max(float(column.get("width")) for column in by_name["col"]) <= 255
