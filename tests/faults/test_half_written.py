"""Files that are not whole: still growing, cut short, put there under another name first."""

from __future__ import annotations

import threading
import time

import pytest

from include.office import collect_returns
from tests.faults.conftest import Found
from tests.faults.county import MARKET, SCHOOLS, County
from tests.faults.steps import STEPS

NAME = "2024-01 报表.xlsx"


@pytest.fixture
def county(found: Found) -> County:
    """The month is open; a file must look the same for 0.3 s."""
    county = found(stable_seconds=0.3)
    county.at("2024-01-31T08:30")
    STEPS["open"](county.office)
    county.at("2024-02-02T11:00")
    return county


def test_a_file_that_still_grows_is_left_until_it_is_whole(county: County) -> None:
    whole = county.filled(MARKET)
    file = county.folder(MARKET, "报送") / NAME
    done = threading.Event()

    def copy() -> None:
        with file.open("wb", buffering=0) as out:
            for start in range(0, len(whole), len(whole) // 20 + 1):
                out.write(whole[start : start + len(whole) // 20 + 1])
                time.sleep(0.1)
        done.set()

    copying = threading.Thread(target=copy)
    copying.start()
    while not done.is_set():
        looked_before = not done.is_set()
        collect_returns.run(office=county.office)
        if not done.is_set():
            assert looked_before
            assert county.submissions() == []
    copying.join()
    collect_returns.run(office=county.office)
    (row,) = county.submissions()
    assert (row.state, row.size) == ("accepted", len(whole))


def test_a_file_cut_short_is_answered_and_the_whole_one_is_taken_after_it(county: County) -> None:
    whole = county.filled(SCHOOLS)
    county.drop(SCHOOLS, "报送", NAME, whole[: len(whole) // 2])
    collect_returns.run(office=county.office)
    county.drop(SCHOOLS, "报送", NAME, whole)
    collect_returns.run(office=county.office)
    assert [row.state for row in county.submissions()] == ["unreadable", "accepted"]
    first, second = county.files(SCHOOLS, "回执")
    assert {"无法读取" in first, "接收" in second} == {True}


def test_a_file_copied_under_another_name_first_is_taken_once_it_has_its_own(county: County) -> None:
    part = county.folder(MARKET, "报送") / f"~{NAME}.tmp"
    part.write_bytes(county.filled(MARKET)[:1000])
    collect_returns.run(office=county.office)
    assert county.submissions() == []
    part.write_bytes(county.filled(MARKET))
    part.rename(part.with_name(NAME))
    collect_returns.run(office=county.office)
    assert [row.state for row in county.submissions()] == ["accepted"]
    assert part.exists() is False
