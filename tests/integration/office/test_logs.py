"""Logs: every line says what it is about, as fields; none names a person or gives away a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from demo.setting import CARELESS, DOMAIN, PLAN
from include import logs
from include.cli import main
from include.settings import settings
from include.store import returns
from tests.integration.office.conftest import JANUARY, Stage

DATABASES = ("sqlite",)
FILERS = ("education", CARELESS)


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """Leave no handler of ours behind."""
    root, ours = logging.getLogger(), logging.getLogger("include")
    handlers, level = list(root.handlers), ours.level
    yield
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture
def shell(stage: Stage, monkeypatch: pytest.MonkeyPatch, logging_as_it_was: None) -> Iterator[Stage]:
    """The stage as a shell sees it, with logs as JSON, January opened and two returns dropped."""
    for name, value in {
        "DUBAN_HOME": str(stage.office.settings.home),
        "DUBAN_STABLE_SECONDS": "0",
        "DUBAN_SMTP_PASSWORD": "hush-hush",
        "DUBAN_LOG": "json",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    stage.at("2024-01-31T08:30")
    run("open")
    stage.at("2024-02-02T11:00")
    for agency in FILERS:
        stage.agency(agency).file(JANUARY, careless=agency == CARELESS)
    yield stage
    settings.cache_clear()


def run(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 0


def test_a_line_of_a_run_of_collect_says_what_it_is_about(
    shell: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    run("collect", "--plan", PLAN)
    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)
    judged = {line["agency"]: line for line in lines if line["event"].startswith("submission ")}
    assert set(judged) == set(FILERS)
    for agency, state in (("education", "accepted"), (CARELESS, "returned")):
        line = judged[agency]
        assert (line["plan"], line["period"], line["job"]) == (PLAN, "2024-01", "collect")
        assert f" {state}, " in line["event"]
    (done,) = [line for line in lines if line["event"].startswith("done: ")]
    assert (done["plan"], "files=2" in done["event"], "accepted=1" in done["event"]) == (PLAN, True, True)
    for private in (*people(shell), DOMAIN, "hush-hush"):
        assert private not in said, private


def people(stage: Stage) -> set[str]:
    """Everybody's name: the contacts, and who filled in and signed the returns."""
    contacts = stage.office.people(PLAN).contacts.values()
    named = {person.name for several in contacts for person in several}
    with stage.office.store.reading() as connection:
        for agency in FILERS:
            for row in returns.submissions_of(connection, PLAN, agency, JANUARY):
                named |= {row.filed_by, row.signed_by, row.phone}
    return {name for name in named if name}


def test_what_an_error_brings_along_is_taken_out(logging_as_it_was: None) -> None:
    out = io.StringIO()
    logs.set_up("json", out)
    with logs.about(plan=PLAN, agency=None):
        logging.getLogger("include.office.x").error(
            "cannot reach smb://wang:secret@server/share for zhang.san@county.example"
        )
    line: dict[str, Any] = json.loads(out.getvalue())
    assert line["event"] == "cannot reach smb://…@server/share for …"
    assert (line["plan"], "agency" in line) == (PLAN, False)


def test_unless_asked_a_shell_shows_warnings_only(logging_as_it_was: None) -> None:
    out = io.StringIO()
    logs.set_up("", out)
    log = logging.getLogger("include.office.x")
    log.info("nothing to see")
    with logs.about(plan=PLAN, period=JANUARY):
        log.warning("look")
    assert out.getvalue() == f"WARNING include.office.x: look period=2024-01 plan={PLAN}\n"
