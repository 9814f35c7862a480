"""The 核对稿 as a workbook: what will be published about an agency, and a column to object in."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from include.records.figures import Identity
from include.returns.headings import SYSTEM_FIELDS, SheetTitle
from include.returns.layout import checksum
from include.returns.look import TYPEFACE, Look, lines_of
from include.returns.proof_order import OBJECTION, PROOF, RAISED_BY, ProofOrder, ProofRow
from include.returns.wording import DEMO_MARK, clean, marks_text, moment_text

_HEADS = ("条款", "指标", "本单位责任", "拟发布数", "目标", "亮灯", "标记", OBJECTION, "系统编号")
_WIDTHS = (7, 30, 12, 19, 10, 15, 24, 42, 10)
_SHOWN = len(_HEADS) - 2  # index of the last shown column, the one to object in
_LABEL, _CONTENT = 1, 2  # columns of the hidden sheet


def proof_name(month: str, edition: int) -> str:
    """Name the file: `2024-08 核对稿.xlsx`, later ones `2024-08 核对稿 第2版.xlsx`."""
    return f"{month} {PROOF}{f' 第{edition}版' if edition > 1 else ''}.xlsx"


def write_proof(order: ProofOrder) -> bytes:
    """Write the workbook; the same order gives the same bytes."""
    out = BytesIO()
    look = {"font_name": TYPEFACE, "font_size": 11}
    book = Workbook(out, {"in_memory": True, "default_format_properties": look})
    created = order.sent_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"created": created, "title": f"{order.period}{PROOF}"})
    _Page(order, book.add_worksheet(PROOF), Look(book)).write()
    _write_system(order, book)
    book.close()
    return out.getvalue()


class _Page:
    """The sheet being written, top to bottom."""

    def __init__(self, order: ProofOrder, sheet: Worksheet, look: Look) -> None:
        self.order, self.sheet, self.look = order, sheet, look
        self.line = 0

    def write(self) -> None:
        self._set_up()
        self._write_head()
        self._write_raised_by()
        self._write_table()
        self.sheet.print_area(0, 0, max(self.line - 1, 0), _SHOWN)

    def _set_up(self) -> None:
        sheet, order = self.sheet, self.order
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width, None, {"hidden": column > _SHOWN})
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.65)
        sheet.set_header(f'&R&"{TYPEFACE},Bold"&9&KC00000{DEMO_MARK}' if order.demo else "")
        sheet.set_footer(f"&L&9{order.handling_mark.replace('&', '&&')}&C&9第 &P 页 共 &N 页")
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _write_head(self) -> None:
        order = self.order
        marks = marks_text(order.demo, order.clock_note)
        if marks:
            self._across(marks, "mark", height=22)
        self._across(f"{order.period}{PROOF}  {order.agency_name}", "title", height=34)
        self._across(f"{order.plan_title} · {order.office_name}", "hint", height=20)
        self._across("以下是将要发布的、与贵单位有关的内容。没有异议不用回复。", "bold", height=24)
        self._across(
            f"有异议的，请在{moment_text(order.objections_until)}{order.until_mark}前，在黄色格里写明应为多少和依据，"
            "保存后把这个文件放入“报送”文件夹：异议与该数一并列出，不改动已报的数。数字报错了的，请报送更正后的报表。",
            "wrap",
            height=44,
        )
        silent = f"；未填进展的任务：{'、'.join(order.silent)}" if order.silent else ""
        self._across(f"本期报送情况：{order.filing}{silent}", "wrap", height=24)

    def _write_raised_by(self) -> None:
        self.sheet.set_row(self.line, 26)
        self.sheet.merge_range(self.line, 0, self.line, 1, RAISED_BY, self.look("printed", "bold"))
        self.sheet.merge_range(self.line, 2, self.line, 4, "", self.look("input", "text", indent=1))
        self.sheet.write_string(self.line, 5, "有异议时填写姓名、电话", self.look("hint"))
        self.line += 2

    def _write_table(self) -> None:
        self.sheet.set_row(self.line, 28)
        for column, head in enumerate(_HEADS):
            self.sheet.write_string(self.line, column, head, self.look("header"))
        self.sheet.freeze_panes(self.line + 1, 2)
        self.sheet.repeat_rows(self.line)
        self.line += 1
        for row in self.order.rows:
            self._write_row(row)
        if not self.order.rows:
            self._across("（没有与贵单位有关的指标）", "hint", height=24)

    def _write_row(self, row: ProofRow) -> None:
        shown = (row.clause_id, row.name, row.part, row.value, row.target, row.light, row.marks)
        for column, text in enumerate(shown):
            centred = ("center",) if column in (0, 2, 4, 5) else ()
            self.sheet.write_string(self.line, column, clean(text), self.look("printed", *centred))
        self.sheet.write_blank(self.line, _SHOWN, None, self.look("input", "text", "wrap"))
        self.sheet.write_string(self.line, _SHOWN + 1, row.indicator_id, self.look("small"))
        tall = max(lines_of(text, width * 0.88) for text, width in zip(shown, _WIDTHS, strict=False))
        self.sheet.set_row(self.line, max(30, 12 + 17 * tall))
        self.line += 1

    def _across(self, text: str, *styles: str, height: float) -> None:
        style = self.look(*styles)
        self.sheet.set_row(self.line, height)
        self.sheet.merge_range(self.line, 0, self.line, _SHOWN, "", style)
        self.sheet.write_string(self.line, 0, clean(text), style)
        self.line += 1


def _write_system(order: ProofOrder, book: Workbook) -> None:
    """Add the hidden sheet that says what this is and whose."""
    identity = Identity(order.plan_id, order.agency_id, order.month, PROOF, "")
    values = {name: getattr(identity, name) for name in Identity.__slots__}
    values["checksum"] = checksum(identity)
    sheet = book.add_worksheet(SheetTitle.SYSTEM.value)
    for key, label, _, row, _ in SYSTEM_FIELDS:
        sheet.write_string(row - 1, _LABEL, label)
        sheet.write_string(row - 1, _CONTENT, values[key])
    sheet.protect("")
    sheet.hide()
