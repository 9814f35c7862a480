"""Every rule, failing alone on a return that is right in all else."""

from __future__ import annotations

import pytest

from include.expectations import RULES
from include.records.findings import Finding, Severity
from tests.spec.expectations.batches import judged_together
from tests.spec.expectations.examples import Example, examples

EXAMPLES = tuple(examples())


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[Finding, ...]]:
    """The findings of every example, by its title."""
    found = judged_together([(e.form, e.past) for e in EXAMPLES])
    return dict(zip((e.title for e in EXAMPLES), found, strict=True))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.rule}: {e.title}")
def test_a_fault_is_told_alone_where_it_stands_and_in_plain_words(
    example: Example, told: dict[str, tuple[Finding, ...]]
) -> None:
    found = told[example.title]
    assert [(f.rule, f"{f.sheet}!{f.ref}", f.message) for f in found] == [
        (example.rule, example.at, example.message)
    ]
    assert found[0].expected
    assert found[0].fix
    assert "{" not in found[0].message + found[0].expected + found[0].fix


def test_every_rule_has_an_example() -> None:
    assert sorted({e.rule for e in EXAMPLES}) == sorted(rule.id for rule in RULES)


def test_what_only_the_office_needs_to_know_asks_nothing_of_the_agency() -> None:
    assert all("食药安办了解" in rule.fix for rule in RULES if rule.severity is Severity.BETA)
