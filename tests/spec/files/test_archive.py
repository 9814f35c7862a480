"""The archive keeps bytes by their hash, whole, once, and notices when they change."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from include.files import Archive
from include.files.atomic import part_file, settle, write_whole


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "deep" / "archive")


def files_of(archive: Archive) -> list[Path]:
    return [file for file in archive.root.rglob("*") if file.is_file()]


def test_bytes_are_kept_under_their_hash_and_only_once(archive: Archive) -> None:
    sha256 = archive.put_bytes(b"return")
    assert sha256 == hashlib.sha256(b"return").hexdigest()
    assert archive.has(sha256)
    assert not archive.has("0" * 64)
    inode = archive.path(sha256).stat().st_ino
    assert archive.put_bytes(b"return") == sha256
    assert archive.path(sha256).stat().st_ino == inode
    assert files_of(archive) == [archive.path(sha256)]
    assert archive.read(sha256) == b"return"


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 20])
def test_a_file_is_kept_whole_whatever_its_size(archive: Archive, tmp_path: Path, size: int) -> None:
    file = tmp_path / "big"
    file.write_bytes(bytes(n % 251 for n in range(1000)) * (size // 1000 + 1))
    os.truncate(file, size)
    sha256 = archive.put_file(file)
    assert archive.read(sha256) == file.read_bytes()
    assert archive.put_file(file) == sha256
    assert files_of(archive) == [archive.path(sha256)]


def test_a_link_a_folder_or_a_pipe_is_not_archived(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "deep", "nowhere"):
        with pytest.raises(OSError, match=name):
            archive.put_file(tmp_path / name)
    assert files_of(archive) == []


def test_damaged_bytes_are_noticed(archive: Archive) -> None:
    sha256 = archive.put_bytes(b"return")
    archive.path(sha256).write_bytes(b"forged")
    with pytest.raises(OSError, match="已损坏，请从备份恢复"):
        archive.read(sha256)
    with pytest.raises(FileNotFoundError):
        archive.read("0" * 64)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "report.xlsx"
    write_whole(file, b"old")
    with pytest.raises(TypeError), part_file(tmp_path) as (_, opened):
        opened.write("what cannot be written")  # pyright: ignore[reportArgumentType]
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
    with part_file(tmp_path) as (part, opened):
        opened.write(b"new")
        settle(part, opened, file)
    assert file.read_bytes() == b"new"


def test_a_write_replaces_a_link_and_not_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "report.xlsx").symlink_to(tmp_path / "secret")
    write_whole(tmp_path / "report.xlsx", b"report")
    assert (tmp_path / "secret").read_bytes() == b"secret"
    assert not (tmp_path / "report.xlsx").is_symlink()
