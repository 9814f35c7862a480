"""Fixtures for every test, and the closing table of what was not run and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from include.settings import Settings, settings
from tests import needs
from tests.mailbox import Mailbox
from tests.objects import ObjectStorage
from tests.postgres import PostgreSQL, postgresql_server
from tests.samba import Samba


@pytest.fixture(scope="session")
def need() -> Callable[[str], Path]:
    """`need("soffice")` gives the program's path, or skips the test (a failure under DUBAN_TEST_ALL=1)."""
    return needs.need


@pytest.fixture(scope="session")
def need_file() -> Callable[[Path | str, str], Path]:
    """`need_file("../shared/x", "what for")` gives the path, from the checkout on, or skips the test."""
    return needs.need_file


@pytest.fixture(scope="session")
def postgresql(need: Callable[[str], Path]) -> Iterator[PostgreSQL]:
    """A private PostgreSQL server, started when the first test asks for it."""
    with postgresql_server(need("initdb").parent) as server:
        yield server


@pytest.fixture(scope="session")
def samba(need: Callable[[str], Path]) -> Iterator[Samba]:
    """A private SMB server, started when the first test asks for it."""
    with (
        TemporaryDirectory(prefix="duban-samba-", ignore_cleanup_errors=True) as home,
        Samba(need("smbd"), Path(home)) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def object_storage() -> Iterator[ObjectStorage]:
    """A private server that speaks S3, started when the first test asks for it."""
    with ObjectStorage() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'duban.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.fresh_database()
    yield url
    server.drop(url)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of an empty `DUBAN_HOME`, also set in the environment; the database is SQLite inside it."""
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUBAN_STABLE_SECONDS", "0.1")
    settings.cache_clear()
    yield settings()
    settings.cache_clear()


@pytest.fixture
def smtp_server() -> Iterator[Mailbox]:
    """A real SMTP server on loopback; what it accepts stands in `received`."""
    with Mailbox() as mailbox:
        yield mailbox


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the end what was not run, and why."""
    rows = needs.not_run(terminalreporter.stats.get("skipped", []))
    terminalreporter.section("not run, and why" if rows else "every test was run", sep="-")
    for reason, tests in rows:
        terminalreporter.write_line(f"{len(tests):4} {'test ' if len(tests) == 1 else 'tests'}  {reason}")
        terminalreporter.write_line(f"             first: {tests[0]}")
