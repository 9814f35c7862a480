"""What is right, explained, not owed or nobody's fault: nothing is said about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from include.expectations import RULES, Past
from include.plan import Period
from include.records.figures import ClauseStatus, FilledForm, Role
from include.records.findings import Finding, Severity
from tests.spec.expectations.batches import judged_together
from tests.spec.expectations.examples import (
    DISPOSAL,
    GRADE_A,
    SAMPLING,
    STORES,
    TEXT,
    TRACEABLE,
    Example,
    examples,
)
from tests.spec.expectations.forms import past_of, plan, right, with_figures, with_name, with_statement

BY_ID = {rule.id: rule for rule in RULES}


def _to_explain() -> tuple[Example, ...]:
    """The examples of warnings; a list's lacking basis is its own cell to fill in."""
    return tuple(
        e for e in examples() if BY_ID[e.rule].severity is Severity.WARNING and e.rule != "name-has-basis"
    )


def _explained(form: FilledForm, by: str) -> FilledForm:
    return replace(
        form,
        figures=tuple(replace(f, explanation=by) for f in form.figures),
        statements=tuple(replace(s, explanation=by) for s in form.statements),
    )


@dataclass(frozen=True, slots=True)
class Quiet:
    """A return about which nothing is said."""

    title: str
    form: FilledForm
    past: Past | None = None


def _changed(changes: dict[tuple[str, Role], object], explained: str = "", agency: str = "") -> FilledForm:
    return with_figures(right(agency or "market-regulation"), changes, explained)


def _with(changes: dict[tuple[str, Role], int]) -> dict[tuple[str, Role], Decimal]:
    return {**past_of("market-regulation").figures, **{k: Decimal(v) for k, v in changes.items()}}


def _quiet() -> Iterator[Quiet]:
    yield Quiet(
        "an explained negative adjustment is never an error",
        _changed({(SAMPLING, Role.ADJUSTMENT): -200, (SAMPLING, Role.CUMULATIVE): 960}, "核减重复统计的批次"),
    )
    removed = _changed({(STORES, Role.ADJUSTMENT): -1, (STORES, Role.CUMULATIVE): 1}, "一家关停")
    gone = next(e for e in removed.names if e.indicator_id == STORES)
    yield Quiet(
        "a name may go where an adjustment takes it back",
        replace(removed, names=tuple(e for e in removed.names if e is not gone)),
    )
    grown = _changed({(STORES, Role.MONTH): 1, (STORES, Role.CUMULATIVE): 3})
    yield Quiet("a new store with its name is fine", with_name(grown, STORES, "演示城南生鲜店"))
    blank = {(f.indicator_id, f.role): None for f in right("education").figures if f.indicator_id == GRADE_A}
    yield Quiet("a cross-check agency owes no figure", _changed(blank, agency="education"))
    quarterly = {
        (f.indicator_id, f.role): None
        for f in right("food-safety-office").figures
        if "super" in f.indicator_id
    }
    yield Quiet("what is not due this month owes no figure", _changed(quarterly, agency="food-safety-office"))
    form = right()
    for s in form.statements:
        if not plan().clause(s.clause_id).cadence.due_in(Period(2024, 8)):
            form = with_statement(form, s.clause_id, status=None)
    yield Quiet("what is not due this month owes no text", form)
    copied = past_of("market-regulation", texts={"15.1": TEXT})
    for status in (ClauseStatus.NIL, ClauseStatus.DONE):
        said = with_statement(right(), "8.1", status=status, text=TEXT)
        yield Quiet(
            f"last month's text is no fault under {status}", said, replace(copied, texts={"8.1": TEXT})
        )
    yield Quiet(
        "three canteens more make no jump, whatever the ratio does",
        _changed({(GRADE_A, Role.NUMERATOR): 4, (GRADE_A, Role.DENOMINATOR): 5}, agency="market-regulation"),
        past_of(
            "market-regulation", figures=_with({(GRADE_A, Role.NUMERATOR): 2, (GRADE_A, Role.DENOMINATOR): 5})
        ),
    )
    yield Quiet(
        "agencies that agree are not mentioned",
        right("education"),
        past_of("education", peers={(GRADE_A, Role.NUMERATOR): {"market-regulation": Decimal(141)}}),
    )
    chain = ("key-subjects-on-chain", Role.DENOMINATOR)
    yield Quiet(
        "what several agencies report is summed, so it may differ",
        right("agriculture"),
        past_of("agriculture", peers={chain: {"market-regulation": Decimal(77)}}),
    )
    april = right(period=Period(2024, 4))
    yield Quiet(
        "a milestone that the text names is not asked for",
        with_statement(april, "6.1", text="省级示范性食品作坊已完成申报材料"),
    )
    yield Quiet(
        "the first return of the year needs no past",
        right(period=Period(2024, 1)),
        Past(),
    )


QUIET = tuple(_quiet())


@pytest.fixture(scope="module")
def quiet() -> dict[str, tuple[Finding, ...]]:
    """The findings of every quiet return, by its title."""
    found = judged_together([(q.form, q.past) for q in QUIET])
    return dict(zip((q.title for q in QUIET), found, strict=True))


@pytest.mark.parametrize("title", [q.title for q in QUIET])
def test_nothing_is_said_where(title: str, quiet: dict[str, tuple[Finding, ...]]) -> None:
    assert [(f.rule, f.message) for f in quiet[title]] == []


def test_a_right_return_of_any_agency_in_any_month_passes() -> None:
    asked = [(a.id, Period(2024, month)) for month in range(1, 13) for a in plan().filers]
    found = judged_together([(right(agency, period), None) for agency, period in asked])
    said = {
        (agency, str(period), f.rule)
        for (agency, period), told in zip(asked, found, strict=True)
        for f in told
    }
    milestones = {
        ("market-regulation", "2024-04"),
        ("market-regulation", "2024-09"),
        ("market-regulation", "2024-10"),
        ("market-regulation", "2024-11"),
        ("agriculture", "2024-05"),
        ("agriculture", "2024-10"),
        ("agriculture", "2024-11"),
    }
    assert said <= {(agency, period, "milestone-not-mentioned") for agency, period in milestones}


def test_an_explanation_in_its_row_silences_every_warning_of_figure_and_text() -> None:
    asked = _to_explain()
    found = judged_together([(_explained(e.form, "与教育局核对后确认，情况属实"), e.past) for e in asked])
    assert asked
    assert [(e.title, f.rule) for e, told in zip(asked, found, strict=True) for f in told] == []


def test_a_placeholder_explains_nothing() -> None:
    asked = _to_explain()
    found = judged_together([(_explained(e.form, "无"), e.past) for e in asked])
    assert [[f.rule for f in told] for told in found] == [[e.rule] for e in asked]


def test_a_nil_return_owes_neither_texts_nor_month_figures() -> None:
    forms = []
    for agency in plan().filers:
        form = right(agency.id, nil=True)
        blank = {
            (f.indicator_id, f.role): None for f in form.figures if f.role in (Role.MONTH, Role.CUMULATIVE)
        }
        for s in form.statements:
            form = with_statement(form, s.clause_id, status=None, text="")
        forms.append(with_figures(form, blank))
    assert {f.rule for told in judged_together([(form, None) for form in forms]) for f in told} == set()


def test_a_nil_return_with_nothing_else_in_it_is_accepted_and_its_gaps_pointed_out() -> None:
    form = right("agriculture", nil=True)
    form = with_figures(form, {(f.indicator_id, f.role): None for f in form.figures})
    for s in form.statements:
        form = with_statement(form, s.clause_id, status=None, text="")
    (told,) = judged_together([(form, None)])
    assert {f.rule for f in told} == {"nil-return-leaves-gap"}
    assert {f.severity for f in told} == {Severity.WARNING}
    assert TRACEABLE in {f.subject for f in told}


def test_a_blank_and_a_zero_are_two_things() -> None:
    zero = _changed({(DISPOSAL, Role.NUMERATOR): 0}, "本月复检未出")
    blank = _changed({(DISPOSAL, Role.NUMERATOR): None}, "本月复检未出")
    found = judged_together([(zero, None), (blank, None)])
    assert [[f.rule for f in told] for told in found] == [[], ["figure-missing"]]
