"""Going through the plans: one job, plan by plan; a place that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeVar

from include.errors import DubanError
from include.logs import about
from include.office.desk import Office, selected
from include.plan import Period
from include.store.leases import lease

What = TypeVar("What")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """What a job did in one plan: the periods it changed something in, and particulars as plain JSON values.

    `changed` is True where something changed that belongs to no period.
    """

    periods: Iterable[Period] = ()
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    changed: bool = False


class Tour:
    """One go through the plan named, or through all, in one stage or in several.

    A plan that fails in one stage is left out of the later ones; `result` says so at the end.
    """

    def __init__(self, office: Office, plan: str | None) -> None:
        self._plans = list(selected(office, plan))
        self._failed: dict[str, DubanError] = {}

    @property
    def plans(self) -> list[str]:
        """The plans that have not failed, in order."""
        return [plan_id for plan_id in self._plans if plan_id not in self._failed]

    def each(self, work: Callable[[str], What]) -> dict[str, What]:
        """Do one stage in each plan; gives what came of it where it did not fail."""
        done: dict[str, What] = {}
        for plan_id in self.plans:
            with about(plan=plan_id):
                try:
                    done[plan_id] = work(plan_id)
                except DubanError as error:
                    log.info("failed, the other plans go on: %s", error)  # `result` raises it
                    self._failed[plan_id] = error
        return done

    def result(self, done: Mapping[str, Done]) -> dict[str, Any]:
        """Give plain JSON values, as `each_plan` does.

        Raises:
            DubanError: it failed in some plan; the others were done all the same.
        """
        for plan_id, what in done.items():
            with about(plan=plan_id, period=",".join(str(period) for period in sorted(what.periods))):
                log.info("done: %s", _counts(what.details) or "nothing to do")
        if self._failed:
            first = next(iter(self._failed.values()))
            every = "\n".join(f"{plan_id}: {error}" for plan_id, error in self._failed.items())
            raise first if len(self._failed) == 1 else DubanError(every)
        touched = [entry for plan_id, what in done.items() for entry in _touched(plan_id, what)]
        note = "" if touched else "没有要办的"
        details = {plan_id: what.details for plan_id, what in done.items()}
        return {"touched": touched, "note": note, "plans": details}


def each_plan(
    office: Office, plan: str | None, work: Callable[[str], Done], *, job: str | None = None
) -> dict[str, Any]:
    """Do a job in the plan named, or in all; with `job`, under that job's lease.

    Returns plain JSON values: `touched` (`[{"plan", "period"}]`, empty if nothing changed), `note` (why not),
    `plans` (particulars by plan).

    Raises:
        DubanError: it failed in some plan; the others were done all the same.
    """

    def under_lease(plan_id: str) -> Done:
        with _held(office, plan_id, job):
            return work(plan_id)

    with about(job=job):
        tour = Tour(office, plan)
        return tour.result(tour.each(under_lease))


def _counts(details: Mapping[str, Any]) -> str:
    """Give the figures among the particulars: names and words stay out of the log."""
    return " ".join(f"{name}={value}" for name, value in details.items() if isinstance(value, (int, float)))


def _touched(plan_id: str, done: Done) -> list[dict[str, Any]]:
    periods = [{"plan": plan_id, "period": str(period)} for period in sorted(done.periods)]
    return periods or ([{"plan": plan_id, "period": None}] if done.changed else [])


def _held(office: Office, plan_id: str, job: str | None) -> AbstractContextManager[Any]:
    return lease(office.store, plan_id, job) if job else nullcontext()
