"""What a backup is made of and refuses to be made of: files, whatever the database."""

from __future__ import annotations

import json
import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from demo.setting import PLAN
from include.errors import RefusedError
from include.office import shares
from include.office.backup import LEFT_OUT, backup, restore
from include.settings import Settings
from tests.integration.office.conftest import Stage, settings_for
from tests.integration.office.test_backup import drive_of, opened

DATABASES = ("sqlite",)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """An empty installation on another disk."""
    return settings_for(tmp_path / "elsewhere", "")


def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(
    january: Stage, elsewhere: Settings, tmp_path: Path
) -> None:
    folder = backup(tmp_path / "disk", january.office.settings).folder
    files = sorted(f for f in (folder / "home" / "archive").rglob("*") if f.is_file())
    files[0].write_bytes(b"altered")
    files[1].unlink()
    (folder / "drive" / "more.txt").write_text("more", encoding="utf-8")
    with pytest.raises(RefusedError) as error:
        restore(folder, elsewhere)
    for path, how in (
        (files[0], "altered"),
        (files[1], "missing"),
        (folder / "drive" / "more.txt", "not of"),
    ):
        assert f"{path.relative_to(folder)}: {how}" in str(error.value)
    assert not elsewhere.home.exists()
    with pytest.raises(RefusedError, match="不是备份"):
        restore(tmp_path, elsewhere)


def test_a_damaged_or_missing_archived_file_is_told_at_both_ends(
    january: Stage, elsewhere: Settings, tmp_path: Path
) -> None:
    files = sorted(f for f in january.office.archive.root.rglob("*") if f.is_file())
    files[0].write_bytes(b"rotten")
    files[1].unlink()
    names = {f.parent.name + f.name for f in files[:2]}
    kept = backup(tmp_path / "disk", january.office.settings)
    assert {name for name in names for fault in kept.faults if name in fault} == names
    faults = restore(kept.folder, elsewhere).faults
    assert {name for name in names for fault in faults if name in fault} == names


def test_what_the_archives_copy_elsewhere_holds_is_fetched_from_there(
    january: Stage, elsewhere: Settings, tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror"
    shutil.copytree(january.office.archive.root, mirror)
    next(f for f in sorted(january.office.archive.root.rglob("*")) if f.is_file()).unlink()
    kept = backup(tmp_path / "disk", january.office.settings)
    of = Settings.model_validate(elsewhere.model_dump() | {"archive_url": mirror.as_uri()})
    assert restore(kept.folder, of).faults == ()
    assert {p.name for p in of.archive.rglob("*") if p.is_file()} == {
        p.name for p in mirror.rglob("*") if p.is_file()
    }


def test_a_drive_of_its_own_is_restored_into_its_place_with_its_mark(
    january: Stage, elsewhere: Settings, tmp_path: Path
) -> None:
    of = elsewhere.model_copy(update={"drive_dir": tmp_path / "mounted"})
    (tmp_path / "mounted").mkdir()
    restored = restore(backup(tmp_path / "disk", january.office.settings).folder, of)
    assert restored.faults == ()
    with opened(of) as there:
        assert drive_of(there) == drive_of(january)
        there.office.drive.folder.check()
    assert not (of.home / "drive").exists()


def test_a_backup_goes_elsewhere_and_names_what_it_leaves_out(january: Stage) -> None:
    of = january.office.settings
    for inside in (of.drive / "备份", of.home):
        with pytest.raises(RefusedError, match="在要备份的内容里面"):
            backup(inside, of)
    for name in LEFT_OUT:
        (of.home / name).mkdir(exist_ok=True) if "." not in name else (of.home / name).touch()
    first = backup(of.home / "backup", of)
    january.at("2024-02-06T18:07")
    kept = backup(of.home / "backup", of)
    assert kept.files == first.files, "no backup holds another"
    manifest = json.loads((kept.folder / "manifest.json").read_text("utf-8"))
    assert [note.split("：")[0] for note in manifest["left_out"]] == [f"没有备份 {name}" for name in LEFT_OUT]
    assert not any(path.startswith(f"home/{name}") for path in manifest["files"] for name in LEFT_OUT)
    assert manifest["files"]["plans/pinghu-2024/plan.yaml"]


def test_what_agencies_enter_the_drive_by_is_in_no_backup(january: Stage, tmp_path: Path) -> None:
    of = january.office.settings
    logins = shares.logins(shares.shares(office=january.office), of)
    passwords = [line.split("\t")[1].encode() for line in logins.read_text("utf-8").splitlines()[1:]]
    kept = backup(tmp_path / "disk", of)
    assert passwords
    for file in (f for f in kept.folder.rglob("*") if f.is_file()):
        assert not any(password in file.read_bytes() for password in passwords), file


def test_plans_that_cannot_be_put_back_are_told_and_the_rest_is_restored(
    january: Stage, elsewhere: Settings, tmp_path: Path
) -> None:
    """In a container the plans are the image's, which nobody writes to."""
    folder = backup(tmp_path / "disk", january.office.settings).folder
    (tmp_path / "no-folder").touch()
    read_only = elsewhere.model_copy(update={"plans_dir": tmp_path / "no-folder" / "plans"})
    restored = restore(folder, read_only)
    assert any("没有放回" in note and str(folder / "plans" / PLAN) in note for note in restored.notes)
    assert (elsewhere.home / "archive").is_dir()


def test_nothing_is_restored_into_a_system_that_runs(january: Stage, tmp_path: Path) -> None:
    of = january.office.settings
    folder = backup(tmp_path / "disk", of).folder
    with ThreadingHTTPServer(("127.0.0.1", 0), _Healthy) as airflow:
        Thread(target=airflow.serve_forever).start()
        runs = of.model_copy(update={"airflow_url": f"http://127.0.0.1:{airflow.server_port}"})
        with pytest.raises(RefusedError, match="系统还在运行"):
            restore(folder, runs, replace=True)
        airflow.shutdown()
    assert not (of.home / ".replaced").exists()
    assert restore(folder, runs, replace=True).faults == ()


class _Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"scheduler": {"status": "healthy"}}')

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
