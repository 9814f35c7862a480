"""An office on a made-up stage: the real plan with the demo's amendment, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Row

from demo.agencies import SimulatedAgency
from demo.setting import LATE, PLAN, SILENT, set_stage
from include.office import clock, collect_returns, open_period
from include.office.desk import Office, open_office
from include.office.standings import year_standings
from include.plan import Period
from include.records.submissions import ReturnStanding
from include.settings import Settings
from include.store import cases, ledger, outbox
from include.workdays import SHANGHAI
from tests.postgres import PostgreSQL

JANUARY = Period(2024, 1)


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

    def name(self, agency_id: str) -> str:
        return self.office.plan(PLAN, JANUARY).agency(agency_id).name

    def folder(self, agency_id: str, kind: str) -> Path:
        return self.office.drive_of(PLAN).agency_folder(self.name(agency_id), kind)

    def names(self, agency_id: str, kind: str) -> list[str]:
        """Give the names of the files in an agency's folder."""
        return sorted(file.name for file in self.folder(agency_id, kind).iterdir() if file.is_file())

    def office_files(self, kind: str) -> list[Path]:
        """Give the files in one of the office's folders."""
        folder = self.office.drive.root / self.office.drive.office_path(kind)
        return sorted(file for file in folder.rglob("*") if file.is_file())

    def standing(self, agency_id: str, period: str = "2024-01") -> ReturnStanding:
        return year_standings(self.office, PLAN, self.office.now())[agency_id, Period.parse(period)]

    def letters(self, agency_id: str | None = None) -> list[Row[Any]]:
        """Give the letters (to an agency), oldest first."""
        with self.office.store.reading() as connection:
            rows = cases.letters(connection, PLAN)
        return [row for row in rows if agency_id in (None, row.agency_id)]

    def letter(self, agency_id: str) -> Row[Any]:
        """Give the only letter to an agency."""
        (row,) = self.letters(agency_id)
        return row

    def cases(self, agency_id: str) -> list[Row[Any]]:
        with self.office.store.reading() as connection:
            return [row for row in cases.cases(connection, PLAN) if row.agency_id == agency_id]

    def events(self, event: str) -> list[Row[Any]]:
        """Give the ledger's entries of one kind."""
        with self.office.store.reading() as connection:
            return [row for row in ledger.entries(connection, PLAN) if row.event == event]

    def messages(self, prefix: str) -> list[Row[Any]]:
        """Give what is or was in the outbox under keys that begin so, oldest first."""
        m = outbox.message
        with self.office.store.reading() as connection:
            rows = connection.execute(m.select().where(m.c.plan_id == PLAN).order_by(m.c.id)).all()
        return [row for row in rows if row.key.startswith(prefix)]

    def mails(self, subject: str = "") -> list[EmailMessage]:
        """Give the mails written as .eml whose subject has these words."""
        folder = self.office.settings.home / "mail"
        found = [_mail(file) for file in sorted(folder.glob("*.eml"))]
        return [message for message in found if plain(subject) in plain(str(message["Subject"]))]


def plain(text: str) -> str:
    """Give a text without the difference of half and full width."""
    return unicodedata.normalize("NFKC", text)


def with_denominators(workbook: Path, values: dict[str, int]) -> bytes:
    """Give a return with other denominators, by words of the indicator's name."""
    book = load_workbook(workbook)
    sheet = book["指标"]
    header = next(row for row in sheet.iter_rows() if any(c.value == "分母" for c in row))
    column = next(c.column for c in header if c.value == "分母")
    for line in sheet.iter_rows(min_row=header[0].row + 1):
        for words, value in values.items():
            if any(words in str(c.value or "") for c in line):
                sheet.cell(line[0].row, column).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _mail(file: Path) -> EmailMessage:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def settings_for(home: Path, database_url: str) -> Settings:
    return Settings(home=home, database_url=database_url, stable_seconds=0, delivery_counts_as_served=True)


DATABASES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on both databases, or on those its module names in `DATABASES`."""
    if "database" in metafunc.fixturenames:
        kinds = getattr(metafunc.module, "DATABASES", DATABASES)
        metafunc.parametrize("database", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return str(request.param)


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; empty for SQLite in the home."""
    if database == "sqlite":
        yield ""
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.fresh_database()
    yield url
    server.drop(url)


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """The office on 2024-01-31 at 08:00: nothing has happened yet."""
    office = set_stage(settings_for(tmp_path / "home", database_url))
    yield Stage(office)
    office.store.close()


@dataclass(frozen=True)
class Played:
    """A stretch of a year played once; `copy` gives a database like it for as long as a test lasts."""

    home: Path
    database_url: str
    copy: Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def played_january(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    home = tmp_path_factory.mktemp("january") / "home"
    if database == "sqlite":
        _play_january(home, "")
        yield Played(home, "", _no_server)
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.fresh_database()
    _play_january(home, url)

    @contextmanager
    def copy() -> Iterator[str]:
        own = server.fresh_database(copy_of=url)
        yield own
        server.drop(own)

    yield Played(home, url, copy)
    server.drop(url)


@contextmanager
def _no_server() -> Iterator[str]:
    yield ""  # SQLite lies in the home, which is copied


def _play_january(home: Path, database_url: str) -> None:
    """All but the silent and the late agency file on 2024-02-02; the due moment and a sweep have passed."""
    stage = Stage(set_stage(settings_for(home, database_url)))
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    for agency in stage.office.plan(PLAN, JANUARY).filers:
        if agency.id not in (SILENT, LATE):
            stage.agency(agency.id).file(JANUARY)
    collect_returns.run(office=stage.office)
    stage.at("2024-02-06T18:05")
    collect_returns.run(office=stage.office)
    stage.office.store.close()


@pytest.fixture
def january(played_january: Played, tmp_path: Path) -> Iterator[Stage]:
    """The office on 2024-02-06 at 18:05, just past January's due moment: two returns are missing."""
    home = tmp_path / "home"
    shutil.copytree(played_january.home, home)
    with played_january.copy() as database_url:
        office = open_office(settings_for(home, database_url))
        yield Stage(office)
        office.store.close()
