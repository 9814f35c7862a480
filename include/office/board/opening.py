"""The office the board looks into: opened once, and anew after somebody changed a plan's files.

Loading a plan takes half a second, and the board's server runs for weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from include.office.desk import Office, open_office
from include.settings import Settings, settings

Looks = tuple[tuple[str, int, int], ...]

_lock = Lock()
_opened: dict[str, tuple[Looks, Office]] = {}


def opened() -> Office:
    """Give the open office of this installation. Raises: SettingsError."""
    of = settings()
    with _lock:  # requests come in several threads
        looks = tuple(_looks(of))
        known = _opened.get(str(of.home))
        if known is None or known[0] != looks:
            if known is not None:
                known[1].store.close()
            known = _opened[str(of.home)] = (looks, open_office(of))
        return known[1]


def _looks(of: Settings) -> Iterator[tuple[str, int, int]]:
    """Give path, time and size of everything plans are made of."""
    for folder in (of.plans_dir, of.home / "plans"):
        for file in sorted(_files(folder)):
            status = file.stat()
            yield str(file), status.st_mtime_ns, status.st_size


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())
