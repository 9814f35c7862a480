"""Taking what was dropped: look twice, claim once, leave alone what is nobody's return."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from include.files import Watch, candidates, claim, claimed_files, lock_beside
from include.files.claim import look

NOW = datetime(2024, 9, 3, 1, 2, 3, 456789, tzinfo=UTC)


class Hands:
    """A clock a test turns by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def drop(folder: Path, name: str, data: bytes = b"return") -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def test_a_file_is_stable_when_two_looks_far_enough_apart_see_the_same(inbox: Path) -> None:
    clock = Hands()
    watch = Watch(2.0, clock)
    file = drop(inbox, "报表.xlsx")
    assert watch.stable(inbox) == []
    clock.seconds += 1.9
    assert watch.stable(inbox) == []
    clock.seconds += 0.1
    assert [seen.path for seen in watch.stable(inbox)] == [file]


def test_a_file_that_still_grows_is_not_stable(inbox: Path) -> None:
    clock = Hands()
    watch = Watch(2.0, clock)
    drop(inbox, "报表.xlsx", b"half")
    watch.stable(inbox)
    clock.seconds += 3
    drop(inbox, "报表.xlsx", b"half and more")
    assert watch.stable(inbox) == []
    clock.seconds += 3
    assert [seen.size for seen in watch.stable(inbox)] == [13]


def test_a_file_gone_and_back_again_is_looked_at_anew(inbox: Path) -> None:
    clock = Hands()
    watch = Watch(2.0, clock)
    file = drop(inbox, "报表.xlsx")
    kept = file.stat().st_mtime_ns
    watch.stable(inbox)
    file.unlink()
    clock.seconds += 3
    assert watch.stable(inbox) == []
    os.utime(drop(inbox, "报表.xlsx"), ns=(kept, kept))
    assert watch.stable(inbox) == []


def test_the_oldest_file_comes_first_and_one_watch_serves_many_folders(inbox: Path, tmp_path: Path) -> None:
    clock = Hands()
    watch = Watch(2.0, clock)
    other = tmp_path / "other"
    other.mkdir()
    for folder, name, age in ((inbox, "b.xlsx", 10), (inbox, "a.xlsx", 5), (other, "c.xlsx", 0)):
        os.utime(drop(folder, name), (1000 - age, 1000 - age))
    for folder in (inbox, other):
        watch.stable(folder)
    clock.seconds += 2
    assert [seen.name for seen in watch.stable(inbox)] == ["b.xlsx", "a.xlsx"]
    assert [seen.name for seen in watch.stable(other)] == ["c.xlsx"]


@pytest.mark.parametrize(
    "name",
    [".hidden.xlsx", "~$报表.xlsx", ".~lock.报表.xlsx#", ".~报表.xlsx", "~WRD0001.tmp", "报表.xlsx.tmp",
     "报表.xlsx.part", "报表.xlsx.crdownload", "Thumbs.db", "desktop.ini", ".~3f2a.part"],
)  # fmt: skip
def test_hidden_lock_and_temporary_files_are_never_taken(inbox: Path, name: str) -> None:
    drop(inbox, name)
    assert candidates(inbox) == []


@pytest.mark.parametrize(
    ("lock", "held"),
    [
        ("~$报表.xlsx", "报表.xlsx"),
        (".~lock.报表.xlsx#", "报表.xlsx"),
        (".~报表.xlsx", "报表.xlsx"),
        ("~$工作总结.docx", "八月工作总结.docx"),
        ("~$总结.docx", "总结.docx"),
    ],
)
def test_a_file_somebody_has_open_waits_and_its_neighbours_do_not(inbox: Path, lock: str, held: str) -> None:
    drop(inbox, lock)
    drop(inbox, held)
    other = drop(inbox, "别的报表.xlsx")
    assert candidates(inbox) == [other]
    (inbox / lock).unlink()
    assert inbox / held in candidates(inbox)


def test_a_lock_that_lies_as_long_untouched_as_its_workbook_holds_nothing(inbox: Path) -> None:
    lock, file = drop(inbox, "~$报表.xlsx"), drop(inbox, "报表.xlsx")
    for old, other in ((lock, file), (file, lock)):
        os.utime(old, (NOW.timestamp() - 18_000,) * 2)
        os.utime(other, (NOW.timestamp() - 60,) * 2)
        assert candidates(inbox, NOW - timedelta(hours=4)) == [], "one of the two changed just now"
    os.utime(file, (NOW.timestamp() - 18_000,) * 2)
    os.utime(lock, (NOW.timestamp() - 18_000,) * 2)
    assert candidates(inbox) == []
    assert candidates(inbox, NOW - timedelta(hours=4)) == [file]
    assert lock_beside(file) == "~$报表.xlsx"


def test_a_lock_of_one_workbook_holds_no_other_of_a_like_name(inbox: Path) -> None:
    drop(inbox, "~$月报表.xlsx")
    other = drop(inbox, "八九月报表.xlsx")
    assert candidates(inbox) == [other]


def test_links_folders_and_pipes_are_never_taken(inbox: Path, taken: Path, tmp_path: Path) -> None:
    secret = drop(tmp_path, "secret.xlsx")
    (inbox / "link.xlsx").symlink_to(secret)
    (inbox / "dangling.xlsx").symlink_to(tmp_path / "nowhere")
    (inbox / "folder.xlsx").mkdir()
    os.mkfifo(inbox / "pipe.xlsx")
    assert candidates(inbox) == []
    assert claim(inbox / "link.xlsx", taken, NOW) is None
    assert secret.exists()


def test_a_folder_that_is_a_link_is_nobodys_inbox(inbox: Path, tmp_path: Path) -> None:
    drop(inbox, "报表.xlsx")
    (tmp_path / "link").symlink_to(inbox)
    assert candidates(tmp_path / "link") == []
    assert claimed_files(tmp_path / "link") == []
    assert claim(inbox / "报表.xlsx", tmp_path / "link", NOW) is None
    assert candidates(tmp_path / "nowhere") == []


@pytest.fixture
def not_ours() -> Iterator[Path]:
    """A folder in which this process, be it root's, may look but change nothing."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "报送").mkdir()
        (folder / "已收").mkdir(mode=0o777)
        drop(folder / "报送", FORGED)
        folder.chmod(0o755)
        (folder / "报送").chmod(0o555)
        (folder / "已收").chmod(0o777)
        owner = os.geteuid()
        if owner == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(owner)
            (folder / "报送").chmod(0o755)


FORGED = "报表\nERROR include.office: forged\x1b[31m.xlsx"


def test_a_file_that_cannot_be_moved_stays_and_its_name_forges_no_line_of_the_log(
    not_ours: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert claim(not_ours / "报送" / FORGED, not_ours / "已收", NOW) is None
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.isprintable()
    assert "报表_ERROR include.office_ forged" in line
    assert (not_ours / "报送" / FORGED).exists()


def test_a_claim_moves_the_file_and_keeps_its_name_and_moment(inbox: Path, taken: Path) -> None:
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    claimed = claim(drop(inbox, "8月 报表（1）.xlsx"), taken, shanghai)
    assert claimed is not None
    assert claimed.path.parent == taken
    assert claimed.path.name.startswith("20240903T010203456789Z-")
    assert claimed.path.read_bytes() == b"return"
    assert list(inbox.iterdir()) == [taken]
    (again,) = claimed_files(taken)
    assert again.path == claimed.path
    assert again.original_name == "8月 报表（1）.xlsx"
    assert again.claimed_at == NOW


def test_of_many_collectors_one_wins_each_file(inbox: Path, taken: Path) -> None:
    files = [drop(inbox, f"{n}.xlsx", b"%d" % n) for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda file: claim(file, taken, NOW), files * 4))
    won = [c for c in claims if c is not None]
    assert len(won) == 40
    assert sorted(c.path.read_bytes() for c in won) == sorted(b"%d" % n for n in range(40))
    assert len(claimed_files(taken)) == 40


def test_a_file_overwritten_after_the_second_look_stays_for_the_next(inbox: Path, taken: Path) -> None:
    seen = look(drop(inbox, "报表.xlsx", b"old"))
    assert seen is not None
    drop(inbox, "报表.xlsx", b"new one")
    assert claim(seen, taken, NOW) is None
    assert (inbox / "报表.xlsx").read_bytes() == b"new one"
    again = look(inbox / "报表.xlsx")
    assert again is not None
    assert claim(again, taken, NOW) is not None


def test_a_file_replaced_after_a_claim_is_another_file(inbox: Path, taken: Path) -> None:
    claim(drop(inbox, "报表.xlsx", b"first"), taken, NOW)
    claim(drop(inbox, "报表.xlsx", b"second"), taken, NOW)
    assert sorted(c.path.read_bytes() for c in claimed_files(taken)) == [b"first", b"second"]


def test_a_file_that_vanished_is_no_fault(inbox: Path, taken: Path) -> None:
    assert claim(inbox / "gone.xlsx", taken, NOW) is None


def test_what_else_lies_among_the_claimed_is_left_alone(taken: Path, tmp_path: Path) -> None:
    drop(taken, "手工放入.xlsx")
    (taken / "20240903T010203456789Z-0123abcd-link.xlsx").symlink_to(drop(tmp_path, "secret.xlsx"))
    assert claimed_files(taken) == []


def test_claimed_files_come_in_order_of_claiming(inbox: Path, taken: Path) -> None:
    for n in (3, 1, 2):
        claim(drop(inbox, f"{n}.xlsx"), taken, NOW + timedelta(seconds=n))
    assert [c.original_name for c in claimed_files(taken)] == ["1.xlsx", "2.xlsx", "3.xlsx"]
