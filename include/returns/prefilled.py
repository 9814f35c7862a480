"""What the office had filled in and nobody is to change: kept on the hidden sheet, compared on reading.

Values are compared, never bytes: saving by another program, a moved column or a number written as text alters
nothing. What was altered is asked about, and the office's own value is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from include.returns.gathering import Gathering
from include.returns.headings import Content, SheetTitle
from include.returns.layout import Row
from include.returns.locate import Place
from include.returns.numbers import amount
from include.returns.sheets import Book, CellContent
from include.returns.words import key, plain

MARK = "prefilled"  # in the hidden sheet's column of labels; sheet, row, column and value stand right of it
Spot = tuple[str, str, str]  # sheet, key of the row, key of the column (empty on the cover)
Prefilled = Mapping[Spot, str]

_NAMES = ("name", "title")  # known by their letters, whatever the quotes; hints stand below
_SHARE = re.compile(r"(\d+)/(\d+)=")  # a ratio as a csv shows it: 12/96 = 12.5%
_SAME = Decimal("1e-9")  # a program that saves 15 digits changes nothing


def carried(book: Book) -> dict[Spot, str]:
    """Read what the hidden sheet says had been filled in; empty if it is lost."""
    found: dict[Spot, str] = {}
    for sheet in book.sheets:
        if not (book.single or key(sheet.title) == key(SheetTitle.SYSTEM)):
            continue
        for number, row in enumerate(sheet.rows):
            if MARK in row[:3]:
                at = row.index(MARK)
                title, subject, column, value = (sheet.text(number, at + n) for n in range(1, 5))
                found[title, subject, column] = value
    return found


def ask_about_altered(
    place: Place, row: Row, number: int, prefilled: Prefilled, gathering: Gathering
) -> None:
    """Find each cell of a row that no longer says what had been filled in; an explained one is only noted."""
    if place.text(number, "id") not in ("", row.key):
        return  # whose row it is, is asked already
    for column, expected in _of_row(prefilled, place.table.title, row.key):
        at = place.header.columns.get(column)
        if at is None or _says(place, number, column, at, expected):
            continue
        fills = {"row": row.label, "column": place.table.column(column).header}
        fills |= {"found": place.label(number, column) or "（空）", "expected": expected or "（空）"}
        where = place.sheet.cell(number, at)
        if place.text(number, "explanation"):
            said = "预填的“{expected}”被改成了“{found}”，情况说明里已有解释；仍按预填的核对".format(**fills)
            gathering.note(said, f"{where.sheet} {where.ref}")
        else:
            gathering.find("prefilled-altered", where, row.key, **fills)


def last_figure(prefilled: Prefilled, place: Place, row: Row) -> Decimal | None:
    """Give last month's figure as it had been filled in; None if the hidden sheet does not say."""
    value = prefilled.get((place.table.title, row.key, "last"))
    return None if value is None else Decimal(value or 0)


def _of_row(prefilled: Prefilled, title: str, subject: str) -> Iterator[tuple[str, str]]:
    return ((spot[2], value) for spot, value in prefilled.items() if spot[:2] == (title, subject))


def _says(place: Place, number: int, column: str, at: int, expected: str) -> bool:
    if place.table.column(column).content is Content.PREVIOUS:
        found = _number(place.sheet.content(number, at))
        return found == expected if isinstance(found, str) or not expected else _close(found, expected)
    found = place.label(number, column)
    if column in _NAMES:
        return key(found) in ("", key(expected))
    return plain(place.text(number, column)) in ("", expected)  # nothing said is nothing wrong said


def _number(content: CellContent) -> Decimal | str:
    if isinstance(content.value, int | float):
        return Decimal(str(content.value))  # however it is shown
    share = _SHARE.match(plain(content.text))
    if share and int(share[2]):
        return Decimal(share[1]) / Decimal(share[2])
    read = amount(content, "", none_is_zero=False)
    return plain(content.text) if read.value is None else read.value


def _close(found: Decimal, expected: str) -> bool:
    known = Decimal(expected)
    return abs(found - known) <= _SAME * max(1, abs(known))
