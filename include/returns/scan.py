"""A light scan of a sheet's XML for what calamine does not tell: formulas, errors, formats, hidden rows.

It also measures the area in use, because calamine makes a dense grid of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from include.returns.package import local, strict_parser
from include.returns.sheets import Marks, Spot, ref

MOST_ROWS = 5_000  # rows beyond are not looked at: a return has some dozens
_MOST_COLUMNS = 200
_EMPTY_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"(?: s="\d+")?/>')  # formatted and empty: often a million
_EMPTY_ROW = re.compile(rb'<row r="\d+"[^<>]*?(?:/>|></row>)')
_BELOW_THE_CELLS = (
    "sheetProtection",
    "mergeCells",
    "conditionalFormatting",
    "dataValidations",
    "pageMargins",
)
_TRUE = ("1", "true")
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan gives: the marks, and the area in use as (rows, columns)."""

    marks: Marks
    area: Spot


def scan(xml: bytes, formats: Mapping[str, str]) -> Scanned:
    """Scan a worksheet part; `formats` gives what a cell style's number format says, by its `s`.

    Raises:
        UnreadableFileError: it declares entities.
        ExpatError: it is not whole.
    """
    return _Scan(formats).run(_EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", xml)))


class _Scan:
    """One pass with expat. The handlers run for every element: they remember, and rarely work a place out."""

    def __init__(self, formats: Mapping[str, str]) -> None:
        self.said_by_style = formats
        self.formulas: dict[Spot, str] = {}
        self.errors: dict[Spot, str] = {}
        self.formats: dict[Spot, str] = {}
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = self.column = -1
        self.attributes: dict[str, str] = {}  # of the cell being read
        self.last = ""  # address of the last cell of the row that has a value
        self.bottom = self.right = -1
        self.parser = strict_parser()
        self.handlers: dict[str, Callable[[dict[str, str]], None]] = {}

    def run(self, xml: bytes) -> Scanned:
        self.parser.StartElementHandler = self._root
        self.parser.Parse(xml, True)
        self._end_row()
        hidden = frozenset(self.hidden), frozenset(self.hidden_columns)
        marks = Marks(self.formulas, self.errors, self.formats, *hidden)
        return Scanned(marks, (self.bottom + 1, self.right + 1))

    def _root(self, name: str, _: dict[str, str]) -> None:
        """Learn from the root element whether names carry a prefix."""
        prefix = name.removesuffix(local(name))
        known = {"row": self._row, "c": self._cell, "f": self._formula, "v": self._value, "is": self._value}
        known |= {"col": self._columns}
        handlers = {prefix + name: handler for name, handler in known.items()}
        handlers |= dict.fromkeys((prefix + name for name in _BELOW_THE_CELLS), self._stop)

        def start(name: str, attributes: dict[str, str]) -> None:
            handler = handlers.get(name)
            if handler is not None:
                handler(attributes)

        self.parser.StartElementHandler = start

    def _stop(self, _: dict[str, str]) -> None:
        """Leave the rest to expat alone, which still sees that it is whole."""
        self.parser.StartElementHandler = None

    def _columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if attributes.get("hidden") in _TRUE and first.isdecimal() and last.isdecimal():
            self.hidden_columns |= set(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))

    def _row(self, attributes: dict[str, str]) -> None:
        self._end_row()
        number = attributes.get("r", "")
        self.row = int(number) - 1 if number.isdecimal() else self.row + 1
        if attributes.get("hidden") in _TRUE and self.row < MOST_ROWS:
            self.hidden.add(self.row)

    def _end_row(self) -> None:
        """Widen the area in use by the row that ends: its last value stands furthest to the right."""
        if self.last:
            row, column = self._spot(self.last)
            self.bottom, self.right = max(self.bottom, row), max(self.right, column)
        self.last, self.column = "", -1

    def _cell(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.column += 1
        if (said := self.said_by_style.get(attributes.get("s", ""))) and self.row < MOST_ROWS:
            self.formats[self._spot(self._ref())] = said

    def _formula(self, _: dict[str, str]) -> None:
        if self.row < MOST_ROWS:
            self._collect(self.formulas)

    def _value(self, _: dict[str, str]) -> None:
        self.last = self._ref()
        if self.attributes.get("t") == "e" and self.row < MOST_ROWS:
            self._collect(self.errors)

    def _ref(self) -> str:
        """Give the cell's address; a cell without one stands next to the one before it."""
        return self.attributes.get("r") or ref(max(self.row, 0), self.column)

    def _spot(self, address: str) -> Spot:
        place = _REF.fullmatch(address)
        return (int(place[2]) - 1, _column(place[1])) if place else (self.row, self.column)

    def _collect(self, into: dict[Spot, str]) -> None:
        """Take the text of the element just begun, up to its end."""
        spot, pieces = self._spot(self._ref()), list[str]()

        def end(_: str) -> None:
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            into[spot] = "".join(pieces)

        self.parser.CharacterDataHandler = pieces.append
        self.parser.EndElementHandler = end


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
