"""The overview (总览): one printed A4 page, for those who read no further."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from include.documents.charts import COLOURS
from include.documents.consolidated_book import QUIET, RULE, Book
from include.documents.digest import filings_by_month, lights, percent
from include.documents.digest_matters import matters
from include.documents.digest_sentences import overall
from include.documents.digest_words import LIGHT_ORDER, full_day, typeset
from include.records.facts import Light

NAME = "总览"
COLUMNS = 10
LIGHTS_ROW, MONTHS_ROW = 5, 16  # where the charts' figures stand
OTHER_SHEETS = ("指标", "单位", "工作进展", "更正", "核对", "文书台账", "待决事项", "数据项")
BARS = (("按时", COLOURS[Light.GREEN].ink), ("迟报", "#d99a1c"), ("未报", COLOURS[Light.RED].ink))


def write_overview(book: Book) -> None:
    """Write 总览: the state of the month, its sentences, matters to settle, two charts, and the way to every sheet."""
    sheet = book.sheet(NAME, landscape=False)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_column(0, COLUMNS - 1, 9.3)
    _head(book, sheet)
    _lights(book, sheet)
    _rates(book, sheet, 8)
    row = _sentences(book, sheet, 10)
    months = _months(book, sheet, row)
    row = _charts(book, sheet, row + 5, months)
    _contents(book, sheet, row)
    sheet.print_area(0, 0, row + 1, COLUMNS - 1)


def _across(book: Book, sheet: Worksheet, row: int, text: str, height: float, **properties: Any) -> None:
    """Write one text across the page."""
    sheet.set_row(row, height)
    sheet.merge_range(row, 0, row, COLUMNS - 1, "", book.format(**properties))
    sheet.write_string(row, 0, text, book.format(**properties))


def _head(book: Book, sheet: Worksheet) -> None:
    report = book.report
    locked = "已锁定" if report.locked else "未锁定,仍可更正"
    _across(book, sheet, 0, f"{report.place}{report.period.label}食品药品安全工作汇总报表", 34, bold=True, font_size=18, align="center")
    _across(book, sheet, 1, report.plan_title, 18, font_color=QUIET, align="center")
    _across(book, sheet, 2, f"截至{full_day(report.as_of)} · 第{report.edition}版 · {locked}", 18, align="center")
    _across(book, sheet, 3, book.marks, 18, font_color=QUIET, align="center", bottom=2, bottom_color=COLOURS[Light.RED].ink)


def _lights(book: Book, sheet: Worksheet) -> None:
    """Write the five lights as tiles, each two columns wide: the word above, its count below."""
    told = lights(book.report)
    for row, height, size in ((LIGHTS_ROW, 20, 11), (LIGHTS_ROW + 1, 32, 20)):
        sheet.set_row(row, height)
        for n, (light, name, count) in enumerate(told):
            colour = COLOURS[light]
            style = book.format(bg_color=colour.tint, font_color=colour.ink, bold=True, align="center", font_size=size, border=1, border_color="#ffffff")
            sheet.merge_range(row, n * 2, row, n * 2 + 1, "", style)
            if row == LIGHTS_ROW:
                sheet.write_string(row, n * 2, name, style)
            else:
                sheet.write_number(row, n * 2, count, style)


def _rates(book: Book, sheet: Worksheet, row: int) -> None:
    (accepted, owed), (on_time, _) = book.report.completeness, book.report.timeliness
    told = f"报送率 {percent(accepted, owed)}(已报{accepted}家 / 应报{owed}家)    及时率 {percent(on_time, owed)}(按时{on_time}家)"
    _across(book, sheet, row, typeset(told), 22, bold=True, font_size=12, align="center")


def _sentences(book: Book, sheet: Worksheet, row: int) -> int:
    asked = [f"提请协调 {n}. {m.agency}:{m.what}。{m.decision}({m.by})。" for n, m in enumerate(matters(book.report), 1)]
    for line in (*overall(book.report), *asked):
        text = typeset(line)
        _across(book, sheet, row, text, 15 * (1 + _width(text) // 92) + 5, text_wrap=True, font_size=11, quote_prefix=True)
        row += 1
    return row + 1


def _width(text: str) -> int:
    """Measure a text in half-width characters."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _months(book: Book, sheet: Worksheet, row: int) -> int:
    """Write returns by month as the chart's table: a row each for 按时, 迟报, 未报; gives the number of months."""
    told = list(filings_by_month(book.report))[-(COLUMNS - 1) :]
    cell = book.format(border=1, border_color=RULE, align="center")
    head = book.format(border=1, border_color=RULE, align="center", font_color=QUIET)
    lines = [("报送情况", [month for month, *_ in told]), *((name, [m[n] for m in told]) for n, (name, _) in enumerate(BARS, 1))]
    for offset, (name, values) in enumerate(lines):
        sheet.write_string(row + offset, 0, name, head)
        for column, value in enumerate(values, 1):
            if isinstance(value, str):
                sheet.write_string(row + offset, column, value, head)
            else:
                sheet.write_number(row + offset, column, value, cell)
    return len(told)


def _charts(book: Book, sheet: Worksheet, row: int, months: int) -> int:
    """Insert both charts beside one another; gives the row below them."""
    size = {"width": 352, "height": 252}
    counts = book.workbook.add_chart({"type": "column"})
    used = [n * 2 for n in range(len(LIGHT_ORDER))]
    names = ",".join(f"'{NAME}'!{_cell(LIGHTS_ROW, c)}" for c in used)
    values = ",".join(f"'{NAME}'!{_cell(LIGHTS_ROW + 1, c)}" for c in used)
    points = [{"fill": {"color": COLOURS[light].ink}} for light in LIGHT_ORDER]
    counts.add_series({"categories": f"=({names})", "values": f"=({values})", "points": points, "gap": 60, "data_labels": {"value": True}})
    _plain(counts, "指标亮灯(项)")
    counts.set_legend({"none": True})
    counts.set_size(size)
    sheet.insert_chart(row, 0, counts, {"description": "各亮灯的指标数", "x_offset": 2})
    if months:
        returns = book.workbook.add_chart({"type": "column", "subtype": "stacked"})
        for n, (name, colour) in enumerate(BARS, 1):
            line = row - 5 + n
            returns.add_series(
                {"name": [NAME, line, 0], "categories": [NAME, row - 5, 1, row - 5, months], "values": [NAME, line, 1, line, months],
                 "fill": {"color": colour}, "gap": 50}
            )  # fmt: skip
        _plain(returns, "各月报送情况(家)")
        returns.set_legend({"position": "bottom"})
        returns.set_size(size)
        sheet.insert_chart(row, 5, returns, {"description": "各月按时、迟报、未报的单位数", "x_offset": 2})
    return row + 14


def _plain(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_chartarea({"border": {"color": RULE}})


def _cell(row: int, column: int) -> str:
    return f"${chr(ord('A') + column)}${row + 1}"


def _contents(book: Book, sheet: Worksheet, row: int) -> None:
    """Lead to every other sheet."""
    sheet.write_string(row, 0, "目录", book.format(bold=True))
    for n, name in enumerate(OTHER_SHEETS, 1):
        sheet.write_url(row, n, f"internal:'{name}'!A1", book.format(font_color="#0b5394", underline=1), name)
