"""The steps of a month as processes of their own, each by the use cases a DAG of the same name calls.

Processes are forked by a server that has loaded everything, so that a restart costs no imports.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from include.errors import AlarmError
from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    housekeeping,
    open_period,
    publish_digest,
    sign_letters,
)
from include.office.desk import Office, open_office
from include.settings import Settings
from tests.faults.county import DEPUTY, PLAN
from tests.faults.instants import Instants

_TALK = {"skipped": "演练，未沟通"}
_LONGEST = 120  # seconds a step may take on a busy machine


def _collect(office: Office) -> None:
    for chunk in collect_returns.pending(office=office):
        collect_returns.run(chunk["plan"], chunk["agencies"], office=office)


def _sign(office: Office) -> None:
    for letter in escalate_overdue.waiting([PLAN], office=office):
        shown = sign_letters.show(letter["id"], office=office)["hash"]
        said = {"decision": sign_letters.SIGN, "user": DEPUTY, "hash": shown, "talk": _TALK}
        sign_letters.answer(letter["id"], round=letter["round"], **said, office=office)


def _keep_house(office: Office) -> None:
    try:
        housekeeping.run(office=office)
    except AlarmError as alarm:  # what stands is told; the work is done
        sys.stdout.write(f"{alarm}\n")


STEPS: dict[str, Callable[[Office], object]] = {
    "open": lambda office: open_period.run(office=office),
    "collect": _collect,
    "close": lambda office: close_period.run(office=office),
    "escalate": lambda office: escalate_overdue.run(office=office),
    "sign": _sign,
    "digest": lambda office: publish_digest.run(office=office),
    "deliver": lambda office: deliver_outbox.run(office=office),
    "housekeeping": _keep_house,
}


@dataclass(frozen=True)
class Ended:
    """How a process ended: killed or not, the instants it passed or where it died, seconds it took."""

    killed: bool
    diary: str
    seconds: float

    @property
    def instants(self) -> int:
        """Number of instants a process that was not killed passed."""
        return int(self.diary)


def take(
    of: Settings, step: str, diary: Path, *, die_at: int | str = 0, kill_after: float | None = None
) -> Ended:
    """Take a step in a process of its own: to its end, or killed after some seconds or at an instant.

    Raises:
        RuntimeError: the step failed, or hangs.
    """
    diary.unlink(missing_ok=True)
    process = start(of, step, diary, die_at=die_at)
    begun = time.monotonic()
    process.join(_LONGEST if kill_after is None else kill_after)
    overdue = process.exitcode is None
    if overdue:
        process.kill()
        process.join()
    seconds, words = time.monotonic() - begun, diary.read_text("utf-8") if diary.exists() else ""
    killed = process.exitcode == -9
    if process.exitcode not in {0, -9} or (overdue and kill_after is None):
        raise RuntimeError(f"step {step} ended with {process.exitcode}: {words}")
    return Ended(killed, words or "at some moment", seconds)


def start(
    of: Settings, step: str, diary: Path, *, die_at: int | str = 0, largest_file: int = 0
) -> BaseProcess:
    """Start a step in a process of its own; with `largest_file` none of its files can grow beyond (bytes)."""
    process = _nursery().Process(target=_live, args=(of, step, diary, die_at, largest_file))
    process.start()
    return process


@cache
def _nursery() -> ForkServerContext:
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__, "include.expectations.engine"])
    return server


def _live(of: Settings, step: str, diary: Path, die_at: int | str, largest_file: int) -> None:
    os.environ["PATH"] = ""  # no LibreOffice: letters go out as .docx, which is enough here
    instants = Instants(diary, die_at)
    instants.watch()
    if largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        office = open_office(of)
        STEPS[step](office)
        office.store.close()
    except BaseException:
        diary.write_text(traceback.format_exc(), encoding="utf-8")
        sys.exit(1)
    instants.close()
