"""Failures of the run book, played: one sees what the page says one sees, and its commands mend it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from demo.agencies import SimulatedAgency
from demo.setting import PLAN, set_stage
from include.office import clock
from include.office.desk import open_office
from include.office.outbox import MAX_ATTEMPTS
from include.plan import Period
from include.settings import ROOT, settings_of
from include.workdays import SHANGHAI
from tests.mailbox import Mailbox
from tests.ports import free_port
from tests.postgres import PostgreSQL, postgresql_server
from tests.warm import WarmDuban

PAGE = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
FILERS = ("education", "agriculture")
JANUARY = Period(2024, 1)
START = datetime(2024, 1, 31, 8, 30, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Section:
    """One failure of the page, by its number."""

    number: int

    @property
    def text(self) -> str:
        return re.split(r"^## \d+ ", PAGE, flags=re.MULTILINE)[self.number]

    def part(self, name: str) -> str:
        """Give a part: 看到, 查, 办 or 确认."""
        found = re.search(rf"^\*\*{name}\*\*(.*?)(?=^\*\*(?!{name})|\Z)", self.text, re.MULTILINE | re.DOTALL)
        assert found, f"no {name} in section {self.number}"
        return found[1]

    def commands(self, name: str) -> list[str]:
        """Give the commands of `duban` in a part, in a block or in the text."""
        return ["".join(two) for two in re.findall(r"(?m)^(duban .+)$|`(duban [^`]+)`", self.part(name))]


@dataclass
class Shell:
    """An installation, and a shell in it."""

    programs: Path
    home: Path
    given: dict[str, str] = field(default_factory=dict[str, str])

    def run(self, command: str) -> tuple[int, str]:
        """Run a command line; give its exit code and all it printed."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")}
        environment |= {"PATH": f"{self.programs}:{environment['PATH']}", "DUBAN_HOME": str(self.home)}
        ran = subprocess.run(
            ["bash", "-c", command], env=environment | self.given, text=True, check=False, timeout=120,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return ran.returncode, ran.stdout

    def do(self, command: str) -> str:
        """Run a command that has to succeed; give what it printed."""
        code, said = self.run(command)
        assert code == 0, f"{command}\n{said}"
        return said

    def at(self, moment: datetime) -> None:
        clock.start(settings_of(self.home), moment, stopped=True)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bin")
    with WarmDuban(folder):
        yield folder


@pytest.fixture
def shell(programs: Path, tmp_path: Path) -> Shell:
    home = tmp_path / "home"
    set_stage(settings_of(home)).store.close()
    return Shell(programs, home, {"DUBAN_STABLE_SECONDS": "0"})


def seen(shell: Shell, section: Section) -> str:
    """Give all that is seen by who does as the page says: the whole of doctor, and what the section asks."""
    return "\n".join(shell.run(command)[1] for command in ("duban doctor", *section.commands("查")))


def quotes(section: Section) -> list[str]:
    """Give what the page quotes as seen."""
    first = section.part("看到").strip().splitlines()[0]
    return [part for quote in re.findall(r"`([^`]+)`", first) for part in quote.split("…") if part]


def sure(shell: Shell, section: Section) -> None:
    """Hold what the page says to make sure by: its commands succeed and say what it quotes of them."""
    said = "\n".join(shell.do(command) for command in section.commands("确认"))
    told = re.findall(r"(?:显示|和)“([^”]+)”", section.part("确认"))
    assert told
    assert [words for words in told if words not in said] == []


def test_a_drive_that_is_away(shell: Shell, tmp_path: Path) -> None:
    section, drive = Section(1), tmp_path / "srv" / "duban-drive"
    drive.mkdir(parents=True)
    shell.given["DUBAN_DRIVE_DIR"] = str(drive)
    shell.do("duban drive bind")
    shell.at(START)
    drive.rename(tmp_path / "away")
    drive.mkdir()  # the mount point without its mount
    shell.do("duban open")
    said = seen(shell, section)
    assert [quote for quote in quotes(section) if quote not in said] == []
    assert list(drive.iterdir()) == []
    drive.rmdir()
    (tmp_path / "away").rename(drive)
    for command in section.commands("办"):
        shell.do(command)
    sure(shell, section)
    assert len(list(drive.glob("责任单位/*/待报/*.xlsx"))) > 20


def test_a_mail_server_that_does_not_answer(shell: Shell) -> None:
    section = Section(3)
    shell.given |= {
        "DUBAN_MAIL_MODE": "smtp",
        "DUBAN_SMTP_SECURITY": "none",
        "DUBAN_SMTP_PORT": str(free_port()),
    }
    shell.at(START)
    shell.do("duban open")
    office = open_office(settings_of(shell.home))
    for agency in FILERS:
        SimulatedAgency(office, office.plan(PLAN, JANUARY).agency(agency)).file(JANUARY)
    office.store.close()
    shell.at(START + timedelta(days=2))
    shell.do("duban collect")
    for n in range(MAX_ATTEMPTS):
        shell.at(START + timedelta(days=2, minutes=n))
        shell.do("duban deliver")
    said = seen(shell, section)
    assert [quote for quote in quotes(section) if quote not in said] == []
    with Mailbox() as mailbox:
        shell.given["DUBAN_SMTP_PORT"] = str(mailbox.port)
        for command in section.commands("办"):
            shell.do(command)
        sure(shell, section)
    told = [mail.message["Message-ID"] for mail in mailbox.received]
    assert len(told) == len(set(told)) >= len(FILERS)


@pytest.fixture
def own_server(need: Callable[[str], Path]) -> Iterator[PostgreSQL]:
    """A server that may be stopped."""
    with postgresql_server(need("initdb").parent) as server:
        yield server


def test_a_database_server_that_is_away_and_one_of_a_newer_release(
    shell: Shell, own_server: PostgreSQL
) -> None:
    section = Section(6)
    shell.given["DUBAN_DATABASE_URL"] = url = own_server.fresh_database()
    shell.do("duban status")
    own_server.stop()
    code, said = shell.run("duban status")
    assert code == 1
    said += seen(shell, section)
    own_server.start()
    sure(shell, section)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'to come'")
    said += shell.run("duban status")[1]
    assert [quote for quote in quotes(section) if quote not in said] == []


def test_a_database_file_that_is_damaged_comes_back_from_the_backup(shell: Shell, tmp_path: Path) -> None:
    section = Section(6)
    shell.at(START)
    shell.do("duban open")
    shell.do(f"duban backup --to {tmp_path / 'backups'}")
    (backup,) = (tmp_path / "backups").iterdir()
    with (shell.home / "duban.db").open("r+b") as file:
        file.write(b"no database any more")
    code, said = shell.run("duban status")
    assert (code, "Traceback" in said) == (1, False)
    said += seen(shell, section)
    assert quotes(section)[0] in said
    (restore,) = section.commands("办")
    shell.do(re.sub(r"--from \S+", f"--from {backup}", restore))
    sure(shell, section)
    assert "应报 23，已报 0" in shell.do("duban status")
