"""Taking what was dropped: look twice, then claim by one atomic rename."""

from __future__ import annotations

import re
import stat
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from include.files.atomic import sync_folder
from include.files.names import safe_name

_CLAIMED = re.compile(r"(\d{8}T\d{12}Z)-([0-9a-f]{8})-(.+)", re.DOTALL)
_MOMENT = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed file: where it is, what it was called, when it was claimed (UTC)."""

    path: Path
    original_name: str
    claimed_at: datetime


@dataclass
class Watch:
    """Remembers how files looked; a file is stable when two looks `seconds` apart see the same."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Path, tuple[int, int, float]] = field(default_factory=dict[Path, tuple[int, int, float]])

    def stable(self, folder: Path) -> list[Path]:
        """Look once; give the files that have not changed for long enough, oldest first."""
        now, found = self.clock(), candidates(folder)
        ready: list[tuple[int, str, Path]] = []
        for file in found:
            try:
                status = file.stat()
            except FileNotFoundError:
                continue
            size, changed, since = self._seen.get(file, (-1, -1, now))
            if (size, changed) != (status.st_size, status.st_mtime_ns):
                self._seen[file] = (status.st_size, status.st_mtime_ns, now)
            elif now - since >= self.seconds:
                ready.append((changed, file.name, file))
        return [file for _, _, file in sorted(ready)]


def candidates(folder: Path) -> list[Path]:
    """Give the regular files of a folder that somebody dropped: no links, folders, lock or hidden files."""
    if not folder.is_dir():
        return []
    names = {file.name for file in folder.iterdir()}
    return sorted(
        file
        for file in folder.iterdir()
        if not file.name.startswith((".", "~$")) and f"~${file.name[2:]}" not in names and f"~${file.name}" not in names
        and f".~lock.{file.name}#" not in names and _is_regular(file)
    )


def claim(file: Path, taken: Path, at: datetime) -> Claimed | None:
    """Take a file by one rename into `taken`; None if another collector was first."""
    taken.mkdir(parents=True, exist_ok=True)
    target = taken / f"{at.astimezone(UTC).strftime(_MOMENT)}-{uuid.uuid4().hex[:8]}-{safe_name(file.name)}"
    try:
        file.rename(target)
    except FileNotFoundError:
        return None
    sync_folder(taken)
    return Claimed(target, file.name, at)


def claimed_files(taken: Path) -> list[Claimed]:
    """Give what was claimed into a folder, in order of claiming; anything else lying there is left alone."""
    if not taken.is_dir():
        return []
    found: list[Claimed] = []
    for file in sorted(taken.iterdir()):
        match = _CLAIMED.fullmatch(file.name)
        if match and _is_regular(file):
            found.append(Claimed(file, match[3], datetime.strptime(match[1], _MOMENT).replace(tzinfo=UTC)))
    return found


def _is_regular(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except FileNotFoundError:
        return False
