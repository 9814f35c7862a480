"""A task that fails for good leaves a note for the alarms, and takes it back when it ends well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.errors import AlarmError
from include.office import noted
from include.settings import Settings

Callback = Callable[[Any], None]


def call(callbacks: Callback | list[Callback], context: dict[str, Any]) -> None:
    """Call what a task has: one callback, or several in a list where its operator makes one of them."""
    for callback in callbacks if isinstance(callbacks, list) else [callbacks]:
        callback(context)


@pytest.mark.parametrize("failing", [RuntimeError("no route"), AlarmError("told already")])
def test_every_task_tells_of_its_failing(dags: dict[str, Any], home: Settings, failing: Exception) -> None:
    for dag in dags.values():
        for task in dag.tasks:
            context = {"dag": dag, "ti": task, "exception": failing}
            call(task.on_failure_callback, context)
            notes = [n for n in noted.notes(home) if n["flow"] == dag.dag_display_name]
            told = [] if isinstance(failing, AlarmError) else [(task.task_id, "no route")]
            assert [(n["task"], n["why"]) for n in notes] == told
            call(task.on_skipped_callback, context)
            assert list(noted.notes(home)) == []
            call(task.on_success_callback, context)
