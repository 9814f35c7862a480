"""An office on a made-up stage: the real plan with the demo's amendment, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from demo.agencies import SimulatedAgency
from demo.setting import PLAN, set_stage
from include.office import clock
from include.office.desk import Office
from include.plan import Period
from include.records.submissions import ReturnStanding
from include.office.standings import year_standings
from include.settings import Settings
from include.workdays import SHANGHAI


class Stage:
    """The office with its clock in hand."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def at(self, text: str) -> datetime:
        """Set the clock, standing still."""
        now = clock.parse(text).astimezone(SHANGHAI)
        clock.start(self.office.settings, now, stopped=True)
        return now

    def agency(self, agency_id: str, period: str = "2024-01") -> SimulatedAgency:
        return SimulatedAgency(self.office, self.office.plan(PLAN, Period.parse(period)).agency(agency_id))

    def folder(self, agency_id: str, kind: str) -> Path:
        agency = self.office.plan(PLAN, Period(2024, 1)).agency(agency_id)
        return self.office.drive.agency_folder(agency.name, kind)

    def names(self, agency_id: str, kind: str) -> list[str]:
        """Give the names of the files in an agency's folder."""
        return sorted(file.name for file in self.folder(agency_id, kind).iterdir() if file.is_file())

    def standing(self, agency_id: str, period: str = "2024-01") -> ReturnStanding:
        return year_standings(self.office, PLAN, self.office.now())[agency_id, Period.parse(period)]


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    settings = Settings(
        home=tmp_path / "home", database_url=database_url, stable_seconds=0, delivery_counts_as_served=True
    )
    office = set_stage(settings)
    yield Stage(office)
    office.store.close()
