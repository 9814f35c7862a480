"""Taking what agencies dropped: claim, archive, one arrival row. Meaning comes afterwards (`judging`)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import insert

from include.files import Claimed, Seen, Watch, candidates, claim, claimed_files
from include.files.names import is_folder
from include.office.desk import Office, record
from include.plan import Agency
from include.records.submissions import SubmissionState
from include.store import returns
from include.store import schema as t


def take(office: Office, plan_id: str, agencies: Iterable[Agency], now: datetime) -> int:
    """Take every stable file of the agencies' 报送 folders; gives how many got a row.

    First finishes what an earlier run claimed and did not record; then looks twice and claims.
    """
    agencies = list(agencies)
    taken = sum(_record_claims(office, plan_id, agency, now) for agency in agencies)
    for agency, seen in stable_files(office, plan_id, agencies, "报送"):
        claim(seen, office.drive_of(plan_id).taken_folder(agency.name), now)
        taken += _record_claims(office, plan_id, agency, now)
    return taken


def stable_files(
    office: Office, plan_id: str, agencies: Iterable[Agency], kind: str
) -> list[tuple[Agency, Seen]]:
    """Look twice into a folder of each agency; give what lies there and is no longer being copied."""
    drive = office.drive_of(plan_id)
    folders = [(agency, drive.agency_folder(agency.name, kind)) for agency in agencies]
    waiting = [(agency, folder) for agency, folder in folders if candidates(folder)]
    if not waiting:
        return []
    watch = Watch(office.settings.stable_seconds)
    for _, folder in waiting:
        watch.stable(folder)
    time.sleep(office.settings.stable_seconds)
    return [(agency, seen) for agency, folder in waiting for seen in watch.stable(folder)]


def _record_claims(office: Office, plan_id: str, agency: Agency, now: datetime) -> int:
    with office.store.reading() as connection:
        known = returns.known_claims(connection, plan_id, agency.id)
    taken = office.drive_of(plan_id).taken_folder(agency.name)
    fresh = [c for c in claimed_files(taken) if c.path.name not in known]
    for claimed in fresh:
        _record_one(office, plan_id, agency, claimed, now)
    return len(fresh)


def _record_one(office: Office, plan_id: str, agency: Agency, claimed: Claimed, now: datetime) -> None:
    sha256 = office.archive.put_file(claimed.path)
    arrived_at = claimed.claimed_at.astimezone(UTC)
    with office.store.writing() as connection:
        connection.execute(
            insert(t.submission).values(
                plan_id=plan_id,
                agency_id=agency.id,
                claimed_name=claimed.path.name,
                original_name=claimed.original_name,
                sha256=sha256,
                size=claimed.path.stat().st_size,
                arrived_at=arrived_at,
                state=SubmissionState.TAKEN,
                notes=[],
            )
        )
        body = {"agency": agency.id, "file": claimed.original_name, "sha256": sha256}
        record(connection, plan_id, now, "submission-taken", claimed.path.name, body)


def note_sweep(office: Office, plan_id: str, agencies: Iterable[Agency], now: datetime) -> None:
    """Note that these folders were looked through: nobody is late for a time nobody looked.

    A folder that is not there, as while the drive is away, was not looked through.
    """
    seen = {a.id for a in agencies if is_folder(office.drive_of(plan_id).agency_folder(a.name, "报送"))}
    with office.store.writing() as connection:
        returns.note_sweeps(connection, plan_id, sorted(seen), now)
