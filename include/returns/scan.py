"""A light scan of a sheet's XML for what calamine does not tell: formulas, errors, percents, hidden rows.

It also measures the area in use, because calamine makes a dense grid of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from include.returns.package import local, strict_parser
from include.returns.sheets import Marks, Spot

MOST_ROWS = 5_000  # rows beyond are not looked at: a return has some dozens
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan gives: the marks, and the area in use as (rows, columns)."""

    marks: Marks
    area: Spot


def scan(xml: bytes, percent_styles: frozenset[str]) -> Scanned:
    """Scan a worksheet part.

    Raises:
        UnreadableFileError: it declares entities.
        ExpatError: it is not whole.
    """
    return _Scan(percent_styles).run(xml)


class _Scan:
    """One pass with expat; the handlers below are called for every element, so they do little."""

    def __init__(self, percent_styles: frozenset[str]) -> None:
        self.percent_styles = percent_styles
        self.formulas: dict[Spot, str] = {}
        self.errors: dict[Spot, str] = {}
        self.percents: set[Spot] = set()
        self.hidden: set[int] = set()
        self.row = self.column = -1
        self.bottom = self.right = -1
        self.kind = ""
        self.text: list[str] = []
        self.parser = strict_parser()
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._row, "c": self._cell, "f": self._formula, "v": self._value, "is": self._value,
        }  # fmt: skip

    def run(self, xml: bytes) -> Scanned:
        names: dict[str, Callable[[dict[str, str]], None] | None] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name not in names:
                names[name] = self.starts.get(local(name))
            handler = names[name]
            if handler is not None:
                handler(attributes)

        self.parser.StartElementHandler = start
        self.parser.Parse(xml, True)
        marks = Marks(self.formulas, self.errors, frozenset(self.percents), frozenset(self.hidden))
        return Scanned(marks, (self.bottom + 1, self.right + 1))

    def _row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self.row = int(number) - 1 if number.isdecimal() else self.row + 1
        self.column = -1
        if "hidden" in attributes and attributes["hidden"] in ("1", "true") and self.row < MOST_ROWS:
            self.hidden.add(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        place = _REF.fullmatch(attributes.get("r", ""))
        self.column = _column(place[1]) if place else self.column + 1
        if place:
            self.row = int(place[2]) - 1
        self.kind = attributes.get("t", "")
        if attributes.get("s") in self.percent_styles and self.row < MOST_ROWS:
            self.percents.add((self.row, self.column))

    def _formula(self, _: dict[str, str]) -> None:
        if self.row < MOST_ROWS:
            self._collect(self.formulas)

    def _value(self, _: dict[str, str]) -> None:
        self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
        if self.kind == "e" and self.row < MOST_ROWS:
            self._collect(self.errors)

    def _collect(self, into: dict[Spot, str]) -> None:
        """Take the text of the element just begun, up to its end."""
        spot, pieces = (self.row, self.column), list[str]()

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
