"""A month of 25, 500 and 2,250 workbooks: duban against the plain script and against the floor.

    python -m benchmarks.month [--sizes 25 500 2250] [--rounds 3] [--folder /tmp/duban-bench]

The three run in turn, round after round, each a process of its own; medians and their ratios are printed
as a Markdown table. duban and the plain script must find the same faults and the same sums, or it fails.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import workload
from benchmarks.scene import settings_of
from include.office.desk import open_office


@dataclass
class Runs:
    """What the runs of one contender took: seconds of wall and of processor, MiB of its largest process."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)

    def row(self) -> str:
        """Give the medians as cells of the table."""
        return f"{median(self.wall):.2f} | {median(self.cpu):.2f} | {max(self.peak):.0f}"


def run(runs: Runs, module: str, *args: Path) -> None:
    """Run a contender once and note what it took; the kernel's own accounting of the finished process."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", f"benchmarks.{module}", *map(str, args)])  # noqa: S603
    _, status, usage = os.wait4(process.pid, 0)
    runs.wall.append(time.perf_counter() - began)
    runs.cpu.append(usage.ru_utime + usage.ru_stime)
    runs.peak.append(usage.ru_maxrss / 1024)
    if status:
        raise SystemExit(f"{module} failed")


def measure(
    folder: Path, size: int, rounds: int
) -> tuple[dict[str, Runs], dict[str, list[float]], dict[str, list[float]]]:
    """Measure one size; gives the runs by contender, duban's stages in seconds, and its memory after each."""
    work = folder / str(size)
    if not (work / "filled").exists():
        print(f"making {size} workbooks …", file=sys.stderr)
        workload.make(work, size)
    contenders = {name: Runs() for name in ("duban", "plain", "floor")}
    stages: dict[str, list[float]] = {}
    peaks: dict[str, list[float]] = {}
    for _ in range(rounds):
        home = folder / "run"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(work / "home", home)
        workload.drop(work, open_office(settings_of(work, home)))
        ours, theirs = folder / "duban.json", folder / "plain.json"
        run(contenders["floor"], "floor", work)
        run(contenders["duban"], "pipeline", work, home, ours)
        if not contenders["plain"].wall or size < 1000:  # minutes: once is enough
            run(contenders["plain"], "plain", work, theirs)
        found = json.loads(ours.read_text(encoding="utf-8"))
        compare(found, json.loads(theirs.read_text(encoding="utf-8")))
        for stage, seconds in found["stages"].items():
            stages.setdefault(stage, []).append(seconds)
        for stage, mib in found["peaks"].items():
            peaks.setdefault(stage, []).append(mib)
    return contenders, stages, peaks


def compare(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Stop if the two did not find the same."""
    faulty = {tuple(finding[:2]) for finding in ours["findings"]}
    if faulty != {tuple(finding[:2]) for finding in theirs["findings"]}:
        raise SystemExit(f"not the same faults: {faulty ^ {tuple(f[:2]) for f in theirs['findings']}}")
    if ours["sums"] != theirs["sums"]:
        keys = {k for k in {*ours["sums"], *theirs["sums"]} if ours["sums"].get(k) != theirs["sums"].get(k)}
        raise SystemExit(f"not the same sums: {sorted(keys)[:5]}")


def held_against(name: str, ours: Runs, theirs: Runs, by: str) -> str:
    """Say how duban stands to a contender, by seconds of wall or of processor."""
    ratio = median(getattr(theirs, by)) / median(getattr(ours, by))
    return {"plain": f"{ratio:.1f} × faster", "floor": f"{1 / ratio:.1f} × the floor"}.get(name, "")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=[25, 500, 2250])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--folder", type=Path, default=Path("/tmp/duban-bench"))  # noqa: S108 - asked for
    given = options.parse_args()
    print("| workbooks | contender | wall s | CPU s | peak MiB | duban is, by wall | by CPU |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    told: list[str] = []
    for size in given.sizes:
        contenders, stages, peaks = measure(given.folder, size, given.rounds)
        for name, runs in contenders.items():
            by_wall, by_cpu = (held_against(name, contenders["duban"], runs, by) for by in ("wall", "cpu"))
            print(f"| {size} | {name} | {runs.row()} | {by_wall} | {by_cpu} |", flush=True)
        for stage, mib in peaks.items():
            took = f"{median(stages[stage]):.2f}" if stage in stages else ""
            told.append(f"| {size} | {stage} | {took} | {max(mib):.0f} |")
    print("\n| workbooks | stage | s | peak MiB by its end |\n| --- | --- | --- | --- |", *told, sep="\n")


if __name__ == "__main__":
    main()
