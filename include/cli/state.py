"""Commands that only look: status, calendar, rules, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import NowOption, PlanOption, print_json
from include.office import export as office_export
from include.office import rules as office_rules
from include.office import state as office_state
from include.office import working_days


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(status)
    app.command()(calendar)
    app.command()(rules)
    app.command()(export)


def status(plan: PlanOption = None) -> None:
    """现在怎样：谁没报，各项指标亮什么灯，哪些文书待签发，文件在哪里。"""
    for line in office_state.lines(plan):
        print(line)


def calendar(plan: PlanOption = None, now: NowOption = None) -> None:
    """工作日历：各年的依据，是否暂定，本单位自己确定的日子。"""
    for line in working_days.lines(plan, now):
        print(line)


def rules(
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="输出说明页 docs/rules.md")] = False,
) -> None:
    """校验规则目录。"""
    if markdown:
        print(office_rules.catalogue_markdown(), end="")
        return
    if json:
        print_json(office_rules.catalogue_json())
        return
    for rule in office_rules.catalogue():
        print(f"{rule.id:44} {rule.severity:8} {rule.title}")
    print("\n门槛（plan.yaml 的 limits，待确认）：")
    for key, words, value in office_rules.thresholds():
        print(f"{key:44} {value:>10,} {words}")


def export(
    plan: Annotated[str, typer.Option("--plan", help="工作要点编号，如 pinghu-2024")],
    to: Annotated[Path, typer.Option("--to", help="写到哪个文件夹")],
) -> None:
    """导出数据：CSV 和 Parquet，附数据字典；不含个人信息。"""
    for name, count in office_export.run(plan, to).items():
        print(f"{name}：{count} 行")
    print(f"已写入 {to}；各字段的含义见 dictionary.csv")
