"""A database of the first release, with a recorded January, is brought up to date, and the year goes on.

`first_release.json` was written by the first release itself: the demo's January, three agencies of it, up to
2024-02-09; every row of every table as SQLite holds it, but for the text of the plan's snapshot.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, MetaData, Table, func, select

from demo.setting import LAGGING, LATE, PLAN, SILENT, set_stage
from include.cli import main
from include.office import collect_returns, escalate_overdue, open_period
from include.office.desk import open_office
from include.settings import settings
from include.store.engine import Store
from tests.integration.office.conftest import Stage, settings_for

RECORDED = json.loads(Path(__file__).with_name("first_release.json").read_text(encoding="utf-8"))


@pytest.fixture
def first_release(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The installation of the first release, opened by this one."""
    home = tmp_path / "home"
    made = set_stage(settings_for(tmp_path / "stage", ""))
    made.store.close()
    shutil.copytree(made.settings.home, home, ignore=shutil.ignore_patterns("duban.db*"))
    of = settings_for(home, database_url)
    store = Store(of.database)
    store.migrate("0001")
    with store.writing() as connection:
        _fill(connection)
    store.close()
    monkeypatch.setenv("DUBAN_HOME", str(home))
    monkeypatch.setenv("DUBAN_DATABASE_URL", database_url)
    settings.cache_clear()
    office = open_office(of)
    stage = Stage(office)
    for agency in (SILENT, LATE, LAGGING):
        for kind in ("报送", "回复"):
            stage.folder(agency, kind).mkdir(parents=True)
    yield stage
    office.store.close()
    settings.cache_clear()


def _fill(connection: Connection) -> None:
    known = MetaData()
    known.reflect(connection)
    for name, rows in RECORDED.items():
        table = known.tables[name]
        connection.execute(table.insert(), [_typed(table, row) for row in rows])
        if connection.dialect.name == "postgresql" and "id" in table.c:
            counter = func.pg_get_serial_sequence(name, "id")
            connection.execute(select(func.setval(counter, func.max(table.c.id))))


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Read the values of a row as SQLite writes them down."""
    readers = {
        JSON: json.loads,
        Boolean: bool,
        Date: date.fromisoformat,
        DateTime: lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC),
    }
    values = dict(row)
    for name, value in row.items():
        kind = next((kind for kind in readers if isinstance(table.c[name].type, kind)), None)
        if kind is not None and value is not None:
            values[name] = readers[kind](value)
    return values


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    said = capsys.readouterr()
    assert not ended.value.code, said.err
    return said.out


def test_what_the_first_release_recorded_is_there_and_the_year_goes_on(
    first_release: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = _said(capsys, "letters", "list")
    for row in RECORDED["letter"]:
        assert row["number"] in listed
    entries = len(RECORDED["ledger"])
    assert f"{PLAN}: {entries} 条，全部核对一致" in _said(capsys, "ledger", "verify")
    told = _said(capsys, "explain", str(first_release.cases(SILENT)[0].id))
    assert "“报表逾期”一条（当时的办法没有存档" in told, "it kept no ladder"
    first_release.at("2024-02-18T10:00")
    first_release.agency(LAGGING).reply("演示〔2024〕3号", "已制定整改措施。")
    for moment in ("2024-02-18T11:00", "2024-02-21T09:10", "2024-02-22T09:10"):
        first_release.at(moment)
        collect_returns.run(office=first_release.office)
        escalate_overdue.run(office=first_release.office)
    for agency in (SILENT, LATE):
        assert [row.step for row in first_release.letters(agency)] == ["reminder", "rectification"]
    assert first_release.letters(LAGGING)[0].state == "answered"
    assert "全部核对一致" in _said(capsys, "ledger", "verify")
    assert "整改通知书" in _said(capsys, "letters", "list")
    first_release.at("2024-02-29T08:30")
    open_period.run(office=first_release.office)
    assert "2024-02 填报模板.xlsx" in first_release.names(LATE, "待报")
