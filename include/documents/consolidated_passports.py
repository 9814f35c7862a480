"""Where each figure's passport stands in the workbook: the rows of its indicator and month in 数据项."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from include.documents.consolidated_book import HEADER_ROW, Link
from include.plan.period import Period
from include.records.reports import FactRow, MonthReport

FACTS = "数据项"
LAST_COLUMN = "P"
Shown = TypeVar("Shown", str, Decimal)


def ordered_facts(report: MonthReport) -> list[FactRow]:
    """Order facts by indicator in plan order, newest period first: an indicator's passport is one stretch."""
    place = {row.progress.indicator_id: n for n, row in enumerate(report.indicators)}
    return sorted(
        report.facts,
        key=lambda row: (
            place.get(row.fact.indicator_id, len(place)),
            -row.fact.period.year * 12 - row.fact.period.month,
        ),
    )


class Passports:
    """The rows of each (indicator, month) in 数据项, from its facts in order."""

    def __init__(self, facts: Sequence[FactRow]) -> None:
        self._rows: dict[tuple[str, Period], tuple[int, int]] = {}
        for row, told in enumerate(facts, HEADER_ROW + 2):
            key = (told.fact.indicator_id, told.fact.period)
            self._rows[key] = (self._rows.get(key, (row, row))[0], row)

    def link(self, shown: Shown, indicator_id: str, period: Period | None) -> Shown | Link:
        """Give what is shown as a link to its passport; without one, as it is."""
        rows = self._rows.get((indicator_id, period)) if period else None
        if rows is None:
            return shown
        return Link(shown, f"'{FACTS}'!A{rows[0]}:{LAST_COLUMN}{rows[1]}")

    def newest(self, indicator_id: str, until: Period) -> Period | None:
        """Give the newest month, up to one, an indicator has figures of."""
        return max((p for i, p in self._rows if i == indicator_id and p <= until), default=None)
