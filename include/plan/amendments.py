"""Amendments (年度内调整): dated files that change a plan from a period on.

    from: 2024-05
    reason: why, and by which document
    plan: {title: …}                       # fields of the head
    agencies: {add: […], change: {id: {name: …}}, remove: [id], merge: {old-id: into-id}}
    clauses: {add: […], change: {"3.1": {…}}}
    indicators: {add: […], change: {food-sampling: {target: 1800}}, confirm_paths: all}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.errors import PlanError
from include.plan.period import Period
from include.plan.raw import RawPlan
from include.plan.yaml_file import YamlFile, read_yaml

_KEYS = ("from", "reason", "plan", "agencies", "clauses", "indicators", "decisions")
_HEAD = ("title", "document_no", "issued_on", "due_workday", "lock_workday", "digest_workday", "demo", "duties_from",
         "office_name", "office_short", "commission_name", "place")  # fmt: skip
_ACTIONS = {
    "agencies": ("add", "change", "remove", "merge"),
    "clauses": ("add", "change"),
    "indicators": ("add", "change", "confirm_paths"),
    "decisions": ("add", "change"),
}


@dataclass(frozen=True)
class Amendment:
    """One dated change of a plan."""

    starts: Period
    reason: str
    file: YamlFile

    def apply(self, raw: RawPlan) -> None:
        """Change the plan in place. Raises: PlanError."""
        raw.head |= self.file.data.get("plan") or {}
        for kind in _ACTIONS:
            self._apply_kind(raw, kind)

    def _apply_kind(self, raw: RawPlan, kind: str) -> None:
        actions: dict[str, Any] = self.file.data.get(kind) or {}
        for n, entry in enumerate(actions.get("add") or []):
            raw.add(kind, entry, self.file, (kind, "add", n))
        for key, values in (actions.get("change") or {}).items():
            raw.change(kind, str(key), values, self.file, (kind, "change", key))
        for old, new in (actions.get("merge") or {}).items():
            self._replace(raw, old, new)
        for old in actions.get("remove") or []:
            self._replace(raw, old, None)
        if wanted := actions.get("confirm_paths"):
            self._confirm(raw, wanted)

    def _confirm(self, raw: RawPlan, wanted: Any) -> None:
        for key in raw.lists["indicators"] if wanted == "all" else wanted:
            if key not in raw.lists["indicators"]:
                raise PlanError(f"{self.file.at(['indicators', 'confirm_paths'])}: unknown indicator {key!r}")
            indicator = raw.lists["indicators"][key]
            indicator["path"] = {**indicator["path"], "confirmed": True}

    def _replace(self, raw: RawPlan, old: str, new: str | None) -> None:
        """Take an agency out; whatever it had a part in goes to `new`, or is dropped."""
        if raw.lists["agencies"].pop(old, None) is None or (new and new not in raw.lists["agencies"]):
            raise PlanError(f"{self.file.at(['agencies'])}: cannot replace agency {old!r} by {new!r}")
        swap: Callable[[Iterable[str]], list[str]] = lambda ids: list(  # noqa: E731
            dict.fromkeys(x for x in (new if i == old else i for i in ids) if x)
        )
        for clause in raw.lists["clauses"].values():
            parts = {p["agency"]: p["relation"] for p in reversed(clause["responsibilities"])}
            if old in parts:
                parts.setdefault(new or old, parts[old])
                kept = swap(p["agency"] for p in clause["responsibilities"])
                clause["responsibilities"] = [{"agency": a, "relation": parts[a]} for a in kept]
        for indicator in raw.lists["indicators"].values():
            indicator["answerable"] = new if indicator["answerable"] == old and new else indicator["answerable"]
            for key in ("sources", "cross_check"):
                indicator[key] = swap(indicator.get(key) or [])


def load_amendments(folders: Iterable[Path]) -> tuple[Amendment, ...]:
    """Read the amendments of several folders, in order of period, then file name. Raises: PlanError."""
    found = [_load(path) for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda a: (a.starts, a.file.path.name)))


def _load(path: Path) -> Amendment:
    file = read_yaml(path)
    file.only(*_KEYS)
    try:
        starts = Period.parse(str(file.data.get("from")))
    except ValueError as error:
        raise PlanError(f"{file.at(['from'])}: from: {error}") from error
    if not file.data.get("reason"):
        raise PlanError(f"{file.at()}: an amendment without reason")
    for key in file.data.get("plan") or {}:
        if key not in _HEAD:
            raise PlanError(f"{file.at(['plan', key])}: plan.{key} cannot be amended")
    for kind, actions in _ACTIONS.items():
        for key in file.data.get(kind) or {}:
            if key not in actions:
                raise PlanError(f"{file.at([kind, key])}: unknown key {key!r}; expected one of: {', '.join(actions)}")
    return Amendment(starts, str(file.data["reason"]), file)
