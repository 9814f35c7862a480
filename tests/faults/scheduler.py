"""A month through the real Airflow: its scheduler killed in the middle, every run cleared and run again."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from include.settings import Settings
from live import Airflow, LiveError, down, environment, up
from live.env import airflow_home
from live.forms import EMBEDDED
from tests.faults.conftest import by_smtp
from tests.faults.county import DEPUTY, County, found_county
from tests.faults.month import MONTH, play
from tests.faults.whole import check, differences, told
from tests.mailbox import Mailbox
from tests.ports import free_port

DAGS = {
    "open": "open_period",
    "collect": "collect_returns",
    "close": "close_period",
    "escalate": "escalate_overdue",
    "digest": "publish_digest",
    "deliver": "deliver_outbox",
    "housekeeping": "housekeeping",
}
_KILLED_IN = {"collect", "close", "escalate"}  # steps in whose middle the scheduler is killed


def run() -> int:
    """Play the month; gives 1 if it did not come to what it comes to undisturbed."""
    drafts: dict[tuple[str, str], bytes] = {}
    with TemporaryDirectory(prefix="duban-alone-") as folder, Mailbox() as server:
        county = found_county(by_smtp(Path(folder), server), drafts)
        expected = play(county, server).told[-1]
        county.office.store.close()
    os.environ["DUBAN_PORT"] = str(free_port())
    with TemporaryDirectory(prefix="duban-live-") as folder, Mailbox() as server:
        county = found_county(by_smtp(Path(folder), server), drafts)
        _write_settings(county.office.settings)
        up(county.office.settings)
        try:
            kills = _play(county)
            once = differences(expected, told(county))
            cleared = _clear_all(county.office.settings)
            twice = differences(expected, told(county))
            check(county, server)
        finally:
            down(county.office.settings)
            county.office.store.close()
    sys.stdout.write(f"scheduler killed {kills} times: {once or 'the month is whole'}\n")
    sys.stdout.write(f"{cleared} runs cleared and run again: {twice or 'nothing changed'}\n")
    return int(bool(once or twice))


def _write_settings(of: Settings) -> None:
    """Give Airflow's processes the settings a test hands over in memory."""
    names = ("plans_dir", "stable_seconds", "delivery_counts_as_served", "least_free_mb", "mail_mode")
    more = ("smtp_port", "smtp_security", "mail_from")
    lines = [f"DUBAN_{name.upper()}={getattr(of, name)}\n" for name in (*names, *more)]
    (of.home / "duban.env").write_text("".join(lines), encoding="utf-8")


def _play(county: County) -> int:
    kills = 0
    for moment, drop, steps in MONTH:
        county.at(moment)
        if drop:
            drop(county)
        for step in steps:
            kills += _take(county.office.settings, step)
    return kills


def _take(of: Settings, step: str) -> int:
    """Take a step as a run of its DAG; kill the scheduler in its middle where that is wanted."""
    with Airflow(of) as airflow:
        if step == "sign":
            _sign(of, airflow)
            return 0
        run_id = airflow.run_dag(DAGS[step])
        killed = step in _KILLED_IN
        if killed:
            _await_a_task(airflow, DAGS[step], run_id)
            _kill_scheduler(of)
        airflow.wait(DAGS[step], run_id, timeout=600)
        airflow.settle(timeout=600)
        return int(killed)


def _kill_scheduler(of: Settings) -> None:
    """Kill it without a word, and start another; the other processes go on."""
    (scheduler,) = (component for component in EMBEDDED.components if component.name == "scheduler")
    home = airflow_home(of)
    pid = scheduler.pid(home)
    if pid is None:
        raise LiveError("the scheduler is not running")
    os.kill(pid, signal.SIGKILL)
    scheduler.start(home, {**environment(of), **EMBEDDED.settings})


def _await_a_task(airflow: Airflow, dag_id: str, run_id: str) -> None:
    """Wait until some task of a run is under way."""
    end = time.monotonic() + 120
    while not any(task["state"] in {"running", "success"} for task in airflow.tasks(dag_id, run_id)):
        if time.monotonic() > end:
            raise LiveError(f"{dag_id} {run_id} did not begin")
        time.sleep(0.1)


def _sign(of: Settings, airflow: Airflow) -> None:
    waiting: list[dict[str, Any]] = airflow.call(
        "GET", "/dags/sign_letters/dagRuns", params={"state": ["running"]}
    )["dag_runs"]
    with Airflow(of, DEPUTY) as deputy:
        for run in waiting:
            deputy.await_question(run["dag_run_id"], timeout=120)
            time.sleep(4)  # an answer within a second or two of the question can be lost
            deputy.answer(run["dag_run_id"], "签发", talk={"skipped": "演练，未沟通"})
            deputy.wait("sign_letters", run["dag_run_id"], timeout=600)
    airflow.settle(timeout=600)


def _clear_all(of: Settings) -> int:
    """Clear every run there was, oldest first, and wait until each has run again; gives how many."""
    with Airflow(of) as airflow:
        runs = airflow.call("GET", "/dags/~/dagRuns", params={"limit": 100, "order_by": "start_date"})[
            "dag_runs"
        ]
        for run in runs:
            cleared = {"dry_run": False, "dag_run_id": run["dag_run_id"], "only_failed": False}
            if run["dag_id"] == "sign_letters":  # the person answered; what came of it is done again
                cleared["task_ids"] = ["answer"]
            airflow.call("POST", f"/dags/{run['dag_id']}/clearTaskInstances", json=cleared)
            airflow.wait(run["dag_id"], run["dag_run_id"], timeout=600)
        airflow.settle(timeout=600)
        return len(runs)
