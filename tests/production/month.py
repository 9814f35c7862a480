"""A month of the demo through a live system, from opening to the digest, a worker struck down on the way."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

import psutil
from sqlalchemy import select

from demo.setting import set_stage
from demo.steps import Live
from demo.year import Year
from include.office.desk import Office, open_office
from include.records.submissions import SubmissionState
from include.settings import Settings, settings_of
from include.store import schema as t
from live import down, up
from live.forms import Form
from live.rest import Airflow
from live.system import status
from tests.leaks import environments

FIRST, LAST = date(2024, 1, 31), date(2024, 2, 29)
PATIENCE = 900.0  # seconds for any one step: a lost worker's task comes back after a minute and a half


@dataclass
class Played:
    """What was played: the office it was played in, seconds it took, what was struck down on the way.

    `environments` are those its processes ran in.
    """

    office: Office
    seconds: float
    environments: list[tuple[str, str]]
    struck: list[str] = field(default_factory=list[str])


class Playing(Live):
    """Live, with patience; `struck` names what was struck down on the way."""

    def __init__(self, office: Office, form: Form) -> None:
        super().__init__(office, PATIENCE)
        self.form = form
        self.struck: list[str] = []


def play(of: Settings, more: dict[str, str], form: Form, by: type[Playing] = Playing) -> Played:
    """Play the month in a fresh installation.

    Args:
        of: the installation's home and address of the database.
        more: settings of duban its processes read, written into `duban.env` of the home.
        form: how it is started.
        by: what takes the steps, and what it does to the system meanwhile.
    """
    set_stage(of).store.close()
    env = of.home / "duban.env"
    lines = "".join(f"DUBAN_{name}={value}\n" for name, value in more.items())
    env.write_text(env.read_text(encoding="utf-8") + lines, encoding="utf-8")
    office = open_office(settings_of(of.home))
    begun = time.monotonic()
    up(office.settings, timeout=600, form=form)
    try:
        seen = list(environments(pid for pid in status(office.settings, form).values() if pid))
        steps = by(office, form)
        Year(office, print, sign_until=LAST).play(FIRST, LAST, steps, every_day=False)
        with Airflow(office.settings) as airflow:
            airflow.run_dag("housekeeping")  # red where an alarm is on: that is no matter here
            airflow.settle(PATIENCE)
    finally:
        down(office.settings, form=form)
    return Played(office, time.monotonic() - begun, seen, steps.struck)


class Striking(Playing):
    """The first time files are being collected the worker that does it is killed."""

    def _await_collection(self, airflow: Airflow) -> None:
        if not self.struck:
            self.struck = [self._strike()]
        super()._await_collection(airflow)

    def _strike(self) -> str:
        """Wait until files are claimed and not judged yet; kill who holds them, with all its children."""
        end = time.monotonic() + PATIENCE
        while not (holder := self._holder()):
            assert time.monotonic() < end, "nobody collects"
            time.sleep(0.02)
        task = psutil.Process(int(holder.rsplit(":", 2)[1]))
        ours = {pid: name for name, pid in status(self.office.settings, self.form).items() if pid}
        worker = next(process for process in (task, *task.parents()) if process.pid in ours)
        family = [worker, *worker.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        said = f"{ours[worker.pid]} with {len(family)} processes, {self._taken()} files taken and not judged"
        print(f"  SIGKILL: {said}")
        return said

    def _holder(self) -> str | None:
        """Name who collects, once something is taken: `host:pid:…` of a lease."""
        if not self._taken():
            return None
        with self.office.store.reading() as connection:
            leases = t.job_lease.c
            return connection.execute(select(leases.holder).where(leases.job.like("collect/%"))).scalar()

    def _taken(self) -> int:
        with self.office.store.reading() as connection:
            taken = select(t.submission.c.id).where(t.submission.c.state == SubmissionState.TAKEN)
            return len(connection.execute(taken).all())
