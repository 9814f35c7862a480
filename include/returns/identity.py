"""Whose return a workbook says it is: by the hidden sheet, else the cover, else the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from include.records.figures import Cell, Identity
from include.returns.headings import COVER_FIELDS, SYSTEM_FIELDS, SheetTitle
from include.returns.layout import Field
from include.returns.prefilled import Prefilled, carried
from include.returns.sheets import Book, Sheet, Value, ref, shown
from include.returns.words import key, plain

_COVER = tuple(Field(*spec) for spec in COVER_FIELDS)
_SYSTEM = tuple(Field(*spec) for spec in SYSTEM_FIELDS)
_DEPTH, _WIDTH = 60, 14  # how far from A1 labels are looked for
_LEAST_LABELS = 3  # by which a cover of another name is recognised
_PERIOD = re.compile(r"(20\d\d)[年.\-/_](0?[1-9]|1[0-2])(?!\d)|(20\d\d)(0[1-9]|1[0-2])(?!\d)")

_DAY = re.compile(r"20\d\d[年.\-/_]\d{1,2}[月.\-/_]\d{1,2}")

Fields = dict[str, Cell]  # by field key: the content's place, `raw` its text


@dataclass(frozen=True, slots=True)
class Claim:
    """What a workbook says of itself. `identity` is None if the hidden sheet is lost."""

    identity: Identity | None
    checksum: str
    cover: Fields
    period: str  # of the hidden sheet, else of the cover, else of the file name; empty if none says
    prefilled: Prefilled  # what the office had filled in, as the hidden sheet keeps it

    @property
    def cover_period(self) -> str:
        """The cover's period as `2024-08`; empty if it says none."""
        return period_in(self.cover["period"].raw) if "period" in self.cover else ""


def claim_of(book: Book, file_name: str) -> Claim:
    """Gather what a workbook says of itself."""
    hidden = _hidden(book)
    cover = _cover(book)
    stated = [cell.raw for cell in (hidden.get("period"), cover.get("period")) if cell]
    periods = [*map(period_in, stated), month_of(file_name)]
    return Claim(
        identity=_identity(hidden),
        checksum=hidden["checksum"].raw if "checksum" in hidden else "",
        cover=cover,
        period=next((p for p in periods if p), ""),
        prefilled=carried(book),
    )


def month_of(file_name: str) -> str:
    """Give the month a file's name speaks of, as `2024-08`; a day is when it was sent, not what it is of."""
    return "" if _DAY.search(plain(file_name)) else period_in(file_name)


def period_in(text: str) -> str:
    """Give the month a text names, as `2024-08`; empty if none."""
    match = _PERIOD.search(plain(text))
    return f"{match[1] or match[3]}-{int(match[2] or match[4]):02d}" if match else ""


def _identity(hidden: Fields) -> Identity | None:
    if not {"plan_id", "agency_id", "period"} <= hidden.keys():
        return None
    said = {name: hidden[name].raw if name in hidden else "" for name in Identity.__slots__}
    return Identity(**{**said, "period": period_in(said["period"])})


def _hidden(book: Book) -> Fields:
    for sheet in book.sheets:
        if key(sheet.title) == key(SheetTitle.SYSTEM) or (sheet.hidden and not book.single):
            found = fields_of(sheet, _SYSTEM, len(sheet.rows))
            if found.keys() >= {"plan_id", "agency_id"}:
                return found
    return fields_of(book.sheets[0], _SYSTEM, len(book.sheets[0].rows)) if book.single else {}


def _cover(book: Book) -> Fields:
    titled = [sheet for sheet in book.sheets if key(sheet.title) == key(SheetTitle.COVER)]
    for sheet in titled:
        return fields_of(sheet, _COVER, _DEPTH)
    others = [s for s in book.sheets if key(s.title) != key(SheetTitle.RECEIPT)]
    found = max((fields_of(s, _COVER, _DEPTH) for s in others), key=len, default={})
    return found if len(found) >= _LEAST_LABELS else {}


def fields_of(sheet: Sheet, fields: Iterable[Field], depth: int) -> Fields:
    """Find labelled cells: the content stands right of its label, or behind a colon in the same cell."""
    known = {key(name): field.key for field in fields for name in (field.label, *field.aliases)}
    found: Fields = {}
    for row in range(min(depth, len(sheet.rows))):
        for column, value in enumerate(sheet.rows[row][:_WIDTH]):
            if isinstance(value, str) and value:
                _take(sheet, row, column, known, found)
    return found


def _take(sheet: Sheet, row: int, column: int, known: dict[str, str], found: Fields) -> None:
    label, colon, behind = sheet.text(row, column).replace("：", ":").partition(":")
    name = known.get(key(label))
    if name is None or (name in found and found[name].raw):
        return
    if colon and behind.strip():
        found[name] = Cell(sheet.title, ref(row, column), behind.strip())
        return
    merge = sheet.merge_at(row, column)
    at = (merge.right if merge else column) + 1
    content = sheet.value(row, at)
    if not (isinstance(content, str) and key(content) in known):
        found[name] = Cell(sheet.title, ref(row, at), _said(content))


def _said(content: Value) -> str:
    """Give a field's text; a month that became a date stays a month."""
    return f"{content.year}年{content.month}月" if isinstance(content, date) else shown(content).strip()
