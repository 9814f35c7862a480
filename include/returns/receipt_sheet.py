"""The sheet 回执 as a workbook of its own; `splice` puts it in front of the agency's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.headings import SheetTitle
from include.returns.look import TYPEFACE, Look, lines_of
from include.returns.receipt_order import ReceiptOrder
from include.returns.receipt_words import SEVERITIES, outcome_sentence, place_text, what_to_do
from include.returns.wording import DEMO_MARK, marks_text, moment_text

_HEADS = (
    ("序号", 6),
    ("级别", 9),
    ("位置", 17),
    ("问题", 36),
    ("填的是", 20),
    ("应当是", 30),
    ("怎么改", 44),
)
_LAST = len(_HEADS) - 1
_GOOD = (SubmissionState.ACCEPTED, SubmissionState.DUPLICATE, SubmissionState.COMPANION)
Linked = Callable[[Finding], bool]


def receipt_sheet(order: ReceiptOrder, linked: Linked) -> bytes:
    """Write a workbook that holds only the sheet 回执. `linked`: can its cell be jumped to."""
    out = BytesIO()
    book = Workbook(
        out, {"in_memory": True, "default_format_properties": {"font_name": TYPEFACE, "font_size": 11}}
    )
    book.set_properties({"created": order.decided_at.astimezone(UTC).replace(tzinfo=None), "title": "回执"})
    sheet = book.add_worksheet(SheetTitle.RECEIPT.value)
    _Page(order, sheet, Look(book), linked).write()
    book.close()
    return out.getvalue()


class _Page:
    """The sheet being written, top to bottom."""

    def __init__(self, order: ReceiptOrder, sheet: Worksheet, look: Look, linked: Linked) -> None:
        self.order, self.sheet, self.look, self.linked = order, sheet, look, linked
        self.line = 0

    def write(self) -> None:
        self._set_up()
        self._write_head()
        self._write_facts()
        self._write_findings()
        self._write_pairs("系统读到的数", self.order.understood)
        self._write_list("读取时的处理", self.order.notes)
        self._write_pairs("随附材料", self.order.companions)
        self.sheet.print_area(0, 0, self.line, _LAST)

    def _set_up(self) -> None:
        sheet, order = self.sheet, self.order
        for column, (_, width) in enumerate(_HEADS):
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
        marks = marks_text(order.demo, order.clock_note)
        if marks:
            self._across(marks, look("mark"), 22)
        self._across(f"回执  {order.whose}", look("title"), 34)
        self._across(outcome_sentence(order), look(style, "bold", "wrap", font_size=16, indent=1), 44)
        self._across(f"现在怎么办:{what_to_do(order)}", look("bold", "wrap", font_size=12, indent=1), 30)
        self.line += 1

    def _write_facts(self) -> None:
        order = self.order
        timely = {SubmissionState.ACCEPTED: "按时" if order.on_time else "逾期"}.get(order.outcome, "")
        facts = (
            ("原文件", order.original_name),
            ("截止时间", moment_text(order.due_at) if order.due_at else ""),
            ("答复时间", moment_text(order.decided_at)),
            ("及时情况", timely),
            ("标识", order.handling_mark),
        )
        for label, value in facts:
            if value:
                self._pair(label, value)
        self.line += 1

    def _write_findings(self) -> None:
        if not self.order.shown:
            return
        self._heading("要改的地方" if self.order.errors else "请说明的地方")
        for column, (head, _) in enumerate(_HEADS):
            self.sheet.write_string(self.line, column, head, self.look("header"))
        self.sheet.set_row(self.line, 24)
        self.line += 1
        for number, finding in enumerate(self.order.shown, 1):
            self._write_finding(number, finding)
        self.line += 1

    def _write_finding(self, number: int, finding: Finding) -> None:
        look, line = self.look, self.line
        texts = (
            finding.message,
            finding.found or "(空)" if finding.ref else finding.found,
            finding.expected,
            finding.fix,
        )
        colour = look(
            "printed", "wrong" if finding.severity is Severity.ERROR else "missing", "center", "bold"
        )
        self.sheet.write_number(line, 0, number, look("printed", "center"))
        self.sheet.write_string(line, 1, SEVERITIES[finding.severity], colour)
        if self.linked(finding):
            target = "internal:" + _address(finding)
            self.sheet.write_url(
                line, 2, target, look("printed", "link"), place_text(finding), "点这里跳到这一格"
            )
        else:
            self.sheet.write_string(line, 2, place_text(finding), look("printed"))
        for column, text in enumerate(texts, 3):
            self.sheet.write_string(line, column, text, look("printed"))
        widths = (width for _, width in _HEADS[3:])
        self.sheet.set_row(
            line, 12 + 17 * max(lines_of(t, w * 0.95) for t, w in zip(texts, widths, strict=True))
        )
        self.line += 1

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
            self._across(
                f"· {text}", self.look("wrap"), 4 + 18 * lines_of(text, sum(w for _, w in _HEADS) * 0.95)
            )
        self.line += 1

    def _heading(self, text: str) -> None:
        self._across(text, self.look("title", font_size=13), 28)

    def _pair(self, label: str, value: str) -> None:
        self.sheet.set_row(self.line, 22)
        self.sheet.merge_range(self.line, 0, self.line, 3, "", self.look("printed"))
        self.sheet.write_string(self.line, 0, label, self.look("printed"))
        self.sheet.merge_range(self.line, 4, self.line, _LAST, "", self.look("printed", "bold"))
        self.sheet.write_string(self.line, 4, value, self.look("printed", "bold"))
        self.line += 1

    def _across(self, text: str, style: Format, height: float) -> None:
        self.sheet.set_row(self.line, height)
        self.sheet.merge_range(self.line, 0, self.line, _LAST, "", style)
        self.sheet.write_string(self.line, 0, text, style)
        self.line += 1


def _address(finding: Finding) -> str:
    quoted = finding.sheet.replace("'", "''")
    return f"'{quoted}'!{finding.ref}"
