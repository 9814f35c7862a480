"""Every event the ledger can hold has a name an official reads."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from include.office.event_names import EVENT_NAMES
from include.records.submissions import ReturnDecision
from include.settings import ROOT

MODULES = sorted((ROOT / "include" / "office").rglob("*.py"))
_EVENT = 3  # its place among the arguments of `record`


def written(file: Path) -> Iterator[str]:
    """Give the events a module writes; `*` stands for what is only known when it runs."""
    tree = ast.parse(file.read_text("utf-8"))
    events = [n.args[_EVENT] for n in ast.walk(tree) if _is_record(n)]
    for event in events:
        if isinstance(event, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in event.values)
        elif isinstance(event, ast.Constant):
            yield str(event.value)
        else:  # handed in from elsewhere in the module
            yield from (n.value for n in ast.walk(tree) if _looks_like_one(n))
            yield from (ReturnDecision[n.attr] for n in ast.walk(tree) if _is_decision(n))


def _is_record(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record"


def _is_decision(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == ReturnDecision.__name__


def _looks_like_one(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, str) and value.startswith(("letter-", "case-", "return-", "late-filing-"))


@pytest.mark.parametrize("file", [f for f in MODULES if any(written(f))], ids=lambda file: file.stem)
def test_what_a_module_records_has_a_name(file: Path) -> None:
    for event in written(file):
        assert fnmatch.filter(EVENT_NAMES, event), f"{event} has no name in include/office/event_names.py"


def test_the_modules_that_record_are_found() -> None:
    events = {event for file in MODULES for event in written(file)}
    assert {"letter-talk-skipped", "return-extended", "case-*", "submission-*"} <= events
