"""The one catalogue: every rule is shown failing on a real file, and the page about it is up to date."""

from __future__ import annotations

from pathlib import Path

from include.office.rules import catalogue, catalogue_json, catalogue_markdown
from tests.corpus.faults import FAULTS
from tests.spec.expectations.examples import examples

KILLS_ITS_READER = "file-defeats-reader"  # tests/spec/returns/test_reader_hostile.py shows it
NOT_OPEN = "period-not-open"  # only the office knows what is open: tests/corpus/cases/month-not-open-yet


def test_every_rule_of_the_catalogue_has_a_workbook_that_breaks_it_alone() -> None:
    shown = {*FAULTS, *(e.rule for e in examples()), KILLS_ITS_READER, NOT_OPEN}
    assert {rule.id for rule in catalogue()} == shown
    assert len(catalogue()) == len(shown)


def test_the_catalogue_as_json_says_who_finds_a_fault_and_what_to_do() -> None:
    said = {rule["id"]: rule for rule in catalogue_json()}
    assert said["cumulative-adds-up"]["found_by"] == "gx"
    assert said["file-empty"]["found_by"] == "reader"
    wanted = ("severity", "kind", "title", "message", "expected", "fix", "why")
    assert all(rule[key] for rule in said.values() for key in wanted)


def test_the_page_of_rules_is_the_catalogue() -> None:
    page = Path("docs/rules.md").read_text(encoding="utf-8")
    assert page == catalogue_markdown(), "run: duban rules --markdown > docs/rules.md"
