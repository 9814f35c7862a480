"""Taking what agencies dropped: claim, archive, one arrival row. Meaning comes afterwards (`judging`)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, insert

from include.files import Claimed, Seen, Watch, candidates, claim, claimed_files, lock_beside
from include.files.names import is_folder
from include.files.waiting import side_by_side
from include.office.desk import Office, record
from include.plan import Agency
from include.records.submissions import SubmissionState
from include.store import returns
from include.store import schema as t

MOST_AT_ONCE = 50  # of one inbox in one run: each takes about a second, and what others drop waits meanwhile
_LEFT_LOCK = (
    "取走时旁边还留有锁文件“{lock}”，和报表一样已有几个小时没有变动，按无人打开处理；"
    "如果当时还在修改，请改好后重新放入“报送”文件夹"
)
Stable = Mapping[Path, list[Seen]]  # by folder: the files nobody is copying any more


def stable_files(office: Office, folders: Iterable[Path], now: datetime) -> Stable:
    """Look twice into the folders; give what lies there and is no longer being copied."""
    since = idle_since(office, now)
    waiting = [folder for folder in folders if candidates(folder, since)]
    if not waiting:
        return {}
    watch = Watch(office.settings.stable_seconds)
    for folder in waiting:
        watch.stable(folder, since)
    time.sleep(office.settings.stable_seconds)
    return {folder: watch.stable(folder, since) for folder in waiting}


def idle_since(office: Office, now: datetime) -> datetime:
    """Give the moment since when a lock file must have lain untouched to hold nothing any more."""
    return now - timedelta(hours=office.settings.stale_lock_hours)


def take(office: Office, plan_id: str, agencies: Iterable[Agency], stable: Stable, now: datetime) -> None:
    """Take every stable file of the agencies' 报送 folders, beginning with what an earlier run claimed.

    Files are claimed and archived first; then all of a plan's get their rows in one transaction. Of a very
    full inbox the oldest are taken; the others stay for the next run, for which their folder is news.
    """
    drive = office.drive_of(plan_id)

    def claimed(agency: Agency) -> list[tuple[Agency, Claimed, str]]:
        folder = drive.taken_folder(agency.name)
        with office.store.reading() as connection:
            known = returns.known_claims(connection, plan_id, agency.id)
        left = [c for c in claimed_files(folder) if c.path.name not in known]
        seen = stable.get(drive.agency_folder(agency.name, "报送"), ())[:MOST_AT_ONCE]
        fresh = [c for one in seen if (c := claim(one, folder, now)) is not None]
        return [(agency, c, office.archive.put_file(c.path)) for c in (*left, *fresh)]

    taken = list(chain.from_iterable(side_by_side(claimed, agencies)))
    if taken:
        with office.store.writing() as connection:
            for agency, one, sha256 in taken:
                _record(connection, plan_id, agency, one, sha256, now)


def _record(
    connection: Connection, plan_id: str, agency: Agency, claimed: Claimed, sha256: str, now: datetime
) -> None:
    lock = lock_beside(claimed.path.parent.parent / claimed.original_name)
    connection.execute(
        insert(t.submission).values(
            plan_id=plan_id,
            agency_id=agency.id,
            claimed_name=claimed.path.name,
            original_name=claimed.original_name,
            sha256=sha256,
            size=claimed.path.stat().st_size,
            arrived_at=claimed.claimed_at.astimezone(UTC),
            state=SubmissionState.TAKEN,
            notes=[_LEFT_LOCK.format(lock=lock)] if lock else [],
        )
    )
    body = {"agency": agency.id, "file": claimed.original_name, "sha256": sha256, "lock": lock}
    record(connection, plan_id, now, "submission-taken", claimed.path.name, body)


def note_sweep(office: Office, plan_id: str, agencies: Iterable[Agency], now: datetime) -> None:
    """Note that these folders were looked through: nobody is late for a time nobody looked.

    A folder that is not there, as while the drive is away, was not looked through.
    """
    seen = {a.id for a in agencies if is_folder(office.drive_of(plan_id).agency_folder(a.name, "报送"))}
    with office.store.writing() as connection:
        returns.note_sweeps(connection, plan_id, sorted(seen), now)
