"""What a template's hidden sheet keeps of the cells an official is not to change."""

from __future__ import annotations

from collections.abc import Iterator

from include.returns.headings import SheetTitle
from include.returns.prefilled import Spot
from include.returns.template_indicators import plain_number, target_text, unit_text
from include.returns.template_order import Draft
from include.returns.template_progress import relation_text
from include.returns.wording import moment_text
from include.returns.words import plain


def prefilled_cells(draft: Draft) -> Iterator[tuple[Spot, str]]:
    """Give each such cell with its value: texts without white space, last month's figure as a number."""
    order, layout = draft.order, draft.layout
    yield (SheetTitle.COVER.value, "due_at", ""), moment_text(order.due_at)
    for row in layout.indicators.rows if layout.indicators else ():
        indicator = order.plan.indicator(row.key)
        last = order.last(indicator)
        texts = {
            "clause": row.clause,
            "name": row.label,
            "target": target_text(indicator),
            "unit": unit_text(indicator),
            "last": "" if last is None else str(plain_number(last)),
        }
        for column, text in texts.items():
            yield (SheetTitle.INDICATORS.value, row.key, column), plain(text)
    for row in layout.progress.rows if layout.progress else ():
        texts = {"clause": row.clause, "title": row.label, "part": relation_text(draft, row.key)}
        for column, text in texts.items():
            yield (SheetTitle.PROGRESS.value, row.key, column), plain(text)
