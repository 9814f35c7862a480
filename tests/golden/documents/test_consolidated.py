"""The consolidated workbook, read back: what stands on each sheet, and what must never happen to text."""

from __future__ import annotations

import io
import re
import subprocess
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from include.documents.consolidated import consolidated_name, write_consolidated
from tests.reports import LAGGING, SILENT, empty_report, sample_report

SHEETS = [
    *("总览", "指标", "单位", "工作进展", "共同任务", "更正", "核对", "核对异议", "文书台账", "待决事项"),
    *("供了解", "数据项"),
]
HEADER = 4  # the row a table's header stands in


@cache
def sample_bytes() -> bytes:
    return write_consolidated(sample_report())


@pytest.fixture(scope="module")
def book() -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(sample_bytes()))


def table(sheet: Worksheet) -> list[dict[str, object]]:
    head = [cell.value for cell in sheet[HEADER]]
    return [
        dict(zip(head, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=HEADER + 1)
    ]


def words(sheet: Worksheet) -> str:
    return "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)


def test_the_file_is_named_by_period_and_edition():
    assert consolidated_name(sample_report()) == "2024-08 汇总报表 第1版.xlsx"
    assert consolidated_name(replace(sample_report(), edition=2)) == "2024-08 汇总报表 第2版.xlsx"


def test_it_holds_the_sheets_in_their_order(book: Workbook):
    assert book.sheetnames == SHEETS


def test_the_same_report_gives_the_same_bytes_at_another_time():
    time.sleep(2.1)  # a zip's clock counts in two seconds
    assert write_consolidated(sample_report()) == sample_bytes()


def test_the_overview_tells_lights_rates_sentences_and_matters(book: Workbook):
    told = words(book["总览"])
    assert "截至2024年9月13日 · 第1版 · 未锁定" in told
    assert "报送率 95%（已报21家 / 应报22家）" in told
    assert "8月多数指标按时序推进，2项明显落后" in told
    assert f"2. {SILENT}：月度报表连续3个月未报。请督促补报并明确专人负责（9月24日前）。" in told
    sheet = book["总览"]
    tiles = {sheet.cell(6, c).value: sheet.cell(7, c).value for c in range(1, 16, 3)}
    assert tiles == {"已完成": 3, "绿": 11, "黄": 3, "红": 2, "灰": 6}


def test_the_overview_prints_on_one_page_and_has_two_real_charts(book: Workbook):
    sheet = book["总览"]
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    names = zipfile.ZipFile(io.BytesIO(sample_bytes())).namelist()
    assert len([n for n in names if n.startswith("xl/charts/chart")]) == 2


def test_every_sheet_is_a4_carries_its_marks_and_repeats_its_header(book: Workbook):
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert "内部资料 · 演示数据" in sheet.oddHeader.left.text
        assert "演示数据" in words(sheet)
        if sheet.title != "总览":
            assert sheet.print_title_rows == f"${HEADER}:${HEADER}"


def test_an_indicator_row_tells_value_path_light_and_reasons(book: Workbook):
    row = next(r for r in table(book["指标"]) if r["指标"] == "药品抽检")
    assert (row["完成值"], row["目标"], row["时序应达"], row["与时序差距"]) == (61, "≥90", 65, -4)
    assert (row["亮灯"], row["上月值"], row["8月"], row["9月"]) == ("黄", 55, 61, None)
    assert row["完成率%"] == pytest.approx(67.78, abs=0.01)
    assert "检修" in str(row["单位说明"])


def test_the_five_greys_are_told_apart(book: Workbook):
    greys = {r["指标"]: r["亮灯"] for r in table(book["指标"]) if str(r["亮灯"]).startswith("灰")}
    assert greys["“阳光配送”覆盖率"] == "灰·待补基期"
    assert greys["省级示范性食品作坊"] == "灰·未到期"
    assert greys["省级优质农产品生产基地"] == "灰·暂未启动"
    assert greys["演示：热线按期办结率"] == "灰·未报"


def test_every_indicator_with_figures_leads_to_its_own_first_fact(book: Workbook):
    sheet, facts = book["指标"], book["数据项"]
    links = [c for c in sheet["B"] if c.hyperlink is not None]
    assert len(links) == 17
    for cell in links:
        row, _ = passport_rows(cell)
        assert facts.cell(row, 1).value == cell.value
        assert facts.cell(row, 3).value == "2024-08"
        assert facts.cell(row - 1, 1).value != cell.value


def passport_rows(cell: Any) -> tuple[int, int]:
    first, last = re.findall(r"[AP](\d+)", cell.hyperlink.location.split("!")[1])
    return int(first), int(last)


def test_every_figure_leads_to_the_rows_it_was_made_from(book: Workbook):
    sheet, facts = book["指标"], book["数据项"]
    header = [str(c.value) for c in sheet[4]]
    now = ("完成值", "时序应达", "完成率%", "与时序差距", "今后每月需", "目标")
    figures = (*now, "上月值", *(f"{m}月" for m in range(1, 13)))
    seen = 0
    for line in sheet.iter_rows(min_row=5):
        told = dict(zip(header, line, strict=True))
        for name in figures:
            cell = told[name]
            if cell.value is None or str(told["指标"].value).startswith("演示"):
                continue
            assert name == "目标" or isinstance(cell.value, int | float), (
                "a figure that leads somewhere stays a number"
            )
            if cell.hyperlink is None and told["完成值"].value is None:
                continue  # a target and a path of what nobody has reported yet
            month = {"上月值": 7, **dict.fromkeys(now, 8)}.get(name) or int(name[:-1])
            first, last = passport_rows(cell)
            for row in range(first, last + 1):
                assert facts.cell(row, 1).value == told["指标"].value
                assert facts.cell(row, 3).value == f"2024-{month:02d}"
                seen += 1
            if last < facts.max_row:
                assert facts.cell(last + 1, 3).value != f"2024-{month:02d}", "the rows are all of them"
    assert seen > 150


def test_the_overview_and_the_reconciliations_lead_to_passports_too(book: Workbook):
    linked = [c for row in book["总览"].iter_rows() for c in row if c.hyperlink]
    assert "61批次" in [c.value for c in linked if "数据项'!A" in c.hyperlink.location]
    counted = {c.value: c.hyperlink.location for c in linked if isinstance(c.value, int)}
    assert counted[11] == "'指标'!A4"  # green lights
    assert counted[22] == "'单位'!A4"  # returns on time in a month
    (first, _) = (c for c in book["核对"]["B"] if c.hyperlink is not None)
    assert all(c.hyperlink for name, column in (("核对", "C"), ("更正", "C"), ("更正", "D"))
               for c in book[name][column][4:] if c.value)  # fmt: skip
    assert book["数据项"].cell(passport_rows(first)[0], 1).value == "学校食堂A级比例"


def test_a_fact_names_file_sheet_cell_and_shanghai_time(book: Workbook):
    row = table(book["数据项"])[0]
    assert (row["指标"], row["单位"], row["月份"], row["数据"]) == (
        "学校食堂A级比例",
        "市市场监管局",
        "2024-08",
        "分子",
    )
    assert (row["文件"], row["工作表"], row["单元格"]) == ("2024-08 填报.xlsx", "指标填报", "E8")
    assert row["到达时间"] == datetime(2024, 9, 5, 15, 30)  # noqa: DTZ001 - a workbook knows no zone
    assert len(table(book["数据项"])) == len(sample_report().facts)


def test_the_facts_have_a_name_for_pivoting(book: Workbook):
    last = HEADER + len(sample_report().facts)
    assert book.defined_names["数据项表"].attr_text == f"'数据项'!$A${HEADER}:$P${last}"


def test_agencies_stand_in_their_order_with_each_month(book: Workbook):
    rows = table(book["单位"])
    assert [r["单位"] for r in rows][:2] == ["市食药安办", "市市场监管局"]
    silent = next(r for r in rows if str(r["单位"]).startswith(SILENT))
    assert silent["单位"] == f"{SILENT}（演示单位）"
    assert [silent[f"{m}月"] for m in range(5, 9)] == ["按时", "未报", "未报", "未报"]
    assert (silent["未报次数"], silent["退回未更正"], silent["未填进展的任务"]) == (3, 0, "21.1、22.1")


def test_letters_corrections_reconciliations_and_decisions_are_there(book: Workbook):
    letters = table(book["文书台账"])
    assert letters[2]["文号"] == "演示〔2024〕3号"
    assert letters[2]["答复期限"] == datetime(2024, 9, 18)  # noqa: DTZ001 - a workbook knows no zone
    assert table(book["更正"])[0]["更正为"] == "588批次"
    assert table(book["核对"])[0]["核定数"] == "待核定"
    assert LAGGING not in words(book["核对"])
    assert len(table(book["待决事项"])) == len(sample_report().decisions)


def test_lights_are_conditional_formats(book: Workbook):
    rules = [r for f in book["指标"].conditional_formatting for r in f.rules]
    assert {r.text for r in rules if r.type == "beginsWith"} == {"绿", "黄", "红", "灰", "已完成"}
    assert any(r.type == "dataBar" for r in rules)


def test_an_empty_month_still_makes_a_workbook():
    empty = openpyxl.load_workbook(io.BytesIO(write_consolidated(empty_report())))
    assert empty.sheetnames == SHEETS
    assert "（本期没有）" in words(empty["数据项"])


HOSTILE = [
    *("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "{=1}", "\t=1"),  # what Excel would compute
    "http://example.invalid",
    "a\x00b\x1f",  # what XML cannot hold
    "_x0041_",  # how Excel writes what XML cannot hold
    "啊" * 40_000,  # more than a cell holds
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_is_text_whatever_it_looks_like(text: str):
    assert_plain(text)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_at_all_is_text(text: str):
    assert_plain(text)


def assert_plain(text: str) -> None:
    """Put the text wherever outside text can stand, and find no formula and no address in the file."""
    report = sample_report()
    row, fact = report.indicators[0], report.facts[0]
    spoiled = replace(
        report,
        indicators=(replace(row, name=text, explanation=text, change=text),),
        clauses=(replace(report.clauses[0], text=text, problems=text),),
        letters=(replace(report.letters[0], summary=text),),
        facts=(
            replace(fact, fact=replace(fact.fact, raw=text, explanation=text), file=text, signed_by=text),
        ),
        handling_mark=text[:20],
    )
    book = openpyxl.load_workbook(io.BytesIO(write_consolidated(spoiled)))
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None or cell.hyperlink.target is None


def test_libreoffice_opens_it_and_prints_the_overview_on_one_page(
    need: Callable[[str], Path], tmp_path: Path
):
    soffice = need("soffice")
    (tmp_path / "book.xlsx").write_bytes(sample_bytes())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        str(soffice),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "book.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "book.pdf").pages]
    assert "总体判断" in pages[0]
    assert "目录" in pages[0]
    assert "答责单位" in pages[1]
    assert all("演示数据" in page for page in pages)
