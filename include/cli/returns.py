"""`duban returns`: what the office decides about a return: extension, exemption, late filing."""

from __future__ import annotations

from typing import Annotated

import typer

from include.cli.options import NowOption
from include.office import exceptions

app = typer.Typer(
    help="报表：延期、免报、补报（均须写明理由）。", no_args_is_help=True, rich_markup_mode=None
)
PlanOption = Annotated[str, typer.Option("--plan", help="工作要点编号")]
AgencyOption = Annotated[str, typer.Option("--agency", help="成员单位编号，如 education")]
PeriodOption = Annotated[str, typer.Option("--period", help="报送月份，如 2024-08")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由")]
UserOption = Annotated[str, typer.Option("--user", help="办理人")]


@app.command()
def exempt(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    reason: ReasonOption,
    user: UserOption,
    now: NowOption = None,
) -> None:
    """免报。"""
    exceptions.exempt(plan, agency, period, reason=reason, user=user, now=now)
    print("已登记免报")


@app.command()
def extend(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    reason: ReasonOption,
    user: UserOption,
    to: Annotated[str, typer.Option("--to", help="延至何时，如 2024-09-12T18:00")],
    now: NowOption = None,
) -> None:
    """延期。"""
    exceptions.extend(plan, agency, period, to=to, reason=reason, user=user, now=now)
    print("已登记延期")


@app.command("allow-late")
def allow_late(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    reason: ReasonOption,
    user: UserOption,
    now: NowOption = None,
) -> None:
    """补报：锁定后仍收取。"""
    exceptions.allow_late(plan, agency, period, reason=reason, user=user, now=now)
    print("已登记补报")


@app.command()
def hold(
    plan: PlanOption, period: PeriodOption, reason: ReasonOption, user: UserOption, now: NowOption = None
) -> None:
    """暂缓发布某月的工作月报。"""
    exceptions.hold_digest(plan, period, reason=reason, user=user, now=now)
    print("工作月报已暂缓")


@app.command()
def release(plan: PlanOption, period: PeriodOption, user: UserOption, now: NowOption = None) -> None:
    """恢复发布某月的工作月报。"""
    exceptions.release_digest(plan, period, user=user, now=now)
    print("工作月报恢复发布")
