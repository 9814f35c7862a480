"""An opened workbook as plain values, whatever format it came in. Rows and columns are 0-based, from A1."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from include.records.figures import Cell
from include.returns.number_format import PERCENT

Value = str | float | int | bool | date | datetime | time | timedelta
Spot = tuple[int, int]  # (row, column)


PICTURE = "〔图片〕"  # what stands for a picture inside a cell (WPS)


@dataclass(frozen=True, slots=True)
class Range:
    """Merged cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Tell whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        return f"{ref(self.top, self.left)}:{ref(self.bottom, self.right)}"


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet's XML says beside the values; all empty for formats that are not scanned."""

    formulas: dict[Spot, str] = field(default_factory=dict[Spot, str])
    errors: dict[Spot, str] = field(default_factory=dict[Spot, str])  # #DIV/0! …
    formats: dict[Spot, str] = field(default_factory=dict[Spot, str])  # as `number_format.said_by` says
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CellContent:
    """What one cell holds. `value` is "" if it is empty."""

    value: Value
    format: str = ""  # as `number_format.said_by` says
    formula: str = ""
    error: str = ""

    @property
    def text(self) -> str:
        """The value as it would be shown, the error if there is one."""
        if self.error:
            return self.error
        if self.format and isinstance(self.value, int | float):
            of_hundred = self.format == PERCENT
            return f"{self.value * 100:.15g}%" if of_hundred else f"{shown(self.value)}{self.format[1:-1]}"
        return shown(self.value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its values by row, and what else is known of its cells."""

    title: str
    hidden: bool
    rows: list[list[Value]]
    merges: tuple[Range, ...] = ()
    marks: Marks = field(default_factory=Marks)

    def value(self, row: int, column: int) -> Value:
        """Give a cell's own value; "" if empty or outside."""
        if row < 0 or row >= len(self.rows) or column < 0 or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]

    def text(self, row: int, column: int) -> str:
        """Give a cell's text, trimmed; in merged cells the text of the whole."""
        merge = self.merge_at(row, column)
        text = shown(self.value(merge.top, merge.left) if merge else self.value(row, column)).strip()
        return PICTURE if is_picture(text) else text

    def content(self, row: int, column: int) -> CellContent:
        """Give all that is known of a cell."""
        spot = (row, column)
        return CellContent(
            self.value(row, column),
            self.marks.formats.get(spot, ""),
            self.marks.formulas.get(spot, ""),
            self.marks.errors.get(spot, ""),
        )

    def merge_at(self, row: int, column: int) -> Range | None:
        """Give the merged cells a cell belongs to."""
        return next((merge for merge in self.merges if merge.holds(row, column)), None)

    def cell(self, row: int, column: int | None) -> Cell:
        """Name a place for a figure or a finding, with what stands there."""
        if column is None:
            return Cell(self.title, "")
        return Cell(self.title, ref(row, column), self.content(row, column).text)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook. `single`: a csv, in which all tables may stand below one another."""

    sheets: tuple[Sheet, ...]
    single: bool = False


def is_picture(text: str) -> bool:
    """Tell whether a formula or its result is a picture that WPS keeps inside the cell."""
    return "DISPIMG(" in text[:24].upper()


def ref(row: int, column: int) -> str:
    """Give the A1 address of a 0-based place."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """Give the letters of a 0-based column."""
    named, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        named = chr(ord("A") + digit) + named
    return named


def shown(value: Value) -> str:
    """Give a value as text: `30` for 30.0, `是` and `否` stay with the caller."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return str(value)
