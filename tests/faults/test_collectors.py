"""Two collectors look through the same folders at the same moment."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.conftest import Found
from tests.faults.county import CIVIL, FARMS, MARKET, POLICE, SCHOOLS, County
from tests.faults.steps import STEPS, start
from tests.postgres import PostgreSQL

EVERYBODY = (MARKET, SCHOOLS, FARMS, POLICE, CIVIL)


@pytest.fixture(params=["sqlite", "postgresql"])
def county(request: pytest.FixtureRequest, found: Found) -> County:
    """Everybody has filed; the farms a second time."""
    url = ""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.fresh_database()
    county = found(database_url=url)
    county.at("2024-01-31T08:30")
    STEPS["open"](county.office)
    county.at("2024-02-02T11:00")
    for agency in EVERYBODY:
        county.file(agency)
    county.drop(FARMS, "报送", "2024-01 改.xlsx", county.filled(FARMS, "unsigned"))
    return county


def test_each_file_is_taken_and_answered_once(county: County) -> None:
    diaries = [county.diary.with_name(f"diary-{n}") for n in range(2)]
    both = [start(county.office.settings, "collect", diary) for diary in diaries]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0], [d.read_text("utf-8") for d in diaries]
    STEPS["collect"](county.office)  # what one left to the other, which had looked before it came
    sent = county.submissions()
    assert Counter(row.agency_id for row in sent) == Counter([*EVERYBODY, FARMS])
    assert {row.state for row in sent} == {"accepted", "returned"}
    assert sorted(row.number for row in sent if row.agency_id == FARMS) == [1, 2]
    for agency in EVERYBODY:
        assert len(county.files(agency, "回执")) == (2 if agency == FARMS else 1)
        assert county.files(agency, "报送") == []
