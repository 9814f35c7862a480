"""Filling a template in as an official would: by hand, in the cells the layout names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook, load_workbook

from include.records.figures import Role
from include.returns.layout import Layout, Table

SIGNED = {"filled_by": "演示填报人", "phone": "0573-00000000", "signed_by": "演示签发人"}


def fill(
    template: bytes,
    layout: Layout,
    figures: Mapping[tuple[str, Role], object],
    statements: Mapping[str, Sequence[str]],
    *,
    cover: Mapping[str, str] | None = None,
    names: Mapping[str, list[tuple[str, str]]] | None = None,
    explanations: Mapping[str, str] | None = None,
) -> bytes:
    """Give the template filled in.

    Args:
        template: what `write_template` made.
        layout: its layout.
        figures: by (indicator id, role); a number, or any text an official might type. None empties the cell.
        statements: by clause id: status, text and, if wanted, problems, next steps and person.
        cover: by field key; the people are filled in unless given otherwise.
        names: by indicator id: (name, detail), put into the first empty lines of its list.
        explanations: by indicator id.

    Raises:
        ValueError: the layout has no such table, figure or no room for the names.
    """
    book = load_workbook(BytesIO(template))
    for key, value in {**SIGNED, **(cover or {})}.items():
        book[layout.cover.title][layout.cover.field(key).ref].value = value
    for (indicator_id, role), value in figures.items():
        _put_figure(book, _table(layout.indicators), indicator_id, role, value)
    for indicator_id, text in (explanations or {}).items():
        table = _table(layout.indicators)
        book[table.title][table.ref(table.rows_of(indicator_id)[0], "explanation")].value = text
    for clause_id, said in statements.items():
        _put_statement(book, _table(layout.progress), clause_id, said)
    for indicator_id, entries in (names or {}).items():
        _put_names(book, _table(layout.names), indicator_id, entries)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _table(table: Table | None) -> Table:
    if table is None:
        raise ValueError("the agency has no such table")
    return table


def _put_figure(book: Workbook, table: Table, indicator_id: str, role: Role, value: object) -> None:
    (row,) = table.rows_of(indicator_id)
    column = row.column_of(role)
    if column is None:
        raise ValueError(f"{indicator_id} has no {role} column")
    book[table.title][table.ref(row, column)].value = value  # pyright: ignore[reportAttributeAccessIssue]


def _put_statement(book: Workbook, table: Table, clause_id: str, said: Sequence[str]) -> None:
    (row,) = table.rows_of(clause_id)
    for column, text in zip(("status", "text", "problems", "next_steps", "reported_by"), said, strict=False):
        book[table.title][table.ref(row, column)].value = text  # pyright: ignore[reportAttributeAccessIssue]


def _put_names(book: Workbook, table: Table, indicator_id: str, entries: Sequence[tuple[str, str]]) -> None:
    sheet = book[table.title]
    free = [row for row in table.rows_of(indicator_id) if sheet[table.ref(row, "name")].value is None]
    if len(free) < len(entries):
        raise ValueError(f"no room for {len(entries)} names of {indicator_id}")
    for row, (name, detail) in zip(free, entries, strict=False):
        sheet[table.ref(row, "name")].value = name
        sheet[table.ref(row, "detail")].value = detail
