"""Look the pinned packages up among the known vulnerabilities: `python .ci/audit.py`.

Fails on one that `.ci/audit-allowed.txt` does not name with a reason and a day to look again. Where the
service cannot be asked, that is said, and is no failure: a network that is down makes no package worse. With
`--all` it is one: for wherever the service is to be had.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = ROOT / ".ci" / "audit-allowed.txt"
TOOL = "pip-audit==2.10.1"


def allowed(lines: Iterable[str], today: date) -> set[str]:
    """Read the list: a line each of id, day to look again, reason. Raises: ValueError."""
    found: set[str] = set()
    for line in filter(None, (line.partition("#")[0].strip() for line in lines)):
        name, until, reason = [*line.split(maxsplit=2), "", ""][:3]
        if not reason:
            raise ValueError(f"{line!r}: expected an id, a day (YYYY-MM-DD) and a reason")
        if date.fromisoformat(until) >= today:
            found.add(name)
    return found


def verdict(report: Mapping[str, Any], known: set[str], *, every: bool = False) -> tuple[int, list[str]]:
    """Judge a report of pip-audit (JSON): exit code, and what to say; with `every`, none may be left out."""
    packages = report["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    grave = [
        f"{package['name']} {package['version']}: {one['id']}, mended in {', '.join(one['fix_versions'])}"
        for package in packages
        for one in package.get("vulns", ())
        if not known & {one["id"], *one.get("aliases", ())}
    ]
    told = [f"{len(packages) - len(skipped)} of {len(packages)} packages looked up"]
    if skipped:
        told.append(f"not looked up, the service does not know or answer: {len(skipped)}")
    return int(bool(grave or (every and skipped))), [*told, *grave]


def main(*, every: bool) -> int:
    """Ask the service, judge, say."""
    asked = ["--requirement", "requirements.txt", "--no-deps", "--disable-pip", "--format", "json"]
    command = [
        sys.executable,
        "-m",
        "uv",
        "tool",
        "run",
        "--quiet",
        TOOL,
        *asked,
        "--progress-spinner",
        "off",
    ]
    try:
        ended = subprocess.run(  # noqa: S603 - our own words
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
        )
        report = json.loads(ended.stdout)
    except (OSError, subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        print(f"audit: the service could not be asked ({type(error).__name__}); nothing was looked up")
        return int(every)
    code, told = verdict(
        report, allowed(ALLOWED.read_text().splitlines(), datetime.now(UTC).date()), every=every
    )
    print("\n".join(f"audit: {line}" for line in told))
    return code


if __name__ == "__main__":
    sys.exit(main(every="--all" in sys.argv))
