"""The sheet 工作进展: one row a clause; what is due this month stands first."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from include.plan.model import Clause, Plan, Relation
from include.returns.layout import NOT_DUE, STATUSES, Column, Row, Table
from include.returns.look import lines_of
from include.returns.template_checks import clause_check
from include.returns.template_order import Draft
from include.returns.template_page import colour_checks, start_table, write_formula, write_summary

HINT = (
    "选状态，写两三句本月实际做了什么；没有新进展的选“零报告”就行。"
    "灰色的“本月不需填报”不用管，有进展也可以写。"
)
RELATIONS = {
    Relation.SOLE: "负责",
    Relation.LEAD: "牵头",
    Relation.JOINT: "分工负责",
    Relation.SUPPORT: "配合",
}
_PROMPTS = {
    "problems": ("存在问题", "进度滞后的必须写：卡在哪里、需要谁帮助。没有可空着。"),
    "next_steps": ("下步打算", "下个月准备做什么、什么时候做完。"),
    "explanation": ("情况说明", "“填报检查”或回执请您说明的，原因写在这里；没有可空着。"),
    "reported_by": ("填报人", "这一条由谁填写。不填则以封面的填报人为准。"),
}


def write_progress(draft: Draft, table: Table) -> str:
    """Write the sheet; gives the sentence above its table."""
    sheet = start_table(draft, table, HINT)
    sheet.freeze_panes(table.header_row, table.column("title").index + 1)
    checks = [_write_row(draft, sheet, table, row) for row in table.rows]
    colour_checks(draft, sheet, table.header_row, table.last_row - 1, table.column("check").index)
    colour_checks(draft, sheet, table.header_row - 3, table.header_row - 3, 0)
    return write_summary(draft, sheet, table, checks)


def relation_text(draft: Draft, clause_id: str) -> str:
    """Give the agency's part in a clause as its cell shows it."""
    return RELATIONS[draft.order.plan.relation(clause_id, draft.order.agency_id)]


def _write_row(draft: Draft, sheet: Worksheet, table: Table, row: Row) -> str:
    clause, look, line = draft.order.plan.clause(row.key), draft.look, row.row - 1
    others = partners(draft.order.plan, clause, draft.order.agency_id)
    faded = [] if row.due else ["not-due"]
    printed = look("printed", "center", *faded)
    _set_height(draft, sheet, table, row, others)
    sheet.write_string(line, table.column("clause").index, row.clause, printed)
    _write_title(draft, sheet, table, row, others, faded)
    sheet.write_string(line, table.column("part").index, relation_text(draft, clause.id), printed)
    sheet.write_string(line, table.column("id").index, row.key, look("small"))
    _write_status(draft, sheet, table.column("status"), row)
    for key in ("text", "problems", "next_steps", "explanation", "reported_by"):
        _write_text(draft, sheet, table.column(key), row)
    check = clause_check(draft.layout, table, row)
    write_formula(sheet, line, table.column("check").index, check, look("check"))
    return check.cached


def _set_height(draft: Draft, sheet: Worksheet, table: Table, row: Row, others: str) -> None:
    width = table.column("title").width
    needed = 10 + 20 * lines_of(row.label, width * 0.85) + 16 * (lines_of(others, width) if others else 0)
    sheet.set_row(row.row - 1, max(needed, 66 if row.due else 24))


def partners(plan: Plan, clause: Clause, agency_id: str) -> str:
    """Say with whom an agency shares a clause; empty if it is alone."""
    named = [r.agency for r in clause.responsibilities if r.agency != agency_id]
    if not named:
        return ""
    names = "、".join(plan.agency(other).name for other in named)
    return (
        f"各单位都要报：{names}"
        if any(plan.agency(other).collective for other in named)
        else f"同担：{names}"
    )


def _write_title(
    draft: Draft, sheet: Worksheet, table: Table, row: Row, others: str, faded: list[str]
) -> None:
    look, column = draft.look, table.column("title").index
    if not others:
        sheet.write_string(row.row - 1, column, row.label, look("printed", "bold", *faded))
        return
    small = look("small", *faded)
    sheet.write_rich_string(
        row.row - 1, column, look("bold", *faded), row.label, small, f"\n{others}", look("printed", *faded)
    )


def _write_status(draft: Draft, sheet: Worksheet, column: Column, row: Row) -> None:
    line = row.row - 1
    style = draft.look("input", "center", *([] if row.due else ["not-due"]))
    if row.due:
        sheet.write_blank(line, column.index, None, style)
    else:
        sheet.write_string(line, column.index, NOT_DUE, style)
    rule = {
        "validate": "list",
        "source": list(STATUSES),
        "input_title": "进展状态",
        "input_message": "点右边的小箭头选一项。本月没有新进展选“零报告”，这一行就填完了。",
        "error_title": "请从列表里选",
        "error_message": "请点单元格右边的小箭头，从列表里选一项。",
    }
    sheet.data_validation(line, column.index, line, column.index, rule)


def _write_text(draft: Draft, sheet: Worksheet, column: Column, row: Row) -> None:
    faded = [] if row.due else ["not-due"]
    sheet.write_blank(row.row - 1, column.index, None, draft.look("input", "wrap", *faded, font_size=11))
    title, message = _PROMPTS.get(
        column.key, ("本月进展", "本月做了什么、做到什么程度，两三句话，有数字写数字。")
    )
    last = draft.order.prefill.texts.get(row.key, "")
    if column.key == "text" and last:
        title, message = "上月写的是（请勿照抄）", last if len(last) <= 250 else last[:249] + "…"
    rule = {"validate": "any", "input_title": title, "input_message": message}
    sheet.data_validation(row.row - 1, column.index, row.row - 1, column.index, rule)
