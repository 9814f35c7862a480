"""Finding headers, labels and months however they are written."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from include.returns.headings import COLUMNS, SheetTitle
from include.returns.identity import period_in
from include.returns.layout import Column
from include.returns.locate import find_header
from include.returns.sheets import Range, Sheet, Value, ref
from include.returns.words import heading_keys, key

TABLES = {
    title: tuple(Column(*spec[:4], index, spec[4]) for index, spec in enumerate(columns))
    for title, columns in COLUMNS.items()
}
steady = settings(deadline=None, derandomize=True)
decorations = st.sampled_from(["{}", " {} ", "{}:", "*{}", "{}（必填）", "{}（个）", "{}\n", "★{}", "{}*"])


@pytest.mark.parametrize("title", TABLES)
def test_no_word_stands_for_two_columns_of_a_table(title: SheetTitle) -> None:
    words = [key(name) for column in TABLES[title] for name in dict.fromkeys(map(key, column.names))]
    assert len(words) == len(set(words))


@steady
@given(data=st.data(), title=st.sampled_from(list(TABLES)), seed=st.integers(0, 999), top=st.integers(0, 14))
def test_a_header_is_found_in_any_order_under_any_alias_below_any_title(
    data: st.DataObject, title: SheetTitle, seed: int, top: int
) -> None:
    columns = list(TABLES[title])
    random.Random(seed).shuffle(columns)  # noqa: S311 - seeded
    words: list[Value] = [data.draw(decorations).format(data.draw(st.sampled_from(c.names))) for c in columns]
    rows: list[list[Value]] = [
        ["平湖市教育局 2024年8月报表"],
        *[["说明：请如实填写。"]] * top,
        words,
        ["x"] * len(words),
    ]
    header = find_header(Sheet("a", hidden=False, rows=rows), tuple(columns), 20)
    assert header is not None
    assert header.row == top + 1
    assert header.columns == {column.key: at for at, column in enumerate(columns)}


def test_a_header_proper_goes_before_its_aliases() -> None:
    rows: list[list[Value]] = [["序号", "条款", "指标", "备注", "情况说明"]]
    header = find_header(Sheet("a", hidden=False, rows=rows), TABLES[SheetTitle.INDICATORS], 15)
    assert header is not None
    assert (header.columns["clause"], header.columns["explanation"], header.doubles) == (1, 4, {})


def test_a_header_of_two_lines_is_put_together() -> None:
    rows: list[list[Value]] = [["条款", "指标", "本月", "", "情况说明"], ["", "", "分子", "分母", ""]]
    merges = (Range(0, 0, 1, 0), Range(0, 1, 1, 1), Range(0, 4, 1, 4), Range(0, 2, 0, 3))
    header = find_header(
        Sheet("a", hidden=False, rows=rows, merges=merges), TABLES[SheetTitle.INDICATORS], 15
    )
    assert header is not None
    assert {k: header.columns[k] for k in ("clause", "name", "explanation")} == {
        "clause": 0,
        "name": 1,
        "explanation": 4,
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“五优”生鲜店", '"五优"生鲜店'),
        ("情况说明（含调整原因）", "情况说明"),
        ("分　子", "分子"),
        ("下步打算：", "下步打算"),
    ],
)
def test_two_ways_of_writing_one_word_share_a_key(one: str, other: str) -> None:
    assert set(heading_keys(one)) & set(heading_keys(other))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024-08", "2024-08"), ("2024年8月", "2024-08"), ("２０２４年０８月", "2024-08"),
        ("202408", "2024-08"),
        ("2024.8", "2024-08"), ("2024 年 12 月", "2024-12"), ("教育局2024-08 填报模板（1）.xlsx", "2024-08"),
        ("八月", ""), ("2024-13", ""), ("20240815", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_month_is_read_however_it_is_written(text: str, period: str) -> None:
    assert period_in(text) == period


@steady
@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_addresses_are_those_of_a_spreadsheet(row: int, column: int) -> None:
    letters, number = coordinate_from_string(ref(row, column))
    assert (number - 1, column_index_from_string(letters) - 1) == (row, column)
