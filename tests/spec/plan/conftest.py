"""A small made-up plan, whole and sound, that a test then spoils or amends."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.plan import PlanBook, load_plan

PLAN = """\
id: little-2030
year: 2030
place: 虚县
title: 2030年虚县工作要点
office_name: 虚县办公室
office_short: 虚办
commission_name: 虚县委员会
document_no: null
issued_on: null
duties_from: 2030-01
due_workday: 5
digest_workday: 10
lock_workday: 15
"""
AGENCIES = """\
agencies:
  - {id: market, name: 甲局, order: 10, standing: host}
  - {id: farm, name: 乙局, order: 20}
  - {id: school, name: 丙局, order: 30}
  - {id: everyone, name: 各部门, order: 900, collective: true}
"""
CLAUSES = """\
sections:
  1: 一节
items:
  1: 一事
clauses:
  - id: "1.1"
    section: 1
    item: 1
    title: 抽检
    text_hash: null
    responsibilities:
      - {agency: market, relation: lead}
      - {agency: farm, relation: joint}
  - id: "1.2"
    section: 1
    item: 1
    title: 协同
    text_hash: null
    cadence: half-year
    responsibilities:
      - {agency: everyone, relation: joint}
"""
INDICATORS = """\
indicators:
  - id: sampling
    clause: "1.1"
    name: 抽检量
    kind: count
    behaviour: accumulate
    unit: 批次
    comparator: ">="
    target: 120
    definition: 本年抽检批次
    numerator: 抽检批次
    answerable: market
    sources: [market]
    cross_check: [farm]
    path:
      basis: target-share
      points: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100]
"""
DECISIONS = """\
decisions:
  - {id: scope, about: sampling, question: 快检算不算？, assumption: 不算}
"""


class PlanFolder:
    """A plan folder on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root / "little-2030"
        self.home = root / "home"
        (self.root / "amendments").mkdir(parents=True)
        for name, text in {
            "plan": PLAN,
            "agencies": AGENCIES,
            "clauses": CLAUSES,
            "indicators": INDICATORS,
            "decisions": DECISIONS,
        }.items():
            (self.root / f"{name}.yaml").write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.root / f"{name}.yaml"
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}.yaml"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def amend(self, text: str, name: str = "a.yaml") -> None:
        (self.root / "amendments" / name).write_text(text, encoding="utf-8")

    def load(self) -> PlanBook:
        return load_plan(self.root, self.home)


@pytest.fixture
def folder(tmp_path: Path) -> PlanFolder:
    """The small plan, sound as it is."""
    return PlanFolder(tmp_path)
