"""The official wording is attached once, checked against its hashes, and quoted from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from include.errors import PlanError
from include.plan import Period, attach_text, plan_hash
from include.plan.model import Relation
from include.plan.official_text import left_out, read_responsible, split_text, text_hash

DOCUMENT = """\
某县某年工作要点

前言（不算）。

一、第一部分

1.做一件事。先抽检一批样品。（甲局牵头，乙局按职责分工负责）再会商一次。（各部门按职责分工负责）
"""


def with_hashes(folder: Any) -> Any:
    first, second = split_text(DOCUMENT)
    folder.edit(
        "clauses", "title: 抽检\n    text_hash: null", f"title: 抽检\n    text_hash: {first.text_hash}"
    )
    folder.edit(
        "clauses", "title: 协同\n    text_hash: null", f"title: 协同\n    text_hash: {second.text_hash}"
    )
    return folder


def write(folder: Any, text: str, encoding: str = "utf-8") -> Path:
    file = folder.root.parent / "official.txt"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_attached_document_is_quoted_clause_by_clause(folder: Any, encoding: str) -> None:
    plan = with_hashes(folder).load().at(Period(2030, 1))
    assert plan.clause("1.1").text is None
    report = attach_text(plan, folder.home, write(folder, DOCUMENT, encoding))
    assert report.complete
    assert report.matched == ("1.1", "1.2")
    again = folder.load().at(Period(2030, 1))
    assert again.clause("1.1").text == "先抽检一批样品。"
    assert again.clause("1.2").text == "再会商一次。"
    assert plan_hash(again) == plan_hash(plan), "attaching changes no return"


def test_wording_that_differs_is_reported_and_not_quoted(folder: Any) -> None:
    plan = with_hashes(folder).load().at(Period(2030, 1))
    report = attach_text(plan, folder.home, write(folder, DOCUMENT.replace("一批样品", "两批样品")))
    assert not report.complete
    assert report.differing == ("1.1",)
    assert folder.load().at(Period(2030, 1)).clause("1.1").text is None
    assert folder.load().at(Period(2030, 1)).clause("1.2").text == "再会商一次。"


def test_a_damaged_attachment_says_what_to_do(folder: Any) -> None:
    folder.home.mkdir()
    (folder.home / "official.json").write_text('{"1.1": "先抽', encoding="utf-8")
    with pytest.raises(PlanError, match="用 duban plan attach-text 重新附上"):
        folder.load()


def test_a_document_of_another_plan_is_refused(folder: Any) -> None:
    plan = with_hashes(folder).load().at(Period(2030, 1))
    with pytest.raises(PlanError, match="核对是不是这份文件"):
        attach_text(plan, folder.home, write(folder, "一、某\n1.某。某。（某局负责）\n"))
    with pytest.raises(PlanError, match="不能读取：没有这个文件"):
        attach_text(plan, folder.home, folder.root / "nowhere.txt")
    picture = folder.root / "scan.png"
    picture.write_bytes(b"\x89PNG\r\n\xff\xff\xff")
    with pytest.raises(PlanError, match="不是纯文本"):
        attach_text(plan, folder.home, picture)


def test_missing_and_extra_clauses_are_told_apart(folder: Any) -> None:
    plan = with_hashes(folder).load().at(Period(2030, 1))
    shorter = DOCUMENT.replace("再会商一次。（各部门按职责分工负责）", "")
    assert attach_text(plan, folder.home, write(folder, shorter)).missing == ("1.2",)
    longer = DOCUMENT.rstrip() + "还有一件。（丙局负责）\n"
    assert attach_text(plan, folder.home, write(folder, longer)).extra == ("1.3",)


def test_the_hash_does_not_mind_white_space_and_full_width_forms() -> None:
    assert text_hash("抽检１０批。（甲局负责）") == text_hash(" 抽检10批。\n（甲局负责）")
    assert text_hash("抽检10批。") != text_hash("抽检11批。")


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("甲局负责", [("甲局", Relation.SOLE)]),
        ("甲局、乙局按职责分工负责", [("甲局", Relation.JOINT), ("乙局", Relation.JOINT)]),
        ("甲局、乙局负责", [("甲局", Relation.JOINT), ("乙局", Relation.JOINT)]),
        ("各部门按职责分工负责", [("各部门", Relation.JOINT)]),
        ("甲局牵头，乙局、丙局按职责分工负责",
         [("甲局", Relation.LEAD), ("乙局", Relation.JOINT), ("丙局", Relation.JOINT)]),
        ("甲局牵头，乙局负责", [("甲局", Relation.LEAD), ("乙局", Relation.JOINT)]),
        ("甲局负责，乙局配合", [("甲局", Relation.SOLE), ("乙局", Relation.SUPPORT)]),
        ("甲局牵头", [("甲局", Relation.LEAD)]),
    ],
)  # fmt: skip
def test_a_parenthesis_is_read_as_agencies_with_their_relations(inside: str, read: list[Any]) -> None:
    assert list(read_responsible(inside)) == read


def test_nothing_that_carries_a_responsibility_is_left_out_unnoticed() -> None:
    names = ["甲局", "乙局"]
    assert left_out(DOCUMENT, names) == []
    assert left_out(DOCUMENT.replace("不算", "甲局负责"), names) == ["1 parentheses outside the items"]
    assert left_out(DOCUMENT.replace("再会商一次", "再会商一次（乙局落实）"), names) == ["（乙局落实）"]
    assert left_out(DOCUMENT.rstrip() + "另有任务。\n", names) == ["1. …另有任务"]
