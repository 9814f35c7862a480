"""`duban plan`: found a plan, check it, show it, attach the official wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import NowOption, PeriodOption, print_json
from include.errors import RefusedError
from include.office import new_plan, plan_check
from include.office.desk import open_office
from include.plan import Period, Plan, attach_text, plan_json
from include.settings import settings

app = typer.Typer(
    help="工作要点：新建，检查，查看，附正式文本。", no_args_is_help=True, rich_markup_mode=None
)
PlanArgument = Annotated[str, typer.Argument(help="工作要点编号，如 pinghu-2024")]


@app.command()
def show(
    plan: PlanArgument,
    period: PeriodOption = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出解析后的全部内容")] = False,
) -> None:
    """查看工作要点（某月有效的内容；不写月份则为全年最后的内容）。"""
    office = open_office()
    book = office.book(plan)
    resolved = book.at(office.period(plan, period) if period else Period(book.year, 12))
    print_json(plan_json(resolved)) if json else _print(resolved)


def _print(plan: Plan) -> None:
    print(f"{plan.title}（{plan.id}）")
    print(
        f"{len(plan.sections)} 个部分 · {len(plan.items)} 项任务 · {len(plan.clauses)} 条 · "
        f"{len(plan.filers)} 个成员单位 · {len(plan.indicators)} 项指标 · {len(plan.decisions)} 项待决事项"
    )
    for clause in plan.clauses:
        owners = "、".join(plan.agency(r.agency).name for r in clause.responsibilities)
        print(f"{clause.id:>5} {clause.title}（{owners}）")
        for indicator in (i for i in plan.indicators if i.clause == clause.id):
            sources = "、".join(plan.agency(s).name for s in indicator.sources)
            target = f"{indicator.comparator.value} {indicator.target}{indicator.unit}"
            print(f"        · {indicator.name} {target} 报送：{sources}")


@app.command()
def new(
    plan: Annotated[str, typer.Argument(help="编号：名称加年度，如 haiyan-2027")],
    place: Annotated[str, typer.Option("--place", help="地名，如 海盐县")],
    host: Annotated[str, typer.Option("--host", help="食药安办所在单位；不写则为市场监管局")] = "",
    short: Annotated[str, typer.Option("--short", help="食药安办简称（文号代字），如 盐食药安办")] = "",
    agencies: Annotated[
        Path | None,
        typer.Option("--agencies", help="成员单位表（xlsx、csv）：名称，可加 编号、单位性质", dir_okay=False),
    ] = None,
    indicators: Annotated[
        Path | None,
        typer.Option(
            "--indicators", help="指标表（xlsx、csv）：指标、计量单位、目标值、报送单位等", dir_okay=False
        ),
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option("--text", help="工作要点正式文本（UTF-8 纯文本）：按它列出任务和分工", dir_okay=False),
    ] = None,
) -> None:
    """新建一个地区的工作要点：做好能直接使用的文件夹，要核实的标“待确认”。"""
    folder = new_plan.found(
        plan, place, host=host, short=short, agencies=agencies, indicators=indicators, text=text
    )
    print(f"已建立 {folder}，人员写在 {settings().people_file}；下一步：duban plan check {plan}")


@app.command()
def check(
    plan: PlanArgument,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    now: NowOption = None,
) -> None:
    """检查工作要点：错误（不能使用）和提示（还缺什么），逐条写明文件、行、怎么办。"""
    found = plan_check.check(plan, now)
    print_json([asdict(point) for point in found]) if json else _print_points(plan, found)
    if any(point.severity == plan_check.ERROR for point in found):
        raise typer.Exit(1)


def _print_points(plan: str, found: Sequence[plan_check.Point]) -> None:
    for point in found:
        print(f"{point.severity}  {point.where}\n      {point.what}\n      → {point.mend}")
    errors = sum(point.severity == plan_check.ERROR for point in found)
    print(f"{plan}：{errors} 处错误，{len(found) - errors} 处提示" if found else f"{plan}：没有发现问题")


@app.command("attach-text")
def attach(
    plan: PlanArgument, file: Annotated[Path, typer.Argument(help="正式文本（UTF-8 纯文本）")]
) -> None:
    """附上正式文本：逐条核对，此后模板、文书、报表引用原文。"""
    office = open_office()
    book = office.book(plan)
    report = attach_text(book.at(Period(book.year, 12)), office.settings.plan_home(plan), file)
    print(f"{len(report.matched)} 条与工作要点一致，今后引用原文")
    for clauses, what in (
        (report.differing, "条文字与登记的不一致（仍显示标题）"),
        (report.missing, "条在文本中没有找到"),
        (report.extra, "条在工作要点中没有登记"),
    ):
        if clauses:
            print(f"{len(clauses)} {what}：{'、'.join(clauses)}")
    if not report.complete:
        raise RefusedError(f"{file}：正式文本与工作要点{plan}不一致，见上")
