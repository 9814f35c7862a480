"""`duban cases`: which matters are watched over, and what the office decides about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import NowOption, PlanOption, as_day, print_json
from include.office import case_book, raising
from include.office import cases as office_cases
from include.office.decided import Decided

app = typer.Typer(
    help="督办事项：查看；批示、重大风险隐患；延期、正当理由、方案、抄送、解除、销号、免予督办、并入。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
CaseArgument = Annotated[int, typer.Argument(help="督办事项在系统中的编号")]
OnePlanOption = Annotated[str, typer.Option("--plan", help="工作要点编号")]
UserOption = Annotated[str, typer.Option("--user", help="决定人")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由")]
EvidenceOption = Annotated[Path | None, typer.Option("--evidence", help="佐证材料（文件），存档并记入台账")]
DayOption = Annotated[str | None, typer.Option("--on", help="申请、收到的日期；不写则今天", callback=as_day)]
AgencyOption = Annotated[str, typer.Option("--agency", help="成员单位编号，如 education")]


def _day(text: str) -> date:
    return date.fromisoformat(text)


@app.command("list")
def list_(
    plan: PlanOption = None,
    all: Annotated[bool, typer.Option("--all", help="连同已办结的")] = False,
    json: Annotated[bool, typer.Option("--json")] = False,
    now: NowOption = None,
) -> None:
    """列出督办事项（批示在前），以及只公示、不发文的。"""
    rows, shown = case_book.overview(plan, closed=all), case_book.shown(plan, now)
    if json:
        print_json({"cases": rows, "shown": shown})
        return
    for row in rows:
        due = f" 期限{row['due_on']}" if row["due_on"] else ""
        print(
            f"{row['id']:>4} {row['state']} {row['track']} {row['agency']} {row['name']} {row['step']}{due}"
        )
    for line in shown:
        print(f"   - {line['rule']} {line['agency']}：{'；'.join(line['reasons'])}")


@app.command()
def show(case: CaseArgument) -> None:
    """逐条说明一件督办事项：何时、何事、何人、何据。"""
    for line in case_book.history(case):
        print(line)


@app.command()
def instruct(
    *,
    plan: OnePlanOption,
    agency: Annotated[list[str], typer.Option("--agency", help="承办单位编号；几个单位承办的写几次")],
    words: Annotated[str, typer.Option("--words", help="批示内容")],
    leader: Annotated[str, typer.Option("--leader", help="批示领导")],
    given: Annotated[str, typer.Option("--given", help="批示日期", callback=as_day)],
    due: Annotated[str, typer.Option("--due", help="办理期限", callback=as_day)],
    user: UserOption,
    reason: ReasonOption = "领导批示",
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """登记领导批示：每个承办单位一件，按批示的期限办。"""
    by = Decided(user, reason, evidence, now)
    numbers = raising.instruct(
        plan, agency, by, words=words, leader=leader, given_on=_day(given), due_on=_day(due)
    )
    for number in numbers:
        print(f"已登记批示：督办事项{number}")


@app.command("major-risk")
def major_risk(
    plan: OnePlanOption,
    agency: AgencyOption,
    title: Annotated[str, typer.Option("--title", help="风险隐患")],
    detail: Annotated[str, typer.Option("--detail", help="基本情况")],
    found: Annotated[str, typer.Option("--found", help="发现日期", callback=as_day)],
    user: UserOption,
    reason: ReasonOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """登记重大风险隐患：按递进措施挂牌督办。"""
    by = Decided(user, reason, evidence, now)
    number = raising.list_risk(plan, agency, by, title=title, detail=detail, found_on=_day(found))
    print(f"已登记重大风险隐患：督办事项{number}")


@app.command()
def extend(
    case: CaseArgument,
    until: Annotated[str, typer.Option("--until", help="延至哪天（含当日）", callback=as_day)],
    user: UserOption,
    reason: ReasonOption,
    asked: Annotated[
        str | None, typer.Option("--asked", help="申请日期；不写则今天", callback=as_day)
    ] = None,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """延期：到期前不升级；批示改办理期限。"""
    by, asked_on = Decided(user, reason, evidence, now), _day(asked) if asked else None
    office_cases.extend(case, by, until=_day(until), asked_on=asked_on)
    print("已登记延期")


@app.command("take-plan")
def take_plan(
    case: CaseArgument,
    user: UserOption,
    reason: ReasonOption = "收到整改方案",
    received: Annotated[
        str | None, typer.Option("--received", help="收到日期；不写则今天", callback=as_day)
    ] = None,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """登记收到整改方案（不在“回复”文件夹里的）。"""
    by, day = Decided(user, reason, evidence, now), _day(received) if received else None
    office_cases.take_plan(case, by, received_on=day)
    print("已登记整改方案")


@app.command("add-co-owner")
def add_co_owner(
    case: CaseArgument,
    agency: AgencyOption,
    user: UserOption,
    reason: ReasonOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """把共同责任单位列入该事项文书的抄送。"""
    office_cases.add_co_owner(case, agency, Decided(user, reason, evidence, now))
    print("已列入抄送")


@app.command("drop-co-owner")
def drop_co_owner(
    case: CaseArgument,
    agency: AgencyOption,
    user: UserOption,
    reason: ReasonOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """从抄送中去掉。"""
    office_cases.drop_co_owner(case, agency, Decided(user, reason, evidence, now))
    print("已不再抄送")


@app.command()
def merge(
    case: CaseArgument,
    into: Annotated[int, typer.Option("--into", help="并入哪件督办事项")],
    user: UserOption,
    reason: ReasonOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """并入另一件督办事项（如机构合并）。"""
    office_cases.merge(case, into, Decided(user, reason, evidence, now))
    print("已并入")


def _plain(name: str, decide: Callable[[int, Decided], None], help: str, done: str) -> None:
    """Add a decision that needs no more than who and why."""

    @app.command(name, help=help)
    def command(
        case: CaseArgument,
        user: UserOption,
        reason: ReasonOption,
        evidence: EvidenceOption = None,
        now: NowOption = None,
    ) -> None:
        decide(case, Decided(user, reason, evidence, now))
        print(done)


for _name, _decide, _help, _done in (
    ("accept-reason", office_cases.accept_reason, "认可正当理由：不再升级，直到撤销认可。", "已认可理由"),
    ("withdraw-reason", office_cases.withdraw_reason, "撤销对正当理由的认可。", "已撤销认可"),
    ("refuse-plan", office_cases.refuse_plan, "退回整改方案，须重报。", "已退回方案"),
    ("lift", office_cases.lift, "解除：隐患已消除，须附佐证材料；已挂牌的接着拟解除通知书。", "已登记解除"),
    ("fulfil", office_cases.fulfil, "销号：已按要求办结，须附佐证材料。", "已销号"),
    ("waive", office_cases.waive, "免予督办：到目前为止的事由不再追究。", "已免予督办"),
):
    _plain(_name, _decide, _help, _done)
