"""`duban ledger`: verifying the ledger (台账), and writing it as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import PlanOption
from include.errors import DubanError
from include.office import ledger_book

app = typer.Typer(help="台账：核对，导出。", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def verify(
    plan: PlanOption = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="另外保存的“台账校验值.txt”", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """核对台账：逐条验证没有改动、增删、调换，并与已公布的校验值核对，发现截去和重写。"""
    found = ledger_book.verify(plan, against=against)
    for plan_id, checked in found.items():
        if not checked.breaks:
            print(f"{plan_id}: {checked.entries} 条，全部核对一致；{_anchored(checked.anchors)}")
    broken = [
        f"{plan_id} 台账第{b.seq}条：{b.why}" for plan_id, checked in found.items() for b in checked.breaks
    ]
    if broken:
        raise DubanError("\n".join(broken))


def _anchored(anchors: int | None) -> str:
    if anchors is None:
        return "共享盘不可用，未与公布的校验值核对，末尾是否被截去不得而知"
    if not anchors:
        return "尚未公布校验值（日常维护时公布），末尾是否被截去不得而知"
    return f"与已公布的{anchors}个校验值相符"


@app.command()
def export(
    plan: Annotated[str, typer.Option("--plan", help="工作要点编号，如 pinghu-2024")],
    to: Annotated[Path | None, typer.Option("--to", help="写成哪个文件；不写则写在当前文件夹")] = None,
) -> None:
    """导出台账（xlsx）：文书台账、督办事项、流水。"""
    print(f"已写入 {ledger_book.export(plan, to)}")
