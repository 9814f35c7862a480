"""`duban plan`: show a plan, attach the official wording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import PeriodOption, print_json
from include.errors import RefusedError
from include.office.desk import open_office
from include.plan import Period, Plan, attach_text, plan_json

app = typer.Typer(help="工作要点：查看，附上正式文本。", no_args_is_help=True, rich_markup_mode=None)
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
        raise RefusedError(f"{file}: the document and plan {plan} differ; see above")
