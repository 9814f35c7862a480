"""What lies in an agency's folder under any name, or is no file: answered or left, nothing else touched."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

from demo.setting import PLAN
from include.office import collect_returns, open_period
from include.store import returns
from tests.integration.office.conftest import Stage

DATABASES = ("sqlite",)
HIDDEN = "..\\..\\etc\\passwd.xlsx"  # begins like what programs keep for themselves: left
NAMES = (
    "x\\..\\..\\etc\\passwd.xlsx", "C:\\windows\\报表.xlsx", "%2e%2e%2f%2e%2e%2fetc.xlsx", "-rf.xlsx",
    "--help.xlsx", "$(touch x).xlsx", "`id`.xlsx", "a;b|c&d.xlsx", "con.xlsx", "LPT1.xlsx", "nul",
    " 空 格 .xlsx", "报\t表\n第二行\r.xlsx", "\x01\x1b[31m.xlsx", "报表\u202exslx.exe", "\u200b\u2066.xlsx",
    "报" * 83 + ".xlsx", "e\u0301.xlsx", "trailing. .xlsx.", "*?<>|\".xlsx", "{{7*7}}.xlsx",
    "20240101T000000000000Z-0123abcd-x.xlsx",
)  # fmt: skip
BROKEN = b"\xff\xfe\xe6.xlsx"  # no text in any encoding we know


def test_every_name_is_answered_and_becomes_no_path(stage: Stage, tmp_path: Path) -> None:
    _open(stage)
    inbox = stage.folder("education", "报送")
    (inbox / HIDDEN).write_bytes(b"hidden")
    for n, name in enumerate(NAMES):
        (inbox / name).write_bytes(b"no workbook %d" % n)
    (Path(os.fsdecode(os.fsencode(inbox) + b"/" + BROKEN))).write_bytes(b"no workbook at all")
    before = _outside(stage, tmp_path)
    collect_returns.run(PLAN, office=stage.office)
    assert stage.names("education", "报送") == [HIDDEN]
    with stage.office.store.reading() as connection:
        rows = returns.submissions(connection, PLAN)
    assert len(rows) == len(NAMES) + 1
    for row in rows:
        assert Path(row.original_name).name == row.original_name
        assert row.original_name.isprintable()
        assert len(row.original_name.encode()) <= 180
        assert row.receipt_path, row.original_name
    assert _outside(stage, tmp_path) == before


def test_links_pipes_and_sockets_are_left_where_they_are_and_a_hard_link_is_a_copy(
    stage: Stage, tmp_path: Path
) -> None:
    _open(stage)
    inbox, secret = stage.folder("education", "报送"), tmp_path / "secret.xlsx"
    secret.write_bytes(b"another's")
    theirs = stage.folder("health", "待报")
    (inbox / "链接.xlsx").symlink_to(secret)
    (inbox / "别人的.xlsx").symlink_to(next(theirs.glob("*.xlsx")))
    (inbox / "圈.xlsx").symlink_to(inbox / "圈.xlsx")
    (inbox / "文件夹.xlsx").symlink_to(theirs)
    (inbox / "真文件夹.xlsx").mkdir()
    os.mkfifo(inbox / "管道.xlsx")
    os.mknod(inbox / "插.xlsx", stat.S_IFSOCK | 0o600)
    os.link(secret, inbox / "硬.xlsx")
    before = _outside(stage, tmp_path)
    collect_returns.run(PLAN, office=stage.office)
    left = {entry.name for entry in inbox.iterdir()} - {"已收"}
    assert left == {
        "链接.xlsx",
        "别人的.xlsx",
        "圈.xlsx",
        "文件夹.xlsx",
        "真文件夹.xlsx",
        "管道.xlsx",
        "插.xlsx",
    }
    with stage.office.store.reading() as connection:
        assert [row.original_name for row in returns.submissions(connection, PLAN)] == ["硬.xlsx"]
    assert secret.read_bytes() == b"another's"
    assert _outside(stage, tmp_path) == before


def test_a_folder_put_in_place_of_an_agencys_is_not_looked_into(stage: Stage, tmp_path: Path) -> None:
    _open(stage)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "报表.xlsx").write_bytes(b"not for us")
    inbox = stage.folder("education", "报送")
    (inbox / "已收").rmdir()
    inbox.rmdir()
    inbox.symlink_to(elsewhere)
    collect_returns.run(PLAN, office=stage.office)
    assert [file.name for file in elsewhere.iterdir()] == ["报表.xlsx"]


def _open(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")


def _outside(stage: Stage, tmp_path: Path) -> dict[str, str]:
    """Fingerprint every file that is neither the agency's nor duban's own state."""
    own, mine = stage.office.settings.home, stage.folder("education", "报送").parent
    drive = stage.office.drive.root
    found = [*tmp_path.iterdir(), *drive.rglob("*")]
    files = [f for f in found if f.is_file() and not f.is_relative_to(mine)]
    files = [f for f in files if f.is_relative_to(drive) or not f.is_relative_to(own)]
    return {str(f): sha256(f.read_bytes()).hexdigest() for f in files}
