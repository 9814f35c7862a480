"""The template (填报模板): the workbook the office hands an agency for a month, prefilled."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook

from include.plan.period import Period
from include.returns.layout import layout_for
from include.returns.look import TYPEFACE, Look
from include.returns.template_cover import finish_cover, start_cover, write_system
from include.returns.template_definitions import write_definitions
from include.returns.template_indicators import write_indicators
from include.returns.template_names import write_names
from include.returns.template_order import Draft, NamedSoFar, Prefill, TemplateOrder
from include.returns.template_progress import write_progress
from include.returns.wording import DEMO_MARK

__all__ = ["NamedSoFar", "Prefill", "TemplateOrder", "template_name", "write_template"]


def template_name(period: Period) -> str:
    """Give the file's name in 待报/."""
    return f"{period} 填报模板.xlsx"


def write_template(order: TemplateOrder) -> bytes:
    """Write the workbook; the same order gives the same bytes.

    Raises:
        KeyError: the plan has no such agency.
    """
    layout = layout_for(order.plan, order.agency_id, order.period)
    out = BytesIO()
    book = Workbook(
        out, {"in_memory": True, "default_format_properties": {"font_name": TYPEFACE, "font_size": 11}}
    )
    draft = Draft(order, layout, book, Look(book))
    _describe(draft)
    cover = start_cover(draft)
    states: dict[str, str] = {}
    for table, write in (
        (layout.indicators, write_indicators),
        (layout.names, write_names),
        (layout.progress, write_progress),
    ):
        if table is not None:
            states[table.title] = write(draft, table)
    finish_cover(draft, cover, states)
    write_definitions(draft)
    write_system(draft)
    book.close()
    return out.getvalue()


def _describe(draft: Draft) -> None:
    order = draft.order
    mark = f"【{DEMO_MARK}】" if order.demo else ""
    draft.book.set_properties(
        {
            "title": f"{mark}{order.agency_name} {order.period.label}报表",
            "author": order.plan.office_name,
            "comments": order.handling_mark,
            "created": datetime(order.period.year, order.period.month, 1),  # noqa: DTZ001 - fixed: same order, same bytes
        }
    )
