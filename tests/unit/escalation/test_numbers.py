"""文号: read however it is typed, written as the standard has it; gaps between them found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import RefusedError
from include.escalation import LetterNumber, gaps, mentioned, read_number


@pytest.mark.parametrize(
    "typed",
    [
        "平食药安办函〔2024〕3号",
        "平食药安办函（2024）第03号",
        " 平食药安办函[2024] 3 号",
        "平食药安办函【２０２４】３号",
    ],
)
def test_a_number_is_read_in_any_brackets_and_written_in_one_way(typed: str):
    assert str(read_number(typed)) == "平食药安办函〔2024〕3号"


@pytest.mark.parametrize(
    "typed",
    ["", "3号", "〔2024〕3号", "平食药安办函〔24〕3号", "平食药安办函〔2024〕0号", "平食药安办函〔2024〕3"],
)
def test_what_is_no_number_is_refused(typed: str):
    with pytest.raises(RefusedError, match="不是文号"):
        read_number(typed)


def test_a_text_may_name_several_numbers():
    assert {n for _, _, n in mentioned("对甲函〔2024〕3号和乙改(2024)11号的答复")} == {3, 11}
    assert LetterNumber("甲函", 2024, 3) < LetterNumber("甲函", 2024, 11)


@given(st.integers(1, 30), st.sets(st.integers(1, 60)))
def test_gaps_and_numbers_used_make_up_the_series(first: int, used: set[int]):
    missing = {n for gap in gaps(first, used) for n in gap}
    mine = {n for n in used if n >= first}
    assert missing.isdisjoint(mine)
    assert missing | mine == (set(range(first, max(mine) + 1)) if mine else set())
