"""When the month of the benchmarks is, and where: no more than duban itself needs to know of it."""

from __future__ import annotations

from pathlib import Path

from include.plan import Period
from include.settings import Settings

MONTH = Period(2024, 1)
OPENED, DROPPED, CLOSED = "2024-01-31T09:00", "2024-02-05T10:00", "2024-02-07T18:10"


def settings_of(folder: Path, home: Path | None = None) -> Settings:
    """Give the settings of a workload's installation, or of a copy of its home."""
    return Settings(home=home or folder / "home", plans_dir=folder / "plans", delivery_counts_as_served=True)
