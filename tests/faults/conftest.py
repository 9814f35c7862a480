"""A county for each test, and the undisturbed month that disturbed ones are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from include.settings import Settings
from tests.faults.county import County, found_county, settings_for
from tests.faults.month import Played, play
from tests.faults.whole import check
from tests.mailbox import Mailbox

Drafts = dict[tuple[str, str], bytes]
Found = Callable[..., County]


def by_smtp(folder: Path, server: Mailbox, **more: Any) -> Settings:
    """Give the settings of a county whose mail goes to a server."""
    smtp: dict[str, Any] = {
        "mail_mode": "smtp",
        "smtp_port": server.port,
        "smtp_security": "none",
        "mail_from": "duban@demo.invalid",
    }
    return settings_for(folder, **(smtp | more))


@pytest.fixture(scope="session")
def drafts() -> Drafts:
    """The agencies' filled returns: filled once, dropped in every county."""
    return {}


@pytest.fixture
def found(tmp_path: Path, drafts: Drafts, smtp_server: Mailbox) -> Iterator[Found]:
    """Found the county, with these settings besides the usual; its mail goes to `smtp_server`."""
    counties: list[County] = []

    def new(**more: Any) -> County:
        counties.append(found_county(by_smtp(tmp_path, smtp_server, **more), drafts))
        return counties[-1]

    yield new
    for county in counties:
        county.office.store.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, drafts: Drafts) -> Played:
    """The month as it goes when nothing happens."""
    with Mailbox() as server:
        county = found_county(by_smtp(tmp_path_factory.mktemp("undisturbed"), server), drafts)
        played = play(county, server)
        check(county, server)
        county.office.store.close()
    return played
