"""Looking for what needs a person: each look gives subjects and what to say of them, and changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from include.escalation import APPROVER_NAMES
from include.office import anchors, noted, places
from include.office.desk import Office
from include.office.outbox import MAX_ATTEMPTS, shown_as
from include.records.escalation import LetterState
from include.records.messages import MessageState
from include.store import cases, ledger, outbox
from include.workdays import SHANGHAI

_CLOCKS_DIFFER = timedelta(minutes=10)  # between machines, and between the start and the end of a job
CALENDAR_FROM = (12, 1)  # month, day: from then on next year's working days should be published


class AlarmKind(StrEnum):
    """What an alarm is about; the value is what a person reads."""

    FLOW = "流程运行失败"
    DISK = "磁盘空间不足"
    DRIVE = "共享盘或存储不可用"
    BACKUP = "备份失败"
    MESSAGE = "邮件或文件没有送到"
    APPROVAL = "文书久未签发"
    CALENDAR = "工作日历未公布"
    LEDGER = "台账不能核对"
    CLOCK = "系统时钟倒退"


Found = Iterator[tuple[str, str]]  # (subject, text)


def flows(office: Office) -> Found:
    """Look for tasks that failed and have not ended well since."""
    for note in noted.notes(office.settings):
        yield (
            f"{note['flow']}/{note['task']}",
            f"{note['flow']}“{note['task']}”失败：{note['why'] or '见日志'}",
        )


def disk(office: Office) -> Found:
    """Look at the free space of `DUBAN_HOME`, and of the drive where that is another disk."""
    for name, folder in disks(office).items():
        free = shutil.disk_usage(folder).free >> 20
        if free < office.settings.least_free_mb:
            yield name, f"磁盘空间不足：{folder} 只剩 {free} MiB，请清理或扩容"


def disks(office: Office) -> dict[str, Path]:
    """Give a folder of each disk that is written to; a drive that is away is told of elsewhere."""
    home, root = office.settings.home, office.drive.root
    apart = root.is_dir() and root.stat().st_dev != home.stat().st_dev
    return {"home": home} | ({"drive": root} if apart else {})


def drive(office: Office) -> Found:
    """Look whether drive, outputs and archive copy can be reached."""
    for name, why in places.away(office.archive, office.drive):
        yield name, f"共享盘不可用：{why}"


def messages(office: Office, plan_id: str, now: datetime) -> Found:
    """Look for messages a person has to look at, and for those that have been tried for long."""
    with office.store.reading() as connection:
        stuck = outbox.needing_a_person(connection, plan_id)
        waiting = outbox.in_state(connection, plan_id, MessageState.PENDING)
    for row in stuck:
        what = f"{shown_as(row)}，{row.attention}"
        yield f"message/{row.id}", f"送达需人工核实（duban mail，编号{row.id}）：{what}"
    for row in waiting:
        if row.attempts >= MAX_ATTEMPTS:
            yield f"message/{row.id}", f"多次送达不成，仍在重试：{shown_as(row)}（{row.detail}）"


def approvals(office: Office, plan_id: str, now: datetime) -> Found:
    """Look for letters nobody has signed, returned or waived for some working days."""
    calendar, limit = office.calendar(plan_id), office.settings.approval_days
    with office.store.reading() as connection:
        waiting = cases.letters(connection, plan_id, LetterState.WAITING)
        told = {row.id: ledger.about(connection, plan_id, [f"letter/{row.id}"]) for row in waiting}
    for row in waiting:
        since = told[row.id][-1].at.astimezone(SHANGHAI).date() if told[row.id] else row.drafted_on
        days = calendar.between(since, now.date())
        if days > limit:
            what = f"{row.content['kind_name']}（编号{row.id}，签发人 {APPROVER_NAMES[row.approver]}）"
            yield f"letter/{row.id}", f"{what}送签已{days}个工作日，尚未签发、退回或免发"


def calendar(office: Office, plan_id: str, now: datetime) -> Found:
    """Look whether the working days of this year, and from December of the next, are published."""
    days, today = office.calendar(plan_id), now.date()
    mend = "请升级 chinesecalendar 或填写 overrides.yaml"
    if days.is_provisional(today.year):
        yield str(today.year), f"{today.year}年工作日历仍为暂定，正式文书不能落款；{mend}"
    elif (today.month, today.day) >= CALENDAR_FROM and days.is_provisional(today.year + 1):
        yield str(today.year + 1), f"{today.year + 1}年工作日历尚未公布，{mend}"


def clock_back(office: Office, plan_id: str, now: datetime) -> Found:
    """Look whether the clock stands before what happened already."""
    with office.store.reading() as connection:
        last = ledger.last(connection, plan_id)
    if last is not None and last.at - now > _CLOCKS_DIFFER:
        seen = f"{last.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        yield (
            "clock",
            f"系统时钟{now:%Y-%m-%d %H:%M}早于台账最近一条（{seen}），请核对系统时间，此前不要签发文书",
        )


def ledger_breaks(office: Office, plan_id: str, now: datetime) -> Found:
    """Verify the ledger, entry by entry, and against what was published of it."""
    for found in anchors.check(office, plan_id).breaks:
        yield str(found.seq), f"台账第{found.seq}条不能核对：{found.why}"


OF_INSTALLATION: Mapping[AlarmKind, Callable[[Office], Found]] = {
    AlarmKind.FLOW: flows,
    AlarmKind.DISK: disk,
    AlarmKind.DRIVE: drive,
}
OF_PLAN: Mapping[AlarmKind, Callable[[Office, str, datetime], Found]] = {
    AlarmKind.MESSAGE: messages,
    AlarmKind.APPROVAL: approvals,
    AlarmKind.CALENDAR: calendar,
    AlarmKind.CLOCK: clock_back,
}
OF_PLAN_DAILY = {**OF_PLAN, AlarmKind.LEDGER: ledger_breaks}  # verifying takes its time: once a day
