"""What killed processes leave half done goes in the night, and stands in nobody's way until then."""

from __future__ import annotations

import os
import time
from pathlib import Path

from include.files.left import IDLE_SECONDS
from include.office import housekeeping
from tests.faults.conftest import Found
from tests.faults.county import MARKET
from tests.faults.steps import STEPS


def test_parts_go_once_nobody_has_touched_them_for_an_hour(found: Found) -> None:
    county = found()
    county.at("2024-01-31T08:30")
    STEPS["open"](county.office)
    home = county.office.settings.home
    (home / "archive" / "ab").mkdir(exist_ok=True)
    (home / "libreoffice-x1").mkdir()
    name = ".~0123456789ab.part"
    places = (home / "archive", home / "archive" / "ab", home, county.folder(MARKET, "回执"))
    parts = [*(place / name for place in places), home / "libreoffice-x1" / "profile"]
    for part in parts:
        part.write_bytes(b"half")
    mine = county.folder(MARKET, "报送") / ".~somebody's"
    mine.write_bytes(b"not ours")
    housekeeping.run(office=county.office)
    assert all(part.exists() for part in parts), "somebody may be writing them"
    for part in (*parts, home / "libreoffice-x1", mine):
        _touched(part, IDLE_SECONDS + 60)
    housekeeping.run(office=county.office)
    assert [part for part in parts if part.exists()] == []
    assert mine.exists()


def test_a_backup_that_was_cut_off_does_not_stop_the_next(found: Found) -> None:
    county = found()
    county.at("2024-01-31T08:30")
    folder = county.office.settings.home / "backup"
    folder.mkdir()
    for name in (".part", ".~0123456789ab.part"):
        (folder / name).write_bytes(b"no database" * 1000)
    housekeeping.run(office=county.office)
    assert (folder / "duban-20240131.db").read_bytes().startswith(b"SQLite format 3")


def _touched(file: Path, seconds_ago: float) -> None:
    then = time.time() - seconds_ago
    os.utime(file, (then, then))
