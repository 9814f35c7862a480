"""The overview (总览): one printed A4 page, for those who read no further."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from xlsxwriter.chart_column import ChartColumn
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.documents.charts import COLOURS
from include.documents.consolidated_book import HEADER_ROW, LINK, QUIET, RULE, Book, Link, cell_text, lines_of
from include.documents.consolidated_passports import Passports
from include.documents.digest import filings_by_month, lights, percent
from include.documents.digest_matters import matters
from include.documents.digest_sentences import of_light, overall, worst_first
from include.documents.digest_words import LIGHT_ORDER, figure, full_day, light_name, typeset
from include.records.facts import Light
from include.records.reports import IndicatorRow

NAME = "总览"
COLUMNS = 15  # a label of three and twelve months; a light's tile takes three
PAGE_WIDTH = 92  # characters across the page
LIGHTS_ROW = 5
AT_MOST = 8  # lagging indicators named on the page
OTHER_SHEETS = (
    *("指标", "单位", "工作进展", "共同任务", "更正", "核对"),
    *("核对异议", "文书台账", "待决事项", "供了解", "数据项"),
)
LINKS_A_ROW = 4  # beside the word 目录
BARS = (
    ("按时", COLOURS[Light.GREEN].ink),
    ("迟报", "#d99a1c"),
    ("未报", COLOURS[Light.RED].ink),
    ("退回", COLOURS[Light.GREY].ink),
)
CHART_ROWS = 14


def write_overview(book: Book, passports: Passports) -> None:
    """Write 总览: the state of the month, its sentences, what lags, two charts, the way to every sheet."""
    Overview(book, passports).write()


class Overview:
    """The page, written from the top down; `row` is the next free one."""

    def __init__(self, book: Book, passports: Passports) -> None:
        self.book, self.report, self.passports = book, book.report, passports
        self.sheet: Worksheet = book.sheet(NAME, landscape=False)
        self.row = 0

    def write(self) -> None:
        """Write the page."""
        self.sheet.fit_to_pages(1, 1)
        self.sheet.center_horizontally()
        self.sheet.set_column(0, COLUMNS - 1, 6.2)
        self._head()
        self._lights()
        self._rates()
        self._section("总体判断", overall(self.report))
        asked = [
            f"{n}. {m.agency}：{m.what}。{m.decision}（{m.by}）。"
            for n, m in enumerate(matters(self.report), 1)
        ]
        self._section("提请领导协调", asked or ["本期没有提请协调的事项。"])
        self._lagging()
        self._returns()
        self._contents()
        self.sheet.print_area(0, 0, self.row, COLUMNS - 1)

    def _across(self, text: str, height: float, **properties: Any) -> None:
        self.sheet.set_row(self.row, height)
        self._span(0, COLUMNS, text, self.book.format(**properties))
        self.row += 1

    def _span(self, first: int, columns: int, value: str | Link, style: Format) -> None:
        """Write one value across some columns of the row."""
        if columns > 1:
            self.sheet.merge_range(self.row, first, self.row, first + columns - 1, "", style)
        if isinstance(value, Link):
            self.book.write_link(self.sheet, self.row, first, value, style)
        else:
            self.sheet.write_string(self.row, first, cell_text(value), style)

    def _head(self) -> None:
        report = self.report
        title = f"{report.place}{report.period.label}食品药品安全工作汇总报表"
        locked = "已锁定" if report.locked else "未锁定"
        self._across(title, 34, bold=True, font_size=18, align="center")
        self._across(report.plan_title, 18, font_color=QUIET, align="center")
        self._across(f"截至{full_day(report.as_of)} · 第{report.edition}版 · {locked}", 18, align="center")
        red = COLOURS[Light.RED].ink
        self._across(self.book.marks, 20, font_color=QUIET, align="center", bottom=2, bottom_color=red)
        self.row = LIGHTS_ROW

    def _lights(self) -> None:
        """Write the five lights as tiles: the word above, its count below. The first chart draws on them."""
        told = lights(self.report)
        for height, size, part in ((20, 11, 1), (32, 20, 2)):
            self.sheet.set_row(self.row, height)
            for n, tile in enumerate(told):
                self._span(n * 3, 3, self._told(tile[part], "指标"), self._tile(tile[0], size))
            self.row += 1

    def _told(self, told: str | int, sheet: str) -> str | Link:
        """Let a count lead to the sheet whose rows it counts."""
        return told if isinstance(told, str) else Link(Decimal(told), f"'{sheet}'!A{HEADER_ROW + 1}")

    def _tile(self, light: Light, size: int) -> Format:
        colour = COLOURS[light]
        return self.book.format(
            bg_color=colour.tint, font_color=colour.ink, bold=True, align="center", font_size=size, border=1,
            border_color="#ffffff",
        )  # fmt: skip

    def _rates(self) -> None:
        (accepted, owed), (on_time, _) = self.report.completeness, self.report.timeliness
        told = (
            f"报送率 {percent(accepted, owed)}（已报{accepted}家 / 应报{owed}家）"
            f"  及时率 {percent(on_time, owed)}（按时{on_time}家）"
        )
        self._across(typeset(told), 30, bold=True, font_size=12, align="center")

    def _section(self, title: str, lines: tuple[str, ...] | list[str]) -> None:
        self._across(title, 22, bold=True, font_size=12)
        for line in map(typeset, lines):
            height = 16 * lines_of(line, PAGE_WIDTH) + 3
            self._across(line, height, text_wrap=True, font_size=11, quote_prefix=True)

    def _lagging(self) -> None:
        rows = [
            *worst_first(of_light(self.report, Light.RED)),
            *worst_first(of_light(self.report, Light.YELLOW)),
        ]
        more = f"（前{AT_MOST}项，共{len(rows)}项）" if len(rows) > AT_MOST else ""
        self._across(typeset(f"红灯和黄灯指标{more}"), 22, bold=True, font_size=12)
        if not rows:
            self._across("没有红灯和黄灯。", 19, font_size=11)
            return
        self._line(("指标", "答责单位", "完成值", "时序应达", "亮灯"), [self._cell(font_color=QUIET)] * 5)
        for row in rows[:AT_MOST]:
            plain = self._cell(quote_prefix=True)
            lit = self._cell(
                bg_color=COLOURS[row.progress.light].tint,
                font_color=COLOURS[row.progress.light].ink,
                bold=True,
            )
            leads = self._cell(font_color=LINK, underline=1)
            self._line(self._lagging_words(row), [leads, plain, leads, leads, lit])

    def _lagging_words(self, row: IndicatorRow) -> tuple[str | Link, ...]:
        progress = row.progress
        indicator, of = progress.indicator_id, progress.from_period or progress.period
        value = figure(progress.value, row.unit, against=progress.target)
        newest = self.passports.newest(indicator, of)
        return (
            self.passports.link(typeset(row.name), indicator, newest),
            row.answerable,
            self.passports.link(value, indicator, newest),
            self.passports.link(figure(progress.path_value, row.unit), indicator, newest),
            light_name(progress),
        )

    def _line(self, words: tuple[str | Link, ...], styles: list[Format]) -> None:
        first = 0
        for word, columns, style in zip(words, (5, 3, 3, 3, 1), styles, strict=True):
            self._span(first, columns, word, style)
            first += columns
        self.row += 1

    def _cell(self, **more: Any) -> Format:
        return self.book.format(border=1, border_color=RULE, align="center", shrink=True, **more)

    def _returns(self) -> None:
        """Write returns by month, a row each for 按时, 迟报, 未报, 退回, and both charts."""
        self.row += 1
        top, told = self.row, list(filings_by_month(self.report))
        lines = [
            ("各月报送", [m for m, *_ in told]),
            *((name, [m[n] for m in told]) for n, (name, _) in enumerate(BARS, 1)),
        ]
        for name, values in lines:
            self._span(0, 3, name, self._cell(font_color=QUIET))
            for column, value in enumerate(values, 3):
                self._span(column, 1, self._told(value, "单位"), self._cell())
            self.row += 1
        self.row += 1
        self._insert(self._lights_chart(), 0, "各亮灯的指标数")
        if told:
            self._insert(self._returns_chart(top, len(told)), 8, "各月按时、迟报、未报、退回的单位数")
        self.row += CHART_ROWS

    def _insert(self, chart: ChartColumn, column: int, alt: str) -> None:
        chart.set_y_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
        chart.set_chartarea({"border": {"color": RULE}})
        chart.set_size({"width": 370 if column == 0 else 336, "height": 20 * CHART_ROWS - 8})
        self.sheet.insert_chart(self.row, column, chart, {"description": alt})

    def _lights_chart(self) -> ChartColumn:
        chart = cast("ChartColumn", self.book.workbook.add_chart({"type": "column"}))
        names, counts = (
            ",".join(f"'{NAME}'!${chr(ord('A') + n * 3)}${row + 1}" for n in range(len(LIGHT_ORDER)))
            for row in (LIGHTS_ROW, LIGHTS_ROW + 1)
        )
        points = [{"fill": {"color": COLOURS[light].ink}} for light in LIGHT_ORDER]
        chart.add_series(
            {"categories": f"=({names})", "values": f"=({counts})", "points": points, "gap": 60,
             "data_labels": {"value": True}}
        )  # fmt: skip
        chart.set_title({"name": "指标亮灯（项）", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        return chart

    def _returns_chart(self, top: int, months: int) -> ChartColumn:
        chart = cast("ChartColumn", self.book.workbook.add_chart({"type": "column", "subtype": "stacked"}))
        for line, (_, colour) in enumerate(BARS, top + 1):
            chart.add_series(
                {"name": [NAME, line, 0], "categories": [NAME, top, 3, top, months + 2],
                 "values": [NAME, line, 3, line, months + 2], "fill": {"color": colour}, "gap": 40}
            )  # fmt: skip
        chart.set_title({"name": "各月报送情况（家）", "name_font": {"size": 11}})
        chart.set_legend({"position": "bottom"})
        return chart

    def _contents(self) -> None:
        """Lead to every other sheet."""
        link = self.book.format(font_color=LINK, underline=1, align="center")
        self._span(0, 3, "目录", self.book.format(bold=True, align="center"))
        for n, name in enumerate(OTHER_SHEETS, 1):
            column = ((n - 1) % LINKS_A_ROW + 1) * 3
            if n > 1 and column == 3:
                self.row += 1
            self._span(column, 3, Link(name, f"'{name}'!A1"), link)
