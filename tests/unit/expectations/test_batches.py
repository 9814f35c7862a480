"""What a batch may not do: mix its returns up, depend on their order, or break on anything they say."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from functools import partial

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from include.expectations import Past, validate
from include.records.figures import ClauseStatus, Figure, FigureState, FilledForm, Role
from include.records.findings import Finding
from tests.spec.expectations.examples import Example, examples
from tests.spec.expectations.forms import checked, judged, past_of, right, rules

ODD_NUMBERS = [
    None,
    *(
        Decimal(text)
        for text in ("0", "-0", "0.5", "-3", "7.25", "1e-30", "9e99", "-1e400", "1" * 60, "13800000000")
    ),
]
ODD_TEXTS = [
    "",
    "无",
    "{name}",
    "%s",
    "nan",
    "None",
    "NaT",
    "=1+1",
    "\x00",
    "\n",
    "'",
    '"',
    "`",
    "字" * 3000,
    "🙂",
    "\ud800",
]
OWN_PAST = tuple(e for e in examples() if e.past is None)
# A run of Great Expectations takes most of a second: few examples, each of a whole batch, no shrinking.
FEW = settings(max_examples=4, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
SEEDS = st.integers(0, 2**32)


def _batch(chosen: list[Example]) -> dict[int, tuple[Finding, ...]]:
    """Judge examples together; submission ids are their places in the catalogue of examples."""
    batch = [checked(e.form, OWN_PAST.index(e)) for e in chosen]
    return validate(batch, {c.submission_id: past_of(c.agency_id, c.period) for c in batch})


@FEW
@given(SEEDS)
def test_neither_the_order_nor_the_company_changes_what_is_found(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - no secret, but repeatable
    whole = _batch(list(OWN_PAST))
    chosen = source.sample(OWN_PAST, source.randint(1, len(OWN_PAST)))
    found = _batch(chosen)
    assert found == {number: whole[number] for number in found}


def test_a_good_return_stays_good_among_bad_ones() -> None:
    good = checked(right(), 1000)
    bad = [checked(e.form, n) for n, e in enumerate(OWN_PAST)]
    history = {c.submission_id: past_of(c.agency_id, c.period) for c in [good, *bad]}
    assert validate([*bad, good], history)[1000] == ()


def test_a_batch_leaves_nothing_behind_for_the_next() -> None:
    first = rules(judged(OWN_PAST[0].form))
    assert judged(right()) == ()
    assert rules(judged(OWN_PAST[0].form)) == first == [OWN_PAST[0].rule]


def test_an_empty_batch_and_an_empty_form_are_answered() -> None:
    assert validate([], {}) == {}
    empty = replace(right(), figures=(), names=(), statements=(), cover={})
    assert judged(empty) == ()


def test_an_agency_without_history_is_judged_by_its_form_alone() -> None:
    assert validate([checked(right())], {}) == {1: ()}


def _odd_form(source: random.Random) -> FilledForm:
    """A return in which anything may stand anywhere."""
    form = right(source.choice(["market-regulation", "agriculture", "education"]))
    text = partial(source.choice, ODD_TEXTS)
    odd = source.random() / 3  # how much of it is odd
    return replace(
        form,
        figures=tuple(_odd_figure(f, source) if source.random() < odd else f for f in form.figures),
        statements=tuple(
            replace(s, status=source.choice([*ClauseStatus, None]), text=text(), problems=text())
            for s in form.statements
        ),
        names=tuple(replace(n, name=text(), detail=text()) for n in form.names),
        phone=text(),
        filled_by=text(),
        nil_return=source.random() < 0.2,
    )


def _odd_figure(figure: Figure, source: random.Random) -> Figure:
    value = source.choice(ODD_NUMBERS)
    state = FigureState.MISSING if value is None else FigureState.REPORTED
    return replace(figure, value=value, state=state, explanation=source.choice(ODD_TEXTS))


@FEW
@given(SEEDS)
def test_anything_may_stand_in_a_form(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - no secret, but repeatable
    forms = [_odd_form(source) for _ in range(40)]
    batch = [checked(form, n) for n, form in enumerate(forms)]
    found = validate(batch, {c.submission_id: past_of(c.agency_id) for c in batch})
    for number, form in enumerate(forms):
        _agrees_with_arithmetic(form, found[number])


def _agrees_with_arithmetic(form: FilledForm, found: tuple[Finding, ...]) -> None:
    """Hold the findings against the plainest rules, computed anew and exactly."""
    if any(f.message.startswith("同样的问题还有") for f in found):
        return  # what is told together no longer says whose it is
    told = {(f.rule, f.subject) for f in found}
    subjects = {f.subject for f in found}
    values = {(f.indicator_id, f.role): f.value for f in form.figures if f.value is not None}
    for (indicator, role), value in values.items():
        whole = values.get((indicator, Role.DENOMINATOR))
        if role is Role.NUMERATOR and whole is not None and value > whole:
            assert indicator in subjects
        if ("ratio-numerator-within-denominator", indicator) in told and role is Role.NUMERATOR:
            assert whole is not None
            assert value > whole
        if role not in (Role.MONTH, Role.ADJUSTMENT) and value < 0:
            assert indicator in subjects


def test_figures_are_added_exactly() -> None:
    form = right()
    past = past_of("market-regulation")
    key = ("food-sampling", Role.CUMULATIVE)
    tenths = replace(past, figures={**past.figures, key: Decimal("0.1")})
    figures = tuple(
        replace(f, value={Role.MONTH: Decimal("0.2"), Role.CUMULATIVE: Decimal("0.3")}.get(f.role, f.value))
        if f.indicator_id == key[0]
        else f
        for f in form.figures
    )
    assert rules(judged(replace(form, figures=figures), tenths)) == ["figure-is-whole"]
    assert isinstance(tenths, Past)
