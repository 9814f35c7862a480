"""The commands of a month: open, collect, close, escalate, deliver; and housekeeping."""

from __future__ import annotations

import typer

from include.cli.options import AsOfOption, NowOption, PeriodOption, PlanOption, tell
from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    housekeeping,
    open_period,
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for name, command in COMMANDS.items():
        app.command(name)(command)


def open_(plan: PlanOption = None, period: PeriodOption = None, now: NowOption = None) -> None:
    """开启报送月份：发放填报模板，登记应报报表。"""
    tell(open_period.run(plan, period, now))


def collect(plan: PlanOption = None, now: NowOption = None) -> None:
    """收取报送件：取走、读取、校验、回执。"""
    tell(collect_returns.run(plan, now=now))


def close(
    plan: PlanOption = None, period: PeriodOption = None, as_of: AsOfOption = None, now: NowOption = None
) -> None:
    """汇总本月数据：标出未报迟报，计算进度，出汇总报表；到锁定日锁定。"""
    tell(close_period.run(plan, period, as_of, now))


def escalate(plan: PlanOption = None, as_of: AsOfOption = None, now: NowOption = None) -> None:
    """督办递进：催报、立项、销号，拟出文书待签发。"""
    result = escalate_overdue.run(plan, as_of, now)
    tell(result)
    if result["letters"]:
        print(f"待签发文书 {len(result['letters'])} 份：duban letters list")


def deliver(plan: PlanOption = None, now: NowOption = None) -> None:
    """送达：发出邮件，补写共享盘；没有送成、等着再试的也马上再试。"""
    tell(deliver_outbox.run(plan, now, at_once=True))


def housekeep(now: NowOption = None) -> None:
    """日常维护：备份、核对台账、查看磁盘和工作日历。"""
    print(housekeeping.run(now)["note"])


COMMANDS = {
    "open": open_,
    "collect": collect,
    "close": close,
    "escalate": escalate,
    "deliver": deliver,
    "housekeeping": housekeep,
}
