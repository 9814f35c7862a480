"""Use case `housekeeping`: backup, copies, anchors, retention, due dates, unfinished letters, alarms."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from include.errors import AlarmError
from include.files import AwayError
from include.office import alarms, anchors
from include.office.alarm_checks import AlarmKind
from include.office.desk import Office, open_office
from include.office.due_dates import settle_due_dates
from include.office.issuing import hand_over
from include.office.outcome import Done, each_plan
from include.office.retention import clear_drive

KEEP_BACKUPS = 14


def run(now: datetime | str | None = None, *, office: Office | None = None) -> dict[str, Any]:
    """Look after the installation.

    Raises:
        AlarmError: one line for each thing that needs a person.
    """
    office = office or open_office()
    moment = office.now(now)
    backup = _backup(office, moment)
    with suppress(AwayError):  # the alarms tell of it
        office.archive.copy_out()

    def work(plan_id: str) -> Done:
        details = {
            "letters finished": hand_over(office, plan_id, moment),
            "due dates moved": settle_due_dates(office, plan_id, moment),
            "cleared from the drive": clear_drive(office, plan_id, moment),
        }
        with suppress(AwayError, OSError):  # the alarms tell of it
            anchors.publish(office, plan_id, moment)
        return Done(details=details, changed=any(details.values()))

    result = each_plan(office, None, work, job="housekeeping")
    alarms.watch(office, moment, daily=True, found={AlarmKind.BACKUP: backup})
    if standing := alarms.standing(office=office):
        raise AlarmError("\n".join(f"{alarm['plan']} {alarm['text']}".strip() for alarm in standing))
    return result | {"note": "备份完成，台账完好，磁盘、共享盘、工作日历正常"}


def _backup(office: Office, now: datetime) -> dict[str, str]:
    """Copy the embedded database consistently; a database server is backed up by its own means."""
    database = make_url(office.settings.database)
    if database.get_backend_name() != "sqlite" or not database.database:
        return {}
    folder = office.settings.home / "backup"
    folder.mkdir(exist_ok=True)
    part, file = folder / ".part", folder / f"duban-{now:%Y%m%d}.db"
    try:
        _copy(Path(database.database), part)
    except (OSError, sqlite3.Error) as error:
        return {"database": f"备份失败：{error}"}
    part.replace(file)
    for old in sorted(folder.glob("duban-*.db"))[:-KEEP_BACKUPS]:
        old.unlink()
    return {}


def _copy(database: Path, to: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
