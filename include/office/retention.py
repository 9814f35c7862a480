"""Retention: what is kept how long. Only copies leave: archive, database and ledger are never thinned out.

How long is set by the office (`DUBAN_KEEP_…`, 待确认); what leaves is recorded in the ledger. What killed
processes left half done leaves home and drive as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Row

from include.delivery import eml_file
from include.files import AwayError, clear_left
from include.office.backup import KEEP_COPIES
from include.office.desk import Office, open_office, record, selected
from include.records.messages import Channel, MessageState
from include.settings import Settings
from include.store import outbox

_FLEETING = {"待报", "回执"}  # reports and letters stay
_FOR_EVER = "永久"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of thing is kept, and what sets it."""

    what: str
    kept: str
    by: str


@dataclass(frozen=True, slots=True)
class Due:
    """What may leave a plan now: paths on the drive that hold what duban wrote, and files of mails sent."""

    drive: tuple[str, ...]
    mails: tuple[str, ...]


def rules(of: Settings) -> tuple[Rule, ...]:
    """Give what is kept how long in an installation."""
    return (
        Rule("档案：收到的原件，发出的模板、回执、报表、文书", _FOR_EVER, "不可改"),
        Rule("数据库：报送、数据项、督办事项、文书、送达记录", _FOR_EVER, "不可改"),
        Rule("台账", _FOR_EVER, "不可改"),
        Rule(
            "共享盘“待报”“回执”中本系统写的、没有人动过的文件",
            _days(of.keep_on_drive_days),
            "DUBAN_KEEP_ON_DRIVE_DAYS（待确认）",
        ),
        Rule("共享盘其他文件（报送、已收、文书、回复、食药安办）", _FOR_EVER, "由各单位和食药安办自行处理"),
        Rule("邮件写成的 .eml 文件（演练方式）", _days(of.keep_mail_days), "DUBAN_KEEP_MAIL_DAYS（待确认）"),
        Rule("日常维护的数据库副本", f"最近 {KEEP_COPIES} 份", "不可改"),
        Rule("duban backup 的备份、恢复时移开的 .replaced", "由管理员删除", "管理员"),
        Rule("Airflow 的运行记录和任务日志", "由管理员清理", "make prune；多机部署见 docs/production.md"),
    )


def due(
    plan: str | None = None, now: datetime | str | None = None, *, office: Office | None = None
) -> dict[str, Due]:
    """Give what would leave now, by plan; nothing is touched. Raises: AwayError."""
    office = office or open_office()
    moment = office.now(now)
    return {
        plan_id: Due(
            tuple(row.detail for row in _on_drive(office, plan_id, moment) if _is_ours(office, plan_id, row)),
            tuple(file.name for _, file in _mails(office, plan_id, moment)),
        )
        for plan_id in selected(office, plan)
    }


def clear_drive(office: Office, plan_id: str, now: datetime) -> int:
    """Remove templates and receipts older than `keep_on_drive_days`; gives how many.

    Only where the bytes are still what duban wrote: what somebody worked on stays.
    """
    drive = office.drive_of(plan_id)
    removed: list[str] = []
    for row in _on_drive(office, plan_id, now):
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


def clear_mails(office: Office, plan_id: str, now: datetime) -> int:
    """Remove the files of mails sent more than `keep_mail_days` ago; gives how many."""
    removed: list[int] = []
    for row, file in _mails(office, plan_id, now):
        file.unlink(missing_ok=True)
        removed.append(row.id)
    if removed:
        with office.store.writing() as connection:
            record(connection, plan_id, now, "mails-cleared", str(now.date()), {"messages": removed})
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


def _days(days: int) -> str:
    return f"{days} 天" if days else _FOR_EVER


def _on_drive(office: Office, plan_id: str, now: datetime) -> list[Row[Any]]:
    days = office.settings.keep_on_drive_days
    sent = _sent_before(office, plan_id, Channel.DRIVE, now, days)
    return [row for row in sent if not _FLEETING.isdisjoint(PurePosixPath(row.detail).parts[:-1])]


def _is_ours(office: Office, plan_id: str, row: Row[Any]) -> bool:
    return office.drive_of(plan_id).is_untouched(row.detail, row.payload["sha256"])


def _mails(office: Office, plan_id: str, now: datetime) -> list[tuple[Row[Any], Path]]:
    sent = _sent_before(office, plan_id, Channel.MAIL, now, office.settings.keep_mail_days)
    files = [(row, eml_file(office.settings.home / "mail", row.payload["message_id"])) for row in sent]
    return [(row, file) for row, file in files if file.is_file()]


def _sent_before(
    office: Office, plan_id: str, channel: Channel, now: datetime, days: int
) -> Sequence[Row[Any]]:
    """Give what went out by a channel more than so many days ago; for none, nothing ever gets old."""
    if not days:
        return []
    before = now - timedelta(days)
    with office.store.reading() as connection:
        sent = outbox.in_state(connection, plan_id, MessageState.SENT)
    return [row for row in sent if row.channel == channel and row.sent_at < before]
