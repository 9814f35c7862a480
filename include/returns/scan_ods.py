"""What calamine does not tell of an .ods: formulas, errors, percents, what is hidden, the area in use.

The format says of most cells only how often they are repeated, so positions are counted.
"""

from __future__ import annotations

from itertools import product

from include.returns.number_format import PERCENT, word_in
from include.returns.package import strict_parser
from include.returns.scan import MOST_ROWS, Scanned
from include.returns.sheets import Marks, Spot

_MOST_COLUMNS = 200  # as far as a repeated cell is followed
_CELLS = ("table:table-cell", "table:covered-table-cell")
_ASIDE = "office:annotation"  # somebody's comment, which has paragraphs too
_HIDDEN = ("collapse", "filter")


def scan_ods(xml: bytes) -> dict[str, Scanned]:
    """Scan `content.xml`; every table by its title.

    Raises:
        UnreadableFileError: it declares entities.
        ExpatError: it is not whole.
    """
    return _Scan().run(xml)


class _Scan:
    """One pass with expat."""

    def __init__(self) -> None:
        self.tables: dict[str, Scanned] = {}
        self.asides = 0
        self._begin_table("")

    def _begin_table(self, title: str) -> None:
        self.title = title
        self.formulas: dict[Spot, str] = {}
        self.errors: dict[Spot, str] = {}
        self.formats: dict[Spot, str] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = self.row_end = self.column = self.next_column = self.header_column = 0
        self.bottom = self.right = -1
        self.cell: dict[str, str] = {}
        self.shown: list[str] = []

    def run(self, xml: bytes) -> dict[str, Scanned]:
        parser = strict_parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)
        return self.tables

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self.cell, self.shown = attributes, []
            self.column = self.next_column
            self.next_column += _times(attributes, "table:number-columns-repeated")
        elif name == "table:table-row":
            self.row, self.next_column = self.row_end, 0
            self.row_end += _times(attributes, "table:number-rows-repeated")
            if attributes.get("table:visibility") in _HIDDEN:
                self.hidden_rows |= set(range(self.row, min(self.row_end, MOST_ROWS)))
        elif name == "table:table-column":
            first, self.header_column = (
                self.header_column,
                self.header_column + _times(attributes, "table:number-columns-repeated"),
            )
            if attributes.get("table:visibility") in _HIDDEN:
                self.hidden_columns |= set(range(first, min(self.header_column, _MOST_COLUMNS)))
        elif name == "table:table":
            self._begin_table(attributes.get("table:name", ""))
        elif name == _ASIDE:
            self.asides += 1

    def _text(self, text: str) -> None:
        if self.cell and not self.asides:
            self.shown.append(text)

    def _end(self, name: str) -> None:
        if name in _CELLS:
            self._end_cell()
        elif name == _ASIDE:
            self.asides -= 1
        elif name == "table:table":
            marks = Marks(
                self.formulas,
                self.errors,
                self.formats,
                frozenset(self.hidden_rows),
                frozenset(self.hidden_columns),
            )
            self.tables[self.title] = Scanned(marks, (self.bottom + 1, self.right + 1))

    def _end_cell(self) -> None:
        cell, shown = self.cell, "".join(self.shown).strip()
        self.cell = {}
        kind = cell.get("office:value-type", "")
        if not kind and not shown and "table:formula" not in cell:
            return
        self.bottom = max(self.bottom, self.row_end - 1)
        self.right = max(self.right, self.next_column - 1)
        if formula := cell.get("table:formula"):
            self._mark(self.formulas, _as_excel_writes(formula))
        if cell.get("calcext:value-type") == "error" or (formula and shown.startswith(("#", "Err:"))):
            self._mark(self.errors, shown)
        elif kind == "percentage":
            self._mark(self.formats, PERCENT)
        elif kind == "float" and (word := word_in(shown)):
            self._mark(self.formats, word)

    def _mark(self, into: dict[Spot, str], said: str) -> None:
        rows = range(self.row, min(self.row_end, MOST_ROWS))
        columns = range(self.column, min(self.next_column, _MOST_COLUMNS))
        into |= dict.fromkeys(product(rows, columns), said)


def _times(attributes: dict[str, str], name: str) -> int:
    """Read how often something is repeated; what is no number is once."""
    said = attributes.get(name, "1")
    return max(1, int(said)) if said.isdecimal() and len(said) < 9 else 1


def _as_excel_writes(formula: str) -> str:
    """Leave brackets only where the formula looks into another file, as in Excel."""
    return formula if "'#$" in formula else formula.replace("[", "").replace("]", "")
