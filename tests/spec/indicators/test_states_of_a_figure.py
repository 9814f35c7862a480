"""Reported, confirmed zero, not applicable, missing; and a month that owes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from include.records.facts import Grey, Light
from include.records.figures import FigureState


def test_a_confirmed_zero_is_a_figure_and_a_blank_is_none(year: Any) -> None:
    assert year().month(3, market=0).light is Light.RED
    blank = year().month(3, market=FigureState.MISSING)
    assert (blank.light, blank.grey, blank.value) == (Light.GREY, Grey.NOT_REPORTED, None)
    assert blank.missing_sources == ("market",)


def test_zero_where_nothing_is_expected_yet_is_not_started(year: Any) -> None:
    progress = year(points=[0, 0] + [60] * 10).month(2, market=0)
    assert (progress.light, progress.grey) == (Light.GREY, Grey.NOT_STARTED)


def test_an_owed_figure_that_is_missing_is_never_carried(year: Any) -> None:
    sampling = year()
    sampling.month(7, market=70)
    august = sampling.month(8)
    assert (august.value, august.grey, august.from_period) == (None, Grey.NOT_REPORTED, None)
    assert august.last_value == 70
    assert august.reason == "8月数据甲局未报，不计算进度，此前最近一次为70批次。"
    september = sampling.month(9)
    assert september.last_value == 70, "the newest there was"
    october = sampling.month(10, market=100)
    assert october.last_value is None, "the month before is unknown, and so is the change since then"


def test_a_month_that_owes_none_goes_on_with_the_newest_figure_and_its_path(year: Any) -> None:
    quarterly = year(cadence="quarterly")
    quarterly.month(3, market=30)
    may = [quarterly.month(month) for month in (4, 5)][-1]
    assert (may.value, str(may.from_period), may.light) == (30, "2030-03", Light.GREEN)
    assert may.path_value == 30, "not May's path, which it had no chance to meet"
    assert may.reason == "本月不需填报，沿用3月数据：截至3月为30批次，符合时序进度30批次的要求。"


def test_what_was_owed_last_quarter_and_is_missing_stays_missing_between(year: Any) -> None:
    quarterly = year(cadence="quarterly")
    quarterly.month(3, market=30)
    quarterly.month(6)
    july = quarterly.month(7)
    assert (july.grey, july.value) == (Grey.NOT_REPORTED, None)
    assert july.missing_sources == ("market",)
    assert july.reason == "本月不需填报，6月数据甲局未报，不计算进度，此前最近一次为30批次。"


def test_whom_the_office_exempted_is_called_exempt_and_not_silent(year: Any) -> None:
    sampling = year()
    sampling.month(7, market=70)
    august = sampling.month(8, exempt={"market"})
    assert (august.light, august.grey, august.value) == (Light.GREY, Grey.EXEMPT, None)
    assert august.reason == "8月数据甲局免报，不计算进度，此前最近一次为70批次。"
    assert sampling.month(9, exempt={"market"}, market=90).value == 90, "it filed all the same"
    assert sampling.month(10, exempt={"farm"}).grey is Grey.NOT_REPORTED
    chain = year(combine="sum", sources=["market", "farm"])
    assert chain.month(8, exempt={"market"}).reason == "8月数据乙局未报，不计算进度。", "who owes it is named"
    assert chain.month(9, exempt={"market", "farm"}).reason == "9月数据甲局、乙局免报，不计算进度。"


def test_an_exempted_quarter_stays_exempted_between(year: Any) -> None:
    quarterly = year(cadence="quarterly")
    quarterly.month(6, exempt={"market"})
    july = quarterly.month(7)
    assert (july.grey, july.reason) == (Grey.EXEMPT, "本月不需填报，6月数据甲局免报，不计算进度。")


def test_a_figure_given_without_being_owed_counts(year: Any) -> None:
    quarterly = year(cadence="quarterly")
    quarterly.month(3, market=30)
    april = quarterly.month(4, market=41)
    assert (april.value, april.from_period, april.light) == (41, None, Light.GREEN)


def test_a_figure_owed_only_at_an_event_stands_for_today(year: Any) -> None:
    event = year(cadence="event")
    assert event.month(1).grey is Grey.NOT_DUE
    event.month(2, market=20)
    assert event.month(8).light is Light.RED


def test_not_applicable_is_carried_like_a_figure(year: Any) -> None:
    quarterly = year(cadence="quarterly")
    quarterly.month(3, market=FigureState.NOT_APPLICABLE)
    assert quarterly.month(4).grey is Grey.NOT_APPLICABLE


def test_what_is_prefilled_as_not_due_does_not_stand_in_the_way_of_what_was_reported(year: Any) -> None:
    quarterly = year(cadence="quarterly")
    assert quarterly.month(1, market=FigureState.NOT_APPLICABLE).grey is Grey.NOT_DUE
    quarterly.month(3, market=30)
    april = quarterly.month(4, market=FigureState.NOT_APPLICABLE)  # how 本月不需填报 is read
    assert (april.value, str(april.from_period), april.light) == (30, "2030-03", Light.GREEN)


def test_before_the_month_is_over_nothing_is_unreported(year: Any) -> None:
    august = year().month(8, as_of=date(2030, 8, 31))
    assert (august.light, august.grey) == (Light.GREY, Grey.NOT_DUE)
    assert august.reason == "8月尚未结束，还未到报送时间。"


@pytest.mark.parametrize("cadence", ["monthly", "quarterly", "half-year", "event"])
def test_an_indicator_nobody_ever_reported_has_a_reason_every_month(year: Any, cadence: str) -> None:
    silent = year(cadence=cadence)
    for month in range(1, 13):
        progress = silent.month(month)
        assert progress.light is Light.GREY
        assert progress.reason.endswith("。")


def test_the_later_submission_counts_where_two_say_the_same(year: Any) -> None:
    sampling = year()
    sampling.month(8, market=70)
    first = sampling.facts[0]
    sampling.facts = [replace(first, value=Decimal(80), submission_id=2), first]
    assert sampling.month(8).value == 80
