"""Commands that look after the installation: doctor, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from include.cli.options import NowOption, print_json
from include.office import doctor as office_doctor

_MARKS = {office_doctor.OK: "正常", office_doctor.WARN: "注意", office_doctor.FAIL: "有误"}


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(doctor)


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
