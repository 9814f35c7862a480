"""A plan that changes within the year: an agency is merged into another, one is renamed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.agencies import SimulatedAgency
from demo.setting import CARELESS, LATE, PLAN, set_stage
from include.office import close_period, collect_returns, open_period
from include.office.desk import Office, open_office
from include.plan import Period
from include.records.submissions import SubmissionState
from include.settings import Settings
from include.store import returns
from tests.integration.office.conftest import Stage

AMENDMENT = f"""
from: 2024-02
reason: 机构改革
agencies:
  merge: {{{LATE}: {CARELESS}}}
  change: {{education: {{name: 市教育体育局}}}}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    of = Settings(home=tmp_path / "home", stable_seconds=0)
    set_stage(of).store.close()
    (of.plan_home(PLAN) / "amendments" / "2024-02.yaml").write_text(AMENDMENT, encoding="utf-8")
    office = open_office(of)
    yield Stage(office)
    office.store.close()


def file_as(office: Office, agency_id: str, period: Period) -> None:
    SimulatedAgency(office, office.plan(PLAN, period).agency(agency_id)).file(period)


def test_a_merged_and_a_renamed_agency_still_file_for_the_month_before(stage: Stage) -> None:
    january, february = Period(2024, 1), Period(2024, 2)
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-05T11:00")
    file_as(stage.office, LATE, january)
    file_as(stage.office, "education", january)
    collect_returns.run(office=stage.office)
    with stage.office.store.reading() as connection:
        judged = {row.agency_id: row.state for row in returns.submissions(connection, PLAN)}
    assert judged == {LATE: SubmissionState.ACCEPTED, "education": SubmissionState.ACCEPTED}

    stage.at("2024-02-29T08:30")
    open_period.run(office=stage.office)
    with stage.office.store.reading() as connection:
        owing = {row.agency_id for row in returns.agency_returns(connection, PLAN, february)}
    assert LATE not in owing
    assert {CARELESS, "education"} <= owing

    stage.at("2024-03-04T11:00")
    renamed = stage.office.drive.agency_folder("市教育体育局", "报送")
    file_as(stage.office, "education", february)
    assert len(list(renamed.glob("*.xlsx"))) == 1
    collect_returns.run(office=stage.office)
    stage.at("2024-03-07T18:10")
    closed = close_period.run(office=stage.office)
    assert {"plan": PLAN, "period": "2024-02"} in closed["touched"]
