"""Reading a cell as a figure: what is certain is converted and noted, the rest is asked about."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.records.figures import FigureState
from include.returns.numbers import Amount, amount
from include.returns.numerals import numeral, spelled
from include.returns.rules import BY_ID
from include.returns.sheets import CellContent, Value

steady = settings(deadline=None, derandomize=True)
counts = st.integers(0, 10**9)
FULL = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")


def read(value: Value, unit: str = "家", none_is_zero: bool = True, **more: object) -> Amount:
    return amount(CellContent(value, **more), unit, none_is_zero=none_is_zero)  # type: ignore[arg-type]


@steady
@given(counts)
def test_a_number_and_the_same_number_as_text_are_one(count: int) -> None:
    for written in (count, float(count), str(count), f" {count} ", f"{count}.0"):
        assert read(written).value == count


@steady
@given(counts, st.sampled_from(["", " ", "家", " 家", "个", "。"]))
def test_full_width_separators_and_the_units_name_change_nothing(count: int, behind: str) -> None:
    for written in (
        f"{count:,}",
        str(count).translate(FULL),
        f"{count:,}".translate(FULL),
        f"{count:,}".replace(",", " "),
    ):
        found = read(written + behind)
        assert (found.value, found.fault) == (count, "")
        assert found.note


@steady
@given(
    st.decimals(0, 9999, places=2),
    st.sampled_from([("千", 10**3), ("万", 10**4), ("百万", 10**6), ("亿", 10**8)]),
)
def test_a_multiplier_multiplies_exactly_and_is_noted(number: Decimal, times: tuple[str, int]) -> None:
    sign, factor = times
    found = read(f"{number}{sign}")
    assert found.value == number * factor
    assert sign in found.note
    assert "E" not in str(found.value)


@steady
@given(
    counts,
    st.sampled_from(
        ["约{}", "{}左右", "{}余", "≥{}", "{}以上", "近{}", "{}多家", "<{}", "{}~", "不少于{}", "大概{}"]
    ),
)
def test_about_is_never_a_number(count: int, form: str) -> None:
    found = read(form.format(count))
    assert (found.value, found.fault) == (None, "number-ambiguous")
    assert found.why


@steady
@given(st.text())
def test_no_text_breaks_the_reading_or_is_guessed(text: str) -> None:
    found = read(text)
    assert found.fault in ("", *BY_ID)
    assert (found.value is not None) == (found.state in (FigureState.REPORTED, FigureState.CONFIRMED_ZERO))
    if found.value:
        digits = [
            c
            for c in unicodedata.normalize("NFKC", text)
            if c.isdecimal() or c in "一二三四五六七八九十百千万两壹贰叁肆伍陆柒捌玖拾佰仟"
        ]
        assert digits, "a figure comes from figures that stand there"


@steady
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_float_is_taken_as_excel_shows_it(value: float) -> None:
    assert read(value).value == Decimal(f"{value:.15g}")


@steady
@given(st.integers(0, 99_999_999))
def test_regular_chinese_numerals_are_read_back(count: int) -> None:
    assert numeral(spelled(count)) == count
    assert read(f"{spelled(count)}家" if count else "零").value == count


@pytest.mark.parametrize("text", ["一百二", "三四十", "百", "十百", "二千零", "一零", "", "万"])
def test_irregular_numerals_are_asked_about(text: str) -> None:
    assert numeral(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("十二", 12), ("两百", 200), ("一百零五", 105), ("叁拾", 30), ("一万二千", 12000)]
)
def test_numerals_as_people_write_them(text: str, value: int) -> None:
    assert numeral(text) == value


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("详见附件", "number-unreadable"), ("已完成", "number-unreadable"), (True, "number-unreadable"),
        ("1,2345", "number-unreadable"), ("1.2.3", "number-unreadable"), ("½", "number-unreadable"),
        ("①", "number-unreadable"), ("10³", "number-unreadable"), ("1E5", "number-unreadable"),
        (float("nan"), "number-unreadable"), (float("inf"), "number-unreadable"),
        ("9" * 40, "number-unreadable"),
        ("30-40", "number-ambiguous"), ("3至5", "number-ambiguous"), ("3/5", "number-ambiguous"),
        ("10+5", "number-ambiguous"), ("12 5", "number-ambiguous"), ("30件", "number-ambiguous"),
        ("2024-08-05", "number-is-date"), ("2024年8月", "number-is-date"), ("8月5日", "number-is-date"),
        (date(2024, 8, 5), "number-is-date"), (time(8), "number-is-date"),
        (datetime(2024, 8, 5), "number-is-date"),  # noqa: DTZ001 - a cell knows no zone
        ("50%", "number-is-share"), ("5‰", "number-is-share"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_a_fault_of_its_own_kind(written: Value, rule: str) -> None:
    found = read(written)
    assert (found.value, found.fault) == (None, rule)


@pytest.mark.parametrize(
    ("text", "value"), [("-5", -5), ("−5", -5), ("－5", -5), ("负5", -5), ("+5", 5), ("0.50", "0.5")]
)
def test_signs_of_every_make_are_read(text: str, value: object) -> None:
    assert read(text).value == Decimal(str(value))


@pytest.mark.parametrize(
    "text", ["/", "\\", "-", "—", "——", "N/A", "不适用", "不涉及", "本月不需填报", " ／ "]
)
def test_not_applicable_is_neither_zero_nor_missing(text: str) -> None:
    assert read(text).state is FigureState.NOT_APPLICABLE


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "\u200b", "\n"])
def test_white_space_of_every_kind_is_blank(text: str) -> None:
    assert read(text).state is FigureState.MISSING
    assert read(text).fault == ""


def test_none_is_zero_for_what_a_month_adds_and_asked_about_elsewhere() -> None:
    assert read("无").state is FigureState.CONFIRMED_ZERO
    assert read("无", none_is_zero=False).fault == "number-ambiguous"


@pytest.mark.parametrize(
    ("written", "percent", "value"),
    [
        (0.5, True, 50),
        ("50%", False, 50),
        ("50", False, 50),
        (50, False, 50),
        ("5‰", False, "0.5"),
        (0, False, 0),
    ],
)
def test_a_share_says_by_its_sign_or_format_what_it_is(written: Value, percent: bool, value: object) -> None:
    assert read(written, "%", format="%" if percent else "").value == Decimal(str(value))


@pytest.mark.parametrize("written", [0.5, "0.5", 1, "1"])
def test_a_bare_half_of_a_share_is_asked_about(written: Value) -> None:
    found = read(written, "%")
    assert found.fault == "number-ambiguous"
    assert "%" in found.why


def test_a_percent_format_on_a_count_is_asked_about() -> None:
    assert read(0.5, format="%").fault == "number-is-share"


@pytest.mark.parametrize(
    ("text", "unit"), [("30批次", "批次/千人"), ("30 批次", "批次"), ("30家", ""), ("30人次", "")]
)
def test_the_unit_may_stand_behind_the_number(text: str, unit: str) -> None:
    assert read(text, unit).value == 30


def test_a_formula_without_a_value_is_told_from_a_blank() -> None:
    assert read("", formula="A1+1").fault == "formula-without-value"
    assert read("").fault == ""
    assert read("", error="#REF!").fault == "formula-error"
    assert read(5.0, formula="A1+1").value == 5
