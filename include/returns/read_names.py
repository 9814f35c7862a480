"""The sheet 名单: the names behind small counts. Lists grow and shrink as their owners like."""

from __future__ import annotations

from collections.abc import Iterator

from include.records.figures import NamedEntry
from include.returns.gathering import Gathering
from include.returns.locate import Place, column_findings
from include.returns.words import key, plain

NEEDED = ("name",)
_NOBODY = frozenset({"无", "没有", "/", "-", "—", "——", "不适用"})


def read_names(place: Place, gathering: Gathering) -> tuple[NamedEntry, ...]:
    """Read the lists."""
    gathering.findings += column_findings(place, NEEDED)
    return tuple(_entries(place, gathering))


def _entries(place: Place, gathering: Gathering) -> Iterator[NamedEntry]:
    known = {row.key: row.key for row in place.table.rows}
    labels = {key(row.label): row.key for row in place.table.rows}
    current = ""
    for number in place.rows():
        label = place.label(number, "indicator")
        indicator = labels.get(key(label)) or known.get(place.text(number, "id"))
        name = place.text(number, "name")
        cell = place.sheet.cell(number, place.header.columns.get("name"))
        current = indicator if indicator is not None else current
        if not name or plain(name) in _NOBODY:
            continue
        if not current or (label and indicator is None):
            gathering.find("name-unplaced", cell, name=name)
            continue
        if indicator is None:
            gathering.note("没有写所属指标，按上一行的指标计", f"{cell.sheet} {cell.ref}")
        yield NamedEntry(current, name, place.text(number, "detail"), cell)
