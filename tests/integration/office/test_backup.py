"""Backup in the middle of a month, restored elsewhere: the month goes on as if nothing had happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from demo.setting import LATE, PLAN
from include.errors import DubanError, RefusedError, SettingsError
from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
)
from include.office.backup import backup, restore
from include.office.desk import open_office
from include.office.ledger_book import verify
from include.settings import Settings
from include.store import ledger
from include.store import schema as t
from tests.integration.office.conftest import JANUARY, Stage, settings_for

ON_WITH_IT = (
    ("2024-02-06T18:06", collect_returns.run),
    ("2024-02-06T18:10", close_period.run),
    ("2024-02-07T09:10", escalate_overdue.run),
    ("2024-02-07T09:20", deliver_outbox.run),
)


@pytest.fixture
def elsewhere(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty installation on another disk, its database of the same kind."""
    if database == "sqlite":
        yield settings_for(tmp_path / "elsewhere", "")
        return
    server = request.getfixturevalue("postgresql")
    url = server.fresh_database()
    yield settings_for(tmp_path / "elsewhere", url)
    server.drop(url)


@contextmanager
def opened(of: Settings) -> Iterator[Stage]:
    office = open_office(of)
    yield Stage(office)
    office.store.close()


def go_on(stage: Stage) -> tuple[list[Any], dict[str, str]]:
    """Do the rest of the month; give the ledger, and what then stands on the drive."""
    for moment, job in ON_WITH_IT:
        stage.at(moment)
        job(office=stage.office)
    with stage.office.store.reading() as connection:
        told: list[Any] = [
            (row.at, row.actor, row.event, by_chance(row.subject)) for row in ledger.entries(connection, PLAN)
        ]
        told += [tuple(row) for row in connection.execute(select(t.fact).order_by(*t.fact.primary_key))]
    return told, drive_of(stage)


def entries(stage: Stage) -> int:
    with stage.office.store.reading() as connection:
        return len(list(ledger.entries(connection, PLAN)))


def drive_of(stage: Stage) -> dict[str, str]:
    """Give what stands on the drive, and what its texts say; workbooks carry the moment they were made."""
    root = stage.office.drive.root
    files = (file for file in root.rglob("*") if file.is_file())
    return {
        by_chance(str(file.relative_to(root))): by_chance(file.read_text("utf-8"))
        if file.suffix == ".txt"
        else ""
        for file in files
    }


def by_chance(text: str) -> str:
    """Take out what is drawn by chance when a file is claimed, and the hashes over it."""
    return re.sub(r"(?<=Z-)[0-9a-f]{8}(?=-)|[0-9a-f]{64}", "*", text)


def test_a_month_restored_elsewhere_goes_on_as_if_not_interrupted(
    january: Stage, elsewhere: Settings, tmp_path: Path
) -> None:
    january.agency(LATE).file(JANUARY)  # dropped, and not yet collected
    (january.office.settings.home / "duban.env").write_text(
        "DUBAN_SMTP_PASSWORD=hush-hush\n", encoding="utf-8"
    )
    kept = backup(tmp_path / "disk", january.office.settings)
    assert kept.faults == ()
    assert kept.folder.name == "duban-20240206-180500"
    assert kept.folder.stat().st_mode & 0o077 == 0
    assert "没有备份 duban.env：设置，内有密码，请另行保管" in kept.notes
    assert not any(b"hush-hush" in f.read_bytes() for f in kept.folder.rglob("*") if f.is_file())
    restored = restore(kept.folder, elsewhere)
    assert restored.faults == ()
    assert restored.ledgers == {PLAN: entries(january)}
    with opened(elsewhere) as there:
        assert drive_of(there) == drive_of(january)
        told, drive = go_on(there)
        assert verify(PLAN, office=there.office)[PLAN].breaks == ()
    assert (told, drive) == go_on(january)


def test_what_is_there_is_never_overwritten_unless_asked_and_then_moved_aside(
    january: Stage, tmp_path: Path
) -> None:
    of = january.office.settings
    folder = backup(tmp_path / "disk", of).folder
    before, stray = entries(january), of.drive / "后来的.txt"
    stray.write_text("后来", encoding="utf-8")
    with pytest.raises(RefusedError, match="系统里已有内容"):
        restore(folder, of)
    assert stray.exists()
    january.at("2024-02-06T18:10")
    close_period.run(office=january.office)
    january.office.store.close()
    restored = restore(folder, of, replace=True)
    assert restored.ledgers == {PLAN: before}
    (aside,) = (of.home / ".replaced").iterdir()
    assert (aside / "drive" / "后来的.txt").read_text("utf-8") == "后来"
    assert not stray.exists()
    assert (aside / ("database" if of.database_url else "duban.db")).stat().st_size > 10_000
    with opened(of) as there:
        assert there.events("period-closed") == []


def test_a_backup_of_another_kind_of_database_is_refused(january: Stage, tmp_path: Path) -> None:
    kept = backup(tmp_path / "disk", january.office.settings)
    other = "" if january.office.settings.database_url else "postgresql+psycopg://nobody@127.0.0.1:1/none"
    with pytest.raises(RefusedError, match="请把 DUBAN_DATABASE_URL 改成同一种"):
        restore(kept.folder, settings_for(tmp_path / "other", other))
    file = kept.folder / "manifest.json"
    file.write_text(file.read_text("utf-8").replace('"format": 1', '"format": 9'), encoding="utf-8")
    with pytest.raises(DubanError, match="应为第 1 版格式"):
        restore(kept.folder, january.office.settings)
    with pytest.raises((SettingsError, OSError)):
        backup(Path("/proc/duban"), january.office.settings)
