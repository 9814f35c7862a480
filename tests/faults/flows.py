"""`python -m tests.faults.flows`: a month through a live Airflow, disturbed, held against one undisturbed.

The scheduler is killed (SIGKILL) in the middle of a task of each flow and started again: alone, as by the
kernel for want of memory, or with all its children, as by a power cut. Whatever has ended is cleared and run
again. What the month comes to is what it comes to straight through the use cases.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from demo.setting import PLAN
from include.office.desk import Office
from include.settings import Settings
from live.env import LiveError, airflow_home, environment
from live.forms import EMBEDDED, LOST_WORKER, Form
from live.processes import Component
from live.rest import Airflow
from tests.production.compare import Told, results, verified
from tests.production.month import Played, Playing, play

FLOWS = ("collect_returns", "close_period", "escalate_overdue", "publish_digest", "deliver_outbox")
FORM = replace(EMBEDDED, settings=LOST_WORKER)  # a lost task is noticed after one minute, not after five
SEED = 1
_EDITION = re.compile(r"第(\d+)版")


class Disturbed(Playing):
    """Finished tasks are cleared and run again, while a `Striker` is about."""

    def __init__(self, office: Office, form: Form) -> None:
        super().__init__(office, form)
        self._again: set[tuple[str, str]] = set()
        self._striker = Striker(office.settings, form, self.struck)
        self._striker.start()

    def take(self, step: str) -> None:
        """Take a step; then clear every run that ended since, and wait until all of it has run once more."""
        super().take(step)
        with Airflow(self.office.settings) as airflow:
            fresh = sorted(self._ended(airflow) - self._again)
            cleared = sum(len(clear(airflow, dag, run)) for dag, run in fresh)
            airflow.settle(self.patience)
            self._again |= self._ended(airflow)  # what clearing set off is not cleared in turn
        print(f"  {step}: {cleared} tasks of {len(fresh)} runs cleared and run again", flush=True)

    @staticmethod
    def _ended(airflow: Airflow) -> set[tuple[str, str]]:
        latest = {"state": "success", "order_by": "-start_date", "limit": 100}
        runs = airflow.call("GET", "/dags/~/dagRuns", params=latest)["dag_runs"]
        return {(run["dag_id"], run["dag_run_id"]) for run in runs if run["dag_id"] in FLOWS}


def clear(airflow: Airflow, dag: str, run: str) -> list[dict[str, Any]]:
    """Clear all tasks of a run that has ended, as by the button in the UI; gives them."""
    body = {"dag_run_id": run, "dry_run": False, "only_failed": False}
    return airflow.call("POST", f"/dags/{dag}/clearTaskInstances", json=body)["task_instances"]


class Striker(Thread):
    """Kills the scheduler once in the middle of a task of each flow, and starts it again."""

    def __init__(self, of: Settings, form: Form, struck: list[str]) -> None:
        super().__init__(daemon=True, name="striker")
        self.of, self.form, self.struck = of, form, struck
        self._dice = random.Random(f"duban-flows-{SEED}")  # noqa: S311 - what was drawn can be drawn again

    def run(self) -> None:
        """Wait for each flow's task to run, and strike."""
        left = set(FLOWS)
        while left:
            time.sleep(0.2)
            for flow in sorted(self._running() & left)[:1]:
                left.discard(flow)
                self._strike(flow, alone=len(left) % 2 == 0)

    def _running(self) -> set[str]:
        try:
            with Airflow(self.of) as airflow:
                path = "/dags/~/dagRuns/~/taskInstances"
                tasks = airflow.call("GET", path, params={"state": "running", "limit": 100})["task_instances"]
        except LiveError:
            return set()
        return {task["dag_id"] for task in tasks}

    def _strike(self, flow: str, *, alone: bool) -> None:
        time.sleep(self._dice.uniform(0, 2))
        scheduler, home = self.form.components[0], airflow_home(self.of)
        kill(scheduler, home, alone=alone)
        self.struck.append(f"{flow}: {'the scheduler alone' if alone else 'the scheduler and its children'}")
        print(f"  SIGKILL in the middle of {self.struck[-1]}", flush=True)
        time.sleep(self._dice.uniform(0, 5))
        scheduler.start(home, self.form.environment(environment(self.of)))


def kill(component: Component, home: Path, *, alone: bool) -> None:
    """Kill a process at once, alone or with its children."""
    pid = component.pid(home)
    assert pid is not None, f"{component.name} does not run"
    with suppress(ProcessLookupError):
        (os.kill if alone else os.killpg)(pid, signal.SIGKILL)
    while component.pid(home):
        time.sleep(0.05)


def main() -> int:
    """Play the month twice; give 0 if it came to the same."""
    with TemporaryDirectory(prefix="duban-flows-") as folder:
        print("── undisturbed")
        undisturbed = _play(Path(folder) / "undisturbed", Playing)
        print("── disturbed")
        return int(not _told(undisturbed, _play(Path(folder) / "disturbed", Disturbed)))


def _play(home: Path, by: type[Playing]) -> Played:
    of = Settings(home=home, stable_seconds=0, delivery_counts_as_served=True)
    return play(of, {"STABLE_SECONDS": "0"}, FORM, by)


def _told(undisturbed: Played, disturbed: Played) -> bool:
    """Print what both came to; tell whether it is the same, the ledger holds and every flow was struck."""
    expected, came_to = _came_to(undisturbed.office), _came_to(disturbed.office)
    entries, breaks = verified(disturbed.office)
    print("\n| what | undisturbed | disturbed | the same, or holds |\n| --- | ---: | ---: | --- |")
    for name in expected:
        same = "yes" if expected[name] == came_to[name] else "NO"
        print(f"| {name} | {expected[name].total()} | {came_to[name].total()} | {same} |")
    print(f"| ledger: entries, verified | | {entries} | {'NO' if breaks else 'yes'} |")
    print(f"| seconds | {undisturbed.seconds:.0f} | {disturbed.seconds:.0f} | |")
    for name, rows in expected.items():
        for row in (*(rows - came_to[name]), *(came_to[name] - rows)):
            print(f"{name} differs: {row}")
    print("\nthe scheduler was killed in the middle of:", *disturbed.struck, sep="\n  ")
    return expected == came_to and not breaks and len(disturbed.struck) == len(FLOWS)


def _came_to(office: Office) -> dict[str, Told]:
    """Give what a month came to; of what has editions, the last.

    How many there were before is no matter: a flow that is run again after what followed it finds that the
    state of things has changed since its edition, and makes one more.
    """
    told = results(office, office.drive_of(PLAN).root)
    return told | {name: _newest(told[name]) for name in ("receipts", "consolidated", "digests")}


def _newest(told: Told) -> Told:
    newest: dict[str, tuple[str, ...]] = {}
    for one in sorted(told, key=lambda one: [int(n) for n in _EDITION.findall(one[0])]):
        newest[_EDITION.sub("", one[0])] = one
    return Counter(tuple(_EDITION.sub("", part) for part in one) for one in newest.values())


if __name__ == "__main__":
    sys.exit(main())
