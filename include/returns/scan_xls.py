"""What calamine does not tell of an .xls: percents, errors, hidden rows and columns, and the area in use."""

from __future__ import annotations

import io
from typing import Any

import xlrd

from include.returns.number_format import said_by
from include.returns.scan import MOST_ROWS, Scanned
from include.returns.sheets import Marks, Spot
from include.returns.unreadable import unreadable

_NO_VALUE = bytes((xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK))


def scan_xls(data: bytes) -> dict[str, Scanned]:
    """Scan every worksheet, by title.

    Raises:
        UnreadableFileError: it is damaged, or none Excel would write.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        said = [said_by(book.format_map[xf.format_key].format_str) for xf in book.xf_list]
        return {sheet.name: _scanned(sheet, said) for sheet in book.sheets()}
    except MemoryError:
        raise
    except Exception as error:  # xlrd meets a damaged file with whatever its code runs into
        raise unreadable("file-corrupt", why="文件不完整或内容被破坏") from error


def _scanned(sheet: Any, said: list[str]) -> Scanned:
    formats: dict[Spot, str] = {}
    errors: dict[Spot, str] = {}
    bottom = right = -1
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        used = len(bytes(kinds).rstrip(_NO_VALUE))
        if not used:
            continue
        bottom, right = row, max(right, used - 1)
        if row >= MOST_ROWS:
            continue
        for column in range(used):
            if kinds[column] == xlrd.XL_CELL_ERROR:
                errors[row, column] = xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#N/A")
            elif kinds[column] == xlrd.XL_CELL_NUMBER and (word := said[sheet.cell_xf_index(row, column)]):
                formats[row, column] = word
    marks = Marks(
        errors=errors,
        formats=formats,
        hidden_rows=frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
    )
    return Scanned(marks, (bottom + 1, right + 1))
