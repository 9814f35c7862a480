"""The ledger (台账) as a workbook: letters, cases, and the history they are taken from, a sheet each."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from include.documents.letters_title import columns as width_of
from include.documents.letters_words import clean
from include.records.reports import CaseRow, LetterRow

Event = tuple[int, datetime, str, str, str, str, str]
"""One entry of the ledger: number, moment (UTC), who, what happened, about what, its content, its hash."""

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_LONGEST = 32_767  # signs a cell can hold
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its heading, its width in characters, what stands in it; centred unless it is prose."""

    heading: str
    width: float
    value: Callable[[Any], Any]
    prose: bool = False


_LETTERS: Sequence[_Column] = (
    _Column("编码", 5, lambda row: row.code),
    _Column("文书类型", 8, lambda row: row.kind_name),
    _Column("文号", 14, lambda row: row.number),
    _Column("制发单位", 9, lambda row: row.issuer),
    _Column("接收单位", 9, lambda row: row.agency),
    _Column("内容摘要", 20, lambda row: row.summary, prose=True),
    _Column("拟稿时间", 10, lambda row: row.drafted_on),
    _Column("签发时间", 10, lambda row: row.signed_on),
    _Column("印发时间", 10, lambda row: row.issued_on),
    _Column("送达时间", 10, lambda row: row.served_on),
    _Column("接收时间", 10, lambda row: row.received_on),
    _Column("答复期限", 10, lambda row: row.reply_due_on),
    _Column("整改情况", 14, lambda row: row.rectification or row.state, prose=True),
    _Column("审核意见", 12, lambda row: row.review, prose=True),
    _Column("归档", 6, lambda row: row.filed),
)
_CASES: Sequence[_Column] = (
    _Column("编号", 5, lambda row: row.id),
    _Column("责任单位", 11, lambda row: row.agency),
    _Column("类别", 7, lambda row: row.track),
    _Column("督办事项", 16, lambda row: row.name, prose=True),
    _Column("状态", 8, lambda row: row.state),
    _Column("立项时间", 10, lambda row: row.opened_on),
    _Column("立项事由", 34, lambda row: row.why, prose=True),
    _Column("已采取措施", 26, lambda row: row.steps, prose=True),
    _Column("延期（办理）至", 10, lambda row: row.extension_until),
    _Column("办结时间", 10, lambda row: row.closed_on),
    _Column("办结情况", 20, lambda row: row.closed_because, prose=True),
)
_EVENTS: Sequence[_Column] = (
    _Column("序号", 7, lambda event: event[0]),
    _Column("时间", 20, lambda event: event[1].astimezone(_SHANGHAI).replace(tzinfo=None)),
    _Column("经办", 12, lambda event: event[2]),
    _Column("事项", 16, lambda event: event[3]),
    _Column("对象", 16, lambda event: event[4]),
    _Column("内容", 44, lambda event: event[5], prose=True),
    _Column("校验值", 34, lambda event: event[6]),
)


def write_ledger(
    letters: Sequence[LetterRow],
    events: Sequence[Event],
    *,
    cases: Sequence[CaseRow] = (),
    title: str = "“三书一函”督办文书台账",
    marks: Sequence[str] = (),
) -> bytes:
    """Write the ledger as .xlsx, A4 landscape; the same rows give the same bytes.

    `marks` (内部资料, 演示数据) stand under the title and in the head of every printed page.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties(
            {"title": title, "created": datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)}
        )
        _sheet(book, "文书台账", title, marks, _LETTERS, letters)
        _sheet(book, "督办事项", f"{title}：督办事项", marks, _CASES, cases)
        _sheet(book, "流水", f"{title}：流水", marks, _EVENTS, events)
    return out.getvalue()


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    title: str,
    marks: Sequence[str],
    columns: Sequence[_Column],
    rows: Sequence[Any],
) -> None:
    sheet = book.add_worksheet(name)
    formats = _Formats(book)
    said = "　".join(clean(mark) for mark in marks)
    _print_setup(sheet, title, said, len(columns))
    sheet.merge_range(0, 0, 0, len(columns) - 1, title, formats.title)
    sheet.write_string(1, 0, said, formats.mark)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(2, place, column.heading, formats.heading)
    for line, row in enumerate(rows, 3):
        sheet.set_row(line, _height(columns, row))
        for place, column in enumerate(columns):
            formats.write(sheet, line, place, column, column.value(row))
    sheet.autofilter(2, 0, max(3, 2 + len(rows)), len(columns) - 1)
    sheet.freeze_panes(3, 3)


def _height(columns: Sequence[_Column], row: Any) -> float:
    """Give the points a row needs for its longest cell: not every program works that out on opening."""
    lines = (-(-2.1 * width_of(str(column.value(row) or "")) // column.width) for column in columns)
    return min(400, 6 + 14 * max(1, *lines))


def _print_setup(sheet: Any, title: str, said: str, columns: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.3, right=0.3, top=0.7, bottom=0.6)
    sheet.repeat_rows(2)
    if said:
        sheet.set_header(f"&R{said.replace('&', '&&')}"[:255])
    sheet.set_footer("&C第 &P 页　共 &N 页")
    sheet.set_row(0, 30)
    sheet.set_row(2, 30)


class _Formats:
    """The looks of a cell, and which one a value takes."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        def make(**more: Any) -> Any:
            return book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter", **more})

        cell = {"border": 1, "text_wrap": True}
        self.title = make(font_name="方正小标宋简体", font_size=18, align="center")
        self.mark = make(font_name="黑体")
        self.heading = make(**cell, font_name="黑体", align="center", bg_color="#f2f2f2")
        self.prose = make(**cell, align="left")
        self.short = make(**cell, align="center")
        self.day = make(**cell, align="center", num_format="yyyy-mm-dd")
        self.moment = make(**cell, align="center", num_format="yyyy-mm-dd hh:mm:ss")

    def write(self, sheet: Any, line: int, place: int, column: _Column, value: Any) -> None:
        """Write one value as what it is: a moment, a day, a number, a text that is never a formula."""
        if isinstance(value, datetime):
            sheet.write_datetime(line, place, value, self.moment)
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, self.day)
        elif isinstance(value, int):
            sheet.write_number(line, place, value, self.short)
        elif value:
            sheet.write_string(
                line, place, clean(value)[:_LONGEST], self.prose if column.prose else self.short
            )
        else:
            sheet.write_blank(line, place, None, self.short)
