"""`python -m benchmarks.consolidated`: the consolidated workbook of 2,250 agencies' figures, 30 each.

Each run is a process of its own: what is counted is its processor time, and its peak memory beyond what the
report itself took before the first row was written. The yardstick writes the same cells with xlsxwriter alone
and no format. Fails if the largest takes more time or memory than the limits.
"""

from __future__ import annotations

import io
import resource
import statistics
import subprocess
import sys
import time

import xlsxwriter

from include.documents.consolidated import write_consolidated
from include.documents.consolidated_sheets import fact_values
from include.records.reports import MonthReport
from tests.reports import larger_report

SIZES, ROUNDS = (25, 500, 2_250), 3
LIMIT_S, LIMIT_MIB = 20.0, 64.0  # for the largest


def main() -> int:
    """Measure, print one table, and give 1 if a limit is passed."""
    if len(sys.argv) == 3:
        return _one(sys.argv[1], int(sys.argv[2]))
    print("| agencies | rows | file MiB | CPU s | more MiB | bare: CPU s | more MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    passed = True
    for agencies in SIZES:
        ours, bare = (_median(what, agencies) for what in ("book", "bare"))
        print(f"| {agencies:,} | {agencies * 30:,} | {ours[2]:.1f} | {ours[0]:.2f} | {ours[1]:.1f} ", end="")
        print(f"| {bare[0]:.2f} | {bare[1]:.1f} |", flush=True)
        passed = ours[0] <= LIMIT_S and ours[1] <= LIMIT_MIB
    return 0 if passed else 1


def _median(what: str, agencies: int) -> tuple[float, ...]:
    runs = [
        subprocess.run(  # noqa: S603 - this module
            [sys.executable, "-m", "benchmarks.consolidated", what, str(agencies)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for _ in range(ROUNDS)
    ]
    return tuple(statistics.median(map(float, told)) for told in zip(*runs, strict=True))


def _one(what: str, agencies: int) -> int:
    """Write one workbook; print seconds, MiB beyond what stood before, and MiB of the file."""
    report = larger_report(agencies)
    before, began = _peak_mib(), time.process_time()
    made = write_consolidated(report) if what == "book" else _bare(report)
    print(time.process_time() - began, _peak_mib() - before, len(made) / 2**20)
    return 0


def _bare(report: MonthReport) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, fact in enumerate(report.facts):
            for column, value in enumerate(fact_values(fact)):
                sheet.write_string(number, column, str(value))
    return file.getvalue()


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
