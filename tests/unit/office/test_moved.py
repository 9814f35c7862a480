"""A change since last month names the agency's figures that moved it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from include.office.moved import moved
from include.plan import Period
from include.records.facts import Fact
from include.records.figures import FigureState, Role

JULY, AUGUST = Period(2024, 7), Period(2024, 8)


def fact(period: Period, role: Role, value: int, agency: str = "health") -> Fact:
    return Fact(
        agency, period, "i", role, FigureState.REPORTED, Decimal(value), 1, "指标填报", "E8", str(value)
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([fact(JULY, Role.CUMULATIVE, 55), fact(AUGUST, Role.CUMULATIVE, 61)], "累计55→61"),
        (
            [
                *(fact(JULY, Role.NUMERATOR, 44), fact(JULY, Role.DENOMINATOR, 117)),
                *(fact(AUGUST, Role.NUMERATOR, 47), fact(AUGUST, Role.DENOMINATOR, 118)),
            ],
            "分子44→47、分母117→118",
        ),
        ([fact(JULY, Role.LEVEL, 9), fact(AUGUST, Role.LEVEL, 9)], ""),
        ([fact(AUGUST, Role.LEVEL, 9)], "期末数未报→9"),
        ([fact(JULY, Role.LEVEL, 9, "court"), fact(AUGUST, Role.LEVEL, 12, "court")], ""),
        ([fact(Period(2024, 6), Role.LEVEL, 1)], ""),
    ],
)
def test_the_figures_that_moved_are_told_and_no_others(facts: list[Fact], said: str) -> None:
    assert moved(facts, "i", "health", AUGUST) == said
