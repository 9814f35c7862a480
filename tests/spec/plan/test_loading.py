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
        ("plan", "place: 虚县", "palce: 虚县", 3, "palce 不是这里的项目；改正拼写"),
        ("plan", "year: 2030\n", "", 1, "year 没有写；补上这一项"),
        ("plan", "year: 2030", "year: soon", 2, "year 写的是“soon”；应为整数"),
        ("plan", "2030-01", "January", 10, "“January”；应为月份，如 2024-08"),
        ("plan", "due_workday: 5", "due_workday: 20", 11, "截止 due_workday 第20、"),
        ("plan", "id: little-2030", "id: other-2030", 1, "与文件夹名“little-2030”不同"),
        ("plan", "year: 2030", "year: 30", 2, "year 写的是30；应为四位数的年度"),
        ("plan", "id: little-2030", "id: [", 3, "不合 YAML 格式；方括号"),
        ("plan", "lock_workday: 15", "lock_workday: 15\nlimits:\n  jump_tims: 3", 15, "jump_tims 不是"),
        ("plan", "lock_workday: 15", "lock_workday: 15\nlimits:\n  jump_times: '3'", 15, "整数，不加引号"),
        ("plan", "lock_workday: 15", "lock_workday: 15\nlimits:\n  jump_times: 0", 15, "“0”；应大于 1"),
        ("agencies", "order: 20", "rank: 20", 3, "rank 不是这里的项目"),
        ("agencies", "id: farm", "id: market", 3, "有两条编号都是“market”"),
        ("agencies", "name: 乙局", "name: 甲局", 3, "有两个单位都叫“甲局”"),
        ("agencies", "name: 乙局", "name: '甲局 '", 3, "有两个单位都叫“甲局 ”"),
        ("agencies", "name: 乙局", "name: 乙/局", 3, "“乙/局”不能作一个文件夹的名称"),
        ("agencies", "name: 乙局", "name: '乙局 '", 3, "“乙局 ”不能作一个文件夹的名称"),
        ("agencies", "id: school", "id: the school", 4, "“the school”不能作编号"),
        ("agencies", "id: farm, ", "", 3, "agencies 有一条没有编号"),
        ("agencies", "standing: host", "standing: lord", 2, "应为以下之一：government、party、"),
        ("clauses", "farm, relation: joint", "farmers, relation: joint", 6, "单位“farmers”没有登记"),
        ("clauses", "farm, relation: joint", "farm, relation: boss", 13, "relation 写的是“boss”"),
        ("clauses", "farm, relation: joint", "market, relation: joint", 6, "责任单位“market”写了两次"),
        (
            "clauses",
            "    responsibilities:\n      - {agency: everyone, relation: joint}\n",
            "    responsibilities: []\n",
            14,
            "任务 1.2 没有责任单位",
        ),
        ("clauses", 'id: "1.2"\n    section: 1', 'id: "1.2"\n    section: 9', 14, "第9部分或第1项没有登记"),
        ("clauses", 'id: "1.2"', 'id: "2.2"', 14, "任务 2.2 的编号不属于第1项"),
        ("clauses", "title: 协同", "text: 官方原文", 17, "正式文本不写在这里"),
        ("clauses", "items:\n  1: 一事", "items:\n  one: 一事", 4, "items.one 写的是“one”；应为整数"),
        ("indicators", "unit: 批次", "unit: ' '", 7, "没有计量单位"),
        ("indicators", "    unit: 批次\n", "", 2, "unit 没有写"),
        ("indicators", "target: 120", "target: 120\n    goal: 120", 10, "goal 不是这里的项目"),
        ("indicators", "sources: [market]", "sources: [markt]", 2, "单位“markt”没有登记"),
        ("indicators", "sources: [market]", "sources: [everyone]", 2, "“everyone”没有登记，或不单独"),
        ("indicators", "sources: [market]", "sources: []", 13, "没有报送单位"),
        ("indicators", "sources: [market]", "sources: [market, farm]", 2, "combine 是 single"),
        ("indicators", "cross_check: [farm]", "cross_check: [market]", 13, "单位“market”在报送单位和核对"),
        ("indicators", 'clause: "1.1"', 'clause: "9.9"', 3, "任务“9.9”没有登记"),
        ("indicators", "kind: count", "kind: guess", 5, "indicators.0.kind 写的是“guess”"),
        ("indicators", "kind: count", "kind: ratio", 2, "是比率，没有分母"),
        ("indicators", "behaviour: accumulate", "behaviour: due-cohort", 6, "due-cohort 要有分子、分母"),
        ("indicators", ", 95, 100]", ", 100]", 15, "有 11 个数；应为 12 个"),
        ("indicators", ", 95, 100]", ", 95, 101]", 15, "不在 0 到 100 之间"),
        ("indicators", "basis: target-share", "basis: gap-share", 15, "变化方式应为 build-up"),
        ("indicators", "id: sampling\n", "id: sampling\n    id: twice\n", 3, "同一个名称写了两次"),
        ("decisions", "about: sampling", "about: nothing", 2, "about 写的是“nothing”"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_line(
    folder: Any, file: str, old: str, new: str, line: int, said: str
) -> None:
    folder.edit(file, old, new)
    with pytest.raises(PlanError) as caught:
        folder.load()
    messages = str(caught.value).splitlines()
    assert any(m.startswith(f"{folder.root / file}.yaml:{line}：") and said in m for m in messages), messages


def test_all_faults_of_a_plan_are_told_at_once(folder: Any) -> None:
    folder.edit("clauses", "agency: farm", "agency: farmers")
    folder.edit("indicators", "unit: 批次", "unit: ''")
    with pytest.raises(PlanError) as caught:
        folder.load()
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_file_and_an_empty_file_are_told(folder: Any) -> None:
    (folder.root / "indicators.yaml").unlink()
    with pytest.raises(PlanError, match=r"indicators\.yaml：不能读取：没有这个文件"):
        folder.load()
    (folder.root / "indicators.yaml").write_text("# nothing\n")
    with pytest.raises(PlanError, match=r"indicators\.yaml:1：整个文件是空的；应为“key: value”"):
        folder.load()


def test_a_file_that_is_not_utf8_is_told(folder: Any) -> None:
    (folder.root / "agencies.yaml").write_bytes("agencies: [甲局]".encode("gb18030"))
    with pytest.raises(PlanError, match=r"agencies\.yaml：不能读取：不是 UTF-8 编码"):
        folder.load()


def test_a_collective_binds_every_agency_and_an_own_part_wins(folder: Any) -> None:
    plan = folder.load().at(AUGUST)
    assert plan.owners("1.2") == ("market", "farm", "school")
    assert [c.id for c in plan.clauses_of("school")] == ["1.2"]
    assert plan.relation("1.1", "market") == "lead"
    assert plan.relation("1.2", "market") == "joint"
    with pytest.raises(KeyError):
        plan.relation("1.1", "school")
