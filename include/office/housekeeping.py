"""Use case `housekeeping`: backup, copies, anchors, retention, due dates, unfinished letters, alarms."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime
from typing import Any

from include.errors import AlarmError
from include.files import AwayError
from include.foreign import words
from include.office import alarms, anchors
from include.office.alarm_checks import AlarmKind
from include.office.backup import copy_database
from include.office.desk import Office, open_office
from include.office.due_dates import settle_due_dates
from include.office.issuing import hand_over
from include.office.outcome import Done, each_plan
from include.office.retention import clear_drive, clear_mails, clear_parts


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
    clear_parts(office)

    def work(plan_id: str) -> Done:
        details = {
            "letters finished": hand_over(office, plan_id, moment),
            "due dates moved": settle_due_dates(office, plan_id, moment),
            "cleared from the drive": clear_drive(office, plan_id, moment),
            "mail files cleared": clear_mails(office, plan_id, moment),
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
    try:
        copy_database(office.settings, now)
    except (OSError, sqlite3.Error) as error:
        return {"database": f"备份失败：{words(error)}"}
    return {}
