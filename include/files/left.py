"""What killed processes left half done: parts never put into their place, scratch folders of LibreOffice."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_LEFT = re.compile(r"\.~[0-9a-f]{12,}\.part(-journal)?|libreoffice-.+")
IDLE_SECONDS = 3600  # nobody works so long on one file without touching it


def clear_left(found: Iterable[Path]) -> int:
    """Remove what of the files found is such, and was not touched for an hour of the file system's time.

    Returns:
        How many were removed. What cannot be removed now is left for another time.
    """
    removed = 0
    for file in found:
        with suppress(OSError):
            if _LEFT.fullmatch(file.name) and time.time() - file.lstat().st_mtime > IDLE_SECONDS:
                shutil.rmtree(file) if file.is_dir() else file.unlink()
                removed += 1
    return removed
