"""Use case `collect`: take, read, validate, accept or return, receipt."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from include.errors import DubanError
from include.expectations import prepare
from include.files import candidates, claimed_files
from include.office.desk import Office, open_office
from include.office.intake import note_sweep, take
from include.office.judging import judge, one_an_agency, read_all
from include.office.outbox import drain_drive
from include.office.outcome import Done, each_plan
from include.office.replies import take_replies, waiting_for
from include.office.settling import settle
from include.office.unfiled import attend, look_over
from include.plan import Agency, Period
from include.store import returns
from include.store.leases import leases

log = logging.getLogger(__name__)


def pending(plan: str | None = None, *, office: Office | None = None) -> list[dict[str, Any]]:
    """Look through the folders: give the chunks of agencies whose folders hold something, ids only.

    `[{"plan", "agencies"}]`. Where a folder is empty, that look was a sweep: it is noted, since nobody is
    missing before somebody looked.
    """
    office = office or open_office()
    found: list[dict[str, Any]] = []

    def work(plan_id: str) -> Done:
        found.extend(_chunks(office, plan_id))
        return Done()

    try:
        each_plan(office, plan, work)
    except DubanError as error:
        if not found:
            raise
        log.error("some plan could not be looked at; the others go on: %s", error)
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

    A lease is held for each agency, not for the job, so that chunks of agencies can run beside one another.
    """
    office = office or open_office()

    def work(plan_id: str) -> Done:
        chosen = [a for a in _agencies(office, plan_id) if agencies is None or a.id in agencies]
        return _collect(office, plan_id, chosen, now)

    return each_plan(office, plan, work)


def _collect(office: Office, plan_id: str, agencies: list[Agency], now: datetime | str | None) -> Done:
    counts: dict[str, int] = {}
    periods: set[Period] = set()
    jobs = sorted({f"collect/{a.id}" for a in agencies})
    with leases(office.store, plan_id, jobs) as held:
        mine = [a for a in agencies if f"collect/{a.id}" in held]  # another collector has the rest
        moment = office.now(now)
        noticed = attend(office, plan_id, mine, moment)
        if any(candidates(office.drive_of(plan_id).agency_folder(a.name, "报送")) for a in mine):
            prepare()
        take(office, plan_id, mine, moment)
        with office.store.reading() as connection:
            waiting = returns.unjudged(connection, plan_id, [a.id for a in mine])
        readings = read_all(office, plan_id, waiting)
        for batch in one_an_agency(waiting):
            for verdict in judge(office, plan_id, batch, readings, office.now(now)):
                settle(office, plan_id, verdict, office.now(now))
                counts[verdict.state.value] = counts.get(verdict.state.value, 0) + 1
                periods |= {verdict.period} if verdict.period else set()
        answered = take_replies(office, plan_id, mine, office.now(now))
        note_sweep(office, plan_id, mine, office.now(now))
        drain_drive(office, plan_id, office.now(now))
    details = {"files": len(waiting), "replies": answered, "unfiled": noticed, **counts}
    return Done(periods, details, changed=bool(waiting or answered or noticed))


def _agencies(office: Office, plan_id: str) -> list[Agency]:
    """Give every agency that files at any time of the year, under each name it has in the year.

    A latecomer's folder is watched from the start, and a renamed agency's old folder to the end.
    """
    book = office.book(plan_id)
    known = {(a.id, a.name): a for month in range(1, 13) for a in book.at(Period(book.year, month)).filers}
    return list(known.values())


def _has_something(office: Office, plan_id: str, agency: Agency) -> bool:
    drive = office.drive_of(plan_id)
    if candidates(drive.agency_folder(agency.name, "报送")) or waiting_for(office, plan_id, agency):
        return True
    with office.store.reading() as connection:
        if returns.unjudged(connection, plan_id, [agency.id]):
            return True
        known = returns.known_claims(connection, plan_id, agency.id)
    return any(c.path.name not in known for c in claimed_files(drive.taken_folder(agency.name)))
