"""The shared drive goes away: nothing is written where it stood, nobody else's files are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.files import MARK
from include.office import collect_returns
from include.office.desk import Office
from tests.faults.conftest import Found
from tests.faults.county import FARMS, MARKET, PLAN, SCHOOLS, County
from tests.faults.steps import STEPS

AFTER = ("collect", "close", "escalate", "deliver")


def take(office: Office, *steps: str) -> None:
    for step in steps:
        STEPS[step](office)


@pytest.fixture
def opened(found: Found) -> County:
    """The month is open; two have filed, and were answered."""
    county = found()
    county.at("2024-01-31T08:30")
    take(county.office, "open")
    county.at("2024-02-02T11:00")
    for agency in (MARKET, FARMS):
        county.file(agency)
    take(county.office, "collect")
    county.file(SCHOOLS)
    return county


@pytest.fixture
def unmounted(opened: County) -> Path:
    """The drive is not mounted: its mount point is an empty folder. `back` mounts it again."""
    root = opened.office.drive.root
    root.rename(root.with_name("away"))
    root.mkdir()
    return root


def back(root: Path) -> None:
    root.rmdir()  # refused where anything was written into it
    root.with_name("away").rename(root)


def test_nothing_is_written_to_the_mount_point_and_all_of_it_catches_up(
    opened: County, unmounted: Path
) -> None:
    opened.at("2024-02-06T18:10")
    take(opened.office, *AFTER)
    opened.at("2024-02-08T09:10")
    take(opened.office, *AFTER, "housekeeping")
    assert list(unmounted.iterdir()) == []
    back(unmounted)
    opened.at("2024-02-08T09:20")
    take(opened.office, *AFTER)
    receipt, proof, *_ = opened.files(SCHOOLS, "回执")
    assert {"接收" in receipt, "核对稿" in proof} == {True}
    editions = opened.office.drive_of(PLAN).root / "食药安办" / "汇总" / "2024-01"
    names = sorted(file.name for file in editions.iterdir())
    assert names == [f"2024-01 汇总报表 第{n}版.xlsx" for n in range(1, len(names) + 1)]
    assert len(names) >= 2


def test_nobody_is_late_for_a_drive_that_was_away(opened: County, unmounted: Path) -> None:
    """The schools filed in time; the drive came back after the due moment."""
    opened.at("2024-02-06T18:10")
    take(opened.office, "collect")
    back(unmounted)
    opened.at("2024-02-07T08:00")
    take(opened.office, "collect")
    (receipt,) = opened.files(SCHOOLS, "回执")
    assert "接收" in receipt
    (row,) = [r for r in opened.submissions() if r.agency_id == SCHOOLS]
    assert row.counts_on_time


def test_what_lies_on_a_drive_without_our_mark_is_left_alone(opened: County) -> None:
    """Somebody else's drive, or an old copy of ours, stands where ours was."""
    mark = opened.office.drive.root / MARK
    kept = mark.read_text("utf-8")
    for foreign in ("", "another installation\n"):
        mark.write_text(foreign, "utf-8")
        before = set(opened.office.drive.root.rglob("*"))
        opened.at("2024-02-02T11:10")
        assert collect_returns.pending(office=opened.office) == []
        collect_returns.run(office=opened.office)
        take(opened.office, *AFTER)
        assert set(opened.office.drive.root.rglob("*")) == before
    mark.write_text(kept, "utf-8")
    take(opened.office, "collect")
    assert len(opened.files(SCHOOLS, "回执")) == 1
