"""Hostile files through the collect use case: answered in time and memory, and nobody else disturbed."""

from __future__ import annotations

import io
import resource
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from os import getpid
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import select

from demo.setting import PLAN
from include.office import collect_returns, open_period
from include.plan import Period
from include.records.readings import Reading
from include.records.submissions import SubmissionState
from include.returns.sandbox import Expect, Sandbox
from include.returns.wire import MEMORY, SECONDS_A_FILE
from include.store import returns
from include.store import schema as t
from tests.corpus import education as e
from tests.corpus.office import files_of
from tests.integration.office.conftest import Stage

DATABASES = ("sqlite",)
PERIOD = Period(2024, 1)
TO_KILL = 2.0  # seconds in which a parent that nobody lets run wakes up and ends a child
NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)  # of a child that has just begun to start
PARENT_GROWTH = 200 << 20  # bytes: the office itself never takes a hostile file apart
BAD = {SubmissionState.UNREADABLE, SubmissionState.RETURNED}


class Watcher(threading.Thread):
    """Notes the largest address space and the limits of every reader's child of this process."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done, self.largest = threading.Event(), 0
        self.memory, self.processor = set[tuple[int, int]](), set[int]()

    def run(self) -> None:
        while not self.done.wait(0.05):
            for child in _children():
                try:
                    status = Path(f"/proc/{child}/status").read_text(encoding="utf-8")
                    self.memory.add(resource.prlimit(child, resource.RLIMIT_AS))
                    self.processor.add(resource.prlimit(child, resource.RLIMIT_CPU)[0])
                except (OSError, ProcessLookupError):
                    continue
                peak = [line for line in status.splitlines() if line.startswith("VmPeak")]
                self.largest = max([self.largest, *(int(line.split()[1]) << 10 for line in peak)])


def _children() -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(getpid())], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "include.returns.child" in line]


class Stopwatch(Sandbox):
    """The sandbox, with the seconds on the clock that each file took and the children it needed."""

    took: ClassVar[dict[str, float]] = {}

    def read(self, path: Path, expect: Expect) -> Reading:
        begun = time.monotonic()
        try:
            return super().read(path, expect)
        finally:
            self.took[expect.file_name] = time.monotonic() - begun


def swollen(data: bytes, rows: int, columns: int) -> bytes:
    """Give the workbook with its second sheet filled with empty formatted cells."""
    cells = "".join(f'<c r="{chr(65 + n)}%d" s="1"/>' for n in range(columns))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith("sheet2.xml"):
                more = "".join(
                    f'<row r="{n}" s="1" customFormat="1">{cells.replace("%d", str(n))}</row>'
                    for n in range(100, 100 + rows)
                )
                content = content.replace(b"</sheetData>", more.encode() + b"</sheetData>")
            new.writestr(entry.filename, content)
    return out.getvalue()


def swelling(data: bytes) -> bytes:
    """Give the workbook with every sheet full of empty cells: small, and huge once it is taken apart."""
    return e.repacked(e.swelling, data)


def huge(data: bytes) -> bytes:
    """Give noise of 220 MB that says it is a workbook."""
    return data + bytes(220 << 20)


def from_corpus(case: str) -> Callable[[bytes], bytes]:
    (data,) = files_of(case).values()
    return lambda _: data


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "nine hundred thousand empty formatted rows": lambda data: swollen(data, 900_000, 1),
    "eight million empty formatted cells": lambda data: swollen(data, 400_000, 20),
    "two hundred megabytes": huge,
    "sheets that swell": swelling,
    **{
        case.replace("-", " "): from_corpus(case)
        for case in (
            "hostile-billion-laughs",
            "hostile-external-entity",
            "hostile-zip-bomb",
            "hostile-deep-formula",
            "hostile-paths-inside",
            "far-away-cell",
        )
    },
}


@pytest.fixture
def opened(stage: Stage) -> Stage:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    return stage


def test_hostile_files_are_answered_in_time_and_a_good_one_beside_each_is_accepted(
    opened: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each drops with a good return of another agency in the same run.

    The clock is the sandbox's own: both its tries of a file end by then, however busy the machine is. What it
    takes here to start a child is beside it; a good file, read by a fresh child, shows how long.
    """
    monkeypatch.setattr(collect_returns, "Sandbox", Stopwatch)
    good_name = opened.agency("health").file(PERIOD).name
    collect_returns.run(PLAN, ["health"], office=opened.office)
    starting = Stopwatch.took[good_name]
    dropped = opened.agency("court").file(PERIOD)
    good = dropped.read_bytes()
    dropped.unlink()
    watcher = Watcher()
    watcher.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    for name, make in HOSTILE.items():
        data = make(good)
        before = max(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10)  # ours, making it
        (opened.folder("court", "报送") / f"{name}.xlsx").write_bytes(data)
        del data
        opened.agency("finance").file(PERIOD)
        collect_returns.run(PLAN, ["court", "finance"], office=opened.office)
        starting = max(starting, Stopwatch.took[good_name])
        assert Stopwatch.took[f"{name}.xlsx"] < SECONDS_A_FILE + 2 * starting + TO_KILL, name
        assert opened.names("court", "报送") == []
    watcher.done.set()
    watcher.join()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10) - before
    assert watcher.memory - {NO_LIMIT} == {(MEMORY, MEMORY)}
    assert MEMORY == 512 << 20
    assert SECONDS_A_FILE == 10
    limited = watcher.processor - {resource.RLIM_INFINITY}
    assert limited
    assert max(limited) < 4 * SECONDS_A_FILE, "seconds of the processor, counted anew with each file"
    assert 0 < watcher.largest <= MEMORY
    assert grown < PARENT_GROWTH
    _all_answered(opened)


def _all_answered(opened: Stage) -> None:
    with opened.office.store.reading() as connection:
        rows = returns.submissions(connection, PLAN)
    finance = [row.state for row in rows if row.agency_id == "finance"]
    assert len(finance) == len(HOSTILE)
    assert set(finance) <= {SubmissionState.ACCEPTED, SubmissionState.DUPLICATE}
    answered = {row.original_name.removesuffix(".xlsx"): row for row in rows if row.agency_id == "court"}
    assert answered.keys() == HOSTILE.keys()
    with opened.office.store.reading() as connection:
        said = {f.submission_id: f.message for f in connection.execute(select(t.finding))}
    for name, row in answered.items():
        assert row.receipt_path, name
        assert row.state == SubmissionState.ACCEPTED or said[row.id], name
    assert answered["nine hundred thousand empty formatted rows"].state in (SubmissionState.ACCEPTED, *BAD)
    refused = {name for name, row in answered.items() if row.state in BAD}
    assert refused >= {
        "eight million empty formatted cells",
        "two hundred megabytes",
        "hostile billion laughs",
        "hostile external entity",
        "hostile zip bomb",
        "far away cell",
    }
