"""The ledger of letters as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pypdf

from include.documents.ledger import write_ledger
from include.documents.pdf import to_pdf
from include.records.reports import LetterRow

ROW = LetterRow(
    kind_name="提醒敦促函",
    number="某食药安办函〔2024〕3号",
    agency="市教育局",
    summary="报送2024年8月食品安全工作报表",
    state="已回复",
    drafted_on=date(2024, 9, 9),
    signed_on=date(2024, 9, 10),
    served_on=date(2024, 9, 10),
    reply_due_on=date(2024, 9, 18),
    matters="督办事项7",
    code="pinghu-2024/12",
    issuer="市食药安办",
    issued_on=date(2024, 9, 10),
)
EVENT = (
    1,
    datetime(2024, 9, 10, 1, 30, tzinfo=UTC),
    "王主任",
    "letter-signed",
    "letter/12",
    "=1+1",
    "ab" * 32,
)
HEADINGS = [
    *(
        "编码",
        "文书类型",
        "文号",
        "制发单位",
        "接收单位",
        "内容摘要",
        "拟稿时间",
        "签发时间",
        "印发时间",
        "送达时间",
    ),
    *("接收时间", "答复期限", "整改情况", "审核意见", "归档"),
]


def test_the_ledger_has_the_columns_people_expect() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_ledger([ROW], [EVENT])))["文书台账"]
    assert [cell.value for cell in sheet[3]] == HEADINGS
    said = dict(zip(HEADINGS, (cell.value for cell in sheet[4]), strict=True))
    assert said["文号"] == ROW.number
    assert said["签发时间"] == datetime(2024, 9, 10)  # noqa: DTZ001 (a cell has no zone)
    assert said["接收时间"] is None
    assert said["整改情况"] == "已回复"


def test_the_ledger_prints_on_a4_across_with_its_head_on_each_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_ledger([ROW], [], marks=["演示数据"])))["文书台账"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddHeader.right.text == "演示数据"
    assert sheet["A2"].value == "演示数据"


def test_an_event_shows_local_time_and_its_text_is_never_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_ledger([], [EVENT])))["流水"]
    assert sheet["B4"].value == datetime(2024, 9, 10, 9, 30)  # noqa: DTZ001 (a cell has no zone)
    assert (sheet["F4"].value, sheet["F4"].data_type) == ("=1+1", "s")


def test_the_same_rows_make_the_same_bytes() -> None:
    assert write_ledger([ROW], [EVENT]) == write_ledger([ROW], [EVENT])


def test_a_long_ledger_repeats_head_and_mark_on_each_page(
    need: Callable[[str], Path], tmp_path: Path
) -> None:
    need("soffice")
    (pdf,) = to_pdf([write_ledger([ROW] * 60, [EVENT], marks=["内部资料"])], ".xlsx", home=tmp_path)
    assert pdf is not None
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 2
    assert all("内部资料" in page for page in pages)
    assert all("接收单位" in page for page in pages[:-2])  # the last two are the other sheets
