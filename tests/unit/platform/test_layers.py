"""DAG files and plugins are no packages, so import-linter does not see them: their imports are held here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DAGS = sorted((ROOT / "dags").glob("*.py"))
PLUGINS = sorted((ROOT / "plugins").glob("*.py"))


def imported(file: Path) -> set[str]:
    """Every module a file names in an import, at the top or inside a function."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def ours(file: Path) -> set[str]:
    return {name for name in imported(file) if name.split(".")[0] in {"include", "live", "demo", "dags"}}


@pytest.mark.parametrize("file", DAGS, ids=lambda file: file.stem)
def test_a_dag_asks_the_office_and_nobody_else(file: Path) -> None:
    assert ours(file) <= {"include.office", "include.workdays"}


@pytest.mark.parametrize("file", PLUGINS, ids=lambda file: file.stem)
def test_a_plugin_asks_the_office_and_the_calendar(file: Path) -> None:
    allowed = ("include.office", "include.plan", "include.workdays", "include.errors")
    assert not [name for name in ours(file) if not name.startswith(allowed)]


@pytest.mark.parametrize("file", PLUGINS, ids=lambda file: file.stem)
def test_a_plugin_bears_the_projects_name(file: Path) -> None:
    assert file.stem.startswith("duban_")  # plugins are imported by bare name, among everybody else's


@pytest.mark.parametrize("file", [*DAGS, *PLUGINS], ids=lambda file: file.stem)
def test_nothing_of_airflow_is_taken_from_where_it_used_to_be(file: Path) -> None:
    gone = ("airflow.decorators", "airflow.operators", "airflow.models", "airflow.datasets")
    still_there = {"airflow.models.dag", "airflow.models.dagrun"}  # rows of Airflow's own, for the board
    assert not [name for name in imported(file) - still_there if name.startswith(gone)]
