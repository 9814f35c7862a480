"""What the folder-drop trigger looks at: a fingerprint of what waits in 报送 and 回复."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from include.files import candidates, dropped_into
from include.settings import settings


def signature(drive: Path | None = None) -> str:
    """Fingerprint every waiting file by path, size and time of change; empty if nothing waits.

    Cheap, since it is taken every second: no database and no plan is read, the folders themselves are listed.
    """
    waiting = sorted(_waiting(drive or settings().drive))
    return hashlib.sha256("\n".join(waiting).encode()).hexdigest() if waiting else ""


def _waiting(drive: Path) -> Iterator[str]:
    for folder in dropped_into(drive):
        for file in candidates(folder):
            if look := _look(file):
                yield look


def _look(file: Path) -> str:
    try:
        status = file.stat()
    except FileNotFoundError:  # taken between listing and looking
        return ""
    return f"{file}|{status.st_size}|{status.st_mtime_ns}"
