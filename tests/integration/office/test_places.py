"""Two places in one installation: agencies of the same name, each place's own folders, one broken plan."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from demo import province
from demo.agencies import SimulatedAgency
from demo.setting import PLAN
from include.errors import DubanError, PlanError
from include.office import clock, collect_returns, open_period
from include.office.desk import Office, open_office
from include.office.standings import year_standings
from include.plan import Period
from include.records.submissions import Filing
from include.settings import ROOT
from include.workdays import SHANGHAI
from tests.integration.office.conftest import settings_for

JANUARY = Period(2024, 1)
OPENED, DUE = "2024-01-31T09:00", "2024-02-05T10:00"
SCHOOLS = "education"  # 市教育局, in every county


@pytest.fixture
def two(tmp_path: Path, database_url: str) -> Office:
    """Two made-up counties, January opened."""
    plans = tmp_path / "plans"
    for number in (1, 2):
        province.write_county(plans, number, like=ROOT / "plans" / PLAN)
    office = open_office(
        settings_for(tmp_path / "home", database_url).model_copy(update={"plans_dir": plans})
    )
    province.people_province(office)
    _at(office, OPENED)
    open_period.run(office=office)
    return office


def _at(office: Office, text: str) -> None:
    clock.start(office.settings, clock.parse(text).astimezone(SHANGHAI), stopped=True)


def _file(office: Office, number: int) -> Path:
    plan_id = province.county_id(number)
    agency = office.plan(plan_id, JANUARY).agency(SCHOOLS)
    return SimulatedAgency(office, agency, plan_id).file(JANUARY)


def _filing(office: Office, number: int) -> Filing:
    return year_standings(office, province.county_id(number), office.now())[SCHOOLS, JANUARY].filing


def _receipts(office: Office, number: int) -> list[str]:
    folder = office.settings.drive / f"演示{number:02d}县" / "责任单位" / "市教育局" / "回执"
    return sorted(file.name for file in folder.iterdir())


def test_agencies_of_the_same_name_are_kept_apart(two: Office) -> None:
    _at(two, DUE)
    _file(two, 1)
    result = collect_returns.run(office=two)
    assert (_filing(two, 1), _filing(two, 2)) == (Filing.ACCEPTED, Filing.NONE)
    assert {entry["plan"] for entry in result["touched"]} == {province.county_id(1)}
    assert _receipts(two, 1)
    assert not _receipts(two, 2)


def test_a_return_dropped_at_the_neighbours_is_not_taken_for_theirs(two: Office) -> None:
    _at(two, DUE)
    dropped = _file(two, 1)
    theirs = two.drive_of(province.county_id(2)).agency_folder("市教育局", "报送")
    shutil.move(dropped, theirs / dropped.name)
    collect_returns.run(office=two)
    assert (_filing(two, 1), _filing(two, 2)) == (Filing.NONE, Filing.NONE)
    assert _receipts(two, 2)


def test_a_broken_plan_is_named_and_holds_up_nobody_else(two: Office) -> None:
    agencies = two.settings.plans_dir / province.county_id(1) / "agencies.yaml"
    agencies.write_text("agencies: [", encoding="utf-8")
    office = open_office(two.settings)
    _at(office, DUE)
    _file(office, 2)
    with pytest.raises(DubanError, match=r"county-01-2024/agencies\.yaml:\d: not YAML"):
        collect_returns.run(office=office)
    assert _filing(office, 2) is Filing.ACCEPTED


def test_two_plans_cannot_have_one_folder_of_the_drive(two: Office) -> None:
    province.write_county(two.settings.plans_dir, 3, like=ROOT / "plans" / PLAN)
    head = two.settings.plans_dir / province.county_id(3) / "plan.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("演示03县", "演示01县"), encoding="utf-8")
    office = open_office(two.settings)
    with pytest.raises(PlanError, match="belongs to plan county-01-2024; give the plan a drive_folder"):
        open_period.run(office=office)
    assert not (office.settings.drive / "演示03县").exists()
