"""A plan as read, before it is checked: plain entries that remember where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from include.errors import PlanError
from include.plan.faults import Faults
from include.plan.yaml_file import YamlFile, read_yaml

Entry = dict[str, Any]
Loc = tuple[str | int, ...]


class RawPlan:
    """Entries by kind and id, in order. `places` keeps (file, location) of each, for messages."""

    def __init__(self, head: YamlFile) -> None:
        """Start from the plan's head."""
        self.head: Entry = dict(head.data)
        self.beside: Entry = {}
        self.lists: dict[str, dict[str, Entry]] = {}
        self.places: dict[tuple[str, str], tuple[YamlFile, Loc]] = {}
        self._outside: dict[str, tuple[YamlFile, Loc]] = {}  # in no list: head, sections, items
        self._head_file = head

    def read_list(self, path: Path, kind: str, beside: tuple[str, ...] = ()) -> None:
        """Read one file whose main key holds a list of entries with ids.

        Raises:
            PlanError: every fault, a line each.
        """
        self.lists[kind] = {}
        file = read_yaml(path)
        file.only(kind, *beside)
        self.beside |= {key: file.data.get(key) or {} for key in beside}
        self._outside |= {key: (file, (key,)) for key in beside}
        faults = Faults()
        for n, entry in enumerate(file.entries(kind)):
            with faults:
                self.add(kind, entry, file, (kind, n))
        faults.settle()

    def add(self, kind: str, entry: Any, file: YamlFile, loc: Loc) -> None:
        """Add an entry. Raises: PlanError for one without id or with an id that is taken."""
        key = str(entry.get("id") or "") if isinstance(entry, dict) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        if not key:
            raise PlanError(f"{file.at(loc)}：{kind} 有一条没有编号；补上 id")
        if key in self.lists[kind]:
            raise PlanError(f"{file.at(loc)}：{kind} 有两条编号都是“{key}”；只留一条，或改用不同的编号")
        self.lists[kind][key] = dict(entry)  # pyright: ignore[reportUnknownArgumentType]
        self.places[kind, key] = (file, loc)

    def change(self, kind: str, key: str, values: Any, file: YamlFile, loc: Loc) -> None:
        """Change fields of an entry, all but its id. Raises: PlanError if there is none of that id."""
        if key not in self.lists[kind]:
            raise PlanError(f"{file.at(loc)}：{kind} 没有编号为“{key}”的，无从修改；改成已有的编号")
        if not isinstance(values, dict) or "id" in values:
            raise PlanError(
                f"{file.at(loc)}：{kind} 的“{key}”没有写要改什么，或要改编号；写要改的项目，编号不能改"
            )
        self.lists[kind][key] |= values
        self.places[kind, key] = (file, loc)

    def change_head(self, values: Entry, file: YamlFile) -> None:
        """Change fields of the head."""
        self.head |= values
        self._outside |= {key: (file, ("plan", key)) for key in values}

    def copy(self) -> RawPlan:
        """Copy the entries, share the files they came from."""
        copy = RawPlan(self._head_file)
        copy.head, copy.beside, copy.lists = deepcopy((self.head, self.beside, self.lists))
        copy.places, copy._outside = dict(self.places), dict(self._outside)
        return copy

    def where(self, loc: Sequence[str | int]) -> str:
        """Give `file:line` of a place in the resolved plan, such as ("indicators", 3, "unit")."""
        kind = str(loc[0]) if loc else ""
        if kind in self.lists and len(loc) > 1 and isinstance(loc[1], int):
            key = list(self.lists[kind])[loc[1]]
            file, place = self.places[kind, key]
            return file.at((*place, *loc[2:]))
        file, place = self._outside.get(kind, (self._head_file, (kind,)))
        return file.at((*place, *loc[1:]))

    def where_is(self, kind: str, key: str, *rest: str | int) -> str:
        """Give `file:line` of an entry, or of something in it."""
        file, place = self.places[kind, key]
        return file.at((*place, *rest))
