"""Use case `housekeeping`: backup, ledger check, a look at disk, drive, calendar, unfinished letters."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from include.errors import DubanError
from include.office.desk import Office, open_office
from include.office.issuing import hand_over
from include.office.outbox import MAX_ATTEMPTS, drive_is_there
from include.office.outcome import Done, each_plan
from include.records.messages import MessageState
from include.store import ledger, outbox

KEEP_BACKUPS = 14
LEAST_FREE_BYTES = 1 << 30
CALENDAR_ALARM_FROM = (12, 1)  # month, day: from then on next year's working days should be published


class AlarmError(DubanError):
    """Something a person has to look at; the task shows red until somebody has."""


def run(now: datetime | str | None = None, *, office: Office | None = None) -> dict[str, Any]:
    """Look after the installation.

    Raises:
        AlarmError: one line for each thing that needs a person.
    """
    office = office or open_office()
    moment = office.now(now)
    alarms: list[str] = [*_places(office), *_backup(office, moment)]

    def work(plan_id: str) -> Done:
        finished = hand_over(office, plan_id, moment)
        alarms.extend(f"{plan_id}: {alarm}" for alarm in _of_plan(office, plan_id, moment))
        return Done(details={"letters finished": finished}, changed=bool(finished))

    result = each_plan(office, None, work, job="housekeeping")
    if alarms:
        raise AlarmError("\n".join(alarms))
    return result | {"note": "备份完成，台账完好，磁盘、共享盘、工作日历正常"}


def _places(office: Office) -> list[str]:
    alarms: list[str] = []
    free = shutil.disk_usage(office.settings.home).free
    if free < LEAST_FREE_BYTES:
        alarms.append(f"磁盘空间不足：{office.settings.home} 只剩 {free // (1 << 20)} MiB，请清理或扩容")
    if not drive_is_there(office):
        alarms.append(f"共享盘不可用：{office.drive.root} 打不开或不能写入，请检查网络和挂载")
    return alarms


def _of_plan(office: Office, plan_id: str, now: datetime) -> list[str]:
    with office.store.reading() as connection:
        breaks = ledger.verify(connection, plan_id)
        stuck = outbox.needing_a_person(connection, plan_id)
        late = [
            row
            for row in outbox.in_state(connection, plan_id, MessageState.PENDING)
            if row.attempts >= MAX_ATTEMPTS
        ]
    alarms = [f"台账第{b.seq}条不能核对：{b.why}" for b in breaks]
    alarms += [f"送达需人工核实：{row.key}（{row.attention}）" for row in stuck]
    alarms += [f"多次送达不成，仍在重试：{row.key}（{row.detail}）" for row in late]
    return alarms + _calendar(office, plan_id, now.date())


def _calendar(office: Office, plan_id: str, today: date) -> list[str]:
    calendar = office.calendar(plan_id)
    if calendar.is_provisional(today.year):
        return [
            f"{today.year}年工作日历仍为暂定，正式文书不能落款；请升级 chinesecalendar 或填写 overrides.yaml"
        ]
    if (today.month, today.day) >= CALENDAR_ALARM_FROM and calendar.is_provisional(today.year + 1):
        return [f"{today.year + 1}年工作日历尚未公布，请升级 chinesecalendar 或填写 overrides.yaml"]
    return []


def _backup(office: Office, now: datetime) -> list[str]:
    """Copy the embedded database consistently; a database server is backed up by its own means."""
    database = make_url(office.settings.database)
    if database.get_backend_name() != "sqlite" or not database.database:
        return []
    folder = office.settings.home / "backup"
    folder.mkdir(exist_ok=True)
    part, file = folder / ".part", folder / f"duban-{now:%Y%m%d}.db"
    try:
        _copy(Path(database.database), part)
    except (OSError, sqlite3.Error) as error:
        return [f"备份失败：{error}"]
    part.replace(file)
    for old in sorted(folder.glob("duban-*.db"))[:-KEEP_BACKUPS]:
        old.unlink()
    return []


def _copy(database: Path, to: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
