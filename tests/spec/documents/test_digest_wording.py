"""What the office may change in a digest's sentences: their words, never what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from include.documents.digest import Digest, digest_of
from include.documents.digest_wording import contradiction, editable, place_name, reworded
from include.records.reports import Wording
from tests.reports import sample_report


def digest() -> Digest:
    return digest_of(sample_report())


def test_the_sentences_that_may_be_changed_have_a_place_and_a_name() -> None:
    told = editable(digest())
    assert [p for p in told if p.startswith("overall")] == ["overall-1", "overall-2", "overall-3"]
    assert told["matters-1"] == "请协调明确补进度措施和时限"
    assert place_name("near-2") == "黄灯指标第2句"


ORIGINAL = "8月多数指标按时序推进，2项明显落后：可判断的19项中达到时序或已完成14项、黄灯3项、红灯2项。"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("8月总体平稳，可判断的19项中14项达到时序或已完成，黄灯3项、红灯2项。", ""),
        ("8月总体平稳，可判断的19项中14项达到时序或已完成，黄灯3项、红灯2项，请9月20日前整改。", ""),
        ("8月总体平稳，可判断的19项中15项达到时序，黄灯3项、红灯2项。", "多出15；少了14"),
        ("8月总体平稳，黄灯3项、红灯2项。", "少了14、19"),
        ("8月可判断的19项中14项达到时序，黄灯3项、红灯2项，三项将追回。", "多出三"),
        ("8月全部指标按时序推进，可判断19项，14项、黄灯3项、红灯2项。", "没有提到：全部"),
        ("8月可判断19项，达到时序14项、黄灯3项、红灯2项，主要在市教育局。", "没有提到：市教育局"),
        ("8月可判断19项，达到时序14项、黄灯3项、红灯2项，食品监督抽检较慢。", "没有提到：食品监督抽检"),
        ("", "一行"),
        ("8月19项14项3项2项\n红灯", "一行"),
    ],
)
def test_words_may_change_and_figures_names_and_judgements_stay(text: str, why: str) -> None:
    assert digest().overall[0] == ORIGINAL
    said = contradiction(digest(), ORIGINAL, text)
    assert why in said
    assert bool(said) == bool(why)


def test_changed_words_stand_in_their_place_and_name_who_wrote_them() -> None:
    first = Wording("overall-1", ORIGINAL, "8月总体平稳。", "office-clerk", date(2024, 9, 13))
    asked = Wording("matters-1", "请协调明确补进度措施和时限", "请召集会商", "boss", date(2024, 9, 12))
    changed = reworded(digest(), [first, asked])
    assert changed.overall[0] == "8月总体平稳。"
    assert changed.matters[0].decision == "请召集会商"
    assert changed.indicators == digest().indicators
    assert changed.edited == (
        "总体判断第1句由office-clerk于9月13日修改文字",
        "提请领导协调第1句由boss于9月12日修改文字",
    )


def test_words_for_a_sentence_that_says_something_else_by_now_are_left() -> None:
    old = Wording("overall-1", "7月一切如常。", "7月平稳。", "office-clerk", date(2024, 9, 1))
    assert reworded(digest(), [old]) == replace(digest(), edited=())
