"""Use case `collect`: take, read, validate, accept or return, receipt."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any

import sqlalchemy.orm  # noqa: F401  whole before the thread that loads the validator, which imports it too

from include.errors import DubanError
from include.expectations import prepare
from include.files import AwayError, candidates, claimed_files
from include.logs import about
from include.office.desk import Office, open_office
from include.office.intake import Stable, idle_since, note_sweep, stable_files, take
from include.office.judging import Readings, Verdict, companions_first, judge, one_an_agency, read_ahead
from include.office.outbox import drain_drive
from include.office.outcome import Done, Tour
from include.office.replies import take_replies, waiting_for
from include.office.settling import settle
from include.office.unfiled import attend, look_over
from include.plan import Agency, Period
from include.records.submissions import Submission
from include.returns.sandbox import Sandbox
from include.store import returns
from include.store.leases import leases

SECOND_CHILD = 100  # files of a run from which on one more process of the sandbox is worth its start
AT_FIRST, AT_MOST = 250, 1000  # returns in the first run of the validator, and in the largest

log = logging.getLogger(__name__)


def pending(plans: Sequence[str] | None = None, *, office: Office | None = None) -> list[dict[str, Any]]:
    """Look through the folders of the plans named, or of all: give the chunks of agencies with something in.

    `[{"plan", "agencies"}]`, ids only. Where a folder is empty, that look was a sweep: it is noted, since
    nobody is missing before somebody looked. A plan that cannot be looked into is one chunk without agencies:
    collecting it says what is wrong, and the others go on.
    """
    office = office or open_office()
    found: list[dict[str, Any]] = []
    for plan_id in office.plan_ids if plans is None else plans:
        try:
            found += _chunks(office, plan_id)
        except (DubanError, OSError):
            log.exception("%s cannot be looked into; the others go on", plan_id)
            found.append({"plan": plan_id, "agencies": None})
    return found


def _chunks(office: Office, plan_id: str) -> list[dict[str, Any]]:
    now, agencies = office.now(), _agencies(office, plan_id)
    holding = dict.fromkeys(a.id for a in agencies if _has_something(office, plan_id, a))
    holding |= dict.fromkeys(ripe.agency.id for ripe in look_over(office, plan_id, agencies, now))
    note_sweep(office, plan_id, [a for a in agencies if a.id not in holding], now)
    waiting, size = list(holding), max(1, office.settings.chunk_workbooks)
    return [
        {"plan": plan_id, "agencies": waiting[start : start + size]} for start in range(0, len(waiting), size)
    ]


def run(
    plan: str | None = None,
    agencies: Sequence[str] | None = None,
    now: datetime | str | None = None,
    *,
    office: Office | None = None,
) -> dict[str, Any]:
    """Collect from every agency (or those named) of every plan (or one); counts by what became of the files.

    All plans go through each stage together, so that looking twice, starting the sandbox and a run of the
    validator are paid once, not once a place. A lease is held for each agency, not for the job, so that
    chunks of agencies can run beside one another.
    """
    office = office or open_office()
    tour = Tour(office, plan)
    with about(job="collect"), ExitStack() as leases_held:
        sweeps = tour.each(lambda plan_id: _begin(office, leases_held, plan_id, agencies, now))
        stable = _look_twice(office, sweeps.values(), office.now(now))
        for sweep in sweeps.values():
            sweep.dropped_at = _dropped_at(office, sweep, stable)
        waiting = tour.each(lambda plan_id: _take(office, sweeps[plan_id], stable, office.now(now)))
        _answer_all(office, tour, sweeps, list(chain.from_iterable(waiting.values())), now)
        done = tour.each(lambda plan_id: _end(office, sweeps[plan_id], stable, office.now(now)))
        return tour.result(done)


def _answer_all(
    office: Office,
    tour: Tour,
    sweeps: Mapping[str, _Sweep],
    waiting: Sequence[Submission],
    now: datetime | str | None,
) -> None:
    """Read, judge and answer what waits."""
    with Sandbox(children=1 + (len(waiting) >= SECOND_CHILD)) as sandbox:
        ordered = companions_first(office, sandbox, waiting)
        for chunk, readings in read_ahead(office, sandbox, list(_chunked(ordered))):
            verdicts = _judged(office, tour, chunk, readings, office.now(now))
            tour.each(_settling(office, sandbox, sweeps, verdicts, now))


@dataclass
class _Sweep:
    """What a run does in one plan: the agencies whose lease it holds, and what came of their files."""

    plan_id: str
    agencies: list[Agency]
    noticed: int
    files: int = 0
    dropped_at: float | None = None  # real time, seconds: when the first of its files was dropped
    states: Counter[str] = field(default_factory=Counter[str])
    periods: set[Period] = field(default_factory=set[Period])


def _begin(
    office: Office,
    leases_held: ExitStack,
    plan_id: str,
    agencies: Sequence[str] | None,
    now: datetime | str | None,
) -> _Sweep:
    chosen = [a for a in _agencies(office, plan_id) if agencies is None or a.id in agencies]
    jobs = sorted({f"collect/{a.id}" for a in chosen})
    held = leases_held.enter_context(leases(office.store, plan_id, jobs))
    mine = [a for a in chosen if f"collect/{a.id}" in held]  # another collector has the rest
    return _Sweep(plan_id, mine, attend(office, plan_id, mine, office.now(now)))


def _look_twice(office: Office, sweeps: Iterable[_Sweep], now: datetime) -> Stable:
    """Look into every folder of 报送 and 回复; the validator is loaded while we wait for the second look."""
    places = [(office.drive_of(s.plan_id), agency) for s in sweeps for agency in s.agencies]
    inboxes = [drive.agency_folder(agency.name, "报送") for drive, agency in places]
    if any(candidates(inbox, idle_since(office, now)) for inbox in inboxes):
        prepare()
    replies = [drive.agency_folder(agency.name, "回复") for drive, agency in places]
    return stable_files(office, [*inboxes, *replies], now)


def _take(office: Office, sweep: _Sweep, stable: Stable, now: datetime) -> list[Submission]:
    """Take what is stable; gives all that waits to be judged, what an earlier run left included."""
    take(office, sweep.plan_id, sweep.agencies, stable, now)
    with office.store.reading() as connection:
        waiting = returns.unjudged(connection, sweep.plan_id, [a.id for a in sweep.agencies])
    sweep.files = len(waiting)
    return waiting


def _chunked(waiting: Iterable[Submission]) -> Iterator[list[Submission]]:
    """Split into batches for one run of the validator each: in order of arrival, one of an agency in each.

    A run costs a second however few they are, so each is twice the one before; the first is small, so that
    judging begins while the reader goes on.
    """
    size = AT_FIRST
    for batch in one_an_agency(waiting):
        left = iter(batch)
        while chunk := list(islice(left, size)):
            yield chunk
            size = min(2 * size, AT_MOST)


def _judged(
    office: Office, tour: Tour, chunk: Sequence[Submission], readings: Readings, now: datetime
) -> list[Verdict]:
    """Judge a chunk in one go; if that fails, place by place, so that one place's fault stops no other."""
    try:
        return judge(office, chunk, readings, now)
    except DubanError as error:
        log.error(
            "a chunk of %d returns could not be judged at once, judging it by plan: %s", len(chunk), error
        )
    by_plan = tour.each(
        lambda plan_id: judge(office, [s for s in chunk if s.plan_id == plan_id], readings, now)
    )
    return list(chain.from_iterable(by_plan.values()))


def _settling(
    office: Office,
    sandbox: Sandbox,
    sweeps: Mapping[str, _Sweep],
    verdicts: Sequence[Verdict],
    now: datetime | str | None,
) -> Callable[[str], None]:
    """Give the work of settling what is a plan's own, and putting its receipts on the drive."""

    def work(plan_id: str) -> None:
        mine = [v for v in verdicts if v.submission.plan_id == plan_id]
        if mine:
            settle(office, sandbox, plan_id, mine, office.now(now))
            sweeps[plan_id].states.update(v.state.value for v in mine)
            sweeps[plan_id].periods |= {v.period for v in mine if v.period}
            drain_drive(office, plan_id, office.now(now))

    return work


def _end(office: Office, sweep: _Sweep, stable: Stable, now: datetime) -> Done:
    answered = take_replies(office, sweep.plan_id, sweep.agencies, stable, now)
    note_sweep(office, sweep.plan_id, sweep.agencies, now)
    drain_drive(office, sweep.plan_id, now)
    counts = {"files": sweep.files, "replies": answered, "unfiled": sweep.noticed, **sweep.states}
    details: dict[str, Any] = counts
    if sweep.files and sweep.dropped_at is not None:
        details["slowest_s"] = round(max(0.0, time.time() - sweep.dropped_at), 1)
    return Done(sweep.periods, details, changed=bool(sweep.files or answered or sweep.noticed))


def _dropped_at(office: Office, sweep: _Sweep, stable: Stable) -> float | None:
    """Give when the file waiting longest came: when its entry last changed, whatever time it carries."""
    inboxes = [office.drive_of(sweep.plan_id).agency_folder(a.name, "报送") for a in sweep.agencies]
    came: list[float] = []
    for path in (one.path for inbox in inboxes for one in stable.get(inbox, ())):
        with suppress(FileNotFoundError):  # taken back by whoever dropped it
            came.append(path.lstat().st_ctime)
    return min(came, default=None)


def _agencies(office: Office, plan_id: str) -> list[Agency]:
    """Give every agency that files at any time of the year, under each name it has in the year.

    A latecomer's folder is watched from the start, and a renamed agency's old folder to the end. While the
    drive is away nobody's is: what stands in its place is not ours.
    """
    try:
        office.drive.folder.check()
    except AwayError:
        return []
    book = office.book(plan_id)
    known = {(a.id, a.name): a for month in range(1, 13) for a in book.at(Period(book.year, month)).filers}
    return list(known.values())


def _has_something(office: Office, plan_id: str, agency: Agency) -> bool:
    drive, now = office.drive_of(plan_id), office.now()
    dropped = candidates(drive.agency_folder(agency.name, "报送"), idle_since(office, now))
    if dropped or waiting_for(office, plan_id, agency, now):
        return True
    with office.store.reading() as connection:
        if returns.unjudged(connection, plan_id, [agency.id]):
            return True
        known = returns.known_claims(connection, plan_id, agency.id)
    return any(c.path.name not in known for c in claimed_files(drive.taken_folder(agency.name)))
