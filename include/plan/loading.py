"""Loading a plan folder, strictly: whatever is wrong is named with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from include.errors import PlanError
from include.foreign import dotted, faults
from include.plan.amendments import Amendment, load_amendments
from include.plan.attached import attached_texts
from include.plan.checks import check_plan
from include.plan.faults import Faults
from include.plan.model import Plan
from include.plan.period import Period
from include.plan.raw import RawPlan
from include.plan.yaml_file import YamlFile, read_yaml

HEAD_KEYS = (
    "id",
    "year",
    "place",
    "title",
    "office_name",
    "office_short",
    "commission_name",
    "document_no",
    "issued_on",
    "duties_from",
    "due_workday",
    "lock_workday",
    "digest_workday",
    "rank_agencies",
    "drive_folder",
    "limits",
)


@dataclass
class PlanBook:
    """A loaded plan with its amendments; `at(period)` is what every step uses."""

    id: str
    year: int
    raw: RawPlan
    amendments: tuple[Amendment, ...]
    texts: Mapping[str, str]
    _resolved: dict[int, Plan] = field(default_factory=dict[int, Plan])

    def at(self, period: Period) -> Plan:
        """Give the plan in force in a period: the plan folder with every amendment from then or before.

        Raises:
            PlanError: the amended plan does not hold together.
        """
        applied = [a for a in self.amendments if a.starts <= period]
        if len(applied) not in self._resolved:
            raw = self.raw.copy()
            for amendment in applied:
                amendment.apply(raw)
            self._resolved[len(applied)] = _resolve(raw, self.texts)
        return self._resolved[len(applied)]


def list_plans(plans_dir: Path) -> list[str]:
    """Give the ids of the plan folders."""
    return sorted(folder.parent.name for folder in plans_dir.glob("*/plan.yaml"))


def load_plan(plan_dir: Path, home: Path | None = None) -> PlanBook:
    """Load a plan folder; `home` is the office's own folder beside it (attached text, own amendments).

    Raises:
        PlanError: anything unknown, missing or contradictory, with file and line.
    """
    raw = _read(plan_dir)
    plan = _resolve(raw, {})  # sound by itself, before anything amends it
    if plan.id != plan_dir.name:
        raise PlanError(f"{raw.where(['id'])}：编号“{plan.id}”与文件夹名“{plan_dir.name}”不同；改成相同")
    folders = [plan_dir / "amendments", *([home / "amendments"] if home else [])]
    amendments = load_amendments(folders, plan.year)
    book = PlanBook(plan.id, plan.year, raw, amendments, attached_texts(home) if home else {})
    for month in range(1, 13):
        book.at(Period(book.year, month))
    return book


def _read(plan_dir: Path) -> RawPlan:
    found = Faults()
    raw = RawPlan(_head(plan_dir / "plan.yaml", found))
    for kind in ("agencies", "clauses", "indicators", "decisions"):
        with found:
            raw.read_list(plan_dir / f"{kind}.yaml", kind, ("sections", "items") if kind == "clauses" else ())
    found.settle()
    return raw


def _head(file: Path, found: Faults) -> YamlFile:
    with found:
        head = read_yaml(file)
        head.only(*HEAD_KEYS)
        return head
    return YamlFile(file, {}, "")


def _resolve(raw: RawPlan, texts: Mapping[str, str]) -> Plan:
    content: dict[str, Any] = {**raw.head, **raw.beside}
    for kind, entries in raw.lists.items():
        content[kind] = list(entries.values())
    for clause in raw.lists["clauses"].values():
        if "text" in clause:
            raise PlanError(
                f"{raw.where_is('clauses', str(clause['id']), 'text')}：正式文本不写在这里；"
                f"删去 text，用 duban plan attach-text 附上"
            )
    content["clauses"] = [{**c, "text": texts.get(str(c["id"]))} for c in content["clauses"]]
    try:
        plan = Plan.model_validate(content)
    except ValidationError as error:
        told = (f"{raw.where(loc)}：{dotted(loc)} {said}" for loc, said in faults(error))
        raise PlanError("\n".join(told)) from error
    check_plan(plan, raw)
    return plan
