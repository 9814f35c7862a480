"""The sheet 回执 as a workbook of its own; `splice` puts it in front of the agency's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC
from io import BytesIO
from types import MappingProxyType

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.records.submissions import SubmissionState
from include.returns.grouping import Group, grouped
from include.returns.headings import SheetTitle
from include.returns.look import TYPEFACE, Look, lines_of
from include.returns.marking import is_cell
from include.returns.receipt_order import ReceiptOrder
from include.returns.receipt_words import SEVERITIES, Back, outcome_sentence, what_comes_back, what_to_do
from include.returns.template_checks import Formula, quoted
from include.returns.template_page import AS_IT_IS, write_formula
from include.returns.wording import DEMO_MARK, clean, marks_text, moment_text

MOST_LINES = 200  # of the table; what is beyond is counted
_HEADS = ("序号", "级别", "位置", "问题", "填的是", "应当是", "怎么改", "改了没有")
_WIDTHS = (6, 8, 16, 31, 17, 24, 34, 12)
_LAST = len(_HEADS) - 1
_GOOD = (
    SubmissionState.ACCEPTED,
    SubmissionState.DUPLICATE,
    SubmissionState.COMPANION,
    SubmissionState.OBJECTION,
)
_LONGEST_WATCH = 6_000  # characters of a formula; Excel takes 8,192
UNCHANGED, CHANGED = "未改", "√ 已改动"
_NOTHING: Mapping[tuple[str, str], str] = MappingProxyType({})


def receipt_sheet(
    order: ReceiptOrder,
    back: Back = Back.NONE,
    sheets: Collection[str] = (),
    watched: Mapping[tuple[str, str], str] = _NOTHING,
) -> bytes:
    """Write a workbook that holds only the sheet 回执.

    Args:
        order: what the receipt says.
        back: which workbook it will be put into.
        sheets: titles of the sheets that will stand behind it.
        watched: by (sheet, cell) of those sheets: the condition that holds while the cell is as it came.
    """
    out = BytesIO()
    look = {"font_name": TYPEFACE, "font_size": 11}
    book = Workbook(out, {"in_memory": True, "default_format_properties": look})
    book.set_properties({"created": order.decided_at.astimezone(UTC).replace(tzinfo=None), "title": "回执"})
    sheet = book.add_worksheet(SheetTitle.RECEIPT.value)
    _Page(order, sheet, Look(book), back, sheets, watched).write()
    book.close()
    return out.getvalue()


class _Page:
    """The sheet being written, top to bottom."""

    def __init__(
        self,
        order: ReceiptOrder,
        sheet: Worksheet,
        look: Look,
        back: Back,
        sheets: Collection[str],
        watched: Mapping[tuple[str, str], str],
    ) -> None:
        self.order, self.sheet, self.look = order, sheet, look
        self.back, self.sheets, self.watched = back, sheets, watched
        self.line = 0

    def write(self) -> None:
        order = self.order
        self._set_up()
        self._write_head()
        self._write_findings()
        self._write_pairs("这次报送", self._facts())
        read = "登记的异议" if order.outcome is SubmissionState.OBJECTION else "系统读到的数"
        self._write_pairs(read, order.understood)
        self._write_list("读取时的处理", order.notes)
        self._write_list("共同任务报送情况", [f"{clause}：{states}" for clause, states in order.joint])
        self._write_pairs("随附材料", order.companions)
        self.sheet.print_area(0, 0, self.line, _LAST)

    def _set_up(self) -> None:
        sheet, order = self.sheet, self.order
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.65)
        sheet.set_header(f'&R&"{TYPEFACE},Bold"&11&KC00000{DEMO_MARK}' if order.demo else "", AS_IT_IS)
        mark = order.handling_mark.replace("&", "&&")
        sheet.set_footer(f"&L&11{mark}&C&11第 &P 页 共 &N 页", AS_IT_IS)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _write_head(self) -> None:
        order, look = self.order, self.look
        style = "good" if order.outcome in _GOOD and not order.warnings else "missing"
        style = "wrong" if order.outcome is SubmissionState.RETURNED else style
        to_do = f"现在怎么办：{what_to_do(order, self.back)}"
        marks = marks_text(order.demo, order.clock_note)
        if marks:
            self._across(marks, look("mark"), 22)
        self._across(f"回执  {order.whose}", look("title"), 34)
        sentence = outcome_sentence(order)
        tall = 20 + 24 * lines_of(sentence, sum(_WIDTHS) * 0.65)
        self._across(sentence, look(style, "bold", "wrap", font_size=16, indent=1), tall)
        for text in (to_do, what_comes_back(order, self.back)):
            if text:
                tall = 14 + 18 * lines_of(text, sum(_WIDTHS) * 0.85)
                self._across(text, look("bold", "wrap", font_size=12, indent=1), tall)
        self.line += 1

    def _facts(self) -> list[tuple[str, str]]:
        order = self.order
        timely = {SubmissionState.ACCEPTED: "按时" if order.on_time else "逾期"}.get(order.outcome, "")
        facts = (
            ("原文件名", order.original_name),
            ("第几次报送", f"第{order.number}次" if order.number else ""),
            ("截止时间", order.due),
            ("答复时间", moment_text(order.decided_at)),
            ("是否按时", timely),
            ("标识", order.handling_mark),
        )
        return [(label, value) for label, value in facts if value]

    def _write_findings(self) -> None:
        groups = grouped(self.order.shown)
        if not groups:
            return
        self._heading("要改的地方" if self.order.errors else "请说明的地方")
        for column, head in enumerate(_HEADS):
            self._text(column, head, self.look("header"))
        self.sheet.set_row(self.line, 24)
        self.line += 1
        for number, group in enumerate(groups[:MOST_LINES], 1):
            self._write_group(number, group)
        if beyond := sum(len(group.findings) for group in groups[MOST_LINES:]):
            self._across(f"另有 {beyond} 处未列出。", self.look("hint"), 22)
        self.line += 1

    def _write_group(self, number: int, group: Group) -> None:
        look = self.look
        place = clean(group.place, 300)
        texts = [clean(text, 300) for text in (group.message, group.found, group.expected, group.fix)]
        self.sheet.write_number(self.line, 0, number, look("printed", "center"))
        colour = look("printed", "wrong" if group.error else "missing", "center", "bold")
        self._text(1, SEVERITIES[group.first.severity], colour)
        self._write_place(group, place)
        for column, text in enumerate(texts, 3):
            self._text(column, text, look("printed"))
        self._write_progress(group)
        shown = zip((place, *texts), _WIDTHS[2:-1], strict=True)
        tall = max(lines_of(text, width * 0.88) for text, width in shown)
        self.sheet.set_row(self.line, min(400, 12 + 17 * tall))
        self.line += 1

    def _write_place(self, group: Group, place: str) -> None:
        """Name the places; a jump to the first cell where its sheet stands behind."""
        first = group.first
        if is_cell(first.ref) and first.sheet in self.sheets:
            sheet = first.sheet.replace("'", "''")
            style = self.look("printed", "link")
            self.sheet.write_url(self.line, 2, f"internal:'{sheet}'!{first.ref}", style, place, "跳到这一格")
        else:
            self._text(2, place, self.look("printed"))

    def _write_progress(self, group: Group) -> None:
        """Say, as cells are typed over, how many were changed; empty where that cannot be watched."""
        style = self.look("printed", "center")
        watched = [self.watched.get((f.sheet, f.ref), "") for f in group.findings]
        formula = _progress(watched) if all(watched) else None
        if formula is None or len(formula.text) > _LONGEST_WATCH:
            self._text(_LAST, "", style)
        else:
            write_formula(self.sheet, self.line, _LAST, formula, style)

    def _write_pairs(self, title: str, pairs: Sequence[tuple[str, str]]) -> None:
        if not pairs:
            return
        self._heading(title)
        for label, value in pairs:
            self._pair(label, value)
        self.line += 1

    def _write_list(self, title: str, texts: Sequence[str]) -> None:
        if not texts:
            return
        self._heading(title)
        for text in texts:
            tall = 4 + 18 * lines_of(clean(text), sum(_WIDTHS) * 0.95)
            self._across(f"· {text}", self.look("wrap"), tall)
        self.line += 1

    def _heading(self, text: str) -> None:
        self._across(text, self.look("title", font_size=13), 28)

    def _pair(self, label: str, value: str) -> None:
        """Write a labelled value: the label over four columns, the value over the rest."""
        halves = ((0, 3, label, "faded"), (4, _LAST, value, "bold"))
        tall = max(lines_of(clean(t), sum(_WIDTHS[first : last + 1]) * 0.85) for first, last, t, _ in halves)
        self.sheet.set_row(self.line, min(400, 4 + 18 * tall))
        for first, last, text, style in halves:
            look = self.look("printed", style)
            self.sheet.merge_range(self.line, first, self.line, last, "", look)
            self._text(first, text, look)
        self.line += 1

    def _across(self, text: str, style: Format, height: float) -> None:
        self.sheet.set_row(self.line, min(400, height))
        self.sheet.merge_range(self.line, 0, self.line, _LAST, "", style)
        self._text(0, text, style)
        self.line += 1

    def _text(self, column: int, text: str, style: Format) -> None:
        """Write a text as a text, whatever it begins with."""
        self.sheet.write_string(self.line, column, clean(text), style)


def _progress(conditions: Sequence[str]) -> Formula:
    """Count the cells that are no longer as they came; `conditions` hold while each is."""
    if len(conditions) == 1:
        return Formula(f"=IF({conditions[0]},{quoted(UNCHANGED)},{quoted(CHANGED)})", UNCHANGED)
    count = len(conditions)
    changed = "+".join(f"IF({condition},0,1)" for condition in conditions)
    return Formula(f'="已改 "&({changed})&"/{count} 处"', f"已改 0/{count} 处")
