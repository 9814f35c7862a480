"""The sheet 指标: one row an indicator."""

from __future__ import annotations

from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from include.plan.model import Comparator, Indicator, Kind
from include.records.figures import Role
from include.returns.headings import Content
from include.returns.layout import NOT_APPLICABLE, NOT_DUE, Column, Duty, Row, Table
from include.returns.look import lines_of
from include.returns.template_checks import indicator_check, result_formula
from include.returns.template_names import names_range
from include.returns.template_order import Draft
from include.returns.template_page import colour_checks, start_table, write_formula, write_summary

HINT = "没有发生填 0，确实不适用填“不适用”并说明；灰色的“本月不需填报”不用管。鼠标点到黄色格会提示填什么。"
_COMPARED = {Comparator.AT_LEAST: "≥", Comparator.AT_MOST: "≤", Comparator.EXACTLY: "="}
_ROLE_WORDS = {
    Role.MONTH: "本月数",
    Role.ADJUSTMENT: "调整数",
    Role.NUMERATOR: "分子",
    Role.DENOMINATOR: "分母",
    Role.LEVEL: "期末数",
    Role.PENDING: "待认定",
}


def write_indicators(draft: Draft, table: Table) -> str:
    """Write the sheet; gives the sentence above its table."""
    sheet = start_table(draft, table, HINT)
    sheet.freeze_panes(table.header_row, table.column("name").index + 1)
    checks = [_write_row(draft, sheet, table, row) for row in table.rows]
    colour_checks(draft, sheet, table.header_row, table.last_row - 1, table.column("check").index)
    colour_checks(draft, sheet, table.header_row - 3, table.header_row - 3, 0)
    return write_summary(draft, sheet, table, checks)


def _write_row(draft: Draft, sheet: Worksheet, table: Table, row: Row) -> str:
    indicator = draft.order.plan.indicator(row.key)
    hints = [*what_to_fill(row, indicator), *_which_month(draft, indicator)]
    width = table.column("name").width
    tall = (
        10 + 20 * lines_of(row.label, width * 0.85) + 16 * sum(lines_of(hint, width * 0.95) for hint in hints)
    )
    sheet.set_row(row.row - 1, tall)
    _write_printed(draft, sheet, table, row, indicator, hints)
    for column in table.columns:
        if column.content in (Content.NUMBER, Content.TEXT):
            _write_input(draft, sheet, column, row, indicator)
    _write_result(draft, sheet, table, row)
    check = indicator_check(draft.layout, table, row, names_range(draft, row.key) if row.named else "")
    write_formula(sheet, row.row - 1, table.column("check").index, check, draft.look("check"))
    return check.cached


def _which_month(draft: Draft, indicator: Indicator) -> list[str]:
    """Name the month 上月数 is from where one was skipped."""
    older = draft.order.older(indicator)
    return [] if older is None else [f"【上月数】是{older.month}月的，上月没有接收这个数"]


def what_to_fill(row: Row, indicator: Indicator) -> list[str]:
    """Say what the row's figures count, one line each."""
    counted = indicator.numerator or indicator.name
    if indicator.kind is Kind.RATIO:
        lines = [f"分子：{counted}", f"分母：{indicator.denominator}"]
    elif indicator.accumulates:
        lines = [f"本月新增：{counted}" + ("（附名单）" if row.named else "")]
    else:
        lines = [f"月末数：{counted}"]
    return lines if row.duty is Duty.REPORT else [*lines, "【核对】供比对，可不填"]


def _write_printed(
    draft: Draft, sheet: Worksheet, table: Table, row: Row, indicator: Indicator, hints: list[str]
) -> None:
    look, line = draft.look, row.row - 1
    faded = ["not-due"] if not row.due else []
    printed = look("printed", "center", *faded)
    sheet.write_string(line, table.column("clause").index, row.clause, printed)
    small = look("small", *faded)
    sheet.write_rich_string(
        line, table.column("name").index,
        look("bold", *faded), row.label, small, "\n" + "\n".join(hints), look("printed", *faded),
    )  # fmt: skip
    sheet.write_string(line, table.column("target").index, target_text(indicator), printed)
    sheet.write_string(line, table.column("unit").index, unit_text(indicator), printed)
    sheet.write_string(line, table.column("id").index, row.key, look("small"))
    _write_last(draft, sheet, line, table.column("last").index, indicator)


def target_text(indicator: Indicator) -> str:
    """Give the target as its cell shows it: `≥3`, and below it what it is per."""
    per = indicator.unit.partition("/")[2]
    return f"{_COMPARED[indicator.comparator]}{indicator.target:f}" + (f"\n每{per}" if per else "")


def unit_text(indicator: Indicator) -> str:
    """Give the unit as its cell shows it, without what it is per."""
    return indicator.unit.partition("/")[0]


def _write_last(draft: Draft, sheet: Worksheet, line: int, column: int, indicator: Indicator) -> None:
    """Write last month's figure as a number; a ratio shows what it was made of: `8/19 = 42.1%`."""
    last, share = draft.order.last(indicator), draft.order.last_share(indicator)
    if last is None:
        sheet.write_blank(line, column, None, draft.look("previous"))
        return
    shown = {"num_format": f'"{share[0]:f}/{share[1]:f} = "0.0%'} if share else {}
    sheet.write_number(line, column, plain_number(last), draft.look("previous", **shown))


def plain_number(value: Decimal) -> int | float:
    """Give a figure as a cell holds it."""
    return int(value) if value == value.to_integral_value() else float(value)


def _write_input(draft: Draft, sheet: Worksheet, column: Column, row: Row, indicator: Indicator) -> None:
    """Write an input cell, or a grey one where the row has no such figure."""
    line, look = row.row - 1, draft.look
    role = row.role(column.key)
    if column.content is Content.NUMBER and role is None:
        sheet.write_blank(line, column.index, None, look("blank"))
        return
    if column.content is Content.TEXT:
        sheet.write_blank(line, column.index, None, look("input", "wrap", font_size=11))
        return
    first = row.figures[0][0] == column.key
    if first and not row.due:
        sheet.write_string(
            line, column.index, NOT_DUE, look("input", "not-due", "center", "wrap", font_size=11)
        )
    else:
        sheet.write_blank(
            line, column.index, None, look("input", "center", *(["not-due"] if not row.due else []))
        )
    sheet.data_validation(line, column.index, line, column.index, _number_rule(column, row, role, indicator))


def _number_rule(column: Column, row: Row, role: Role | None, indicator: Indicator) -> dict[str, object]:
    cell = f"{column.letter}{row.row}"
    words = "".join(f',{cell}="{word}"' for word in (NOT_APPLICABLE, NOT_DUE))
    formula = (
        f"=ISNUMBER({cell})" if role is Role.ADJUSTMENT else f"=OR(AND(ISNUMBER({cell}),N({cell})>=0){words})"
    )
    return {
        "validate": "custom",
        "value": formula,
        "input_title": _ROLE_WORDS[role] if role else "",
        "input_message": _prompt(role, indicator),
        "error_title": "请填数字",
        "error_message": "这里只填数字，如 12。没有发生填 0；确实不适用填“不适用”，并在情况说明里写原因。",
    }


def _prompt(role: Role | None, indicator: Indicator) -> str:
    counted = indicator.numerator or indicator.name
    return {
        Role.NUMERATOR: f"{counted}。填到月末的数，不是本月新增。",
        Role.DENOMINATOR: f"{indicator.denominator}。填到月末的数。",
        Role.MONTH: f"本月新增的{counted}。累计数会自动算。没有新增填 0。",
        Role.ADJUSTMENT: "更正以前月份的累计数：多报的填负数，漏报的填正数，原因写在情况说明里。没有就空着。",
        Role.LEVEL: f"月末的{counted}。填月末总数，不是本月新增。",
        Role.PENDING: "已经做到、但认定材料还没下来的数。单独列示，不计入累计。没有就空着。",
    }.get(role or Role.PENDING, "")[:250]


def _write_result(draft: Draft, sheet: Worksheet, table: Table, row: Row) -> None:
    column, formula = table.column("result").index, result_formula(table, row)
    if formula is None:
        sheet.write_blank(row.row - 1, column, None, draft.look("blank"))
        return
    style = draft.look("computed", *(["ratio"] if row.role("numerator") else []))
    write_formula(sheet, row.row - 1, column, formula, style)
