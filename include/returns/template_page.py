"""What every sheet of a template has: title, marks, print set-up, protection; and the frame of a table."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.returns.headings import Content
from include.returns.layout import Column, Table
from include.returns.look import TAB, TYPEFACE
from include.returns.template_checks import Formula
from include.returns.template_order import Draft
from include.returns.wording import DEMO_MARK

AS_IT_IS = {"scale_with_doc": False}  # headers and footers keep their size on a page that is made to fit
ROOM_FOR_HAND = {"format_columns": True, "format_rows": True}
_GROUPS = {Content.NUMBER: "请填黄色格", Content.COMPUTED: "自动计算", Content.CHECK: "边填边看"}


def start_page(draft: Draft, title: str, *, landscape: bool = True) -> Worksheet:
    """Add a sheet with its print set-up and protection (no password: against accident only)."""
    sheet = draft.book.add_worksheet(title)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.65)
    sheet.center_horizontally()
    sheet.set_header(_header(draft), AS_IT_IS)
    sheet.set_footer(_footer(draft), AS_IT_IS)
    sheet.ignore_errors({"number_stored_as_text": "A1:Z500"})
    sheet.protect("", ROOM_FOR_HAND)
    return sheet


def _header(draft: Draft) -> str:
    return f'&R&"{TYPEFACE},Bold"&11&KC00000{DEMO_MARK}' if draft.order.demo else ""


def _footer(draft: Draft) -> str:
    order, font = draft.order, f'&"{TYPEFACE},Regular"&11'
    mark, agency = (text.replace("&", "&&") for text in (order.handling_mark, order.agency_name))
    return f"&L{font}{mark}&C{font}第 &P 页 共 &N 页&R{font}{agency} {order.period}"


def write_title(draft: Draft, sheet: Worksheet, title: str, hint: str) -> None:
    """Write the first two lines of a sheet: whose and what it is, and how to fill it in."""
    order, look = draft.order, draft.look
    sheet.set_row(0, 30)
    sheet.set_row(1, 20)
    head = f"{order.period.label} {title} "
    rest = f"  {order.agency_name}"
    marked = [look("mark"), f"  【{DEMO_MARK}】"] if order.demo else []
    sheet.write_rich_string(
        0, 0, look("title"), head, look("hint", font_size=12), rest, *marked, look("title")
    )
    sheet.write_string(1, 0, hint, look("hint"))


def start_table(draft: Draft, table: Table, hint: str) -> Worksheet:
    """Add a table's sheet up to its header row; rows are written by the caller."""
    sheet = start_page(draft, table.title)
    sheet.set_tab_color(TAB)
    write_title(draft, sheet, table.title, hint)
    head = table.header_row - 1
    for column in table.columns:
        hidden = {"hidden": True} if column.content is Content.ID else {}
        sheet.set_column(column.index, column.index, column.width, None, hidden)
        sheet.write_string(head, column.index, column.header, draft.look("header"))
    sheet.set_row(head - 2, 22)
    sheet.set_row(head - 1, 18)
    sheet.set_row(head, 28)
    _write_groups(draft, sheet, table)
    sheet.repeat_rows(head)
    print_table(sheet, table, table.last_row)
    return sheet


def print_table(sheet: Worksheet, table: Table, last_row: int) -> None:
    """Print a table down to a row (1-based); live checks are for the screen, and cost the rest its size."""
    last_column = max(c.index for c in table.columns if c.content not in (Content.ID, Content.CHECK))
    sheet.print_area(0, 0, last_row - 1, last_column)


def _write_groups(draft: Draft, sheet: Worksheet, table: Table) -> None:
    """Say above the header which columns are to be filled in."""

    def group(column: Column) -> str:
        content = column.content
        return (
            _GROUPS[Content.NUMBER] if content in (Content.TEXT, Content.CHOICE) else _GROUPS.get(content, "")
        )

    for label, columns in groupby(table.columns, key=group):
        run = [column.index for column in columns]
        style = draft.look("group-input" if label == _GROUPS[Content.NUMBER] else "group")
        row = table.header_row - 2
        text = f"▼ {label}" if label else ""
        if len(run) > 1 and label:
            sheet.merge_range(row, run[0], row, run[-1], text, style)
        else:
            sheet.write_string(row, run[0], text, style)


def colour_checks(draft: Draft, sheet: Worksheet, first: int, last: int, column: int) -> None:
    """Colour a check column (0-based, inclusive): missing orange, wrong red, right green."""
    look, here = draft.look, (first, column, last, column)
    for start, style in (("缺", "missing"), ("还缺", "missing"), ("√", "good"), ("—", "faded")):
        rule = {"type": "text", "criteria": "begins with", "value": start, "format": look.mark(style)}
        sheet.conditional_format(*here, {**rule, "stop_if_true": True})
    sheet.conditional_format(*here, {"type": "no_blanks", "format": look.mark("wrong")})


def summary_formula(cells: str) -> str:
    """Give the formula that sums a check column up in one sentence."""
    missing = f'SUMPRODUCT(--(LEFT({cells},1)="缺"))'
    marks = "".join(f'*(LEFT({cells},1)<>"{mark}")' for mark in ("缺", "√", "—"))
    wrong = f"SUMPRODUCT((LEN({cells})>0){marks})"
    return (
        f'=IFERROR(IF({missing}+{wrong}=0,"√ 本表已填好",'
        f'IF({missing}>0,"还缺 "&{missing}&" 处","")&IF({missing}*{wrong}>0,"，","")'
        f'&IF({wrong}>0,"请核对 "&{wrong}&" 处","")),"有的格出现了公式错误,请改成数字或文字")'
    )


def write_summary(draft: Draft, sheet: Worksheet, table: Table, cached: list[str]) -> str:
    """Write the sentence above the table; gives its text in a fresh template."""
    column = table.column("check").letter
    cells = f"${column}${table.header_row + 1}:${column}${table.last_row}"
    text = summary_text(cached)
    row = table.header_row - 3
    write_formula(sheet, row, 0, Formula(summary_formula(cells), text), draft.look("status"))
    return text


def summary_text(checks: list[str]) -> str:
    """Say what `summary_formula` comes to."""
    missing = sum(check.startswith("缺") for check in checks)
    wrong = sum(bool(check) and check[0] not in "缺√—" for check in checks)
    if not missing + wrong:
        return "√ 本表已填好"
    parts = [f"还缺 {missing} 处"] * bool(missing) + [f"请核对 {wrong} 处"] * bool(wrong)
    return "，".join(parts)


def write_formula(sheet: Worksheet, line: int, column: int, formula: Formula, style: Format) -> None:
    """Write a formula with its value in a fresh template (`line`, `column` 0-based)."""
    value: Any = formula.cached  # the stub says int
    sheet.write_formula(line, column, formula.text, style, value)
