"""The sheet 回执 as a workbook of its own; `splice` puts it in front of the agency's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from io import BytesIO
from types import MappingProxyType

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.headings import SheetTitle
from include.returns.look import TYPEFACE, Look, lines_of
from include.returns.marking import is_cell
from include.returns.receipt_order import ReceiptOrder
from include.returns.receipt_words import SEVERITIES, outcome_sentence, place_text, what_to_do
from include.returns.template_checks import Formula, quoted
from include.returns.template_page import write_formula
from include.returns.wording import DEMO_MARK, clean, marks_text, moment_text

MOST_FINDINGS = 200  # rows of the table; what is beyond is counted
_HEADS = ("序号", "级别", "位置", "问题", "填的是", "应当是", "怎么改", "改了没有")
_WIDTHS = (6, 9, 18, 36, 20, 28, 40, 12)
_LAST = len(_HEADS) - 1
_GOOD = (
    SubmissionState.ACCEPTED,
    SubmissionState.DUPLICATE,
    SubmissionState.COMPANION,
    SubmissionState.OBJECTION,
)
_EMPTY = "（空）"
UNCHANGED, CHANGED = "未改", "√ 已改动"
_NOTHING: Mapping[tuple[str, str], str] = MappingProxyType({})


def receipt_sheet(
    order: ReceiptOrder,
    own_sheets: frozenset[str] | None = None,
    watched: Mapping[tuple[str, str], str] = _NOTHING,
) -> bytes:
    """Write a workbook that holds only the sheet 回执.

    Args:
        order: what the receipt says.
        own_sheets: titles of the agency's sheets that will stand behind it; None if none will.
        watched: by (sheet, cell) of those sheets: the condition that holds while the cell is as it came.
    """
    out = BytesIO()
    look = {"font_name": TYPEFACE, "font_size": 11}
    book = Workbook(out, {"in_memory": True, "default_format_properties": look})
    book.set_properties({"created": order.decided_at.astimezone(UTC).replace(tzinfo=None), "title": "回执"})
    sheet = book.add_worksheet(SheetTitle.RECEIPT.value)
    _Page(order, sheet, Look(book), own_sheets, watched).write()
    book.close()
    return out.getvalue()


class _Page:
    """The sheet being written, top to bottom."""

    def __init__(
        self,
        order: ReceiptOrder,
        sheet: Worksheet,
        look: Look,
        own_sheets: frozenset[str] | None,
        watched: Mapping[tuple[str, str], str],
    ) -> None:
        self.order, self.sheet, self.look = order, sheet, look
        self.own_sheets, self.watched = own_sheets, watched
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
        sheet.set_header(f'&R&"{TYPEFACE},Bold"&9&KC00000{DEMO_MARK}' if order.demo else "")
        sheet.set_footer(f"&L&9{order.handling_mark.replace('&', '&&')}&C&9第 &P 页 共 &N 页")
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _write_head(self) -> None:
        order, look = self.order, self.look
        style = "good" if order.outcome in _GOOD and not order.warnings else "missing"
        style = "wrong" if order.outcome is SubmissionState.RETURNED else style
        to_do = f"现在怎么办：{what_to_do(order, own=self.own_sheets is not None)}"
        marks = marks_text(order.demo, order.clock_note)
        if marks:
            self._across(marks, look("mark"), 22)
        self._across(f"回执  {order.whose}", look("title"), 34)
        sentence = outcome_sentence(order)
        tall = 20 + 24 * lines_of(sentence, sum(_WIDTHS) * 0.65)
        self._across(sentence, look(style, "bold", "wrap", font_size=16, indent=1), tall)
        tall = 14 + 18 * lines_of(to_do, sum(_WIDTHS) * 0.85)
        self._across(to_do, look("bold", "wrap", font_size=12, indent=1), tall)
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
        findings = self.order.shown
        if not findings:
            return
        self._heading("要改的地方" if self.order.errors else "请说明的地方")
        for column, head in enumerate(_HEADS):
            self._text(column, head, self.look("header"))
        self.sheet.set_row(self.line, 24)
        self.line += 1
        for number, finding in enumerate(findings[:MOST_FINDINGS], 1):
            self._write_finding(number, finding)
        if len(findings) > MOST_FINDINGS:
            self._across(f"另有 {len(findings) - MOST_FINDINGS} 处未列出。", self.look("hint"), 22)
        self.line += 1

    def _write_finding(self, number: int, finding: Finding) -> None:
        look = self.look
        error = finding.severity is Severity.ERROR
        found = finding.found or (_EMPTY if finding.ref else "")
        texts = [clean(text, 300) for text in (finding.message, found, finding.expected, finding.fix)]
        self.sheet.write_number(self.line, 0, number, look("printed", "center"))
        colour = look("printed", "wrong" if error else "missing", "center", "bold")
        self._text(1, SEVERITIES[finding.severity], colour)
        self._write_place(finding)
        for column, text in enumerate(texts, 3):
            self._text(column, text, look("printed"))
        self._write_progress(finding)
        tall = max(lines_of(text, width * 0.88) for text, width in zip(texts, _WIDTHS[3:-1], strict=True))
        self.sheet.set_row(self.line, min(400, 12 + 17 * tall))
        self.line += 1

    def _write_place(self, finding: Finding) -> None:
        """Name the place; a jump to the cell where the agency's own sheet stands behind."""
        place = clean(place_text(finding), 60)
        if is_cell(finding.ref) and finding.sheet in (self.own_sheets or ()):
            sheet = finding.sheet.replace("'", "''")
            style = self.look("printed", "link")
            self.sheet.write_url(
                self.line, 2, f"internal:'{sheet}'!{finding.ref}", style, place, "跳到这一格"
            )
        else:
            self._text(2, place, self.look("printed"))

    def _write_progress(self, finding: Finding) -> None:
        """Say, as the cell is typed over, that it was changed; empty where that cannot be watched."""
        condition, style = self.watched.get((finding.sheet, finding.ref)), self.look("printed", "center")
        if condition is None:
            self._text(_LAST, "", style)
        else:
            formula = Formula(f"=IF({condition},{quoted(UNCHANGED)},{quoted(CHANGED)})", UNCHANGED)
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
        self.sheet.set_row(self.line, 22)
        for first, last, text, style in ((0, 3, label, "faded"), (4, _LAST, value, "bold")):
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
