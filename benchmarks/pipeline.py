"""duban itself: take → read → validate → store → receipts → progress → consolidated workbook.

    python -m benchmarks.pipeline FOLDER HOME OUT.json

`HOME` is a copy of the workload's home with every return dropped. Durability, the reader's sandbox, receipts
and the ledger are all in the time. The stages are told by a stopwatch around the use cases' own functions.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.scene import CLOSED, DROPPED, MONTH, settings_of
from include.office import close_period, collect_returns, judging
from include.office.desk import open_office
from include.records.figures import Role
from include.records.findings import Severity
from include.store import returns
from include.store import schema as t

STAGES = (  # `read` runs beside the others, in the sandbox
    ("take", collect_returns, "take"),
    ("read", judging, "read_all"),
    ("validate", judging, "validate"),
    ("settle with receipts", collect_returns, "settle"),
    ("receipts to the drive", collect_returns, "drain_drive"),
)
ROLES = {
    Role.NUMERATOR: "numerator",
    Role.DENOMINATOR: "denominator",
    Role.MONTH: "month",
    Role.LEVEL: "month",
}
spent: dict[str, float] = defaultdict(float)
peaks: dict[str, float] = {}  # MiB, of this process, once a stage is over


def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function so that its time counts for a stage."""

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            spent[stage] += time.perf_counter() - began
            peaks[stage] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    return wrapped


def main(folder: Path, home: Path, out: Path) -> None:
    """Collect and close the month."""
    for stage, module, name in STAGES:
        setattr(module, name, timed(stage, getattr(module, name)))
    office = open_office(settings_of(folder, home))
    timed("collect", collect_returns.run)(now=DROPPED, office=office)
    timed("close", close_period.run)(period=str(MONTH), now=CLOSED, office=office)
    out.write_text(json.dumps({"stages": spent, "peaks": peaks, **_outcome(office)}), encoding="utf-8")


def _outcome(office: Any) -> dict[str, Any]:
    """Give what the plain script gives too: the errors by cell, the sums of the accepted figures."""
    findings: list[list[str]] = []
    sums: dict[str, float] = defaultdict(float)
    with office.store.reading() as connection:
        faults = connection.execute(
            t.finding.join(t.submission).select().where(t.finding.c.severity == Severity.ERROR)
        )
        findings = [[row.plan_id, row.agency_id, row.ref] for row in faults]
        for plan_id in office.plan_ids:
            for fact in returns.facts(connection, plan_id, MONTH):
                if fact.role in ROLES and fact.value is not None:
                    sums[f"{plan_id}/{fact.indicator_id}/{ROLES[fact.role]}"] += float(fact.value)
    return {"findings": sorted(findings), "sums": sums}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
