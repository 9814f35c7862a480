"""When two texts or names are the same, and when a text says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.expectations.words import meaning, quotable, same_name, same_text


@pytest.mark.parametrize(
    "text", ["", "  ", "无", "无。", "/", "——", "同上", "（无）", "N/A", "ｎ／ａ", "暂无", "\u3000"]
)
def test_a_placeholder_says_nothing(text: str) -> None:
    assert meaning(text) == ""


@pytest.mark.parametrize("text", ["无新增", "0", "关停", "无证摊位2家"])
def test_a_short_text_may_say_something(text: str) -> None:
    assert meaning(text) == text


def test_the_month_and_the_signs_make_no_new_text() -> None:
    assert same_text("7月份，检查12家。") == same_text("2024年8月 检查12家")
    assert same_text("检查12家") != same_text("检查13家")


def test_names_are_the_same_whatever_their_width_and_spaces() -> None:
    assert same_name("Ａ区　示范店（一）") == same_name("a区示范店（一）")
    assert same_name("一店") != same_name("二店")


@given(st.text(max_size=40))
def test_comparing_a_form_again_changes_nothing(text: str) -> None:
    assert same_name(same_name(text)) == same_name(text)
    assert meaning(meaning(text)) == meaning(text)
    assert "“" not in quotable(text)
