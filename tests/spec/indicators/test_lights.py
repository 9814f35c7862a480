"""Green, yellow, red, done: where one ends and the next begins."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from include.records.facts import Light


@pytest.mark.parametrize(
    ("value", "light"),
    [(81, Light.GREEN), (80, Light.GREEN), ("79.9", Light.YELLOW), ("72.1", Light.YELLOW), (72, Light.RED),
     (71, Light.RED), (119, Light.GREEN), (120, Light.DONE)],
)  # fmt: skip
def test_a_tenth_of_the_path_divides_yellow_from_red(year: Any, value: Any, light: Light) -> None:
    assert year().month(8, market=value).light is light


def test_99_50_meets_99_5(year: Any) -> None:
    passed = year(kind="ratio", behaviour="outcome", unit="%", target="99.5", points=["99.5"] * 12)
    assert passed.month(8, market=(199, 200)).light is Light.GREEN
    short = passed.month(9, market=(19899, 20000))
    assert short.light is Light.YELLOW
    assert short.reason == (
        "截至9月为99.495%（19,899/20,000），时序进度为99.5%，相差0.005个百分点，差距不到时序的10%。"
    )


def test_a_limit_on_what_adds_up_is_kept_until_december_and_done_only_then(year: Any) -> None:
    accidents = year(comparator="<=", unit="起", target=5, points=[1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5])
    assert accidents.month(1, market=0).light is Light.GREEN, "none is good, not 暂未启动"
    assert accidents.month(8, market=4).light is Light.GREEN
    assert accidents.month(9, market=5).light is Light.RED
    assert accidents.month(12, market=5).light is Light.DONE
    assert accidents.month(12, market=6).light is Light.RED


def test_a_level_to_bring_down_is_done_when_it_is_down(year: Any) -> None:
    level = year(kind="stock", comparator="<=", behaviour="build-up", unit="个", target=20, baseline=40,
                 basis="gap-share", points=[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100])  # fmt: skip
    assert level.month(6, market=30).light is Light.GREEN
    assert level.month(7, market=30).light is Light.YELLOW
    assert level.month(8, market=29).light is Light.RED
    assert level.month(9, market=20).light is Light.DONE


def test_exactly_means_neither_less_nor_more(year: Any) -> None:
    exact = year(comparator="==", target=120)
    assert exact.month(8, market=80).light is Light.GREEN
    assert exact.month(9, market=120).light is Light.DONE
    over = exact.month(10, market=125)
    assert over.light is Light.YELLOW
    assert over.reason == "截至10月为125批次，要求恰为120批次，超出5批次，超出不到10%。"
    assert exact.month(11, market=140).light is Light.RED
    assert exact.month(12, market=121).light is Light.RED


def test_red_made_good_shows_yellow_for_one_period(year: Any) -> None:
    sampling = year()
    assert sampling.month(5, market=20).light is Light.RED
    june = sampling.month(6, market=60)
    assert june.light is Light.YELLOW
    assert june.reason == "截至6月为60批次，已符合时序进度60批次的要求，因上月为红灯，继续观察一个月。"
    assert sampling.month(7, market=70).light is Light.GREEN


def test_red_that_reaches_the_target_of_the_year_is_done(year: Any) -> None:
    sampling = year()
    sampling.month(5, market=20)
    assert sampling.month(6, market=120).light is Light.DONE


def test_the_target_date_passes_with_the_year_and_not_before(year: Any) -> None:
    sampling = year()
    assert sampling.month(12, market=119, as_of=date(2030, 12, 31)).light is Light.YELLOW
    passed = sampling.month(12, as_of=date(2031, 1, 5))
    assert passed.light is Light.RED
    assert passed.reason == "截至12月为119批次，目标期限已过，与全年目标120批次相差1批次。"
    assert year().month(11, market=115, as_of=date(2031, 1, 5)).light is Light.GREEN


def test_an_unconfirmed_path_is_marked_and_has_its_light(year: Any) -> None:
    progress = year().month(8, market=70)
    assert progress.light is Light.RED
    assert not progress.path_confirmed


def test_the_pace_needed_is_what_each_remaining_month_must_bring(year: Any) -> None:
    assert year().month(8, market=80).pace_needed == 10
    assert year().month(12, market=80).pace_needed is None, "no month remains"
    assert year(behaviour="hold", kind="stock").month(8, market=80).pace_needed is None
    assert year(comparator="<=").month(8, market=80).pace_needed is None
