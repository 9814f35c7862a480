"""The shared drive: its layout, and a person's work never overwritten."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from include.files import AGENCY_FOLDERS, OFFICE_FOLDERS, Drive


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_every_folder_of_the_layout_is_made_and_made_again(drive: Drive) -> None:
    drive.make_folders(["甲局"])
    for kind in AGENCY_FOLDERS:
        assert (drive.root / "责任单位" / "甲局" / kind).is_dir()
    assert (drive.root / "责任单位" / "甲局" / "报送" / "已收").is_dir()
    for kind in OFFICE_FOLDERS:
        assert (drive.root / "食药安办" / kind).is_dir()


def test_a_folder_that_is_not_in_the_layout_is_a_slip(drive: Drive) -> None:
    with pytest.raises(ValueError, match="不存在"):
        drive.agency_path("甲局", "不存在")
    with pytest.raises(ValueError, match="不存在"):
        drive.office_path("不存在")


def test_an_agencys_name_cannot_lead_elsewhere(drive: Drive) -> None:
    assert drive.agency_path("../../etc", "待报") == "责任单位/_.._etc/待报"


def test_a_put_writes_whole_and_leaves_the_same_bytes_alone(drive: Drive) -> None:
    assert drive.put("食药安办/汇总/2024-08/汇总.xlsx", b"one") == sha256(b"one")
    file = drive.place("食药安办/汇总/2024-08/汇总.xlsx")
    first = file.stat().st_ino
    drive.put("食药安办/汇总/2024-08/汇总.xlsx", b"one")
    assert file.stat().st_ino == first
    drive.put("食药安办/汇总/2024-08/汇总.xlsx", b"two")
    assert file.read_bytes() == b"two"
    assert list(file.parent.iterdir()) == [file]


def test_what_duban_wrote_itself_is_replaced(drive: Drive) -> None:
    path = "责任单位/甲局/待报/2024-08 填报模板.xlsx"
    assert drive.put_unless_touched(path, b"template 1", None) == path
    assert drive.put_unless_touched(path, b"template 2", sha256(b"template 1")) == path
    assert drive.place(path).read_bytes() == b"template 2"


def test_what_a_person_changed_stays_and_ours_gets_a_new_name(drive: Drive) -> None:
    path = "责任单位/甲局/待报/2024-08 填报模板.xlsx"
    drive.put_unless_touched(path, b"template 1", None)
    drive.place(path).write_bytes(b"half filled in")
    used = drive.put_unless_touched(path, b"template 2", sha256(b"template 1"))
    assert used == "责任单位/甲局/待报/2024-08 填报模板 (2).xlsx"
    assert drive.place(path).read_bytes() == b"half filled in"
    assert drive.place(used).read_bytes() == b"template 2"
    assert drive.put_unless_touched(path, b"template 2", sha256(b"template 1")) == used, "again: nothing new"
    third = drive.put_unless_touched(path, b"template 3", sha256(b"template 1"))
    assert third.endswith("(3).xlsx")


def test_a_file_duban_never_wrote_is_somebodys(drive: Drive) -> None:
    path = "责任单位/甲局/回执/回执.xlsx"
    drive.place(path).write_bytes(b"mine")
    assert drive.put_unless_touched(path, b"ours", None).endswith("回执 (2).xlsx")
    assert drive.place(path).read_bytes() == b"mine"


def test_a_folder_or_a_link_in_the_place_of_a_file_is_gone_round(drive: Drive, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    drive.place("责任单位/甲局/回执/a.xlsx").mkdir()
    drive.place("责任单位/甲局/回执/b.xlsx").symlink_to(tmp_path / "secret")
    assert drive.put_unless_touched("责任单位/甲局/回执/a.xlsx", b"ours", None).endswith("a (2).xlsx")
    assert drive.put_unless_touched("责任单位/甲局/回执/b.xlsx", b"ours", None).endswith("b (2).xlsx")
    assert (tmp_path / "secret").read_bytes() == b"secret"


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../outside", "责任单位/../../outside", ".."])
def test_a_path_that_leaves_the_drive_is_refused(drive: Drive, path: str) -> None:
    with pytest.raises(ValueError, match="not a path within the drive"):
        drive.put(path, b"x")


def test_a_folder_swapped_for_a_link_leads_nowhere(drive: Drive, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    drive.agency_folder("甲局", "回执").rmdir()
    drive.agency_folder("甲局", "回执").symlink_to(outside)
    with pytest.raises(OSError, match="是链接，应为文件夹"):
        drive.put("责任单位/甲局/回执/回执.xlsx", b"x")
    assert list(outside.iterdir()) == []


def test_the_drive_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "mounted").symlink_to(tmp_path / "real")
    Drive(tmp_path / "mounted").put("食药安办/台账/台账.xlsx", b"x")
    assert (tmp_path / "real" / "食药安办" / "台账" / "台账.xlsx").read_bytes() == b"x"
