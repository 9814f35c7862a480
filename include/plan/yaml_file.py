"""Reading YAML so that an error can name its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from include.errors import PlanError


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file: its plain values, and the line any of them stands on."""

    path: Path
    data: dict[str, Any]
    marked: Any

    def line(self, loc: Sequence[str | int] = ()) -> int:
        """Give the line (from 1) of a place such as ("agencies", 3, "name"); of its nearest parent if unknown."""
        node, line = self.marked, 1
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
        """Refuse a top-level key that is not one of these. Raises: PlanError."""
        for key in self.data:
            if key not in keys:
                raise PlanError(f"{self.at([key])}: unknown key {key!r}; expected one of: {', '.join(keys)}")


def read_yaml(path: Path) -> YamlFile:
    """Read a mapping.

    Raises:
        PlanError: no such file, not YAML, or not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
        marked: Any = YAML(typ="rt").load(text)  # pyright: ignore[reportUnknownMemberType]
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PlanError(f"{path}:{line}: not YAML: {error.problem}") from error
    if not isinstance(marked, dict):
        raise PlanError(f"{path}:1: expected keys and values, found {type(marked).__name__}")
    data: Any = YAML(typ="safe").load(text)  # pyright: ignore[reportUnknownMemberType]
    return YamlFile(path, data, marked)


def _line_of(node: Any, key: str | int) -> int | None:
    try:
        place = node.lc.item(key) if isinstance(key, int) else node.lc.key(key)
    except (AttributeError, KeyError, TypeError, IndexError):
        return None
    return place[0] + 1
