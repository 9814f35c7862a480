"""What holds for every plan, figure and month."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.indicators import compute, path_values, show
from include.indicators.causes import Cause
from include.indicators.measuring import roles_of
from include.plan import Indicator, Period
from include.records.facts import Fact, Grey, Light, Progress
from include.records.figures import FigureState, Role
from tests.years import Year, fact, indicator, plan_with

WORSE_TO_BETTER = [Light.RED, Light.YELLOW, Light.GREEN, Light.DONE]
COUNTS = st.integers(0, 400)
MONTHS = st.integers(1, 12)
SHAPES = [
    ("count", "accumulate"), ("count", "named"), ("stock", "build-up"), ("stock", "hold"),
    ("rate", "accumulate"), ("ratio", "build-up"), ("ratio", "hold"), ("ratio", "cycle"),
    ("ratio", "due-cohort"), ("ratio", "outcome"),
]  # fmt: skip


@st.composite
def indicators(draw: st.DrawFn, comparators: tuple[str, ...] = (">=", "<=", "==")) -> Indicator:
    """Any indicator a plan may hold, with one source or two."""
    kind, behaviour = draw(st.sampled_from(SHAPES))
    bases = ["value", "target-share"] + (["gap-share"] if behaviour == "build-up" else [])
    points = draw(st.lists(st.none() | st.integers(0, 100), min_size=12, max_size=12))
    sources = draw(st.sampled_from([["market"], ["market", "farm"]]))
    return indicator(
        kind=kind,
        behaviour=behaviour,
        unit={"ratio": "%", "rate": "批次/千人"}.get(kind, "家"),
        comparator=draw(st.sampled_from(comparators)),
        target=draw(st.integers(1, 1000)) / Decimal(10),
        baseline=draw(st.none() | st.integers(0, 100)),
        population=draw(st.none() | st.integers(1000, 900000)),
        cadence=draw(st.sampled_from(["monthly", "quarterly", "half-year", "event"])),
        sources=sources,
        combine="sum" if len(sources) > 1 else "single",
        basis=draw(st.sampled_from(bases)),
        points=points,
    )


@st.composite
def tellings(draw: st.DrawFn, of: Indicator) -> list[Fact]:
    """What the sources tell in twelve months, blanks and 不适用 among it."""
    told = st.one_of(COUNTS, st.sampled_from([FigureState.MISSING, FigureState.NOT_APPLICABLE]))
    return [
        fact(agency, Period(2030, month), role, draw(told))
        for month in range(1, 13)
        for agency in of.sources
        if draw(st.booleans())
        for role in roles_of(of)
    ]


def through_the_year(of: Indicator, facts: list[Fact], up_to: int = 12) -> list[Progress]:
    """Compute month after month."""
    months: list[Progress] = []
    for month in range(1, up_to + 1):
        period = Period(2030, month)
        earlier = {"it": months[-1]} if months else {}
        months += compute(
            plan_with(of), period, facts, as_of=period.next.starts_on, earlier=earlier, decided={}
        )
    return months


@given(st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_month_of_every_indicator_has_a_light_with_a_reason_that_fits(data: st.DataObject) -> None:
    of = data.draw(indicators())
    for progress in through_the_year(of, data.draw(tellings(of))):
        assert (progress.grey is not None) == (progress.light is Light.GREY)
        assert progress.reason.endswith("。")
        assert progress.reason.count("。") == 1
        assert "{" not in progress.reason
        if progress.value is None:
            assert progress.light is Light.GREY
            assert progress.gap is progress.share_pct is progress.pace_needed is None
        if progress.grey is Grey.NOT_REPORTED:
            assert progress.missing_sources


@given(st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_order_of_facts_does_not_matter(data: st.DataObject) -> None:
    of = data.draw(indicators())
    facts = data.draw(tellings(of))
    shuffled = facts.copy()
    random.Random(7).shuffle(shuffled)  # noqa: S311 - nothing secret
    assert through_the_year(of, shuffled) == through_the_year(of, facts)


@given(st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_is_told_later_changes_nothing_earlier(data: st.DataObject) -> None:
    of = data.draw(indicators())
    facts = data.draw(tellings(of))
    month = data.draw(MONTHS)
    known = [f for f in facts if f.period.month <= month]
    assert through_the_year(of, known, month) == through_the_year(of, facts)[:month]


@given(of=indicators((">=",)), month=MONTHS, figures=st.tuples(COUNTS, COUNTS), below=st.integers(1, 400))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_more_is_never_worse(of: Indicator, month: int, figures: tuple[int, int], below: int) -> None:
    of = of.model_copy(update={"sources": ("market",)})
    less, more = sorted(figures)
    lights: list[Light] = []
    for count in (less, more):
        told = (count, below) if of.kind == "ratio" else count
        lights.append(Year(of).month(month, market=told).light)
    if Light.GREY not in lights:
        assert WORSE_TO_BETTER.index(lights[0]) <= WORSE_TO_BETTER.index(lights[1])


@given(parts=st.lists(st.tuples(COUNTS, st.integers(1, 400)), min_size=2, max_size=3))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_ratio_of_a_sum_is_the_ratio_of_the_sums(parts: list[tuple[int, int]]) -> None:
    agencies = ["market", "farm", "school"][: len(parts)]
    of = indicator(kind="ratio", behaviour="build-up", unit="%", target=50, sources=agencies, combine="sum")
    progress = Year(of).month(8, **dict(zip(agencies, parts, strict=True)))
    above, below = sum(a for a, _ in parts), sum(b for _, b in parts)
    assert (progress.numerator, progress.denominator) == (above, below)
    assert progress.value == Decimal(above) * 100 / below


@given(
    below=st.integers(1, 100000),
    above=st.integers(0, 100000),
    target=st.integers(1, 10000).map(lambda n: Decimal(n) / 100),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_target_is_met_exactly_when_the_whole_numbers_say_so(
    below: int, above: int, target: Decimal
) -> None:
    """Division rounds at 28 places; held against a target of two places it never tips the balance."""
    of = indicator(kind="ratio", behaviour="outcome", unit="%", target=target, points=[str(target)] * 12)
    light = Year(of).month(8, market=(above, below)).light
    assert (light is Light.GREEN) == (above * 100 >= target * below)


@given(of=indicators())
@settings(derandomize=True)
def test_a_path_has_twelve_figures_and_none_only_for_a_reason(of: Indicator) -> None:
    path = path_values(of)
    assert len(path) == 12
    for value, point in zip(path, of.path.points, strict=True):
        if value is None:
            assert point is None or (of.path.basis == "gap-share" and of.baseline is None)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
@settings(derandomize=True)
def test_a_shown_figure_has_no_idle_zeros_and_is_right_to_its_last_place(value: Decimal) -> None:
    for unit, step in (("%", Decimal("0.1")), ("批次/千人", Decimal("0.01")), ("批次", Decimal("0.01"))):
        shown = show(value, unit).removesuffix(unit)
        assert not (("." in shown) and shown.endswith("0"))
        assert shown != "-0"
        assert abs(Decimal(shown.replace(",", "")) - value) <= step


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_one_sentence_and_the_grey_that_fits_its_light(cause: Cause) -> None:
    shown = cause.value
    assert (shown.grey is not None) == (shown.light is Light.GREY)
    assert shown.sentence.endswith("。")
    assert shown.sentence.count("。") == 1


def test_every_grey_is_told_by_some_cause() -> None:
    assert {cause.value.grey for cause in Cause} - {None} == set(Grey)


@pytest.mark.parametrize("comparator", [">=", "<=", "=="])
def test_a_path_exactly_met_is_never_behind(comparator: str) -> None:
    values: dict[str, Any] = {"comparator": comparator, "target": 200}
    assert Year(indicator(**values)).month(8, market=80).light is Light.GREEN


def test_facts_of_other_indicators_months_and_agencies_do_not_count() -> None:
    year = Year(indicator())
    year.facts = [
        fact("market", Period(2030, 8), Role.CUMULATIVE, 500, of="other"),
        fact("market", Period(2030, 7), Role.CUMULATIVE, 500),
        fact("school", Period(2030, 8), Role.CUMULATIVE, 500),
        fact("market", Period(2030, 8), Role.MONTH, 500),
    ]
    assert year.month(8, market=80, as_of=date(2030, 9, 10)).value == 80
