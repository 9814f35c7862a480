"""The sheet 口径说明: what each figure counts and should come to, what each clause asks, and of whom."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from include.plan.model import Indicator, Plan
from include.returns.look import lines_of
from include.returns.path_words import path_text
from include.returns.template_order import Draft
from include.returns.template_page import start_page, write_title
from include.returns.template_progress import RELATIONS, partners

_WIDTHS = (6, 22, 52, 36, 28)
_INDICATOR_HEADS = ("条款", "指标", "怎样算", "时序进度", "谁报、谁核、谁答责")
_CLAUSE_HEADS = ("条款", "工作任务", "要求", "填报频次", "责任分工")
_CADENCES = {
    "monthly": "每月",
    "quarterly": "每季度（3、6、9、12月）",
    "half-year": "每半年（6、12月）",
    "event": "有情况时",
}


def write_definitions(draft: Draft) -> None:
    """Write the sheet."""
    sheet = start_page(draft, draft.layout.definitions)
    write_title(draft, sheet, draft.layout.definitions, "填表时拿不准就看这里。本页不用填。")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    line = 3
    own = draft.order.plan.indicators_of(draft.order.agency_id)
    if own:
        line = _write_block(
            draft, sheet, line, "指标怎样算", _INDICATOR_HEADS, [_indicator_row(draft, i) for i in own]
        )
    clauses = draft.order.plan.clauses_of(draft.order.agency_id)
    rows = [_clause_row(draft.order.plan, clause.id, draft.order.agency_id) for clause in clauses]
    line = _write_block(draft, sheet, line, "任务的要求", _CLAUSE_HEADS, rows)
    sheet.print_area(0, 0, line - 1, len(_WIDTHS) - 1)
    sheet.freeze_panes(2, 0)


def _write_block(
    draft: Draft, sheet: Worksheet, line: int, title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]
) -> int:
    """Write a titled table; gives the line after it."""
    look = draft.look
    sheet.set_row(line, 26)
    sheet.write_string(line, 0, title, look("title", font_size=13))
    sheet.set_row(line + 1, 24)
    for column, head in enumerate(heads):
        sheet.write_string(line + 1, column, head, look("header"))
    for n, row in enumerate(rows, line + 2):
        lines = max(lines_of(text, _WIDTHS[column] * 0.92) for column, text in enumerate(row))
        sheet.set_row(n, min(400, 10 + 17 * lines))
        for column, text in enumerate(row):
            styles = ("center",) if column == 0 else ("bold",) if column == 1 else ()
            sheet.write_string(n, column, text, look("printed", *styles, font_size=11))
    return line + 2 + len(rows) + 1


def _indicator_row(draft: Draft, indicator: Indicator) -> tuple[str, ...]:
    plan = draft.order.plan
    parts = [indicator.definition + "。"]
    if indicator.denominator:
        parts += [f"分子：{indicator.numerator}", f"分母：{indicator.denominator}"]
    elif indicator.numerator:
        parts.append(f"计数：{indicator.numerator}")
    parts += [f"暂按：{d.assumption}（{d.status}）" for d in plan.decisions if d.about == indicator.id]
    return (
        indicator.clause,
        indicator.name,
        "\n".join(parts),
        path_text(indicator, draft.order.period.month),
        _duties(plan, indicator),
    )


def _duties(plan: Plan, indicator: Indicator) -> str:
    def names(ids: tuple[str, ...]) -> str:
        return "、".join(plan.agency(agency).name for agency in ids)

    lines = [f"报送：{names(indicator.sources)}", f"答责：{names((indicator.answerable,))}"]
    if indicator.cross_check:
        lines.insert(1, f"核对：{names(indicator.cross_check)}")
    return "\n".join(lines)


def _clause_row(plan: Plan, clause_id: str, agency_id: str) -> tuple[str, ...]:
    clause = plan.clause(clause_id)
    others = partners(plan, clause, agency_id)
    part = RELATIONS[plan.relation(clause_id, agency_id)] + (f"\n{others}" if others else "")
    wanted = clause.text or f"{clause.title}（原文见{plan.title}第{clause.item}项）"
    return (clause.id, clause.title, wanted, _CADENCES[clause.cadence], part)
