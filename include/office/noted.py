"""Notes of tasks that failed: a small file each in `DUBAN_HOME`, so that even a broken database leaves one.

Airflow's callbacks write and remove them; the alarms read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from include.errors import AlarmError
from include.files.atomic import write_whole
from include.files.names import safe_name
from include.office import clock
from include.settings import Settings, settings

_WORDS = 300  # characters of an error that are kept


def failed(flow: str, task: str, error: BaseException | str | None, *, of: Settings | None = None) -> None:
    """Note that a task failed for good; what it told as alarms is told already."""
    if isinstance(error, AlarmError):
        return
    of = of or settings()
    why = " ".join(str(error or "").split())[:_WORDS]
    note = {"flow": flow, "task": task, "why": why, "at": clock.now(of).isoformat(timespec="seconds")}
    write_whole(_file(of, flow, task), json.dumps(note, ensure_ascii=False).encode())


def mended(flow: str, task: str, *, of: Settings | None = None) -> None:
    """Take the note back: the task has ended well since."""
    _file(of or settings(), flow, task).unlink(missing_ok=True)


def notes(of: Settings) -> Iterator[dict[str, Any]]:
    """Give the notes that stand: `flow`, `task`, `why`, `at`."""
    for file in sorted((of.home / "noted").glob("*.json")):
        yield json.loads(file.read_text(encoding="utf-8"))


def _file(of: Settings, flow: str, task: str) -> Path:
    return of.home / "noted" / safe_name(f"{flow}.{task}.json")
