"""The workbook every sheet is written with: formats, marks, print set-up, tables in constant memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.documents.charts import COLOURS
from include.documents.digest import marks
from include.documents.digest_words import full_day, printable
from include.records.facts import Light
from include.records.reports import LIGHT_NAMES, MonthReport

FACE, INK, QUIET, RULE, HEAD = "宋体", "#1f2329", "#5b616b", "#c9cdd3", "#eef1f5"
LINK = "#0b5394"
WHOLE, FIGURE = "#,##0_ ", "#,##0.0#_ "  # a space behind: the next column's text stands close by
HEADER_ROW = 3  # title, marks, a blank line, then the header
LONGEST_TEXT = 32_767  # what a cell can hold
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Kind(StrEnum):
    """What a column holds, and so how its cells are written."""

    TEXT = "text"
    CENTRED = "centred"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `width` is in characters."""

    title: str
    width: float
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Link:
    """A text or a figure that leads to cells of this workbook, such as `'数据项'!A5:P6`."""

    shown: str | Decimal
    target: str


Value = str | Decimal | int | date | datetime | Link | None


class Book:
    """One workbook in constant memory: rows go to disk as they come, so each sheet is written top-down."""

    def __init__(self, report: MonthReport) -> None:
        self.report = report
        self.marks = cell_text(" · ".join(marks(report)))
        self._file = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self._file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FACE, "font_size": 10},
            },
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._describe()

    def _describe(self) -> None:
        report = self.report
        self.workbook.set_properties(
            {
                "title": f"{report.period.label}汇总报表 第{report.edition}版",
                "subject": report.plan_title,
                "author": report.office_name,
                "comments": self.marks,
                "created": datetime(report.as_of.year, report.as_of.month, report.as_of.day),  # noqa: DTZ001 - no zone there
            }
        )

    def bytes(self) -> bytes:
        """Close the workbook and give its bytes."""
        self.workbook.close()
        return self._file.getvalue()

    def format(self, **properties: Any) -> Format:
        """Give the format with these properties; the same one for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(
                {"font_name": FACE, "font_color": INK, "valign": "vcenter", **properties}
            )
        return self._formats[key]

    def sheet(self, name: str, *, landscape: bool = True) -> Worksheet:
        """Add a sheet set up for A4, one page wide, with the marks on each page."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.45, right=0.45, top=0.65, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        printed = self.marks[:80].replace("&", "&&")  # a header holds 255 characters
        sheet.set_header(f"&L&9{printed}&R&9汇总报表 {self.report.period.label} 第{self.report.edition}版")
        sheet.set_footer(f"&L&9截至{full_day(self.report.as_of)}&C&9{name}&R&9第 &P 页，共 &N 页")
        return sheet

    def head(self, sheet: Worksheet, title: str, note: str = "") -> None:
        """Write the title and the marks above a table."""
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, title, self.format(bold=True, font_size=16, text_wrap=False))
        told = [f"截至{full_day(self.report.as_of)}", f"第{self.report.edition}版", self.marks, note]
        sheet.write_string(1, 0, " · ".join(filter(None, told)), self.format(font_color=QUIET, font_size=9))

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Value]],
        *,
        note: str = "",
        wrap: bool = True,
    ) -> tuple[Worksheet, int]:
        """Write one sheet that is one table; gives the sheet and the number of its rows.

        With `wrap` every row is as high as its longest text needs: not every program fits the heights itself.
        """
        sheet = self.sheet(name)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        self.head(sheet, name, note)
        sheet.set_row(HEADER_ROW, 30)
        header = self.format(
            bold=True, bg_color=HEAD, border=1, border_color=RULE, text_wrap=True, align="center"
        )
        for index, column in enumerate(columns):
            sheet.write_string(HEADER_ROW, index, column.title, header)
        count = self._fill(sheet, columns, rows, wrap=wrap)
        last = max(HEADER_ROW + count, HEADER_ROW + 1)
        sheet.repeat_rows(HEADER_ROW)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.autofilter(HEADER_ROW, 0, last, len(columns) - 1)
        sheet.print_area(0, 0, last, len(columns) - 1)
        return sheet, count

    def _fill(
        self, sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, wrap: bool
    ) -> int:
        writers = [self._writer(sheet, column.kind, wrap=wrap) for column in columns]
        count = 0
        for count, row in enumerate(rows, 1):
            if wrap:
                sheet.set_row(HEADER_ROW + count, row_height(row, columns))
            for index, value in enumerate(row):
                writers[index](HEADER_ROW + count, index, value)
        if not count:
            sheet.write_string(HEADER_ROW + 1, 0, "（本期没有）", self.format(font_color=QUIET))
        return count

    def _writer(self, sheet: Worksheet, kind: Kind, *, wrap: bool) -> Callable[[int, int, Any], None]:
        """Give what writes a cell of a kind: text is always text, never a formula, a number or an address."""
        cell = self.cell_format(kind, **({} if wrap else {"text_wrap": False}))
        linked = self.link_format(centred=True) if kind is Kind.CENTRED else None
        plain, whole = self.cell_format(Kind.TEXT), self.cell_format(kind, num_format=WHOLE)

        def write(row: int, column: int, value: Any) -> None:
            if value is None or value == "":
                sheet.write_blank(row, column, None, plain)
            elif isinstance(value, str):
                sheet.write_string(row, column, cell_text(value), cell)
            elif isinstance(value, Link):
                self.write_link(sheet, row, column, value, linked)
            elif isinstance(value, date):
                sheet.write_datetime(row, column, local(value), cell)  # pyright: ignore[reportArgumentType] - it takes days too
            else:
                sheet.write_number(row, column, float(value), whole if value == int(value) else cell)

        return write

    def cell_format(self, kind: Kind, **more: Any) -> Format:
        """Give the format of a table's cells; text is marked so that editing a cell makes it no formula."""
        shapes: dict[Kind, dict[str, Any]] = {
            Kind.TEXT: {"text_wrap": True, "quote_prefix": True},
            Kind.CENTRED: {"align": "center", "text_wrap": True, "quote_prefix": True},
            Kind.NUMBER: {"num_format": FIGURE, "align": "right"},
            Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "center"},
            Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
        }
        return self.format(border=1, border_color=RULE, **{**shapes[kind], **more})

    def write_link(
        self, sheet: Worksheet, row: int, column: int, link: Link, style: Format | None = None
    ) -> None:
        """Write a link within the workbook; a figure that leads somewhere stays a number."""
        number = None if isinstance(link.shown, str) else float(link.shown)
        style = style or self.link_format(number)
        text = cell_text(str(link.shown))
        sheet.write_url(row, column, f"internal:{link.target}", style, text)
        if number is not None:
            sheet.write_number(row, column, number, style)

    def link_format(self, number: float | None = None, *, centred: bool = False) -> Format:
        """Give the format of a link within the workbook: of a text, or of a figure."""
        align = "center" if centred else "left"
        shape: dict[str, Any] = {"text_wrap": True, "underline": 1, "align": align}
        if number is not None:
            shape = {"num_format": WHOLE if number.is_integer() else FIGURE, "align": "right"}
        return self.format(border=1, border_color=RULE, font_color=LINK, **shape)

    def light_format(self, light: Light) -> Format:
        """Give the conditional format of a light."""
        colour = COLOURS[light]
        return self.format(bg_color=colour.tint, font_color=colour.ink, bold=True)

    def colour_lights(
        self, sheet: Worksheet, first_row: int, last_row: int, first_column: int, last_column: int
    ) -> None:
        """Colour cells by the light's word they begin with."""
        for light in Light:
            rule = {
                "type": "text",
                "criteria": "begins with",
                "value": LIGHT_NAMES[light.value],
                "format": self.light_format(light),
            }
            sheet.conditional_format(first_row, first_column, last_row, last_column, rule)


def cell_text(text: str) -> str:
    """Give what a cell can hold of a text."""
    return printable(text)[:LONGEST_TEXT]


def row_height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """Give the height, in points, in which every text of a row can be read."""
    texts = ((v.shown if isinstance(v, Link) else v, c.width) for v, c in zip(row, columns, strict=True))
    lines = max((lines_of(v, width) for v, width in texts if isinstance(v, str)), default=1)
    return min(max(lines, 1) * 14.0 + 5, 400)


def lines_of(text: str, width: float) -> int:
    """Count the lines a text takes in a column; a Chinese character is two wide."""
    wide = (sum(2 if ord(c) > 0x2000 else 1 for c in line) for line in text.split("\n"))
    return sum(max(1, -int(-w // width)) for w in wide)


def local(value: date) -> date:
    """Give a moment as Shanghai's clock shows it, without zone (a workbook knows none); a day stays a day."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    return value
