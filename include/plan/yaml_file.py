"""Reading YAML so that an error can name its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver

from include.errors import PlanError
from include.foreign import no_key, shown, words

_RESTORE = "从备份取回，或照 duban plan new 新建的文件夹中同名文件改"


class _Resolver(VersionedResolver):
    """YAML 1.2 and no other; the library finds that out anew, by an exception, at every value it reads."""

    @property
    def processing_version(self) -> tuple[int, int]:
        """The version whose rules say what a plain value is."""
        return 1, 2


@dataclass(frozen=True)
class YamlFile:
    """A YAML file: its plain values, and the line any of them stands on."""

    path: Path
    data: dict[str, Any]
    text: str

    @cached_property
    def _marked(self) -> Any:
        """The values with their lines, which take ten times as long: read once a line is asked for."""
        return _parse("rt", self.text)

    def line(self, loc: Sequence[str | int] = ()) -> int:
        """Give the line (from 1) of a place such as ("agencies", 3, "name"), or of its nearest parent."""
        node, line = self._marked, 1
        for key in loc:
            line = _line_of(node, key) or line
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                break
        return line

    def at(self, loc: Sequence[str | int] = ()) -> str:
        """Give `file:line` of a place."""
        return f"{self.path}:{self.line(loc)}"

    def only(self, *keys: str) -> None:
        """Refuse top-level keys that are not of these. Raises: PlanError naming each."""
        unknown = [key for key in self.data if key not in keys]
        if unknown:
            raise PlanError("\n".join(f"{self.at([key])}：{key} {no_key(keys)}" for key in unknown))

    def mapping(self, *loc: str) -> dict[str, Any]:
        """Give the mapping at a place, empty if there is nothing. Raises: PlanError if it is no mapping."""
        found: Any = self._find(loc)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise PlanError(f"{self.at(loc)}：{loc[-1]} 写的是{shown(found)}；应为“key: value”")
        return {str(key): value for key, value in found.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def entries(self, *loc: str) -> list[Any]:
        """Give the list at a place, empty if there is nothing. Raises: PlanError if it is no list."""
        found: Any = self._find(loc)
        if found is None:
            return []
        if not isinstance(found, list):
            raise PlanError(f"{self.at(loc)}：{loc[-1]} 写的是{shown(found)}；应为列表，每行以“- ”开头")
        return list(found)  # pyright: ignore[reportUnknownArgumentType]

    def _find(self, loc: Sequence[str]) -> Any:
        return self.data.get(loc[0]) if len(loc) == 1 else self.mapping(*loc[:-1]).get(loc[-1])


def read_yaml(path: Path) -> YamlFile:
    """Read a mapping.

    Raises:
        PlanError: no such file, not YAML, or not a mapping.
    """
    return yaml_of(path, text_of(path))


def text_of(path: Path) -> str:
    """Read a text. Raises: PlanError: no such file, or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PlanError(f"{path}：不能读取：{words(error)}；{_RESTORE}") from error
    except ValueError as error:
        raise PlanError(f"{path}：不能读取：{words(error)}；改正后再试") from error


def yaml_of(path: Path, text: str) -> YamlFile:
    """Give the mapping a text says; `path` is where it stands. Raises: PlanError: not YAML, or no mapping."""
    try:
        data = _parse("safe", text)
    except ValueError as error:  # the 13th month
        raise PlanError(f"{path}：不能读取：{words(error)}；改正后再试") from error
    except YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1 if mark else 1}"
        raise PlanError(f"{where}：不合 YAML 格式；{words(error)}") from error
    if not isinstance(data, dict):
        found = "是空的" if data is None else "不是“key: value”"
        where = f"{path}:1"
        raise PlanError(f"{where}：整个文件{found}；应为“key: value”，{_RESTORE}")
    return YamlFile(path, data, text)  # pyright: ignore[reportUnknownArgumentType]


def _parse(kind: str, text: str) -> Any:
    yaml = YAML(typ=kind)
    yaml.Resolver = _Resolver
    return yaml.load(text)  # pyright: ignore[reportUnknownMemberType]


def _line_of(node: Any, key: str | int) -> int | None:
    try:
        place = node.lc.item(key) if isinstance(key, int) else node.lc.key(key)
    except (AttributeError, KeyError, TypeError, IndexError):
        return None
    return place[0] + 1
