"""`duban digest`: publish the leaders' monthly summary; hold it, word it otherwise, release it."""

from __future__ import annotations

from typing import Annotated

import typer

from include.cli import options
from include.cli.options import AsOfOption, NowOption, tell
from include.office import exceptions, publish_digest, wording
from include.office.decided import Decided

app = typer.Typer(
    help="工作月报：到发布日自动发布；可暂缓、改文字、恢复。",
    invoke_without_command=True,
    rich_markup_mode=None,
)
PlanOption = Annotated[str, typer.Option("--plan", help="工作要点编号")]
PeriodOption = Annotated[str, typer.Option("--period", help="报送月份，如 2024-08")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由")]
UserOption = Annotated[str, typer.Option("--user", help="办理人")]


@app.callback()
def publish(
    context: typer.Context,
    plan: options.PlanOption = None,
    period: options.PeriodOption = None,
    as_of: AsOfOption = None,
    now: NowOption = None,
) -> None:
    """发布工作月报（到发布日自动发布，除非暂缓）；暂缓、改文字、恢复见子命令。"""
    if context.invoked_subcommand is None:
        tell(publish_digest.run(plan, period, as_of, now))


@app.command()
def hold(
    plan: PlanOption, period: PeriodOption, reason: ReasonOption, user: UserOption, now: NowOption = None
) -> None:
    """暂缓发布某月的工作月报。"""
    exceptions.hold_digest(plan, period, Decided(user, reason, now=now))
    print("工作月报已暂缓")


@app.command()
def sentences(plan: PlanOption, period: PeriodOption, now: NowOption = None) -> None:
    """列出某月工作月报中可以改文字的句子。"""
    for one in wording.sentences(plan, period, now=now):
        print(f"{one['place']}  {one['name']}：{one['text']}")
        if one["text"] != one["rule"]:
            print(f"    原句：{one['rule']}")


@app.command()
def edit(
    plan: PlanOption,
    period: PeriodOption,
    place: Annotated[str, typer.Option("--place", help="哪一句，sentences 列出的编号，如 overall-1")],
    text: Annotated[str, typer.Option("--text", help="改成的文字；数据、单位、判断须与原句一致")],
    reason: ReasonOption,
    user: UserOption,
    now: NowOption = None,
) -> None:
    """改一句文字（须先暂缓）；改回原句即撤销修改。"""
    wording.edit(plan, period, Decided(user, reason, now=now), place=place, text=text)
    print("已修改，恢复发布后生效")


@app.command()
def release(
    plan: PlanOption, period: PeriodOption, reason: ReasonOption, user: UserOption, now: NowOption = None
) -> None:
    """恢复发布某月的工作月报。"""
    exceptions.release_digest(plan, period, Decided(user, reason, now=now))
    print("工作月报恢复发布")
