"""The plan's data against the published document: every clause, in order, and nothing left out.

`DUBAN_OFFICIAL_TEXT` names the document; it is never part of the repository.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from include.plan import Plan, attach_text, load_plan
from include.plan.official_text import OfficialClause, left_out, split_text
from include.plan.period import Period

PLANS = Path(__file__).resolve().parents[3] / "plans"
DOCUMENT = os.environ.get("DUBAN_OFFICIAL_TEXT", "../shared/plans/2024-pinghu.txt")


@pytest.fixture(scope="module")
def file(need_file: Callable[[Path | str, str], Path]) -> Path:
    return need_file(DOCUMENT, "the official text is absent, so the plan's data is not held against it")


@pytest.fixture(scope="module")
def published(file: Path) -> list[OfficialClause]:
    return split_text(file.read_text(encoding="utf-8-sig"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(PLANS / "pinghu-2024").at(Period(2024, 1))


def test_every_clause_stands_in_order_with_the_hash_of_its_wording(
    plan: Plan, published: list[OfficialClause]
) -> None:
    assert [(c.id, c.text_hash) for c in plan.clauses] == [(c.id, c.text_hash) for c in published]
    assert len({c.text_hash for c in published}) == 58


def test_every_clause_stands_under_its_section_and_item(plan: Plan, published: list[OfficialClause]) -> None:
    assert [(c.section, c.item) for c in plan.clauses] == [(c.section, c.item) for c in published]
    assert [c.section for c in published] == sorted(c.section for c in published)
    assert sorted({c.section for c in published}) == list(plan.sections) == [1, 2, 3, 4, 5, 6]
    assert sorted({c.item for c in published}) == list(plan.items) == list(range(1, 24))


def test_every_responsibility_stands_by_name_and_relation_in_order(
    plan: Plan, published: list[OfficialClause]
) -> None:
    for ours, theirs in zip(plan.clauses, published, strict=True):
        named = [(plan.agency(r.agency).name, r.relation) for r in ours.responsibilities]
        assert named == list(theirs.responsible), f"clause {ours.id}"


def test_every_agency_of_the_plan_is_named_in_the_document(
    plan: Plan, published: list[OfficialClause]
) -> None:
    named = {name for clause in published for name, _ in clause.responsible}
    assert named == {agency.name for agency in plan.agencies}


def test_nothing_that_carries_a_responsibility_is_left_out(plan: Plan, file: Path) -> None:
    document = file.read_text(encoding="utf-8-sig")
    assert left_out(document, [agency.name for agency in plan.agencies]) == []


def test_every_target_stands_in_the_wording_of_its_clause(
    plan: Plan, published: list[OfficialClause]
) -> None:
    wording = {c.id: c.text for c in published}
    for indicator in plan.indicators:
        figure = f"{indicator.target:f}" + ("%" if indicator.unit == "%" else "")
        assert figure in wording[indicator.clause], f"{indicator.id}: no {figure} in {indicator.clause}"


def test_no_sentence_of_the_document_is_kept_in_the_plan(published: list[OfficialClause]) -> None:
    kept = "".join(file.read_text(encoding="utf-8") for file in (PLANS / "pinghu-2024").rglob("*.yaml"))
    for clause in published:
        for sentence in clause.text.split("。"):
            assert len(sentence) < 12 or sentence not in kept, f"clause {clause.id} is copied"


def test_the_document_attaches_whole(plan: Plan, file: Path, tmp_path: Path) -> None:
    report = attach_text(plan, tmp_path, file)
    assert report.complete
    assert len(report.matched) == 58
    quoted = load_plan(PLANS / "pinghu-2024", tmp_path).at(Period(2024, 1))
    assert all(clause.text for clause in quoted.clauses)
