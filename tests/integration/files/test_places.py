"""One behaviour behind every address: a folder, a share of a real Samba, a bucket of a real S3 server."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest

from include.errors import SettingsError
from include.files import MARK, AwayError, Drive, Folder, Place, open_place
from include.files.place import put
from tests.objects import ObjectStorage
from tests.samba import Samba

PATH = "食药安办/月报/2024-08/平湖市 督办月报（第1期）.pdf"


@pytest.fixture(params=["folder", "share", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place of its own."""
    own = uuid4().hex
    if request.param == "folder":
        (tmp_path / own).mkdir()
        return open_place(f"file://{tmp_path}/{own}")
    if request.param == "share":
        samba: Samba = request.getfixturevalue("samba")
        (samba.folder / own).mkdir()
        return open_place(f"{samba.url}/{own}")
    storage: ObjectStorage = request.getfixturevalue("object_storage")
    return open_place(storage.url.replace("?", f"/{own}?"))


def test_what_is_put_stands_there_whole_and_a_second_time_in_place_of_the_first(place: Place) -> None:
    first, second = b"one" * 700_000, b"two"
    assert put(place, PATH, first) == hashlib.sha256(first).hexdigest()
    assert place.read(PATH) == first
    put(place, PATH, second)
    assert place.read(PATH) == second


class Losing(Folder):
    """A folder on a disk that loses the end of what it took."""

    def read(self, path: str) -> bytes | None:
        """Give a file without its last byte."""
        data = super().read(path)
        return data and data[:-1]


def test_what_does_not_read_back_as_it_was_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="读回的内容不同"):
        put(Losing(tmp_path), PATH, b"whole")


def test_what_is_not_there_is_not_there(place: Place) -> None:
    place.check()
    assert place.read(PATH) is None
    assert not place.taken(PATH)


def test_a_part_is_a_folder_of_it(place: Place) -> None:
    put(place.part("甲县"), "a.txt", b"x")
    assert place.read("甲县/a.txt") == b"x"


def test_what_is_removed_is_gone(place: Place) -> None:
    put(place, PATH, b"x")
    place.remove(PATH)
    assert not place.taken(PATH)


def test_a_path_that_leaves_the_place_is_refused(place: Place) -> None:
    for path in ("", "/a", "../a", "a/../../b"):
        with pytest.raises(ValueError, match="not a path within"):
            put(place, path, b"x")


def test_somebodys_work_is_not_overwritten_and_not_removed(place: Place, tmp_path: Path) -> None:
    drive = Drive(tmp_path, place)
    ours = hashlib.sha256(b"ours").hexdigest()
    place.write(PATH, b"somebody's")
    assert drive.put_unless_touched(PATH, b"ours", ours) == PATH.replace(".pdf", " (2).pdf")
    assert not drive.remove_if_untouched(PATH, ours)
    assert place.read(PATH) == b"somebody's"
    assert drive.remove_if_untouched(PATH.replace(".pdf", " (2).pdf"), ours)


def test_nothing_half_written_is_left_on_a_share(samba: Samba) -> None:
    put(open_place(samba.url), "整/a.txt", b"x")
    assert [file.name for file in (samba.folder / "整").iterdir()] == ["a.txt"]


def test_a_file_held_open_on_a_share_is_a_fault_of_that_file_alone(samba: Samba) -> None:
    import smbclient  # noqa: PLC0415

    place = open_place(samba.url)
    put(place, "开/a.txt", b"x")
    login = place._login  # type: ignore[attr-defined]
    with smbclient.open_file(f"{place.name}\\开\\a.txt", mode="rb", **login):
        with pytest.raises(OSError, match="不能写入") as fault:
            place.write("开/a.txt", b"y")
        assert not isinstance(fault.value, AwayError)
    assert [file.name for file in (samba.folder / "开").iterdir()] == ["a.txt"]
    put(place, "开/a.txt", b"y")


@pytest.fixture
def absent(request: pytest.FixtureRequest, samba: Samba, object_storage: ObjectStorage) -> dict[str, str]:
    """Addresses of what is not there, or not ours."""
    return {
        "no such share": samba.url.replace("/duban", "/nothing"),
        "no such folder": f"{samba.url}/nothing",
        "wrong password": samba.url.replace("p%40ss", "wrong"),
        "no server": "smb://u:p@127.0.0.1:9/share",
        "no such bucket": object_storage.url.replace("@duban", "@nothing"),
        "no service": "s3://k:s@duban?endpoint=http://127.0.0.1:9",
    }


@pytest.mark.parametrize(
    "what", ["no such share", "no such folder", "wrong password", "no server", "no such bucket", "no service"]
)
def test_a_place_that_cannot_be_reached_is_away_and_says_so_without_the_password(
    absent: dict[str, str], what: str
) -> None:
    with pytest.raises(AwayError) as away:
        put(open_place(absent[what]), "a.txt", b"x")
    assert "p@ss/word" not in str(away.value)


def test_a_share_that_went_away_is_used_again_when_it_is_back(samba: Samba) -> None:
    place = open_place(samba.url)
    put(place, "a.txt", b"one")
    samba.stop()
    try:
        with pytest.raises(AwayError):
            put(place, "a.txt", b"two")
    finally:
        samba.start()
    put(place, "a.txt", b"two")
    assert place.read("a.txt") == b"two"


@pytest.mark.parametrize("url", ["ftp://host/x", "smb://host", "s3:///x", "file:", "nowhere"])
def test_an_address_that_names_no_place_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="不能用"):
        open_place(url)


# the mark on a folder


@pytest.fixture
def bound(tmp_path: Path) -> Folder:
    """A drive bound to this installation."""
    folder = Folder(tmp_path / "drive", "ours")
    folder.root.mkdir()
    folder.bind()
    return folder


def test_into_an_empty_mount_point_nothing_is_written(bound: Folder) -> None:
    """The drive was mounted when it was bound; now its mount point is empty."""
    bound.root.rename(bound.root.with_name("elsewhere"))
    bound.root.mkdir()
    with pytest.raises(AwayError, match="没有挂载"):
        put(bound.part("甲县"), PATH, b"x")
    assert list(bound.root.iterdir()) == []
    bound.root.rmdir()
    bound.root.with_name("elsewhere").rename(bound.root)
    put(bound.part("甲县"), PATH, b"x")


def test_the_drive_of_another_installation_is_neither_written_nor_taken(bound: Folder) -> None:
    other = Folder(bound.root, "another")
    with pytest.raises(AwayError, match="属于另一个系统"):
        put(other, PATH, b"x")
    with pytest.raises(SettingsError, match="属于另一个系统"):
        other.bind()
    assert (bound.root / MARK).read_text() == "ours\n"


@pytest.mark.parametrize("endpoint", ["http://s3.county.example", "http://127.0.0.1.evil.invalid", "ftp://x"])
def test_object_storage_elsewhere_is_spoken_to_by_tls_only(endpoint: str) -> None:
    with pytest.raises(SettingsError, match="应以 https:// 开头") as refused:
        open_place(f"s3://key:the-secret@bucket/folder?endpoint={endpoint}")
    assert "the-secret" not in str(refused.value)
