"""Properties of reading: what is certain converts exactly, what is not is asked; never a wrong figure."""

from __future__ import annotations

import random
from decimal import Decimal
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from include.records.figures import FilledForm, Role
from include.returns.form import read_form
from include.returns.gathering import Gathering
from include.returns.identity import claim_of
from include.returns.layout import Layout
from include.returns.number_format import PERCENT, said_by
from include.returns.numbers import amount
from include.returns.numerals import spelled
from include.returns.opening import open_book
from include.returns.sheets import Book, CellContent, Sheet, Value
from include.returns.sniff import Sort
from tests.corpus import education as e

steady = settings(deadline=None, derandomize=True, max_examples=150)
FULL = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")
TIMES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
whole = st.integers(0, 99_999)
tenths = st.decimals(0, 9_999, places=1)


@st.composite
def certain(draw: st.DrawFn) -> tuple[str, Decimal]:
    """Draw a way people write a number of 家 and the number it stands for."""
    number = draw(st.one_of(whole.map(Decimal), tenths))
    times = draw(st.sampled_from(sorted(TIMES)))
    grouped = draw(st.booleans())
    digits = f"{number:,}" if grouped else f"{number}"
    sign, factor = draw(st.sampled_from([("", 1), ("+", 1), ("-", -1), ("负", -1), ("－", -1)]))
    written = f"{sign}{digits}{times}{draw(st.sampled_from(['', '家', ' 家', '个', '。']))}"
    if draw(st.booleans()):
        written = written.translate(FULL)
    return f"{draw(st.sampled_from(['', ' ', '　']))}{written}", number * TIMES[times] * factor


@steady
@given(certain())
def test_every_certain_way_of_writing_gives_exactly_its_number(pair: tuple[str, Decimal]) -> None:
    written, value = pair
    found = amount(CellContent(written), "家", none_is_zero=True)
    assert (found.fault, found.value) == ("", value)
    assert found.note, "a converted text is noted"


@steady
@given(
    certain(),
    st.sampled_from(
        ["约{}", "近{}", "{}左右", "{}余", "≥{}", "{}以上", "{}~", "不少于{}", "{}至90", "{}+5", "{} 或 3"]
    ),
)
def test_no_uncertain_way_of_writing_gives_a_number(pair: tuple[str, Decimal], form: str) -> None:
    found = amount(CellContent(form.format(pair[0].strip())), "家", none_is_zero=True)
    assert found.value is None
    assert found.fault


@steady
@given(
    whole,
    st.text(
        alphabet="约左右余多几近≥≤至到-~/+*.,%‰千万亿家件年月日无个 （）()①½十百", min_size=1, max_size=4
    ),
)
def test_whatever_stands_around_a_number_it_is_read_exactly_or_asked_about(number: int, around: str) -> None:
    """A figure that comes out is the digits themselves, or those by a multiple that stands there."""
    for written in (f"{number}{around}", f"{around}{number}"):
        found = amount(CellContent(written), "家", none_is_zero=True)
        if found.value is not None:
            allowed = {Decimal(number) * factor for word, factor in TIMES.items() if word in written}
            assert abs(found.value) in allowed, written


@steady
@given(st.integers(1, 99_999_999), st.sampled_from(["", "家"]))
def test_numerals_are_read_exactly(number: int, unit: str) -> None:
    assert amount(CellContent(spelled(number) + unit), "家", none_is_zero=True).value == number


@steady
@given(
    st.floats(0, 1e6),
    st.sampled_from(["General", "0.00", "#,##0", "0%", "0.00%", '0"万"', '0"%"', "0\\%", '0.0"亿元"']),
)
def test_a_number_is_what_is_stored_whatever_format_shows_it_or_is_asked_about(
    value: float, code: str
) -> None:
    for unit in ("家", "%"):
        shown_as = said_by(code)
        found = amount(CellContent(value, shown_as), unit, none_is_zero=True)
        if found.value is not None:
            stored = Decimal(f"{value:.15g}")
            assert found.value == (stored * 100 if shown_as == PERCENT else stored)
        if unit == "家" and shown_as and value:
            assert found.fault in ("number-is-share", "number-ambiguous")


# --- headers


@cache
def book() -> Book:
    return open_book(e.filled(names={e.COUNT: [("某某小学", "一路")]}), Sort.XLSX)


def read(changed: Book) -> tuple[FilledForm, list[str]]:
    layout: Layout = e.layout_of()
    claim, gathering = claim_of(changed, e.FILE_NAME), Gathering()
    assert claim.identity
    form = read_form(changed, layout, claim.identity, claim, gathering)
    return form, [finding.rule for finding in gathering.findings]


def said(form: FilledForm) -> tuple[object, ...]:
    return (
        [(f.indicator_id, f.role, f.state, f.value, f.explanation) for f in form.figures],
        [(n.indicator_id, n.name, n.detail) for n in form.names],
        [(s.clause_id, s.status, s.text, s.problems, s.next_steps) for s in form.statements],
    )


def rebuilt(sheet: Sheet, data: st.DataObject) -> Sheet:
    """Give a sheet with its columns in any order under any of their names, among columns nobody knows."""
    table = next(t for t in e.layout_of().tables if t.title == sheet.title)
    width = max(len(row) for row in sheet.rows)
    order = list(range(width))
    random.Random(data.draw(st.integers(0, 9_999))).shuffle(order)  # noqa: S311 - seeded
    header = table.header_row - 1
    rows = [[*row, *[""] * (width - len(row))] for row in sheet.rows]
    for column in table.columns:
        rows[header][column.index] = data.draw(st.sampled_from(column.names))
    for place in data.draw(st.lists(st.integers(0, width), max_size=3)):
        order.insert(place, -1)
    moved: list[list[Value]] = [
        [("我局自用" if n == header else "阅") if at < 0 else row[at] for at in order]
        for n, row in enumerate(rows)
    ]
    above = data.draw(st.integers(0, 6))
    return Sheet(sheet.title, sheet.hidden, [[""]] * above + moved)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.data())
def test_columns_in_any_order_under_any_known_name_among_unknown_ones_say_the_same(
    data: st.DataObject,
) -> None:
    titles = {table.title for table in e.layout_of().tables}
    sheets = tuple(rebuilt(s, data) if s.title in titles else s for s in book().sheets)
    form, findings = read(Book(sheets))
    assert findings == []
    assert said(form) == said(read(book())[0])


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.data())
def test_a_second_column_of_figures_under_any_known_name_is_asked_about(data: st.DataObject) -> None:
    table = e.layout_of().indicators
    assert table
    column = table.column("amount")
    row = table.rows_of(e.COUNT)[0].row - 1
    sheets = list(book().sheets)
    at = next(n for n, sheet in enumerate(sheets) if sheet.title == table.title)
    width = max(len(line) for line in sheets[at].rows)
    rows = [[*line, *[""] * (width - len(line)), ""] for line in sheets[at].rows]
    rows[table.header_row - 1][-1] = data.draw(st.sampled_from(column.names))
    rows[row][-1] = data.draw(st.integers(0, 99))
    sheets[at] = Sheet(table.title, hidden=False, rows=rows)
    assert read(Book(tuple(sheets)))[1] == ["column-duplicated"]


def test_the_properties_are_about_a_faultless_return() -> None:
    form, findings = read(book())
    assert findings == []
    assert {f.role: f.value for f in form.figures if f.indicator_id == e.RATIO}[Role.NUMERATOR] == 30
