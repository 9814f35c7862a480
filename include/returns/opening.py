"""From bytes to a `Book`: values through calamine, what it does not tell through a scan; csv."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from include.returns import package
from include.returns.headings import COLUMNS, SheetTitle
from include.returns.scan import MOST_ROWS, Scanned, scan
from include.returns.scan_ods import scan_ods
from include.returns.scan_xls import scan_xls
from include.returns.sheets import Book, Marks, Range, Sheet, Value, ref
from include.returns.sniff import Sort
from include.returns.unreadable import UnreadableFileError, unreadable
from include.returns.words import key

LARGEST_FILE = 20 << 20  # bytes
MOST_CELLS = 3_000_000  # of a sheet's area in use: calamine makes a dense grid of it
MOST_COLUMNS = 200  # columns beyond are not looked at
MOST_SHEETS = 60
MOST_MERGES = 2_000
_OURS = frozenset({key(SheetTitle.RECEIPT), key(SheetTitle.DEFINITIONS)})  # never read back
_WORDS = frozenset(key(column[1]) for columns in COLUMNS.values() for column in columns)
_CSV_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,6})?")
_ENCODINGS = ("utf-8-sig", "gb18030")


def open_book(data: bytes, sort: Sort) -> Book:
    """Open what was sniffed to be a workbook or a text.

    Raises:
        UnreadableFileError: it cannot be opened, or not safely.
    """
    if len(data) > LARGEST_FILE:
        raise too_large(len(data))
    if sort is Sort.TEXT:
        return _csv(data)
    return _read(data, _within_bounds(_SCANS[sort](data)))


def too_large(size: int) -> UnreadableFileError:
    """Make the exception for a workbook of too many bytes."""
    return unreadable("file-too-large", size=f"{size / (1 << 20):.1f}", limit=LARGEST_FILE >> 20)


def _scan_xlsx(data: bytes) -> dict[str, Scanned]:
    with package.opened(data) as opened:
        formats = package.style_formats(opened)
        parts = list(islice(package.sheet_parts(opened).items(), MOST_SHEETS))
        scans = {
            title: scan(package.part(opened, name), formats)
            for title, name in parts
            if "worksheets/" in name and key(title) not in _OURS
        }
        if package.has_part(opened, "xl/sharedStrings.xml"):
            package.part(opened, "xl/sharedStrings.xml")  # whole and harmless, before calamine unpacks it
        return scans


def _scan_ods(data: bytes) -> dict[str, Scanned]:
    with package.opened(data) as opened:
        return scan_ods(package.part(opened, "content.xml"))


_SCANS = {Sort.XLSX: _scan_xlsx, Sort.XLS: scan_xls, Sort.ODS: _scan_ods}


def _within_bounds(scans: dict[str, Scanned]) -> dict[str, Scanned]:
    """Hold the areas in use against the limit, before calamine makes a dense grid of each."""
    for title, scanned in scans.items():
        rows, columns = scanned.area
        if rows * columns > MOST_CELLS:
            raise unreadable("cell-far-away", sheet=title, ref=ref(rows - 1, columns - 1))
    return scans


def _read(data: bytes, scans: dict[str, Scanned]) -> Book:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = [m.name for m in book.sheets_metadata if key(m.name) not in _OURS]
            titles = [name for name in names if name in scans][:MOST_SHEETS]
            hidden = {m.name for m in book.sheets_metadata if m.visible is not SheetVisibleEnum.Visible}
            sheets = (_sheet(book.get_sheet_by_name(t), t in hidden, scans[t].marks) for t in titles)
            return Book(tuple(sheets))
    except PasswordError as error:
        raise unreadable("file-encrypted") from error
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable("file-corrupt", why="文件不完整或内容被破坏") from error


def _sheet(sheet: CalamineSheet, hidden: bool, marks: Marks) -> Sheet:
    rows: list[list[Value]] = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS) if sheet.start else []
    merges = islice(sheet.merged_cell_ranges or (), MOST_MERGES)
    return Sheet(
        title=sheet.name,
        hidden=hidden,
        rows=[row[:MOST_COLUMNS] for row in rows] if rows and len(rows[0]) > MOST_COLUMNS else rows,
        merges=tuple(Range(top, left, bottom, right) for (top, left), (bottom, right) in merges),
        marks=marks,
    )


def _csv(data: bytes) -> Book:
    text = _decoded(data)
    rows = max((_split(text, delimiter) for delimiter in ",\t;"), key=_words_known)
    return Book((Sheet("csv", hidden=False, rows=rows),), single=True)


def _split(text: str, delimiter: str) -> list[list[Value]]:
    """Split a csv; an empty list if it does not go by this delimiter."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [[_csv_value(text) for text in row[:MOST_COLUMNS]] for row in islice(reader, MOST_ROWS)]
    except csv.Error:
        return []


def _words_known(rows: list[list[Value]]) -> int:
    """Count the cells that hold a word of ours and nothing else: the right delimiter leaves most."""
    return sum(isinstance(value, str) and key(value) in _WORDS for row in rows for value in row)


def _csv_value(text: str) -> Value:
    """Take a plain number for one: in a csv everything is text, and that is nothing to remark on."""
    return float(text) if _CSV_NUMBER.fullmatch(text) else text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable("file-corrupt", why="里面的文字无法识别")
