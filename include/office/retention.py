"""Retention: templates and receipts leave the drive after a time; the archive keeps them for ever.

What killed processes left half done leaves home and drive as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from sqlalchemy import Row

from include.files import AwayError, clear_left
from include.office.desk import Office, record
from include.records.messages import Channel, MessageState
from include.store import outbox

_FLEETING = {"待报", "回执"}  # reports and letters stay


def clear_drive(office: Office, plan_id: str, now: datetime) -> int:
    """Remove templates and receipts older than `keep_on_drive_days`; gives how many.

    Only where the bytes are still what duban wrote: what somebody worked on stays.
    """
    days, drive = office.settings.keep_on_drive_days, office.drive_of(plan_id)
    if not days:
        return 0
    with office.store.reading() as connection:
        old = [row for row in outbox.messages(connection, plan_id) if _has_served(row, now - timedelta(days))]
    removed: list[str] = []
    for row in old:
        try:
            if drive.remove_if_untouched(row.detail, row.payload["sha256"]):
                removed.append(row.detail)
        except AwayError:
            break
        except OSError:
            continue  # held open or replaced by a link: tomorrow again
    if removed:
        with office.store.writing() as connection:
            record(connection, plan_id, now, "drive-cleared", str(now.date()), {"removed": removed})
    return len(removed)


def clear_parts(office: Office) -> int:
    """Remove what killed processes left half done, in `DUBAN_HOME` and on the drive; gives how many."""
    return clear_left(_places_written(office))


def _places_written(office: Office) -> Iterator[Path]:
    home = office.settings.home
    yield from (*home.glob("*"), *(home / "backup").glob(".*"), *(home / "mail").glob(".*"))
    yield from office.archive.root.rglob(".*")
    with suppress(OSError):  # away: another time
        office.drive.folder.check()
        yield from office.drive.root.rglob(".*")


def _has_served(row: Row[tuple[object, ...]], before: datetime) -> bool:
    sent = row.channel == Channel.DRIVE and row.state == MessageState.SENT and row.sent_at < before
    return sent and not _FLEETING.isdisjoint(PurePosixPath(row.detail).parts[:-1])
