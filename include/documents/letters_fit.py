"""What a template cannot say: sizes and indents that depend on how long the words are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, Twips

from include.documents.letters_styles import CHARACTER, SIZE_5, SMALL_4
from include.documents.letters_title import columns, drawn

_TEXT_WIDTH = Mm(156)  # between the margins (5.2.1)
_MARGINS = 1.5  # characters a cell's margins take, and the gaps between Chinese and Latin signs
_SHORT, _LONG = 10.0, 24.0  # characters
_LARGEST_NAME, _SMALLEST_NAME = 36, 18  # pt


def fit(document: Any, words: dict[str, Any], *, unsealed: bool) -> None:
    """Fit name, signature and annex tables; found by their styles, so an edited template keeps working."""
    _fit_name(document)
    (_set_unsealed if unsealed else _set_for_seal)(document, words["signature"], words["date"])
    _keep_seal_with_text(document)
    for table in document.tables:
        if table.cell(0, 0).paragraphs[0].style.name == "表头":
            _fit_columns(table)


def _fit_name(document: Any) -> None:
    """Make 发文机关标志 as large as one line of the text's width allows."""
    for paragraph in (*document.sections[0].first_page_header.paragraphs, *document.paragraphs):
        if paragraph.style.name == "发文机关标志":
            room = int(_TEXT_WIDTH.pt / max(1, columns(paragraph.text)))
            size = Pt(max(_SMALLEST_NAME, min(_LARGEST_NAME, room)))
            paragraph.paragraph_format.line_spacing = size
            for run in paragraph.runs:
                run.font.size = size


def _set_for_seal(document: Any, name: str, date: str) -> None:
    """Set the date 右空四字 and the name centred over it, where the seal will stand (7.3.5.1)."""
    overhang = (columns(name) - columns(date)) / 2
    date_right = max(4.0, overhang)
    _indent(document, "成文日期", date_right)
    _indent(document, "署名", date_right - overhang)


def _set_unsealed(document: Any, name: str, date: str) -> None:
    """Set the name 右空二字 and the date's first character two to the right of the name's (7.3.5.2)."""
    beyond = columns(date) + 2 - columns(name)  # how far the date would reach past the name's end
    date_right = 2.0 if beyond > 0 else 2.0 - beyond
    _indent(document, "署名", date_right + beyond)
    _indent(document, "成文日期", date_right)


def _indent(document: Any, style: str, characters: float) -> None:
    for paragraph in document.paragraphs:
        if paragraph.style.name == style:
            paragraph.paragraph_format.right_indent = Length(int(CHARACTER * characters))


def _keep_seal_with_text(document: Any) -> None:
    """Let neither signature nor 附注 open a page: the seal stands beside text of the letter (7.3.5.5)."""
    paragraphs = document.paragraphs
    places = {paragraph.style.name: place for place, paragraph in enumerate(paragraphs) if paragraph.text}
    if "公文正文" in places:
        end = places.get("附注", places.get("成文日期", 0))
        for paragraph in paragraphs[places["公文正文"] : end]:
            paragraph.paragraph_format.keep_with_next = True


def _fit_columns(table: Any) -> None:
    """Share the text's width among the columns; short ones are centred and wide enough for one line.

    A table too wide for its style's 小4号 is set in 5号.
    """
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    longest = [_longest([row[place] for row in rows]) for place in range(len(rows[0]))]
    crowded = sum(longest) + _MARGINS * len(longest) > _TEXT_WIDTH / SMALL_4
    size = SIZE_5 if crowded else SMALL_4
    widths = [int(share) for share in _shares(longest, size)]
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(width))
    for number, row in enumerate(table.rows):
        for cell, width, signs in zip(row.cells, widths, longest, strict=True):
            cell.width = Twips(width)
            _fit_cell(cell.paragraphs[0], size, centred=number > 0 and signs <= _SHORT)


def _fit_cell(paragraph: Any, size: Length, *, centred: bool) -> None:
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in paragraph.runs if size != SMALL_4 else ():
        run.font.size = size


def _longest(texts: Sequence[str]) -> float:
    """Measure the longest text of a column; its heading may take two lines."""
    return max(2.0, columns(texts[0]) / 2, *(drawn(text) for text in texts[1:]))


def _shares(longest: Sequence[float], size: Length) -> list[float]:
    """Give the widths of the columns in twips: short ones as they need, the rest to the long ones."""
    wanted = [min(signs, _LONG) + _MARGINS for signs in longest]
    short = [want if signs <= _SHORT else 0.0 for want, signs in zip(wanted, longest, strict=True)]
    room = _TEXT_WIDTH / size
    long_ones = sum(wanted) - sum(short)
    if sum(wanted) <= room or long_ones == 0 or sum(short) > 0.7 * room:
        return [_TEXT_WIDTH.twips * want / sum(wanted) for want in wanted]
    stretch = (room - sum(short)) / long_ones
    return [size.twips * (fixed or want * stretch) for fixed, want in zip(short, wanted, strict=True)]
