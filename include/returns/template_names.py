"""The sheet 名单: the names behind the small counts, those of earlier months filled in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from xlsxwriter.worksheet import Worksheet

from include.returns.layout import SPARE_NAMES, Row, Table
from include.returns.template_checks import Formula, name_check
from include.returns.template_order import Draft, NamedSoFar
from include.returns.template_page import (
    ROOM_FOR_HAND,
    colour_checks,
    print_table,
    start_table,
    write_formula,
    write_summary,
)

HINT = (
    "一行一个，写全称。"
    "个数要与「指标」表的累计数一致。灰字是以前月份报过的；行不够时，在该指标的空行上插入行。"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: where, for which indicator, its number within the list, and what is known."""

    row: Row
    number: int
    known: NamedSoFar | None


def name_lines(draft: Draft) -> tuple[Line, ...]:
    """Give every line: the layout's, then more at the end for lists that have outgrown theirs."""
    table = draft.layout.names
    if table is None:
        return ()
    known: dict[str, list[NamedSoFar]] = defaultdict(list)
    for name in draft.order.prefill.names:
        known[name.indicator_id].append(name)
    rows = _rows_needed(table, {key: len(names) for key, names in known.items()})
    return tuple(
        Line(row, n + 1, known[key][n] if n < len(known[key]) else None)
        for key in dict.fromkeys(row.key for row in table.rows)
        for n, row in enumerate(rows[key])
    )


def _rows_needed(table: Table, names: dict[str, int]) -> dict[str, list[Row]]:
    rows = {row.key: list(table.rows_of(row.key)) for row in table.rows}
    after = table.last_row
    for key, own in rows.items():
        for _ in range(names.get(key, 0) + SPARE_NAMES - len(own)):
            after += 1
            own.append(replace(own[0], row=after))
    return rows


def names_range(draft: Draft, indicator_id: str) -> str:
    """Give the name cells of an indicator's list, for a formula on another sheet."""
    table = draft.layout.names
    if table is None:
        return ""
    rows = [line.row.row for line in name_lines(draft) if line.row.key == indicator_id]
    letter, title = table.column("name").letter, f"'{table.title}'!"
    return ",".join(f"{title}${letter}${first}:${letter}${last}" for first, last in _runs(rows))


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def write_names(draft: Draft, table: Table) -> str:
    """Write the sheet; gives the sentence above its table."""
    sheet = start_table(draft, table, HINT)
    sheet.protect("", {**ROOM_FOR_HAND, "insert_rows": True})
    sheet.freeze_panes(table.header_row, table.column("line").index + 1)
    lines = name_lines(draft)
    last_row = max(line.row.row for line in lines)
    checks = [_write_line(draft, sheet, table, line, last_row) for line in lines]
    print_table(sheet, table, last_row)
    colour_checks(draft, sheet, table.header_row, last_row - 1, table.column("check").index)
    colour_checks(draft, sheet, table.header_row - 3, table.header_row - 3, 0)
    return write_summary(draft, sheet, replace(table, rows=tuple(line.row for line in lines)), checks)


def _write_line(draft: Draft, sheet: Worksheet, table: Table, line: Line, last_row: int) -> str:
    row, look, index = line.row, draft.look, line.row.row - 1
    first = ["first"] if line.number == 1 else []
    label = look("printed", *first, *(["bold"] if first else ["faded"]))
    sheet.set_row(index, 24)
    sheet.write_string(index, table.column("clause").index, row.clause, look("printed", "center", *first))
    sheet.write_string(index, table.column("indicator").index, row.label, label)
    sheet.write_number(index, table.column("line").index, line.number, look("printed", "center", *first))
    known = (line.known.name, line.known.detail) if line.known else ("", "")
    style = look("input", "text", "wrap", *first, *(["faded"] if line.known else []))
    for key, text in zip(("name", "detail"), known, strict=True):
        if text:
            sheet.write_string(index, table.column(key).index, text, style)
        else:
            sheet.write_blank(index, table.column(key).index, None, style)
    sheet.write_string(index, table.column("id").index, row.key, look("small"))
    return _write_check(draft, sheet, table, line, last_row)


def _write_check(draft: Draft, sheet: Worksheet, table: Table, line: Line, last_row: int) -> str:
    since = f"{line.known.period.month}月已报" if line.known else ""
    check = name_check(table, line.row, last_row, since)
    cached = _cached(line, since)
    style = draft.look("check", *(["first"] if line.number == 1 else []))
    write_formula(sheet, line.row.row - 1, table.column("check").index, Formula(check.text, cached), style)
    return cached


def _cached(line: Line, since: str) -> str:
    if line.known is None:
        return ""
    return f"√ {since}" if line.known.detail else "缺：地址与认定依据"
