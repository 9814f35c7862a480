"""Commands that look after the installation: doctor, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import NowOption, PlanOption, print_json
from include.errors import DubanError
from include.office import backup as office_backup
from include.office import doctor as office_doctor
from include.office import retention as office_retention
from include.settings import settings

_MARKS = {office_doctor.OK: "正常", office_doctor.WARN: "注意", office_doctor.FAIL: "有误"}


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(doctor)
    app.command()(backup)
    app.command()(restore)
    app.command()(retention)


def doctor(
    only: Annotated[list[str] | None, typer.Argument(help="只查哪几项，如 mail drive；不写则全部")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    now: NowOption = None,
) -> None:
    """体检：设置、数据库、共享盘、邮件、日历、字体、磁盘、时钟等逐项查，写明怎么办；有误时退出码为 1。"""
    lines = office_doctor.examine(now=now, only=only or ())
    if json:
        print_json([asdict(line) for line in lines])
    else:
        for line in lines:
            print(f"{_MARKS[line.state]}  {line.title}：{line.text}")
            if line.mend and line.state != office_doctor.OK:
                print(f"      → {line.mend}")
    if any(line.state == office_doctor.FAIL for line in lines):
        raise typer.Exit(1)


def backup(
    to: Annotated[Path, typer.Option("--to", help="写到哪个文件夹（其下新建一个），最好在另一块盘上")],
) -> None:
    """备份：数据库、档案、共享盘、工作要点、人员，连同每个文件的校验值；密码和密钥不在其中。"""
    kept = office_backup.backup(to)
    print(f"已备份到 {kept.folder}：{kept.files} 个文件")
    _say(kept)


def restore(
    from_: Annotated[Path, typer.Option("--from", help="哪个备份（duban-日期-时间 文件夹）")],
    replace: Annotated[bool, typer.Option("--replace", help="原有的内容移到一边，换成备份")] = False,
) -> None:
    """恢复：先核对备份完整，放入空的系统，再核对台账和档案。先停止系统（make down）。"""
    kept = office_backup.restore(from_, replace=replace)
    print(f"已从 {kept.folder} 恢复：{kept.files} 个文件")
    for plan_id, entries in kept.ledgers.items():
        print(f"{plan_id}：台账 {entries} 条")
    _say(kept)
    if not kept.faults:
        print("台账核对一致，档案齐全")


def _say(kept: office_backup.Kept) -> None:
    for note in kept.notes:
        print(f"注意  {note}")
    if kept.faults:
        raise DubanError("\n".join(kept.faults))


def retention(plan: PlanOption = None, now: NowOption = None) -> None:
    """什么保留多久；今天的日常维护会清除什么（只看，不清除）。"""
    for rule in office_retention.rules(settings()):
        print(f"{rule.kept:　<8}{rule.what}（{rule.by}）")
    for plan_id, due in office_retention.due(plan, now).items():
        print(f"{plan_id}：到期 共享盘 {len(due.drive)} 个、邮件 {len(due.mails)} 个，日常维护时清除")
        for name in (*due.drive, *due.mails):
            print(f"    {name}")
