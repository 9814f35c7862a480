"""How a figure moves in a year, one spec for each behaviour."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from include.indicators import path_values, remark
from include.records.facts import Grey, Light
from include.records.figures import FigureState, Role
from tests.years import plan_with

RATIO = {"kind": "ratio", "unit": "%"}


def test_what_accumulates_is_held_against_the_path_of_its_month(year: Any) -> None:
    sampling = year(target=120)
    august = sampling.month(8, market=76)
    assert august.light is Light.YELLOW
    assert (august.value, august.path_value, august.gap) == (76, 80, -4)
    assert august.share_pct == Decimal(76) * 100 / 120
    assert august.pace_needed == 11
    assert august.reason == "截至8月为76批次，时序进度为80批次，相差4批次，差距不到时序的10%。"
    september = sampling.month(9, market=95)
    assert september.light is Light.GREEN
    assert september.last_value == 76
    october = sampling.month(10, market=120)
    assert october.light is Light.DONE
    assert october.pace_needed == 0
    assert october.reason == "截至10月为120批次，已达到全年目标120批次。"


def test_a_named_count_shows_what_waits_for_recognition_beside_its_value(year: Any) -> None:
    shops = year(behaviour="named", unit="家", target=10, points=[0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 10, 10])
    may = shops.month(5, market=2, pending=3)
    assert (may.value, may.pending) == (2, 3)
    assert may.light is Light.GREEN


def test_a_build_up_starts_from_its_baseline(year: Any) -> None:
    canteens = year(**RATIO, behaviour="build-up", target=50, baseline=30, basis="gap-share",
                    points=[0, 0, 0, 10, 20, 30, 30, 40, 60, 80, 95, 100])  # fmt: skip
    assert path_values(canteens.indicator)[:5] == (30, 30, 30, 32, 34)
    assert canteens.month(4, market=(64, 200)).light is Light.GREEN
    may = canteens.month(5, market=(64, 200))
    assert may.light is Light.YELLOW
    assert may.reason == "截至5月为32%（64/200），时序进度为34%，相差2个百分点，差距不到时序的10%。"


def test_a_build_up_without_baseline_waits_for_it_until_the_path_is_the_target(year: Any) -> None:
    canteens = year(**RATIO, behaviour="build-up", target=85, basis="gap-share",
                    points=[10, 20, 30, 40, 50, 60, 70, 80, 100, 100, 100, 100])  # fmt: skip
    august = canteens.month(8, market=(60, 100))
    assert (august.light, august.grey, august.path_value) == (Light.GREY, Grey.NO_BASELINE, None)
    assert august.value == 60, "the value is known all the same"
    assert canteens.month(9, market=(80, 100)).light is Light.YELLOW


def test_a_build_up_that_reached_its_target_is_done_baseline_or_not(year: Any) -> None:
    canteens = year(**RATIO, behaviour="build-up", target=50, basis="gap-share", points=[0] * 11 + [100])
    assert canteens.month(3, market=(55, 100)).light is Light.DONE


def test_a_level_to_hold_is_green_until_the_year_ends_and_then_done(year: Any) -> None:
    level = year(kind="stock", behaviour="hold", unit="个", target=10, points=[10] * 12)
    assert level.month(6, market=10).light is Light.GREEN
    assert level.month(7, market=9).light is Light.RED
    assert level.month(8, market=10).light is Light.YELLOW, "red made good shows yellow for one period"
    assert level.month(9, market=10).light is Light.GREEN
    assert level.month(12, market=10).light is Light.DONE


def test_a_cycle_is_judged_at_its_end_and_owes_nothing_between(year: Any) -> None:
    visits = year(**RATIO, behaviour="cycle", cadence="quarterly", target=100,
                  points=[None, None, 100] * 4)  # fmt: skip
    january = visits.month(1)
    assert (january.light, january.grey) == (Light.GREY, Grey.NOT_DUE)
    assert january.missing_sources == ()
    assert visits.month(3, market=(92, 100)).light is Light.YELLOW
    april = visits.month(4)
    assert (april.light, april.grey, april.value) == (Light.GREY, Grey.NOT_DUE, 92)
    assert str(april.from_period) == "2030-03"
    assert april.reason == "本月不需填报，沿用3月数据：截至3月为92%（92/100），本月不考核进度，6月末考核。"
    assert visits.month(6, market=(100, 100)).light is Light.GREEN, "a cycle starts anew: not done yet"


def test_of_a_due_cohort_only_what_is_due_stands_below_the_line(year: Any) -> None:
    faults = year(**RATIO, behaviour="due-cohort", target=100, points=[100] * 12)
    january = faults.month(1, market=(0, 0))
    assert (january.light, january.grey, january.value) == (Light.GREY, Grey.NO_DENOMINATOR, None)
    assert january.reason == "1月分母“分母项”为零，不计算比率，请报送单位说明。"
    assert faults.month(2, market=(8, 8)).light is Light.GREEN
    march = faults.month(3, market=(19, 20))
    assert march.light is Light.YELLOW
    assert remark(faults.indicator, march) == "已有1例未达到，本年累计不能再回到100%"
    assert faults.month(4, market=(15, 20)).light is Light.RED


def test_an_outcome_is_shown_and_says_how_little_room_there_is(year: Any) -> None:
    passed = year(
        **RATIO, behaviour="outcome", target="99.5", points=["99.5"] * 12, denominator="已出报告批次"
    )
    march = passed.month(3, market=(60, 60))
    assert march.light is Light.GREEN
    assert remark(passed.indicator, march) == "“已出报告批次”仅60，只要有1例未达到，即低于目标99.5%"
    april = passed.month(4, market=(89, 90))
    assert april.light is Light.YELLOW
    assert remark(passed.indicator, april) == (
        "已有1例未达到，“已出报告批次”须达到200且不再出现，方能达到目标99.5%"
    )
    assert passed.month(12, market=(89, 90)).light is Light.RED


def test_a_rate_divides_by_its_fixed_population(year: Any) -> None:
    rate = year(kind="rate", unit="批次/千人", target="1.8", population=500000, basis="target-share",
                points=[0, 3, 8, 16, 26, 38, 50, 62, 74, 86, 95, 100])  # fmt: skip
    august = rate.month(8, market=558)
    assert (august.value, august.path_value) == (Decimal("1.116"), Decimal("1.116"))
    assert (august.numerator, august.denominator) == (558, 500000)
    assert august.light is Light.GREEN, "the path exactly met"


def test_a_rate_without_population_says_so_and_keeps_the_count(year: Any) -> None:
    rate = year(kind="rate", unit="批次/千人", target="1.8")
    august = rate.month(8, market=558)
    assert (august.light, august.grey, august.value) == (Light.GREY, Grey.NO_POPULATION, None)
    assert august.numerator == 558
    assert august.reason == "截至8月累计558批次，人口基数尚未确定，不能折算为每千人强度。"


def test_milestones_speak_where_the_figure_comes_only_at_the_end(year: Any) -> None:
    workshop = year(behaviour="named", unit="家", target=1, points=[0] * 11 + [1],
                    milestones=[{"month": 4, "title": "申报"}, {"month": 9, "title": "改造"}])  # fmt: skip
    june = workshop.month(6, market=0)
    assert (june.light, june.grey) == (Light.GREY, Grey.NOT_STARTED)
    assert june.reason.endswith("尚不要求有完成数（节点：4月应完成申报，下一节点9月改造）。")
    november = workshop.month(11, market=0)
    assert november.light is Light.YELLOW, "the target date is near"
    assert "全年目标1家下月到期（节点：9月应完成改造）" in november.reason
    december = workshop.month(12, market=0)
    assert december.light is Light.RED
    assert december.reason == "截至12月为0家，目标期限已过，与全年目标1家相差1家。"


def test_two_sources_are_added_above_and_below_the_line_and_never_averaged(year: Any) -> None:
    chain = year(**RATIO, behaviour="build-up", target=85, points=[80] * 12, combine="sum",
                 sources=["market", "farm"])  # fmt: skip
    august = chain.month(8, market=(90, 100), farm=(160, 200))
    assert (august.numerator, august.denominator) == (250, 300)
    assert august.value == Decimal(250) * 100 / 300, "and not 85, the average of 90 % and 80 %"
    assert august.light is Light.GREEN


def test_a_part_of_a_sum_is_no_total(year: Any) -> None:
    chain = year(**RATIO, behaviour="build-up", target=85, points=[80] * 12, combine="sum",
                 sources=["market", "farm"])  # fmt: skip
    chain.month(7, market=(90, 100), farm=(160, 200))
    august = chain.month(8, market=(90, 100))
    assert (august.light, august.grey, august.value) == (Light.GREY, Grey.NOT_REPORTED, None)
    assert august.missing_sources == ("farm",)
    assert august.reason == "8月数据乙局未报，不计算进度，此前最近一次为83.3%。"


def test_a_source_to_which_it_does_not_apply_leaves_the_sum_to_the_other(year: Any) -> None:
    chain = year(combine="sum", sources=["market", "farm"])
    august = chain.month(8, market=80, farm=FigureState.NOT_APPLICABLE)
    assert (august.value, august.light) == (80, Light.GREEN)
    neither = chain.month(9, market=FigureState.NOT_APPLICABLE, farm=FigureState.NOT_APPLICABLE)
    assert (neither.light, neither.grey) == (Light.GREY, Grey.NOT_APPLICABLE)


def test_a_figure_of_record_replaces_what_the_source_says(year: Any) -> None:
    canteens = year(**RATIO, behaviour="build-up", target=50, points=[40] * 12)
    august = canteens.month(8, market=(45, 100), decided={Role.NUMERATOR: 38})
    assert (august.numerator, august.denominator, august.value) == (38, 100, 38)
    assert august.light is Light.YELLOW
    decided = {Role.NUMERATOR: 45, Role.DENOMINATOR: 100}
    assert canteens.month(9, decided=decided).value == 45, "also where nothing was reported"


def test_nothing_is_carried_across_a_changed_definition(year: Any) -> None:
    canteens = year(**RATIO, behaviour="build-up", target=50, points=[40] * 12, cadence="quarterly")
    canteens.month(6, market=(30, 100))
    assert canteens.month(7).value == 30
    canteens.indicator = canteens.indicator.model_copy(update={"definition_version": 2})
    canteens.plan = plan_with(canteens.indicator)
    august = canteens.month(8)
    assert (august.value, august.last_value, august.grey) == (None, None, Grey.NOT_DUE)
    assert august.reason == "本月不需填报，现行口径下本年尚无数据。"
    september = canteens.month(9, market=(45, 100))
    assert (september.value, september.last_value) == (45, None)
    assert september.light is Light.GREEN, "the red of the old definition is no red of this one"
    assert canteens.month(10).value == 45
