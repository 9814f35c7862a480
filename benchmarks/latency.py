"""From the drop to the receipt through the live Airflow: all agencies of a county file at the same moment.

    python -m benchmarks.latency [--rounds 3]

A county's 25 returns are put into their inboxes at once, and again changed in each later round, while the
four Airflow processes run on this machine. A receipt counts from the moment it can be seen in 回执. Prints
one Markdown table; fails if the 95th percentile of any round is beyond the aim.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from zipfile import ZipFile

from benchmarks import workload
from benchmarks.scene import DROPPED, MONTH, settings_of
from benchmarks.workload import INBOX
from include.office import clock
from include.office.desk import Office, open_office
from include.workdays import SHANGHAI
from live import down, up

AIM = 30.0  # seconds, for 95 of 100 receipts
PATIENCE = 180.0  # seconds until a receipt counts as missing
RETURNS = 25


def main(rounds: int) -> int:
    """Measure, print the table, and give 1 if the aim is missed."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        workload.make(work, RETURNS)
        of = settings_of(work)
        office = open_office(of)
        clock.start(of, clock.parse(DROPPED).astimezone(SHANGHAI))
        up(of, say=lambda line: print(line, file=sys.stderr))
        try:
            measured = [answered(office, work, number) for number in range(1, rounds + 1)]
        finally:
            down(of, say=lambda _: None)
    print("| round | receipts | first s | median s | p95 s | last s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for number, seconds in enumerate(measured, 1):
        first, last = min(seconds), max(seconds)
        print(f"| {number} | {len(seconds)} | {first:.1f} | {median(seconds):.1f} ", end="")
        print(f"| {_p95(seconds):.1f} | {last:.1f} |")
    return int(any(_p95(seconds) > AIM for seconds in measured))


def answered(office: Office, work: Path, number: int) -> list[float]:
    """Drop every return at once; gives the seconds until each agency's receipt. Raises: SystemExit."""
    waiting = {inbox: _receipts(inbox) for inbox, _ in _returns(office, work)}
    for inbox, data in _returns(office, work):
        file = inbox / f"{MONTH} 报表（{number}）.xlsx"
        file.write_bytes(data)
        with ZipFile(file, "a") as book:  # another file, the same content
            book.comment = f"round {number}".encode()
    dropped, seconds = time.monotonic(), list[float]()
    while waiting:
        time.sleep(0.1)
        now = time.monotonic() - dropped
        for inbox in [i for i, before in waiting.items() if _receipts(i) - before]:
            del waiting[inbox]
            seconds.append(now)
        if now > PATIENCE:
            raise SystemExit(f"{len(waiting)} receipts did not come within {PATIENCE:.0f} s")
    return seconds


def _returns(office: Office, work: Path) -> Iterator[tuple[Path, bytes]]:
    """Give each agency's inbox and the return it files."""
    for file in sorted((work / "filled").glob("*/*/*.xlsx")):
        plan_id, agency_id = file.parts[-3:-1]
        agency = office.plan(plan_id, MONTH).agency(agency_id)
        yield office.drive_of(plan_id).agency_folder(agency.name, INBOX), file.read_bytes()


def _receipts(inbox: Path) -> set[str]:
    return {file.name for file in (inbox.parent / "回执").glob("*.xlsx")}


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    sys.exit(main(parser.parse_args().rounds))
