"""Going through the plans: one job, plan by plan; a place that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from include.errors import DubanError
from include.office.desk import Office, selected
from include.plan import Period
from include.store.leases import lease


@dataclass(frozen=True, slots=True)
class Done:
    """What a job did in one plan: the periods it changed something in, and particulars as plain JSON values.

    `changed` is True where something changed that belongs to no period.
    """

    periods: Iterable[Period] = ()
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    changed: bool = False


def each_plan(
    office: Office, plan: str | None, work: Callable[[str], Done], *, job: str | None = None
) -> dict[str, Any]:
    """Do a job in the plan named, or in all; with `job`, under that job's lease.

    Returns plain JSON values: `touched` (`[{"plan", "period"}]`, empty if nothing changed), `note` (why not),
    `plans` (particulars by plan).

    Raises:
        DubanError: it failed in some plan; the others were done all the same.
    """
    result: dict[str, Any] = {"touched": [], "note": "", "plans": {}}
    failed: dict[str, DubanError] = {}
    for plan_id in selected(office, plan):
        try:
            with _held(office, plan_id, job):
                done = work(plan_id)
        except DubanError as error:
            failed[plan_id] = error
            continue
        result["plans"][plan_id] = done.details
        result["touched"] += _touched(plan_id, done)
    if failed:
        first = next(iter(failed.values()))
        raise first if len(failed) == 1 else DubanError("\n".join(f"{p}: {e}" for p, e in failed.items()))
    if not result["touched"]:
        result["note"] = "没有要办的"
    return result


def _touched(plan_id: str, done: Done) -> list[dict[str, Any]]:
    periods = [{"plan": plan_id, "period": str(period)} for period in sorted(done.periods)]
    return periods or ([{"plan": plan_id, "period": None}] if done.changed else [])


def _held(office: Office, plan_id: str, job: str | None) -> AbstractContextManager[Any]:
    return lease(office.store, plan_id, job) if job else nullcontext()
