"""`duban mail`: what left, what did not, and what a person decides about it."""

from __future__ import annotations

from typing import Annotated

import typer

from include.cli.options import NowOption, PlanOption, print_json
from include.office import mailroom
from include.records.message_life import MESSAGE_STATE_NAMES

app = typer.Typer(
    help="邮件与送达：查看、补发、核实、登记退信。", no_args_is_help=True, rich_markup_mode=None
)
MessageArgument = Annotated[int, typer.Argument(help="编号，见 duban mail list")]
UserOption = Annotated[str, typer.Option("--user", help="办理人的用户名")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由、核实的情况")]


@app.command("list")
def list_(
    plan: PlanOption = None,
    state: Annotated[
        str, typer.Option("--state", help="如 failed/uncertain，可并列；不写则列需人工处理的")
    ] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """列出需人工处理的邮件和文件，或某些状态的（pending、sent、failed、uncertain、dropped）。"""
    rows = list(mailroom.overview(plan, [s for s in state.split("/") if s]))
    if json:
        print_json(rows)
        return
    for row in rows:
        name = MESSAGE_STATE_NAMES[row["state"]]
        print(f"{row['id']:>5} {name} {row['what']}：{row['attention'] or row['detail'] or '—'}")
    if not rows:
        print("没有")


@app.command()
def resend(
    message: MessageArgument,
    user: UserOption,
    reason: ReasonOption,
    to: Annotated[list[str] | None, typer.Option("--to", help="改发到这个地址，可写多次")] = None,
    now: NowOption = None,
) -> None:
    """补发给还没有收到的人；地址有误的，用 --to 写明改发到哪里。"""
    mailroom.resend(message, reason=reason, user=user, to=to or (), now=now)
    print("已列入待发")


@app.command()
def settle(
    message: MessageArgument,
    outcome: Annotated[str, typer.Option("--outcome", help="sent 已核实送到，dropped 不再发送")],
    user: UserOption,
    reason: ReasonOption,
    now: NowOption = None,
) -> None:
    """登记核实结果，不再列为待处理。"""
    mailroom.settle(message, outcome=outcome, reason=reason, user=user, now=now)
    print("已登记")


@app.command()
def bounced(
    message: MessageArgument,
    recipient: Annotated[str, typer.Option("--recipient", help="被退回的地址")],
    user: UserOption,
    reason: ReasonOption,
    now: NowOption = None,
) -> None:
    """登记退信：邮件发出后又被退回。"""
    mailroom.bounced(message, recipient, reason=reason, user=user, now=now)
    print("已登记退信")
