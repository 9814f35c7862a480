"""Amendments within the year: dated files, and `plan.at(period)` is what every step uses."""

from __future__ import annotations

from typing import Any

import pytest

from include.errors import PlanError
from include.plan import Period, plan_hash

JULY, AUGUST, DECEMBER = (Period(2030, month) for month in (7, 8, 12))


def test_a_target_adjusted_in_august_leaves_july_as_it_was(folder: Any) -> None:
    folder.amend("from: 2030-08\nreason: 虚办〔2030〕9号\nindicators: {change: {sampling: {target: 150}}}\n")
    book = folder.load()
    assert book.at(JULY).indicator("sampling").target == 120
    assert book.at(AUGUST).indicator("sampling").target == 150
    assert book.at(DECEMBER).indicator("sampling").target == 150
    assert plan_hash(book.at(JULY)) != plan_hash(book.at(AUGUST))
    assert book.amendments[0].reason == "虚办〔2030〕9号"


def test_an_agency_is_renamed(folder: Any) -> None:
    folder.amend("from: 2030-08\nreason: 机构改革\nagencies: {change: {farm: {name: 农委}}}\n")
    book = folder.load()
    assert book.at(JULY).agency("farm").name == "乙局"
    assert book.at(AUGUST).agency("farm").name == "农委"


def test_an_agency_is_merged_and_what_it_owed_goes_to_the_other(folder: Any) -> None:
    folder.amend("from: 2030-08\nreason: 机构改革\nagencies: {merge: {market: school}}\n")
    plan = folder.load().at(AUGUST)
    assert [(r.agency, r.relation) for r in plan.clause("1.1").responsibilities] == [
        ("school", "lead"),
        ("farm", "joint"),
    ]
    assert plan.indicator("sampling").answerable == "school"
    assert plan.indicator("sampling").sources == ("school",)
    assert "market" not in {a.id for a in plan.agencies}


def test_of_two_parts_that_fall_together_in_a_merger_the_stronger_stays(folder: Any) -> None:
    folder.amend("from: 2030-08\nreason: 机构改革\nagencies: {merge: {market: farm}}\n")
    plan = folder.load().at(AUGUST)
    assert [(r.agency, r.relation) for r in plan.clause("1.1").responsibilities] == [("farm", "lead")]
    assert plan.indicator("sampling").sources == ("farm",)
    assert plan.indicator("sampling").cross_check == (), "nobody checks his own figure"


def test_an_agency_is_added_with_a_part_in_a_clause_and_owes_collective_clauses_too(folder: Any) -> None:
    folder.amend(
        "from: 2030-08\nreason: 新增单位\n"
        "agencies: {add: [{id: forest, name: 丁局, order: 40}]}\n"
        'clauses: {change: {"1.1": {responsibilities: [{agency: forest, relation: sole}]}}}\n'
    )
    book = folder.load()
    assert book.at(AUGUST).owners("1.1") == ("forest",)
    assert "forest" in book.at(AUGUST).owners("1.2")
    assert "forest" not in book.at(JULY).owners("1.2")


def test_the_reporting_agency_changes_and_the_paths_are_confirmed(folder: Any) -> None:
    folder.amend(
        "from: 2030-08\nreason: 调整报送单位\n"
        "indicators: {change: {sampling: {sources: [farm], cross_check: [market]}}, confirm_paths: all}\n"
    )
    book = folder.load()
    assert book.at(AUGUST).indicator("sampling").sources == ("farm",)
    assert book.at(AUGUST).indicator("sampling").path.confirmed
    assert not book.at(JULY).indicator("sampling").path.confirmed


def test_amendments_of_plan_and_office_apply_in_order_of_month_then_name(folder: Any) -> None:
    folder.amend("from: 2030-09\nreason: 二\nindicators: {change: {sampling: {target: 3}}}\n", "a.yaml")
    folder.amend("from: 2030-08\nreason: 一\nindicators: {change: {sampling: {target: 1}}}\n", "z.yaml")
    (folder.home / "amendments").mkdir(parents=True)
    (folder.home / "amendments" / "zz.yaml").write_text(
        "from: 2030-08\nreason: 本办\nindicators: {change: {sampling: {target: 2}}}\n", encoding="utf-8"
    )
    book = folder.load()
    assert [book.at(Period(2030, m)).indicator("sampling").target for m in (7, 8, 9)] == [120, 2, 3]


def test_the_head_can_be_amended(folder: Any) -> None:
    folder.amend("from: 2030-01\nreason: 演示\nplan: {demo: true, due_workday: 6}\n")
    plan = folder.load().at(JULY)
    assert plan.demo
    assert plan.due_workday == 6


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("from: 2030-08\nindicators: {}\n", 1, "没有写调整的原因"),
        ("from: soon\nreason: 因\n", 1, "“soon”；应为月份，如 2030-08"),
        ("reason: 因\n", 1, "from 写的是空"),
        ("from: 2031-02\nreason: 因\n", 1, "应为2030年的月份"),
        ("from: 2030-08\nreason: 因\nagency: {}\n", 3, "agency 不是这里的项目"),
        ("from: 2030-08\nreason: 因\nclauses: {remove: ['1.1']}\n", 3, "remove 不是这里的项目"),
        ("from: 2030-08\nreason: 因\nplan:\n  year: 2031\n", 4, "year 不是这里的项目"),
        ("from: 2030-08\nreason: 因\nplan:\n  due_workday: x\n", 4, "due_workday 写的是“x”；应为整数"),
        (
            "from: 2030-08\nreason: 因\nagencies:\n  change:\n    farmers: {name: 农}\n",
            5,
            "没有编号为“farmers”的",
        ),
        ("from: 2030-08\nreason: 因\nagencies:\n  change:\n    farm: {id: f}\n", 5, "编号不能改"),
        ("from: 2030-08\nreason: 因\nagencies:\n  merge:\n    farm: nobody\n", 5, "不能并入“nobody”"),
        ("from: 2030-08\nreason: 因\nagencies:\n  remove:\n    - nobody\n", 5, "没有编号为“nobody”的单位"),
        ("from: 2030-08\nreason: 因\nagencies:\n  add: 丁局\n", 4, "add 写的是“丁局”；应为列表"),
        ("from: 2030-08\nreason: 因\nindicators: [sampling]\n", 3, "应为“key: value”"),
        ("from: 2030-08\nreason: 因\nindicators:\n  confirm_paths: [x]\n", 4, "没有编号为“x”的指标"),
        (
            "from: 2030-08\nreason: 因\nindicators:\n  change:\n    sampling:\n      unit: ''\n",
            6,
            "没有计量单位",
        ),
    ],
)
def test_a_faulty_amendment_is_named_with_its_file_and_line(
    folder: Any, text: str, line: int, said: str
) -> None:
    folder.amend(text)
    with pytest.raises(PlanError) as caught:
        folder.load()
    where = f"{folder.root / 'amendments' / 'a.yaml'}:{line}："
    assert any(m.startswith(where) and said in m for m in str(caught.value).splitlines()), caught.value


def test_an_agency_that_is_the_only_owner_cannot_simply_go(folder: Any) -> None:
    folder.amend("from: 2030-08\nreason: 撤销\nagencies: {remove: [market]}\n")
    with pytest.raises(PlanError, match="单位“market”没有登记"):
        folder.load()
