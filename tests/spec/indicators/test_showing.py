"""Figures, paths, remarks and differences as users read them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from include.indicators import Difference, in_force, path_values, reconcile, remark, show
from include.plan import Period
from include.records.facts import FigureOfRecord
from include.records.figures import FigureState, Role
from tests.years import fact, indicator, plan_with

AUGUST = Period(2030, 8)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "批次", "未报"),
        ("1234", "批次", "1,234批次"),
        ("1234.00", "", "1,234"),
        ("1200", "家", "1,200家"),
        ("0", "家", "0家"),
        ("-3", "家", "-3家"),
        ("187.5", "批次", "187.5批次"),
        ("45.00", "%", "45%"),
        ("66.66666", "%", "66.7%"),
        ("99.96", "%", "99.9%"),
        ("99.5", "%", "99.5%"),
        ("100", "%", "100%"),
        ("1.116", "批次/千人", "1.12批次/千人"),
        ("1.80", "批次/千人", "1.8批次/千人"),
        ("0.5", "件/千人", "0.5件/千人"),
        ("1E+3", "批次", "1,000批次"),
        ("-0.001", "个", "0个"),
        ("1E+39", "", "1" + ",000" * 13),
    ],
)
def test_a_figure_is_shown(value: str | None, unit: str, shown: str) -> None:
    assert show(None if value is None else Decimal(value), unit) == shown


def test_a_path_is_given_in_the_unit_whatever_it_was_written_in() -> None:
    shares = indicator(target="1.8", basis="target-share", points=[None, 3, *[50] * 9, 100])
    assert path_values(shares)[:3] == (None, Decimal("0.054"), Decimal("0.9"))
    gap = {"kind": "ratio", "unit": "%", "behaviour": "build-up", "target": 50, "basis": "gap-share"}
    known = indicator(**gap, baseline=30, points=[0, 25, *[50] * 9, 100])
    assert path_values(known) == (30, 35, *[40] * 9, 50)
    unknown = indicator(**gap, points=[0, 25, *[50] * 9, 100])
    assert path_values(unknown) == (*[None] * 11, 50)


def test_a_remark_is_made_only_where_one_failure_decides(year: Any) -> None:
    outcome = {"kind": "ratio", "unit": "%", "behaviour": "outcome", "points": ["99.5"] * 12}
    many = year(**outcome, target="99.5")
    assert remark(many.indicator, many.month(8, market=(200, 200))) == ""
    assert remark(many.indicator, many.month(8, market=(398, 400))) == "", "two failures are still met at 400"
    assert remark(many.indicator, many.month(9)) == ""
    lower = year(**outcome, target=85)
    assert remark(lower.indicator, lower.month(8, market=(9, 10))) == ""
    mendable = year(**{**outcome, "behaviour": "build-up"}, target=100)
    assert remark(mendable.indicator, mendable.month(8, market=(9, 10))) == ""


def test_a_difference_names_both_figures_and_agreement_names_none() -> None:
    canteens = indicator(kind="ratio", unit="%", behaviour="build-up", cross_check=["school"])
    facts = [
        fact("market", AUGUST, Role.NUMERATOR, 45),
        fact("school", AUGUST, Role.NUMERATOR, 47),
        fact("market", AUGUST, Role.DENOMINATOR, 100),
        fact("school", AUGUST, Role.DENOMINATOR, 100),
        fact("school", AUGUST.previous, Role.DENOMINATOR, 99),
    ]
    assert reconcile(plan_with(canteens), AUGUST, facts) == (
        Difference("it", Role.NUMERATOR, (("market", Decimal(45)), ("school", Decimal(47)))),
    )


def test_who_says_nothing_contradicts_nobody() -> None:
    sampling = indicator(cross_check=["school"])
    said = fact("market", AUGUST, Role.CUMULATIVE, 45)
    for silence in ([], [fact("school", AUGUST, Role.CUMULATIVE, FigureState.MISSING)]):
        assert reconcile(plan_with(sampling), AUGUST, [said, *silence]) == ()
    assert reconcile(plan_with(sampling), AUGUST, [fact("school", AUGUST, Role.CUMULATIVE, 45)]) == ()


def test_several_sources_are_held_against_a_check_as_their_sum() -> None:
    summed = indicator(sources=["market", "farm"], combine="sum", cross_check=["school"])
    facts = [fact("market", AUGUST, Role.CUMULATIVE, 40), fact("farm", AUGUST, Role.CUMULATIVE, 5)]
    agreeing = [*facts, fact("school", AUGUST, Role.CUMULATIVE, 45)]
    assert reconcile(plan_with(summed), AUGUST, agreeing) == ()
    (difference,) = reconcile(
        plan_with(summed), AUGUST, [*facts, fact("school", AUGUST, Role.CUMULATIVE, 44)]
    )
    assert [agency for agency, _ in difference.figures] == ["market", "farm", "school"]


def test_a_decision_counts_only_while_the_figures_it_was_about_stand() -> None:
    sampling = plan_with(indicator(cross_check=["school"]))
    said = [fact("market", AUGUST, Role.CUMULATIVE, 45), fact("school", AUGUST, Role.CUMULATIVE, 47)]
    reported = (("market", Decimal(45)), ("school", Decimal(47)))
    at = datetime(2030, 9, 9, tzinfo=UTC)
    decision = FigureOfRecord(1, AUGUST, "it", Role.CUMULATIVE, Decimal(47), "核实", "office", at, reported)
    assert in_force(reconcile(sampling, AUGUST, said), [decision]) == {("it", Role.CUMULATIVE): 47}
    changed = [said[0], fact("school", AUGUST, Role.CUMULATIVE, 46)]
    assert in_force(reconcile(sampling, AUGUST, changed), [decision]) == {}
    agreed = [said[0], fact("school", AUGUST, Role.CUMULATIVE, 45)]
    assert in_force(reconcile(sampling, AUGUST, agreed), [decision]) == {}
