"""Conditions that hold as long as a cell is as it came, for the column 改了没有 of a receipt."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no types

from include.returns.template_checks import quoted
from include.returns.workbook_parts import Parts, book_part, q

_LONGEST_TEXT = 200  # of a literal in a formula Excel allows 255
_PLAIN_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,3})?")  # the same in every program, however it is kept
_SINGLE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")

Place = tuple[str, str]  # sheet, A1 address


def unchanged_conditions(parts: Parts, sheets: dict[str, str], places: Iterable[Place]) -> dict[Place, str]:
    """Give a condition for each cell that can be watched; one with a formula or a long text cannot.

    Args:
        parts: the workbook.
        sheets: the part of each sheet by its title.
        places: the cells asked about.

    Raises:
        UnfitError: a part of the workbook is none.
    """
    texts = shared_texts(parts)
    wanted = [
        (title, ref) for title, ref in dict.fromkeys(places) if title in sheets and _SINGLE.fullmatch(ref)
    ]
    found: dict[Place, str] = {}
    for title in dict.fromkeys(title for title, _ in wanted):
        cells = {cell.get("r"): cell for cell in parts.tree(sheets[title]).iter(q("c"))}
        for ref in (ref for sheet, ref in wanted if sheet == title):
            condition = _condition(f"'{title.replace(chr(39), chr(39) * 2)}'!{ref}", cells.get(ref), texts)
            if condition:
                found[title, ref] = condition
    return found


def shared_texts(parts: Parts) -> list[str]:
    """Give the texts cells refer to by number."""
    for name in parts.related(book_part(parts), "sharedStrings"):
        return [_text(item) for item in parts.tree(name).iterfind(q("si"))]
    return []


def text_of(cell: etree._Element, texts: list[str]) -> str:
    """Give the text a cell holds; a number as it is written."""
    inside, value = cell.find(q("is")), cell.findtext(q("v"))
    if inside is not None:
        return _text(inside)
    return (_shared(value, texts) if cell.get("t") == "s" else value) or ""


def _text(item: etree._Element) -> str:
    """Give a text without its readings (`rPh`)."""
    runs = [item.find(q("t")), *(run.find(q("t")) for run in item.iterfind(q("r")))]
    return "".join(run.text or "" for run in runs if run is not None)


def _condition(cell: str, found: etree._Element | None, texts: list[str]) -> str:
    if found is not None and found.find(q("f")) is not None:
        return ""
    value = found.findtext(q("v")) if found is not None else None
    inside = found.find(q("is")) if found is not None else None
    if found is None or (value is None and inside is None):
        return f"LEN({cell})=0"
    kind = found.get("t") or "n"
    if kind == "n":
        return f"AND(ISNUMBER({cell}),{cell}={value})" if _PLAIN_NUMBER.fullmatch(value or "") else ""
    text = _text(inside) if inside is not None else _shared(value, texts) if kind == "s" else None
    if text is None or len(text) > _LONGEST_TEXT or not text.isprintable():
        return ""
    return f"EXACT({cell},{quoted(text)})" if text else f"LEN({cell})=0"


def _shared(value: str | None, texts: list[str]) -> str | None:
    number = int(value) if value and value.isdigit() else len(texts)
    return texts[number] if number < len(texts) else None
