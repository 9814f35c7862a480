"""A whole month, disturbed: killed, its database stopped, its disk full. What it comes to is the same.

More kills: `python -m tests.faults`, or `make fault-test`.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Found
from tests.faults.county import MARKET, County
from tests.faults.month import MONTH, Played, killed, play
from tests.faults.steps import start, take
from tests.faults.whole import check, differences
from tests.mailbox import Mailbox
from tests.needs import miss
from tests.postgres import PostgreSQL, postgresql_server

SEED, KILLS = 1, 20  # what is drawn; at least so many kills


@pytest.fixture
def own_server(need: Callable[[str], Path]) -> Iterator[PostgreSQL]:
    """A PostgreSQL server nobody else uses."""
    with postgresql_server(need("initdb").parent) as server:
        yield server


def same(undisturbed: Played, played: Played) -> bool:
    """Hold a month, or its first moments, against the undisturbed one, moment by moment."""
    for (moment, _, _), expected, came_to in zip(MONTH, undisturbed.told, played.told, strict=False):
        assert differences(expected, came_to) == {}, moment
    return True


def test_a_month_whose_every_step_is_killed_comes_to_the_same(
    found: Found, undisturbed: Played, smtp_server: Mailbox
) -> None:
    county = found()
    played = play(county, smtp_server, killed(SEED, undisturbed, a_step=1))
    print("seed", SEED, "killed", *played.kills, sep="\n  ")
    assert len(played.kills) >= KILLS
    assert same(undisturbed, played)
    check(county, smtp_server)


def test_a_month_whose_postgresql_is_stopped_at_once_and_again_comes_to_the_same(
    found: Found, undisturbed: Played, own_server: PostgreSQL, smtp_server: Mailbox
) -> None:
    """On PostgreSQL, held against the undisturbed month on SQLite."""
    dice = random.Random(f"duban-stopped-{SEED}")  # noqa: S311 - what was drawn can be drawn again
    county = found(database_url=own_server.fresh_database())

    def stopped(county: County, step: str, place: int) -> Iterator[str]:
        if step in ("collect", "close", "sign"):
            process = start(county.office.settings, step, county.diary)
            time.sleep(dice.uniform(0, undisturbed.steps[place].seconds))
            own_server.stop(at_once=True)
            process.join()
            own_server.start()
            yield f"{step} ended with {process.exitcode}"

    played = play(county, smtp_server, stopped, moments=6)
    print("seed", SEED, *played.kills, sep="\n  ")
    assert same(undisturbed, played)
    assert any(ended.endswith(" 1") for ended in played.kills), "no stop fell into a step's work"


@pytest.mark.parametrize("largest", [1 << 10, 12 << 10])
def test_a_full_disk_loses_nothing_and_once_there_is_room_all_of_it_catches_up(
    found: Found, undisturbed: Played, smtp_server: Mailbox, largest: int
) -> None:
    """No file can grow beyond so many bytes: receipts first, then not even the database."""
    county = found()

    def full(county: County, step: str, place: int) -> Iterator[str]:
        process = start(county.office.settings, step, county.diary, largest_file=largest)
        process.join()
        yield f"{step} ended with {process.exitcode}"

    played = play(county, smtp_server, full, moments=2)
    assert any(ended.endswith(" 1") for ended in played.kills)
    assert same(undisturbed, played)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MiB where the county's home will be."""
    home = tmp_path / "home"
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(home)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False, capture_output=True).returncode:
        miss("no disk can be mounted: a limit on the size of files stands in for a full one", failing=False)
    yield home
    subprocess.run(["umount", "--lazy", str(home)], check=True)


@pytest.mark.parametrize("left", [0, 100 << 10])
def test_the_same_where_the_disk_itself_is_full(
    small_disk: Path, found: Found, undisturbed: Played, smtp_server: Mailbox, left: int
) -> None:
    """So many bytes are left: then a receipt can still be archived, and not be put on the drive."""
    county = found()
    ballast = small_disk / "ballast"

    def full(county: County, step: str, place: int) -> Iterator[str]:
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - left))
        process = start(county.office.settings, step, county.diary)
        process.join()
        yield f"{step} ended with {process.exitcode}"
        ballast.unlink()

    played = play(county, smtp_server, full, moments=2)
    assert any(ended.endswith(" 1") for ended in played.kills)
    assert same(undisturbed, played)


def test_a_database_another_program_is_writing_to_is_waited_for(found: Found) -> None:
    county = found()
    county.at("2024-01-31T08:30")
    take(county.office.settings, "open", county.diary)
    county.at("2024-02-02T11:00")
    county.file(MARKET)
    other = sqlite3.connect(county.office.settings.home / "duban.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    process = start(county.office.settings, "collect", county.diary)
    process.join(2)
    assert process.exitcode is None, "it waits"
    other.execute("ROLLBACK")
    other.close()
    process.join()
    assert process.exitcode == 0
    assert len(county.files(MARKET, "回执")) == 1


def test_a_copy_taken_from_a_template_is_filed_once_however_it_is_cut_off(found: Found) -> None:
    """Killed when the copy lies in 已收 and nothing is noted yet, the next run takes the same copy."""
    county = found(take_from_templates=True, unfiled_after_minutes=0)
    county.at("2024-01-31T08:30")
    take(county.office.settings, "open", county.diary)
    county.at("2024-02-02T11:00")
    filled = county.filled(MARKET)
    (county.folder(MARKET, "待报") / "2024-01 填报模板.xlsx").write_bytes(filled)
    for _ in range(2):
        ended = take(county.office.settings, "collect", county.diary, die_at=r"after replace .*Z-.*填报模板")
        assert ended.killed
    take(county.office.settings, "collect", county.diary)
    assert len(list((county.folder(MARKET, "报送") / "已收").iterdir())) == 1
    assert [name for name in county.files(MARKET, "回执") if "接收" in name] == county.files(MARKET, "回执")[
        :1
    ]
