"""Hostile files through the collect use case: answered in time and memory, and nobody else disturbed."""

from __future__ import annotations

import io
import resource
import subprocess
import threading
import zipfile
from collections.abc import Callable
from os import getpid
from pathlib import Path

import pytest

from demo.setting import PLAN
from include.office import collect_returns, open_period
from include.plan import Period
from include.records.submissions import SubmissionState
from include.returns.child import MEMORY
from include.returns.reader import SECONDS_A_FILE
from include.store import returns
from tests.corpus.office import files_of
from tests.integration.office.conftest import Stage

DATABASES = ("sqlite",)
PERIOD = Period(2024, 1)
# Of the processor, for the hostile file and the good one: a busy machine is no fault of theirs.
SECONDS = 2 * SECONDS_A_FILE
NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)  # of a child that has just begun to start
PARENT_GROWTH = 200 << 20  # bytes: the office itself never takes a hostile file apart
BAD = {SubmissionState.UNREADABLE, SubmissionState.RETURNED}


class Watcher(threading.Thread):
    """Notes the largest address space and the memory limit of every reader's child of this process."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done, self.largest, self.limits = threading.Event(), 0, set[tuple[int, int]]()

    def run(self) -> None:
        while not self.done.wait(0.05):
            for child in _children():
                try:
                    status = Path(f"/proc/{child}/status").read_text(encoding="utf-8")
                    self.limits.add(resource.prlimit(child, resource.RLIMIT_AS))
                except (OSError, ProcessLookupError):
                    continue
                peak = [line for line in status.splitlines() if line.startswith("VmPeak")]
                self.largest = max([self.largest, *(int(line.split()[1]) << 10 for line in peak)])


def _children() -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(getpid())], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "include.returns.child" in line]


def _children_seconds() -> float:
    """Give the processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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


def test_hostile_files_are_answered_in_time_and_a_good_one_beside_each_is_accepted(opened: Stage) -> None:
    """Each drops with a good return of another agency in the same run."""
    warm = opened.agency("health").file(PERIOD)
    assert warm.exists()
    collect_returns.run(PLAN, ["health"], office=opened.office)  # imports and the plan are nobody's time
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
        begun = _children_seconds()
        collect_returns.run(PLAN, ["court", "finance"], office=opened.office)
        assert _children_seconds() - begun < SECONDS, name
        assert opened.names("court", "报送") == []
    watcher.done.set()
    watcher.join()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10) - before
    assert watcher.limits - {NO_LIMIT} == {(MEMORY, MEMORY)}
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
    for name, row in answered.items():
        assert row.receipt_path, name
    refused = {name for name, row in answered.items() if row.state in BAD}
    assert refused >= {
        "eight million empty formatted cells",
        "two hundred megabytes",
        "hostile billion laughs",
        "hostile external entity",
        "hostile zip bomb",
        "far away cell",
    }
