"""Whatever is wrong with a plan folder is an error that names file and line."""

from __future__ import annotations

from typing import Any

import pytest

from include.errors import PlanError
from include.plan import Period, list_plans

AUGUST = Period(2030, 8)


def test_a_sound_plan_loads_and_holds_for_every_month(folder: Any) -> None:
    book = folder.load()
    for month in range(1, 13):
        assert book.at(Period(2030, month)).indicator("sampling").target == 120
    assert list_plans(folder.root.parent) == ["little-2030"]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        ("plan", "place: 虚县", "palce: 虚县", 3, "unknown key 'palce'"),
        ("plan", "year: 2030\n", "", 1, "year: Field required"),
        ("plan", "year: 2030", "year: soon", 2, "year: Input should be a valid integer"),
        ("plan", "2030-01", "January", 10, "'January' is not a period"),
        ("plan", "due_workday: 5", "due_workday: 20", 11, "working days out of order"),
        ("plan", "id: little-2030", "id: other-2030", 1, "differs from the folder's name"),
        ("plan", "id: little-2030", "id: [", 3, "not YAML"),
        ("plan", "lock_workday: 15", "lock_workday: 15\nlimits:\n  jump_tims: 3", 15, "jump_tims: Extra"),
        ("plan", "lock_workday: 15", "lock_workday: 15\nlimits:\n  jump_times: '3'", 15, "valid integer"),
        ("plan", "lock_workday: 15", "lock_workday: 15\nlimits:\n  jump_times: 0", 15, "greater than 1"),
        ("agencies", "order: 20", "rank: 20", 3, "rank: Extra inputs are not permitted"),
        ("agencies", "id: farm", "id: market", 3, "id 'market' stands twice"),
        ("agencies", "name: 乙局", "name: 甲局", 3, "name '甲局' stands twice"),
        ("agencies", "id: farm, ", "", 3, "agencies: an entry without id"),
        ("agencies", "standing: host", "standing: lord", 2, "agencies.0.standing"),
        ("clauses", "farm, relation: joint", "farmers, relation: joint", 6, "unknown agency 'farmers'"),
        ("clauses", "farm, relation: joint", "farm, relation: boss", 13, "responsibilities.1.relation"),
        ("clauses", "farm, relation: joint", "market, relation: joint", 6, "'market' stands twice"),
        (
            "clauses",
            "    responsibilities:\n      - {agency: everyone, relation: joint}\n",
            "    responsibilities: []\n",
            14,
            "clause 1.2 has no owner",
        ),
        ("clauses", 'id: "1.2"\n    section: 1', 'id: "1.2"\n    section: 9', 14, "unknown section 9"),
        ("clauses", 'id: "1.2"', 'id: "2.2"', 14, "clause 2.2 does not belong to item 1"),
        ("clauses", "title: 协同", "text: 官方原文", 17, "the official wording is attached"),
        ("clauses", "items:\n  1: 一事", "items:\n  one: 一事", 4, "items.one"),
        ("indicators", "unit: 批次", "unit: ' '", 7, "a target without unit"),
        ("indicators", "    unit: 批次\n", "", 2, "unit: Field required"),
        ("indicators", "target: 120", "target: 120\n    goal: 120", 10, "goal: Extra inputs"),
        ("indicators", "sources: [market]", "sources: [markt]", 2, "unknown agency 'markt'"),
        ("indicators", "sources: [market]", "sources: [everyone]", 2, "unknown agency 'everyone'"),
        ("indicators", "sources: [market]", "sources: []", 13, "no source agency"),
        ("indicators", "sources: [market]", "sources: [market, farm]", 2, "combine is single"),
        ("indicators", "cross_check: [farm]", "cross_check: [market]", 13, "'market' stands twice"),
        ("indicators", 'clause: "1.1"', 'clause: "9.9"', 3, "unknown clause '9.9'"),
        ("indicators", "kind: count", "kind: guess", 5, "indicators.0.kind"),
        ("indicators", "kind: count", "kind: ratio", 2, "a ratio without denominator"),
        ("indicators", "behaviour: accumulate", "behaviour: due-cohort", 6, "due-cohort needs a numerator"),
        ("indicators", ", 95, 100]", ", 100]", 15, "expected 12 figures"),
        ("indicators", ", 95, 100]", ", 95, 101]", 15, "a share lies between 0 and 100"),
        ("indicators", "basis: target-share", "basis: gap-share", 15, "belongs to a build-up"),
        ("indicators", "id: sampling\n", "id: sampling\n    id: twice\n", 3, "not YAML"),
        ("decisions", "about: sampling", "about: nothing", 2, "about unknown 'nothing'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_line(
    folder: Any, file: str, old: str, new: str, line: int, said: str
) -> None:
    folder.edit(file, old, new)
    with pytest.raises(PlanError) as caught:
        folder.load()
    messages = str(caught.value).splitlines()
    assert any(m.startswith(f"{folder.root / file}.yaml:{line}: ") and said in m for m in messages), messages


def test_all_faults_of_a_plan_are_told_at_once(folder: Any) -> None:
    folder.edit("clauses", "agency: farm", "agency: farmers")
    folder.edit("indicators", "unit: 批次", "unit: ''")
    with pytest.raises(PlanError) as caught:
        folder.load()
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_file_and_an_empty_file_are_told(folder: Any) -> None:
    (folder.root / "indicators.yaml").unlink()
    with pytest.raises(PlanError, match=r"indicators\.yaml: cannot be read: No such file"):
        folder.load()
    (folder.root / "indicators.yaml").write_text("# nothing\n")
    with pytest.raises(PlanError, match=r"indicators\.yaml:1: expected keys and values, found nothing"):
        folder.load()


def test_a_file_that_is_not_utf8_is_told(folder: Any) -> None:
    (folder.root / "agencies.yaml").write_bytes("agencies: [甲局]".encode("gb18030"))
    with pytest.raises(PlanError, match=r"agencies\.yaml: not UTF-8 text, at byte 11"):
        folder.load()


def test_a_collective_binds_every_agency_and_an_own_part_wins(folder: Any) -> None:
    plan = folder.load().at(AUGUST)
    assert plan.owners("1.2") == ("market", "farm", "school")
    assert [c.id for c in plan.clauses_of("school")] == ["1.2"]
    assert plan.relation("1.1", "market") == "lead"
    assert plan.relation("1.2", "market") == "joint"
    with pytest.raises(KeyError):
        plan.relation("1.1", "school")
