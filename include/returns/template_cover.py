"""The sheet 封面, and the hidden sheet that says whose return the workbook is."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from include.records.figures import Identity
from include.returns.headings import SheetTitle
from include.returns.layout import TEMPLATE_VERSION, YES, Field, checksum
from include.returns.look import NAVY, RED
from include.returns.prefilled import MARK
from include.returns.template_checks import Formula, cover_check
from include.returns.template_order import Draft
from include.returns.template_page import colour_checks, start_page, write_formula
from include.returns.template_prefilled import prefilled_cells
from include.returns.wording import marks_text, moment_text

_LABELS, _CONTENT, _NOTES = 1, 2, 3
_NOTES_OF = {
    "filled_by": "谁填的表",
    "phone": "座机或手机，有问题好找您",
    "signed_by": "分管领导或授权的审核人",
    "nil_return": "各项都没有新进展时选“是”，其余各表可以不填",
}


def start_cover(draft: Draft) -> Worksheet:
    """Add the sheet with all but the state of the other sheets."""
    sheet, order, look = start_page(draft, draft.layout.cover.title, landscape=False), draft.order, draft.look
    for column, width in enumerate((2.5, 18, 44, 36)):
        sheet.set_column(column, column, width)
    for row, height in ((0, 22), (1, 40), (2, 22), (3, 8)):
        sheet.set_row(row, height)
    marks = marks_text(order.demo, order.clock_note)
    sheet.merge_range(0, _LABELS, 0, _NOTES, marks, look("mark", "center"))
    sheet.merge_range(1, _LABELS, 1, _NOTES, f"{order.period.label}工作进展报表", look("big"))
    source = f"{order.plan.title} · {order.plan.office_name}"
    sheet.merge_range(2, _LABELS, 2, _NOTES, source, look("hint", "center"))
    due = f"{moment_text(order.due_at)}{order.due_mark}"
    known = {"agency": order.agency_name, "period": order.period.label, "due_at": due}
    for field in draft.layout.cover.fields:
        _write_field(draft, sheet, field, known.get(field.key, ""))
    sheet.set_tab_color(NAVY)
    sheet.activate()
    sheet.set_first_sheet()
    return sheet


def _write_field(draft: Draft, sheet: Worksheet, field: Field, known: str) -> None:
    line, look = field.row - 1, draft.look
    sheet.set_row(line, 30)
    sheet.write_string(line, _LABELS, field.label, look("printed", "bold"))
    sheet.write_string(line, _NOTES, _NOTES_OF.get(field.key, ""), look("hint", "wrap", indent=1))
    if field.input:
        sheet.write_blank(line, _CONTENT, None, look("input", "text", "wrap", font_size=12, indent=1))
    else:
        urgent = {"font_color": RED, "bold": True} if field.key == "due_at" else {}
        sheet.write_string(line, _CONTENT, known, look("printed", font_size=12, indent=1, **urgent))
    if field.key == "nil_return":
        _offer_yes(sheet, line)


def _offer_yes(sheet: Worksheet, line: int) -> None:
    rule = {
        "validate": "list",
        "source": [YES, "否"],
        "input_title": "整表零报告",
        "input_message": "本月各项工作都没有新进展时选“是”。有进展就空着。",
        "error_title": "请选“是”或“否”",
        "error_message": "请点单元格右边的小箭头选择。",
    }
    sheet.data_validation(line, _CONTENT, line, _CONTENT, rule)


def finish_cover(draft: Draft, sheet: Worksheet, states: dict[str, str]) -> None:
    """Write what the other sheets still lack, and how to fill it in. `states`: title -> sentence."""
    line = max(field.row for field in draft.layout.cover.fields) + 1
    line = _write_states(draft, sheet, line, states)
    _write_bar(draft, sheet, line, "怎样填")
    for n, text in enumerate(_how_to(draft), 1):
        sheet.set_row(line + n, 34 if len(text) > 46 else 22)
        sheet.merge_range(line + n, _LABELS, line + n, _NOTES, f"{n}. {text}", draft.look("wrap"))
    sheet.print_area(0, 0, line + len(_how_to(draft)), _NOTES)


def _write_states(draft: Draft, sheet: Worksheet, line: int, states: dict[str, str]) -> int:
    """Write the progress of the filling-in, one line a sheet; gives the next free line."""
    look, own = draft.look, draft.layout.cover.title
    _write_bar(draft, sheet, line, "交之前看这里（自动检查）")
    check = cover_check(draft.layout)
    rows = [(own, check), *((title, Formula(f"='{title}'!$A$3", text)) for title, text in states.items())]
    for n, (title, formula) in enumerate(rows, line + 1):
        sheet.set_row(n, 26)
        sheet.write_url(n, _LABELS, f"internal:'{title}'!A1", look("printed", "link"), title)
        write_formula(sheet, n, _CONTENT, formula, look("printed", "bold", indent=1))
        sheet.write_string(n, _NOTES, "" if title == own else "← 点表名可以跳过去", look("hint", indent=1))
    colour_checks(draft, sheet, line + 1, line + len(rows), _CONTENT)
    sheet.set_row(line + len(rows) + 1, 10)
    return line + len(rows) + 2


def _write_bar(draft: Draft, sheet: Worksheet, line: int, text: str) -> None:
    sheet.set_row(line, 26)
    sheet.merge_range(line, _LABELS, line, _NOTES, text, draft.look("bar"))


def _how_to(draft: Draft) -> list[str]:
    """Give the short how-to, for what this agency has to do this month."""
    layout = draft.layout
    owed = any(row.due for table in layout.tables for row in table.rows)
    lines = ["先填上面三个人名电话，再依次填后面各表。只有黄色格需要填，其他格锁定，点不动是正常的。"]
    if not owed:
        lines = ["本月没有必须填报的内容。填好上面的人名电话，“整表零报告”选“是”，就完成了；有进展也欢迎写。"]
    if layout.indicators is not None:
        lines.append(
            "「指标」填数字：没有发生填 0；累计和比率自动算；发现以前报错了，在“调整数”里更正并写明原因。"
        )
    if layout.names is not None:
        lines.append("「名单」逐个写全称，个数要与「指标」的累计数一致。")
    lines.append("「工作进展」每条选状态、写两三句；没有新进展选“零报告”。拿不准怎样算，看「口径说明」。")
    lines.append("右边“填报检查”都变成绿色√，保存后把这个文件放进本单位“报送”文件夹即可，不用改文件名。")
    lines.append("几分钟后到“回执”文件夹看结果。需要改的，直接在回执那份表上改好，再放进“报送”文件夹。")
    return lines


def write_system(draft: Draft) -> None:
    """Add the hidden sheet."""
    order, sheet = draft.order, draft.book.add_worksheet(draft.layout.system.title)
    identity = Identity(order.plan.id, order.agency_id, str(order.period), TEMPLATE_VERSION, order.plan_hash)
    prefilled = dict(prefilled_cells(draft))
    values = {
        "plan_id": identity.plan_id,
        "agency_id": identity.agency_id,
        "period": identity.period,
        "template_version": identity.template_version,
        "plan_hash": identity.plan_hash,
        "checksum": checksum(identity, prefilled),
    }
    look_of_text = draft.look("text")
    sheet.set_column(_LABELS, _CONTENT, 40)
    sheet.write_string(0, _LABELS, f"{SheetTitle.SYSTEM.value}：供系统识别，请勿修改", draft.look("hint"))
    for field in draft.layout.system.fields:
        sheet.write_string(field.row - 1, _LABELS, field.label, draft.look("hint"))
        sheet.write_string(field.row - 1, _CONTENT, values[field.key], draft.look("text"))
    below = max(field.row for field in draft.layout.system.fields) + 1
    for line, (spot, value) in enumerate(prefilled.items(), below):
        for column, text in enumerate((MARK, *spot, value), _LABELS):
            sheet.write_string(line, column, text, look_of_text)
    sheet.protect("")
    sheet.hide()
