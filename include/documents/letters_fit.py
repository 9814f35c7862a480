"""What a template cannot say: sizes and indents that depend on how long the words are."""

from __future__ import annotations

import unicodedata
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Length, Pt

from include.documents.letters_template import CHARACTER

_TEXT_WIDTH = Length(CHARACTER * 28)
_LARGEST_NAME, _SMALLEST_NAME = 36, 18  # pt


def fit(document: Any, words: dict[str, Any], *, unsealed: bool) -> None:
    """Fit name, signature and annex tables; paragraphs are found by style, so an edited template keeps working."""
    _fit_name(document, words["office"])
    (_set_unsealed if unsealed else _set_for_seal)(document, words["signature"], words["date"])
    for table in document.tables:
        _fit_columns(table)


def columns(text: str) -> float:
    """Measure a text in Chinese characters: half-width signs count half."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def _fit_name(document: Any, office: str) -> None:
    """Make 发文机关标志 as large as one line of the text's width allows."""
    size = Pt(max(_SMALLEST_NAME, min(_LARGEST_NAME, int(_TEXT_WIDTH.pt / max(1, columns(office))))))
    for paragraph in (*document.sections[0].first_page_header.paragraphs, *document.paragraphs):
        if paragraph.style.name == "发文机关标志":
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


def _fit_columns(table: Any) -> None:
    """Share the text's width among the columns by what stands in them."""
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    wanted = [_wanted([row[place] for row in rows]) for place in range(len(rows[0]))]
    widths = [int(_TEXT_WIDTH.twips * want / sum(wanted)) for want in wanted]
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(width))
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Length(width * 635)


def _wanted(texts: list[str]) -> float:
    """Give a column's share: its longest text, within limits, that long texts may wrap."""
    return min(16.0, max(3.0, *(columns(text) for text in texts))) + 1
