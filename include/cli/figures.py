"""`duban figures` and `duban passport`: figures of record, and where a figure comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from include.cli.options import NowOption, print_json
from include.office import passport as passports
from include.office import reconciling
from include.office.passport_text import passport_lines

app = typer.Typer(
    help="数据核对：列出各单位报得不一致的数，核定以哪个为准。", no_args_is_help=True, rich_markup_mode=None
)
PlanOption = Annotated[str, typer.Option("--plan", help="工作要点编号")]
PeriodOption = Annotated[str, typer.Option("--period", help="报送月份，如 2024-08")]
FigureOption = Annotated[
    str, typer.Option("--figure", help="哪一个数，differences 列出的编号，如 sunshine-delivery:denominator")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由")]
UserOption = Annotated[str, typer.Option("--user", help="办理人")]
EvidenceOption = Annotated[Path | None, typer.Option("--evidence", help="佐证材料（文件），存档备查")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def passport(
    indicator: Annotated[str, typer.Argument(help="指标编号，如 sunshine-delivery")],
    period: Annotated[str, typer.Argument(help="月份，如 2024-08")],
    plan: Annotated[str | None, typer.Option("--plan", help="工作要点编号；只有一个时可不写")] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """数据护照：一个数从哪个文件哪一格来，通过了哪些校验，谁填谁签，核定、异议和历次版本。"""
    content = passports.passport(indicator, period, plan=plan, now=now)
    if as_json:
        print_json(content)
        return
    for line in passport_lines(content):
        print(line)


@app.command()
def differences(
    plan: PlanOption, period: PeriodOption, now: NowOption = None, as_json: JsonOption = False
) -> None:
    """列出某月各单位报得不一致的数。"""
    found = reconciling.differences(plan, period, now=now)
    if as_json:
        print_json(found)
        return
    for one in found:
        _tell(one)
    if not found:
        print("各单位报数没有不一致")


@app.command()
def reconcile(
    plan: PlanOption,
    period: PeriodOption,
    figure: FigureOption,
    value: Annotated[str, typer.Option("--value", help="核定数；可以是某单位所报，也可以是别的数")],
    reason: ReasonOption,
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """核定：以哪个数为准。"""
    _tell(
        reconciling.reconcile(
            plan, period, figure, value, reason=reason, user=user, evidence=evidence, now=now
        )
    )


@app.command()
def withdraw(
    plan: PlanOption,
    period: PeriodOption,
    figure: FigureOption,
    reason: ReasonOption,
    user: UserOption,
    now: NowOption = None,
) -> None:
    """撤回核定，恢复按报送单位报数计。"""
    reconciling.withdraw(plan, period, figure, reason=reason, user=user, now=now)
    print("已撤回核定")


def _tell(one: dict[str, Any]) -> None:
    told = "，".join(f"{f['name']}报{f['figure']}" for f in one["figures"]) or "各单位现已一致"
    print(f"{one['figure']}  {one['name']}·{one['role_name']}：{told}")
    print(f"    {one['settlement']}：{one['counts']}")
    if one["decision"]:
        print(f"    {one['decision']['at']}由{one['decision']['by']}核定")
