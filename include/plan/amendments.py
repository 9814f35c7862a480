"""Amendments (年度内调整): dated files that change a plan from a period on.

```yaml
from: 2024-05
reason: why, and by which document
plan: {title: …}  # fields of the head
agencies: {add: […], change: {id: {name: …}}, remove: [id], merge: {old-id: into-id}}
clauses: {add: […], change: {"3.1": {…}}}
indicators: {add: […], change: {food-sampling: {target: 1800}}, confirm_paths: all}
decisions: {add: […], change: {id: {status: 已定}}}
```
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.errors import PlanError
from include.foreign import no_key, shown
from include.plan.model import Relation
from include.plan.period import Period
from include.plan.raw import Entry, RawPlan
from include.plan.yaml_file import YamlFile, read_yaml

_ACTIONS = {
    "agencies": ("add", "change", "merge", "remove"),
    "clauses": ("add", "change"),
    "indicators": ("add", "change", "confirm_paths"),
    "decisions": ("add", "change"),
}
_KEYS = ("from", "reason", "plan", *_ACTIONS)
_HEAD = (
    "title",
    "place",
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
    "demo",
)
_WEAKEST_FIRST = [Relation.SUPPORT, Relation.JOINT, Relation.LEAD, Relation.SOLE]


@dataclass(frozen=True)
class Amendment:
    """One dated change of a plan."""

    starts: Period
    reason: str
    file: YamlFile

    def apply(self, raw: RawPlan) -> None:
        """Change the plan in place. Raises: PlanError."""
        raw.change_head(self.file.mapping("plan"), self.file)
        for kind in _ACTIONS:
            for n, entry in enumerate(self.file.entries(kind, "add")):
                raw.add(kind, entry, self.file, (kind, "add", n))
            for key, values in self.file.mapping(kind, "change").items():
                raw.change(kind, key, values, self.file, (kind, "change", key))
        for old, new in self.file.mapping("agencies", "merge").items():
            self._replace(raw, old, str(new), ("agencies", "merge", old))
        for n, old in enumerate(self.file.entries("agencies", "remove")):
            self._replace(raw, str(old), None, ("agencies", "remove", n))
        self._confirm_paths(raw)

    def _confirm_paths(self, raw: RawPlan) -> None:
        known, loc = raw.lists["indicators"], ("indicators", "confirm_paths")
        wanted = known if self.file.mapping(loc[0]).get(loc[1]) == "all" else self.file.entries(*loc)
        for key in wanted:
            if key not in known:
                raise PlanError(f"{self.file.at(loc)}：没有编号为“{key}”的指标；改成 indicators.yaml 里有的")
            known[key]["path"] = {**known[key]["path"], "confirmed": True}

    def _replace(self, raw: RawPlan, old: str, new: str | None, loc: tuple[str | int, ...]) -> None:
        """Take an agency out; whatever it had a part in goes to `new`, or is dropped."""
        if old not in raw.lists["agencies"]:
            raise PlanError(f"{self.file.at(loc)}：没有编号为“{old}”的单位；改成 agencies.yaml 里有的")
        if new == old or (new is not None and new not in raw.lists["agencies"]):
            raise PlanError(f"{self.file.at(loc)}：“{old}”不能并入“{new}”；写另一个已有单位的编号")
        del raw.lists["agencies"][old]
        for clause in raw.lists["clauses"].values():
            clause["responsibilities"] = _hand_over(clause.get("responsibilities") or [], old, new)
        for indicator in raw.lists["indicators"].values():
            if indicator.get("answerable") == old and new:
                indicator["answerable"] = new
            sources = _swapped(indicator.get("sources") or [], old, new)
            checks = _swapped(indicator.get("cross_check") or [], old, new)
            indicator["sources"] = sources
            indicator["cross_check"] = [agency for agency in checks if agency not in sources]


def _swapped(ids: list[str], old: str, new: str | None) -> list[str]:
    named = [new if agency == old else agency for agency in ids]
    return list(dict.fromkeys(agency for agency in named if agency))


def _hand_over(responsibilities: list[Entry], old: str, new: str | None) -> list[Entry]:
    """Give an agency's part in a clause to another; of two parts that fall together the stronger stays."""
    kept: dict[str, Entry] = {}
    for part in responsibilities:
        agency = new if part["agency"] == old else part["agency"]
        if agency and (agency not in kept or _weight(part) > _weight(kept[agency])):
            kept[agency] = {**part, "agency": agency}
    return list(kept.values())


def _weight(part: Entry) -> int:
    return _WEAKEST_FIRST.index(part["relation"]) if part.get("relation") in _WEAKEST_FIRST else -1


def load_amendments(folders: Iterable[Path], year: int) -> tuple[Amendment, ...]:
    """Read the amendments of several folders, in order of period, then file name. Raises: PlanError."""
    found = [_load(path, year) for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda a: (a.starts, a.file.path.name)))


def _load(path: Path, year: int) -> Amendment:
    file = read_yaml(path)
    file.only(*_KEYS)
    try:
        starts = Period.parse(str(file.data.get("from")))
    except ValueError as error:
        found = shown(file.data.get("from"))
        raise PlanError(f"{file.at(['from'])}：from 写的是{found}；应为月份，如 {year}-08") from error
    if starts.year != year:
        raise PlanError(f"{file.at(['from'])}：from 写的是{starts}；应为{year}年的月份，如 {year}-08")
    reason: Any = file.data.get("reason")
    if not reason:
        raise PlanError(f"{file.at(['reason'])}：没有写调整的原因；在 reason 写明依据的文件")
    _only(file, "plan", _HEAD)
    for kind, actions in _ACTIONS.items():
        _only(file, kind, actions)
    return Amendment(starts, str(reason), file)


def _only(file: YamlFile, kind: str, keys: tuple[str, ...]) -> None:
    for key in file.mapping(kind):
        if key not in keys:
            raise PlanError(f"{file.at([kind, key])}：{kind} 的 {key} {no_key(keys)}")
