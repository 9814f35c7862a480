"""`duban returns`: what the office decides about a return: extension, exemption, late filing, proxy entry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import NowOption
from include.office import exceptions, proxy
from include.office import objections as objecting
from include.office.decided import Decided

app = typer.Typer(
    help="报表：延期、免报、补报、代填（均须写明理由）。", no_args_is_help=True, rich_markup_mode=None
)
PlanOption = Annotated[str, typer.Option("--plan", help="工作要点编号")]
AgencyOption = Annotated[str, typer.Option("--agency", help="成员单位编号，如 education")]
PeriodOption = Annotated[str, typer.Option("--period", help="报送月份，如 2024-08")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由")]
UserOption = Annotated[str, typer.Option("--user", help="办理人")]
EvidenceOption = Annotated[Path | None, typer.Option("--evidence", help="佐证材料（文件），存档备查")]


@app.command()
def exempt(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    reason: ReasonOption,
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """免报。"""
    exceptions.exempt(plan, agency, period, Decided(user, reason, evidence, now))
    print("已登记免报")


@app.command()
def extend(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    reason: ReasonOption,
    user: UserOption,
    to: Annotated[str, typer.Option("--to", help="延至何时，如 2024-09-12T18:00")],
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """延期。"""
    exceptions.extend(plan, agency, period, Decided(user, reason, evidence, now), to=to)
    print("已登记延期")


@app.command("allow-late")
def allow_late(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    reason: ReasonOption,
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """补报：锁定后仍收取。"""
    exceptions.allow_late(plan, agency, period, Decided(user, reason, evidence, now))
    print("已登记补报")


@app.command("file-for")
def file_for(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    file: Annotated[Path, typer.Option("--file", help="替该单位填好的报表（用该单位的填报模板）")],
    reason: ReasonOption,
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """代填：按电话或纸质材料替单位报送，确认之前各处标明“代填”。"""
    done = proxy.file_for(plan, agency, period, file, reason=reason, user=user, evidence=evidence, now=now)
    print(f"已代填，第{done['number']}次报送；回执已送该单位，待其确认")
    for warning in done["warnings"]:
        print(f"  需说明：{warning}")


@app.command()
def confirm(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    reason: Annotated[str, typer.Option("--reason", help="怎样确认的，如：分管领导电话确认")],
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """登记单位对代填的确认。"""
    proxy.confirm(plan, agency, period, reason=reason, user=user, evidence=evidence, now=now)
    print("已登记确认")


@app.command("object")
def object_to(
    plan: PlanOption,
    agency: AgencyOption,
    period: PeriodOption,
    indicator: Annotated[str, typer.Option("--indicator", help="指标编号")],
    reason: Annotated[str, typer.Option("--reason", help="异议：应为多少、依据")],
    user: UserOption,
    now: NowOption = None,
) -> None:
    """登记单位用电话或纸质提出的核对异议。"""
    objecting.object_to(plan, agency, period, indicator, Decided(user, reason, now=now))
    print("已登记核对异议")


@app.command("objections")
def list_objections(plan: PlanOption, period: PeriodOption, now: NowOption = None) -> None:
    """列出某月的核对异议。"""
    for one in objecting.objections(plan, period, now=now):
        state = f"答复：{one['answer']}" if one["answer"] else "待答复"
        print(
            f"{one['id']}  {one['agency_name']}  {one['name']}：{one['words']}（{one['raised_at']}，{state}）"
        )


@app.command()
def answer(
    plan: PlanOption,
    objection: Annotated[int, typer.Option("--objection", help="异议的编号，objections 列出")],
    reason: Annotated[str, typer.Option("--reason", help="答复")],
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """答复核对异议。"""
    objecting.answer(plan, objection, Decided(user, reason, evidence, now))
    print("已登记答复")
