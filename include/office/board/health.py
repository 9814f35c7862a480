"""Whether things run: the outbox, the folders, disk, drive, calendar, backup."""

from __future__ import annotations

import shutil
from datetime import date, datetime

from sqlalchemy import make_url

from include.files import AwayError
from include.office import alarms
from include.office.board.views import HealthView, MessageView
from include.office.desk import Office
from include.office.outbox import shown_as
from include.plan import Period
from include.records.message_life import MESSAGE_STATE_NAMES
from include.records.messages import MessageState
from include.store import outbox, returns
from include.workdays import SHANGHAI

CHANNEL_NAMES = {"mail": "邮件", "drive": "共享盘", "chat": "群通知"}
_COMING = (MessageState.RENDERING, MessageState.SENDING, MessageState.PENDING)


def health(office: Office, plan_id: str, now: datetime) -> HealthView:
    """Look at what a plan's work depends on."""
    with office.store.reading() as connection:
        counted = outbox.counts(connection, plan_id)
        stuck = outbox.needing_a_person(connection, plan_id)
        coming = [row for state in _COMING for row in outbox.in_state(connection, plan_id, state)]
        swept = returns.sweeps(connection, plan_id)
    stalest = min(swept, key=lambda agency: swept[agency], default=None)
    calendar = office.calendar(plan_id)
    return HealthView(
        alarms=tuple(a["text"] for a in alarms.standing(plan_id, office=office)),
        messages={MESSAGE_STATE_NAMES[state]: counted.get(state, 0) for state in MessageState},
        unsent=tuple(
            MessageView(
                id=row.id,
                key=row.key,
                what=shown_as(row),
                channel=CHANNEL_NAMES[row.channel],
                state=MESSAGE_STATE_NAMES[row.state],
                attempts=row.attempts,
                detail=row.attention or row.detail,
                created_at=row.created_at.astimezone(SHANGHAI),
                not_before=row.not_before.astimezone(SHANGHAI),
            )
            for row in {row.id: row for row in (*stuck, *coming)}.values()
        ),
        last_sweep_at=max(swept.values()).astimezone(SHANGHAI) if swept else None,
        stalest=office.agency(plan_id, stalest, Period.of(now.date())).name if stalest else "",
        stalest_sweep_at=swept[stalest].astimezone(SHANGHAI) if stalest else None,
        disk_free_mib=shutil.disk_usage(office.settings.home).free >> 20,
        drive_there=_drive_is_there(office),
        backup_note=_backup_note(office),
        calendar_note=f"{now.year}年工作日历" + ("暂定" if calendar.is_provisional(now.year) else "已公布"),
        mail_note="演练：邮件写成文件，不发出" if office.settings.mail_mode == "eml" else "邮件由 SMTP 发出",
    )


def _drive_is_there(office: Office) -> bool:
    try:
        office.drive.place_of(office.drive.office_path("汇总")).check()
    except (AwayError, OSError):
        return False
    return True


def _backup_note(office: Office) -> str:
    """Say when the embedded database was last backed up; a database server has means of its own."""
    if make_url(office.settings.database).get_backend_name() != "sqlite":
        return "数据库服务器另行备份"
    days = [file.stem.removeprefix("duban-") for file in (office.settings.home / "backup").glob("duban-*.db")]
    return date.fromisoformat(max(days)).isoformat() if days else "还没有备份过"
