"""What a test needs of the machine, and the closing table of what was not run for want of it."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_FOLDERS = sorted(
    Path("/usr/lib/postgresql").glob("*/bin"), reverse=True
)  # Debian keeps them off PATH


def everything_must_run() -> bool:
    """Tell whether a missing program is a failure, as it is in CI."""
    return os.environ.get("DUBAN_TEST_ALL") == "1"


def find(program: str) -> Path | None:
    """Give the path of a program, or None."""
    path = os.pathsep.join([*map(str, POSTGRES_FOLDERS), os.environ.get("PATH", os.defpath), "/usr/sbin"])
    found = shutil.which(program, path=path)
    return Path(found) if found else None


def need(program: str) -> Path:
    """Give the path of a program; without it the test is skipped, or fails where everything must run."""
    found = find(program)
    if found is None:
        miss(f"the program {program} is not installed")
    return found


def need_library(name: str) -> None:
    """Look for a shared library; without it the test is skipped, or fails where everything must run."""
    if not any(Path(folder).glob(f"*/{name}") for folder in ("/usr/lib", "/usr/local/lib")):
        miss(f"the library {name} is not installed")


def need_file(path: Path | str, why: str) -> Path:
    """Give the path of a file the test needs, or skip the test.

    What lies outside the checkout cannot be installed, so its absence is never a failure.
    """
    file = ROOT / path
    if not file.exists():
        outside = not file.resolve().is_relative_to(ROOT)
        miss(f"no {os.path.relpath(file, ROOT)}: {why}", failing=everything_must_run() and not outside)
    return file


def miss(reason: str, *, failing: bool | None = None) -> NoReturn:
    """Skip the running test, or fail it where everything must run."""
    if everything_must_run() if failing is None else failing:
        pytest.fail(f"DUBAN_TEST_ALL=1 and {reason}", pytrace=False)
    pytest.skip(reason)


def not_run(reports: Iterable[Any]) -> list[tuple[str, list[str]]]:
    """Gather skipped tests by reason, the commonest first."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        by_reason[text.removeprefix("Skipped: ")].append(report.nodeid)
    return sorted(by_reason.items(), key=lambda item: -len(item[1]))
