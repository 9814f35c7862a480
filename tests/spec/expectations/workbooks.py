"""A return as a real workbook: what its agency would type into the template, and what the reader reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from demo.filling import fill
from include.expectations import Past
from include.plan import Period, plan_hash
from include.records.figures import Cell, FigureState, FilledForm, Role
from include.records.readings import Reading
from include.returns.layout import YES, Layout, layout_for
from include.returns.sandbox import Expect, Sandbox
from include.returns.template import NamedSoFar, Prefill, TemplateOrder, write_template
from tests.spec.expectations.forms import past_of, plan

Place = tuple[str, ...]


@cache
def layout_of(agency: str, period: Period) -> Layout:
    return layout_for(plan(period), agency, period)


def template(agency: str, period: Period, past: Past) -> bytes:
    """The template the agency would have got with this past."""
    names = tuple(NamedSoFar(i, period.previous, name, "演示路1号，3月认定") for i, name in past.names)
    order = TemplateOrder(
        plan=plan(period),
        agency_id=agency,
        period=period,
        due_at=datetime(2024, 9, 6, 18, tzinfo=ZoneInfo("Asia/Shanghai")),
        prefill=Prefill(figures=past.figures, texts=past.texts, names=names),
        plan_hash=plan_hash(plan(period)),
        handling_mark="内部资料",
        demo=True,
        clock_note="",
    )
    return write_template(order)


@cache
def _usual_template(agency: str, period: Period) -> bytes:
    return template(agency, period, past_of(agency, period))


def workbook_of(form: FilledForm, past: Past | None) -> bytes:
    """The form typed into its template; the cumulative figures only where they are typed over."""
    agency, period = form.identity.agency_id, Period.parse(form.identity.period)
    layout = layout_of(agency, period)
    cover = {key: getattr(form, key) or None for key in ("filled_by", "phone", "signed_by")}
    filled = fill(
        template(agency, period, past) if past else _usual_template(agency, period),
        layout,
        _figures(form, past or past_of(agency, period)),
        {
            s.clause_id: (s.status, s.text, s.problems, s.next_steps, s.reported_by)  # type: ignore[misc]
            for s in form.statements
        },
        cover={**cover, "nil_return": YES if form.nil_return else None},  # type: ignore[dict-item]
        explanations={f.indicator_id: f.explanation for f in form.figures if f.explanation},
    )
    explained = any(s.explanation for s in form.statements)
    known = past or past_of(agency, period)
    if not explained and tuple((e.indicator_id, e.name) for e in form.names) == known.names:
        return filled
    book = load_workbook(BytesIO(filled))
    _put_names(book, layout, form)
    _put_explanations(book, layout, form)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _figures(form: FilledForm, past: Past) -> dict[tuple[str, Role], object]:
    month = {(f.indicator_id, f.role): f.value for f in form.figures}
    typed: dict[tuple[str, Role], object] = {}
    for f in form.figures:
        value: object = "不适用" if f.state is FigureState.NOT_APPLICABLE else f.value
        if f.role is Role.CUMULATIVE:
            computed = past.figures.get((f.indicator_id, f.role), 0) + sum(
                month.get((f.indicator_id, role)) or 0 for role in (Role.MONTH, Role.ADJUSTMENT)
            )
            if f.value == computed and month[f.indicator_id, Role.MONTH] is not None:
                continue
        typed[f.indicator_id, f.role] = value
    return typed


def _put_names(book: Any, layout: Layout, form: FilledForm) -> None:
    table = layout.names
    for indicator in {row.key for row in table.rows} if table else ():
        entries = [(e.name, e.detail) for e in form.names if e.indicator_id == indicator]
        rows = table.rows_of(indicator)
        for row, (name, detail) in zip(rows, [*entries, *[(None, None)] * len(rows)], strict=False):
            book[table.title][table.ref(row, "name")].value = name
            book[table.title][table.ref(row, "detail")].value = detail


def _put_explanations(book: Any, layout: Layout, form: FilledForm) -> None:
    for s in form.statements:
        if s.explanation and layout.progress:
            (row,) = layout.progress.rows_of(s.clause_id)
            book[layout.progress.title][layout.progress.ref(row, "explanation")].value = s.explanation


@contextmanager
def reading() -> Iterator[Any]:
    """A function that reads a return's workbook: `read(data, form)`."""
    with Sandbox() as sandbox, TemporaryDirectory() as folder:

        def read(data: bytes, form: FilledForm) -> Reading:
            agency, period = form.identity.agency_id, Period.parse(form.identity.period)
            path = Path(folder) / f"{period}.xlsx"
            path.write_bytes(data)
            name = plan(period).agency(agency).name
            known = lambda _: layout_of(agency, period)  # noqa: E731 - a layout for whatever month it says
            return sandbox.read(path, Expect(plan(period).id, agency, name, path.name, known))

        yield read


def places(form: FilledForm) -> dict[Place, Cell]:
    """Where everything in a form stands, to find a place of one form in another."""
    at: dict[Place, Cell] = {("cover", key): cell for key, cell in form.cover.items()}
    at |= {("figure", f.indicator_id, f.role): f.cell for f in form.figures}
    for s in form.statements:
        at |= {("status", s.clause_id): s.cell, ("text", s.clause_id): s.text_cell}
    for e in form.names:
        line = sum(place[:2] == ("name", e.indicator_id) for place in at)
        at["name", e.indicator_id, str(line)] = e.cell
    return at


def moved(at: str, made: FilledForm, read: FilledForm) -> str:
    """Where `sheet!cell` of the form as made stands in the form as read."""
    (place,) = [p for p, cell in places(made).items() if f"{cell.sheet}!{cell.ref}" == at]
    cell = places(read)[place]
    return f"{cell.sheet}!{cell.ref}"
