"""Which letter a reply is about: by the number in its file's name, however that is typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from include.office.replies import match, match_text
from include.records.escalation import LetterState

FIRST, ELEVENTH, OTHER_SERIES = (
    "平食药安办函〔2024〕1号",
    "平食药安办函〔2024〕11号",
    "平食药安办改〔2024〕1号",
)


def letter(number: str | None, state: LetterState = LetterState.SERVED, corrects: int | None = None) -> Any:
    return SimpleNamespace(number=number, state=state, corrects=corrects)


@pytest.mark.parametrize(
    "name",
    [
        "对平食药安办函〔2024〕1号的回复.docx",
        "平食药安办函（2024）1号 回复.pdf",
        "平食药安办函(2024)1号.pdf",
        "平食药安办函[2024] 1 号 整改情况.docx",
        "平食药安办函【２０２４】１号.docx",
        "关于(2024)1号函的回复.docx",
    ],
)
def test_a_number_is_known_in_any_brackets_and_width(name: str) -> None:
    first, eleventh = letter(FIRST), letter(ELEVENTH)
    assert match(name, [first, eleventh]) is first


def test_without_a_number_it_is_about_the_only_letter_whose_clock_runs() -> None:
    running = letter(ELEVENTH)
    done = letter(FIRST, LetterState.ANSWERED)
    assert match("情况说明.docx", [done, running, letter(None, LetterState.WAITING)]) is running
    assert match("情况说明.docx", [letter(FIRST), running]) is None
    assert match("情况说明.docx", [done]) is None


def test_a_number_of_another_letter_never_stands_for_the_one_that_runs() -> None:
    assert match("对平食药安办函〔2024〕7号的回复.docx", [letter(FIRST)]) is None


def test_a_supplement_to_an_answered_letter_is_about_that_letter() -> None:
    answered = letter(FIRST, LetterState.ANSWERED)
    assert match("平食药安办函〔2024〕1号补充材料.docx", [answered, letter(ELEVENTH)]) is answered


def test_two_series_with_one_number_are_told_apart_by_their_prefix_or_asked_about() -> None:
    first, other = letter(FIRST), letter(OTHER_SERIES)
    assert match("平食药安办改〔2024〕1号回复.docx", [first, other]) is other
    assert match("〔2024〕1号回复.docx", [first, other]) is None


def test_a_correction_asks_for_no_answer() -> None:
    running, correction = letter(FIRST), letter(ELEVENTH, corrects=1)
    assert match("情况说明.docx", [running, correction]) is running


def test_a_number_in_the_text_tells_of_several_waiting_letters_which_is_meant() -> None:
    first, eleventh, done = letter(FIRST), letter(ELEVENTH), letter(OTHER_SERIES, LetterState.ANSWERED)
    text = "对平食药安办函（2024）11号的答复：平食药安办改〔2024〕1号所列事项也已办结。"
    assert match_text(text, [first, eleventh, done]) is eleventh
    assert match_text("情况说明", [first, eleventh]) is None
    assert match_text(f"{FIRST}、{ELEVENTH}一并答复", [first, eleventh]) is None
