"""Agencies kept apart on a real Samba, served from the settings `duban shares` writes."""

from __future__ import annotations

import getpass
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import smbclient
from smbprotocol.connection import Connection, Dialects
from smbprotocol.exceptions import SMBException

from demo import province
from demo.setting import PLAN
from include.errors import SettingsError
from include.files.smb_conf import AgencyShare, smb_conf
from include.office import collect_returns, open_period, shares
from include.office.desk import open_office
from include.plan import Period
from include.records.submissions import SubmissionState
from include.store import returns
from tests.integration.office.conftest import Stage
from tests.needs import need_library
from tests.samba import Samba

DATABASES = ("sqlite",)
PERIOD = Period(2024, 1)
MINE, THEIRS, OFFICE = f"{PLAN}.education", f"{PLAN}.health", f"{PLAN}._office"


@dataclass
class Desk:
    """A computer of an agency, logged in with its own password."""

    samba: Samba
    user: str
    password: str

    def at(self, share: str, *path: str) -> str:
        return "\\".join(["", "", "127.0.0.1", share, *path])

    @property
    def login(self) -> dict[str, Any]:
        return {
            "username": self.user,
            "password": self.password,
            "port": self.samba.port,
            "connection_cache": self.__dict__.setdefault("cache", {}),
        }

    def list(self, share: str, *path: str) -> list[str]:
        return smbclient.listdir(self.at(share, *path), **self.login)

    def read(self, share: str, *path: str) -> bytes:
        with smbclient.open_file(self.at(share, *path), mode="rb", **self.login) as file:
            return bytes(file.read())

    def write(self, data: bytes, share: str, *path: str) -> None:
        with smbclient.open_file(self.at(share, *path), mode="wb", **self.login) as file:
            file.write(data)


@pytest.fixture
def stage_open(stage: Stage) -> Stage:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    return stage


@pytest.fixture
def desks(stage_open: Stage, need: Callable[[str], Path], tmp_path: Path) -> Iterator[dict[str, Desk]]:
    """The desks of two agencies and of the office, before a server with every agency's share."""
    need_library("libnss_wrapper.so")
    found = shares.shares(office=stage_open.office)
    file = shares.logins(found, stage_open.office.settings)
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    logins = {user: password for user, password, _ in rows if user in (MINE, THEIRS, OFFICE)}
    home = tmp_path / "samba"
    home.mkdir()
    with Samba(need("smbd"), home, shares.conf(found, getpass.getuser()), logins) as samba:
        yield {user: Desk(samba, user, password) for user, password in logins.items()}


REFUSED = (SMBException, OSError)


def test_an_agency_neither_sees_reads_nor_writes_anothers_folder(
    desks: dict[str, Desk], stage_open: Stage
) -> None:
    mine, theirs = desks[MINE], desks[THEIRS]
    name = stage_open.names("health", "待报")[0]
    assert theirs.read(THEIRS, "待报", name) == (stage_open.folder("health", "待报") / name).read_bytes()
    assert set(mine.list(MINE)) >= {"待报", "报送", "回执", "文书", "回复"}
    mine.write(b"draft", MINE, "报送", "~$草稿.xlsx")
    for what in (
        lambda: mine.list(THEIRS),
        lambda: mine.list(THEIRS, "待报"),
        lambda: mine.read(THEIRS, "待报", name),
        lambda: mine.write(b"x", THEIRS, "报送", "x.xlsx"),
        lambda: smbclient.remove(mine.at(THEIRS, "待报", name), **mine.login),
        lambda: smbclient.rename(mine.at(MINE, "报送", "~$草稿.xlsx"), mine.at(THEIRS, "x"), **mine.login),
        lambda: mine.list(MINE, "..", stage_open.name("health")),
        lambda: mine.list("IPC$", ".."),
        lambda: mine.list(OFFICE),
    ):
        with pytest.raises(REFUSED):
            what()
    assert stage_open.names("health", "报送") == []
    for wrong in (Desk(mine.samba, THEIRS, mine.password), Desk(mine.samba, "nobody", "")):
        with pytest.raises(REFUSED):
            wrong.list(THEIRS)


def _not_in_the_clear(desk: Desk) -> None:
    """The server asks for encryption itself, and does not speak the dialects that cannot."""
    session = smbclient.register_session("127.0.0.1", **desk.login)  # asks for nothing
    assert session.encrypt_data
    old = Connection(uuid4(), "127.0.0.1", desk.samba.port)
    with pytest.raises(REFUSED, match="STATUS_NOT_SUPPORTED"):
        old.connect(Dialects.SMB_2_1_0, timeout=10)


def test_the_office_reads_its_place_over_smb_encrypted_and_changes_nothing(desks: dict[str, Desk]) -> None:
    office = desks[OFFICE]
    assert set(office.list(OFFICE)) >= {"责任单位", "食药安办"}
    with pytest.raises(REFUSED):
        office.write(b"x", OFFICE, "食药安办", "x.txt")
    _not_in_the_clear(office)


def test_a_link_on_the_drive_leads_nobody_out_and_our_own_files_are_not_shown(
    desks: dict[str, Desk], stage_open: Stage
) -> None:
    mine, folder = desks[MINE], stage_open.folder("education", "报送")
    (folder / "别人的").symlink_to(stage_open.folder("health", "待报"))
    (folder / "密.txt").symlink_to("/etc/passwd")
    (folder / ".~0123456789ab.part").write_bytes(b"half")
    for path in (("报送", "别人的"), ("报送", "密.txt")):
        with pytest.raises(REFUSED):
            mine.read(MINE, *path)
        with pytest.raises(REFUSED):
            mine.list(MINE, *path)
    assert ".~0123456789ab.part" not in mine.list(MINE, "报送")
    with pytest.raises(REFUSED):
        smbclient.symlink(str(stage_open.folder("health", "待报")), mine.at(MINE, "报送", "新"), **mine.login)
    mine.write(b"", MINE, "报送", ".~lock.2024-01.xlsx#")  # how LibreOffice says that a file is open
    assert ".~lock.2024-01.xlsx#" in mine.list(MINE, "报送")


def test_an_agency_files_for_nobody_but_itself(desks: dict[str, Desk], stage_open: Stage) -> None:
    """A workbook that says it is another agency's, dropped over SMB, is filed for neither."""
    made = stage_open.agency("health").file(PERIOD)
    data = made.read_bytes()
    made.unlink()
    desks[MINE].write(data, MINE, "报送", "卫健局报表.xlsx")
    desks[THEIRS].write(data, THEIRS, "报送", "报表.xlsx")
    collect_returns.run(PLAN, ["education"], office=stage_open.office)
    with stage_open.office.store.reading() as connection:
        (row,) = returns.submissions(connection, PLAN)
    assert (row.agency_id, row.state) == ("education", SubmissionState.FOREIGN)
    assert stage_open.standing("health").filing != "accepted"
    collect_returns.run(PLAN, office=stage_open.office)
    with stage_open.office.store.reading() as connection:
        states = {row.agency_id: row.state for row in returns.submissions(connection, PLAN)}
    assert states == {"education": SubmissionState.FOREIGN, "health": SubmissionState.ACCEPTED}


def test_the_settings_are_what_samba_reads(stage: Stage, tmp_path: Path) -> None:
    text = shares.conf(shares.shares(office=stage.office, root=Path("/srv/drive")), "duban")
    (tmp_path / "smb.conf").write_text(text, encoding="utf-8")
    read = subprocess.run(
        ["testparm", "--suppress-prompt", str(tmp_path / "smb.conf")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Unknown parameter" not in read.stderr
    filers = stage.office.plan(PLAN, PERIOD).filers
    assert read.stdout.count("valid users = ") == len(filers) + 1
    assert f"path = /srv/drive/责任单位/{stage.name('education')}\n" in read.stdout


@pytest.mark.parametrize("name", ["市%U局", "局\npath = /etc", '局"', "局\x7f", "局\\"])
def test_a_folder_samba_would_misread_is_refused(name: str) -> None:
    share = AgencyShare("a", "a", Path("/srv") / name, "甲")
    with pytest.raises(SettingsError, match="不能共享，Samba 会误读"):
        smb_conf([share], "duban")


@pytest.mark.parametrize("name", ["a]\n[b", "a b", "甲", "", "@everyone", "+group"])
def test_a_user_samba_would_misread_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="不能作共享名"):
        smb_conf([AgencyShare("a", name, Path("/srv/a"), "甲")], "duban")


def test_a_title_stays_on_its_line() -> None:
    text = smb_conf([AgencyShare("a", "a", Path("/srv/a"), "甲\n[global]\nguest ok = yes %U")], "duban")
    assert "comment = 甲 [global] guest ok = yes U\n" in text
    assert text.count("\n[") == 1


def test_passwords_are_made_once_for_each_and_kept_from_others(stage: Stage) -> None:
    found, of = shares.shares(office=stage.office), stage.office.settings
    file = shares.logins(found[:3], of)
    first = file.read_text(encoding="utf-8")
    shares.logins(found, of)
    assert file.read_text(encoding="utf-8").startswith(first)
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(found) + 1
    assert file.stat().st_mode & 0o077 == 0


def test_every_share_has_a_user_of_its_own_whatever_the_length_of_its_name(stage: Stage) -> None:
    users = [shares._user(f"a-county-with-a-long-name-2024.{n}") for n in ("education", "education-bureau")]
    assert len(set(users)) == 2
    assert all(len(user) <= shares.LONGEST for user in users)
    found = shares.shares(office=stage.office)
    assert len({share.name for share in found}) == len({share.folder for share in found}) == len(found)


def test_an_office_without_a_folder_of_its_own_is_not_shown_the_other_places(
    stage: Stage, tmp_path: Path
) -> None:
    of = stage.office.settings
    plans = tmp_path / "plans"
    shutil.copytree(of.plans_dir / PLAN, plans / PLAN)
    other = province.write_county(plans, 1, like=plans / PLAN)
    office = open_office(of.model_copy(update={"plans_dir": plans}))
    found = shares.shares(office=office)
    offices = {share.user for share in found if not share.writable}
    assert offices == {f"{other}._office"}
    assert all(share.folder != of.drive for share in found)
    office.store.close()
