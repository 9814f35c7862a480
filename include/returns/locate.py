"""Where a layout's tables stand in a workbook as it arrived: all of it may have moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from include.records.findings import Finding
from include.returns.headings import Content, SheetTitle
from include.returns.layout import HEADER_ROW, Column, Layout, Row, Table
from include.returns.rules import breach
from include.returns.sheets import Book, Sheet, letters, ref
from include.returns.words import heading_keys, key

HEADER_DEPTH = 20  # rows from the top in which a header may stand
LEAST_SHARE = 0.6  # of a table's columns by which a sheet of another name is recognised
_INPUTS = (Content.NUMBER, Content.TEXT, Content.CHOICE)
_NOT_COUNTED = (Content.ID, Content.CHECK)  # hidden or ours: losing them is no loss
_NEVER_TABLES = (SheetTitle.RECEIPT, SheetTitle.DEFINITIONS, SheetTitle.SYSTEM)


@dataclass(frozen=True, slots=True)
class Header:
    """A header row found: which column of the sheet holds which column of the table."""

    row: int
    columns: dict[str, int]
    doubles: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: the sheet, its header, and the row below its last one."""

    table: Table
    sheet: Sheet
    header: Header
    end: int

    def text(self, row: int, column_key: str) -> str:
        """Give the text of a cell by the table's column; empty if the column is not there."""
        column = self.header.columns.get(column_key)
        return "" if column is None else self.sheet.text(row, column)

    def label(self, row: int, column_key: str) -> str:
        """Give the first line of a cell: hints stand below a label."""
        return self.text(row, column_key).partition("\n")[0].strip()

    def rows(self) -> Iterator[int]:
        """Give the sheet's rows below the header."""
        return iter(range(self.header.row + 1, self.end))

    def filled(self, row: int) -> bool:
        """Tell whether any input of a row is filled in."""
        return any(self.text(row, c.key) for c in self.table.columns if c.content in _INPUTS)

    def unread_columns(self) -> list[str]:
        """Name the columns that are none of the table's and have a header and content: `M 列“备注”`."""
        known = {*self.header.columns.values(), *(c for at in self.header.doubles.values() for c in at)}
        width = max((len(self.sheet.rows[row]) for row in self.rows()), default=0)
        found: list[str] = []
        for column in sorted(set(range(width)) - known):
            head = self.sheet.text(self.header.row, column)
            if head and any(self.sheet.text(row, column) for row in self.rows()):
                found.append(f"{letters(column)} 列“{head}”")
        return found

    def hidden(self) -> list[str]:
        """Name the hidden rows and columns that something is filled in in: `第 7 行`, `F 列`."""
        marks = self.sheet.marks
        rows = [row for row in sorted(marks.hidden_rows & set(self.rows())) if self.filled(row)]
        inputs = {
            self.header.columns[c.key]
            for c in self.table.columns
            if c.content in _INPUTS and c.key in self.header.columns
        }
        columns = [
            column
            for column in sorted(marks.hidden_columns & inputs)
            if any(self.sheet.text(row, column) for row in self.rows())
        ]
        return [f"第 {row + 1} 行" for row in rows] + [f"{letters(column)} 列" for column in columns]


@dataclass(frozen=True, slots=True)
class Match:
    """Which row of the sheet stands for which row of the table."""

    rows: dict[str, int]  # by row key
    extra: tuple[int, ...]  # rows with content that stand for none: totals, remarks
    findings: tuple[Finding, ...]


def find_tables(book: Book, layout: Layout) -> dict[str, Place]:
    """Find the layout's tables, by title."""
    headers = {table.title: found for table in layout.tables if (found := _find(book, table))}
    return {
        table.title: Place(table, *headers[table.title], _end(headers[table.title], headers))
        for table in layout.tables
        if table.title in headers
    }


def _end(own: tuple[Sheet, Header], found: dict[str, tuple[Sheet, Header]]) -> int:
    """End a table where another begins below it (in a csv they follow one another), else with the sheet."""
    sheet, header = own
    below = [
        _beginning(sheet, other.row, title)
        for title, (where, other) in found.items()
        if where is sheet and other.row > header.row
    ]
    return min([*below, len(sheet.rows)])


def _beginning(sheet: Sheet, header_row: int, title: str) -> int:
    """Find the row in which a table's title stands alone above its header; the header itself if none does."""
    for row in range(max(0, header_row - HEADER_ROW + 1), header_row):
        texts = [text for column in range(len(sheet.rows[row])) if (text := sheet.text(row, column))]
        if len(texts) == 1 and key(title) in key(texts[0]):
            return row
    return header_row


def _find(book: Book, table: Table) -> tuple[Sheet, Header] | None:
    titled = [sheet for sheet in book.sheets if key(sheet.title) == key(table.title)]
    for sheet in titled:
        header = find_header(sheet, table.columns, HEADER_DEPTH)
        if header is not None and len(header.columns) > 1:
            return sheet, header
    depth = len(book.sheets[0].rows) if book.single else HEADER_DEPTH
    others = [s for s in book.sheets if s not in titled and not _is(s, *_NEVER_TABLES)]
    found = [(s, header) for s in others if (header := find_header(s, table.columns, depth))]
    return max(
        (f for f in found if _share(f[1], table) >= LEAST_SHARE),
        key=lambda f: _share(f[1], table),
        default=None,
    )


def _is(sheet: Sheet, *titles: str) -> bool:
    return any(key(sheet.title) == key(title) for title in titles)


def _share(header: Header, table: Table) -> float:
    counted = [c.key for c in table.columns if c.content not in _NOT_COUNTED]
    return sum(k in header.columns for k in counted) / len(counted)


def find_header(sheet: Sheet, columns: tuple[Column, ...], depth: int) -> Header | None:
    """Find the row that holds most of the columns' headers; None if none holds any."""
    known = {key(name): column for column in columns for name in column.names}
    best: tuple[int, dict[str, list[int]]] | None = None
    for row in range(min(depth, len(sheet.rows))):
        matches = _matches(sheet, row, known)
        if matches and (best is None or len(matches) > len(best[1])):
            best = (row, matches)
    if best is None:
        return None
    row, matches = best
    if len(matches) > 1 and row > 0:
        _add_from_above(sheet, row, _matches(sheet, row - 1, known), matches)
    doubles = {k: tuple(at) for k, at in matches.items() if len(at) > 1}
    return Header(row, {k: at[0] for k, at in matches.items()}, doubles)


def _matches(sheet: Sheet, row: int, known: dict[str, Column]) -> dict[str, list[int]]:
    """Give the columns of a row that are headed by a known word; a header proper goes before its aliases.

    A second column of figures is never passed over: which of the two counts, only its owner knows.
    """
    proper: dict[str, list[int]] = {}
    alias: dict[str, list[int]] = {}
    for at, value in enumerate(sheet.rows[row]):
        if isinstance(value, str) and value:
            word = next((k for k in heading_keys(value) if k in known), None)
            if word is not None:
                column = known[word]
                (proper if word == key(column.header) else alias).setdefault(column.key, []).append(at)
    figures = {column.key for column in known.values() if column.content is Content.NUMBER}
    return alias | {k: at + (alias.get(k, []) if k in figures else []) for k, at in proper.items()}


def _add_from_above(
    sheet: Sheet, row: int, above: dict[str, list[int]], matches: dict[str, list[int]]
) -> None:
    """Take what a header of two lines says only in its upper one (merged downwards)."""
    taken = {column for at in matches.values() for column in at}
    for name, at in above.items():
        free = [column for column in at if column not in taken and sheet.value(row, column) == ""]
        if name not in matches and free:
            matches[name] = free[:1]


def column_findings(place: Place, needed: tuple[str, ...]) -> list[Finding]:
    """Give the faults of a table's columns: needed ones that are missing, doubled ones that differ."""
    title, columns = place.table.title, place.table.columns
    found = [
        breach("column-missing", place.sheet.cell(place.header.row, 0), sheet=title, column=c.header)
        for c in columns
        if c.key in needed and c.key not in place.header.columns
    ]
    for column in columns:
        at = place.header.doubles.get(column.key, ())
        used = [c for c in at if any(place.sheet.text(row, c) for row in place.rows())]
        if column.content in _INPUTS and len(used) > 1:
            places = "、".join(ref(place.header.row, c) for c in used)
            where = place.sheet.cell(place.header.row, used[1])
            fills = {"sheet": title, "column": column.header, "places": places}
            found.append(breach("column-duplicated", where, **fills))
    return found


def match_rows(place: Place, label_column: str) -> Match:
    """Find the row of each of the table's rows: by the hidden id, else by the visible label.

    What is written for all to see wins over the hidden id, and the contradiction is a finding.
    """
    by_key = {row.key: row for row in place.table.rows}
    by_label = {key(row.label): row for row in place.table.rows}
    found: dict[str, int] = {}
    extra: list[int] = []
    findings: list[Finding] = []
    for number in place.rows():
        label = place.label(number, label_column)
        by_id, labelled = by_key.get(place.text(number, "id")), by_label.get(key(label))
        row = (
            labelled
            or by_id
            or (by_key.get(place.text(number, "clause")) if label_column == "title" else None)
        )
        if row is None:
            extra += [number] if label or place.filled(number) else []
            continue
        if by_id and labelled and by_id is not labelled:
            where = place.sheet.cell(number, place.header.columns.get(label_column))
            findings.append(breach("row-contradicts-id", where, row.key, label=label, other=by_id.label))
        findings += _keep(place, row, number, found)
    return Match(found, tuple(extra), tuple(findings))


def _keep(place: Place, row: Row, number: int, found: dict[str, int]) -> list[Finding]:
    """Note a row's place; of two, the one that is filled in; two filled ones are a fault."""
    first = found.setdefault(row.key, number)
    if first == number or not place.filled(number):
        return []
    if not place.filled(first):
        found[row.key] = number
        return []
    where = place.sheet.cell(number, min(place.header.columns.values()))
    fills = {"row": row.label, "first": first + 1, "second": number + 1}
    return [breach("row-duplicated", where, row.key, **fills)]


def missing_rows(place: Place, match: Match) -> list[Finding]:
    """Give the rows that are owed and not there."""
    where = place.sheet.cell(place.header.row, None)
    return [
        breach("row-missing", where, row.key, sheet=place.table.title, row=f"{row.clause} {row.label}")
        for row in place.table.rows
        if row.due and row.duty is not row.duty.CHECK and row.key not in match.rows
    ]
