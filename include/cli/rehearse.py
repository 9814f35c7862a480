"""`duban rehearse` and `duban explain`: the year by other rules, and why a case came to where it is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import NowOption, as_day, print_json
from include.office import explaining, rehearsal


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(rehearse)
    app.command()(explain)


def rehearse(
    plan: Annotated[str, typer.Option("--plan", help="工作要点编号，如 pinghu-2024")],
    ladder: Annotated[
        Path, typer.Option("--ladder", help="要试的递进措施文件 ladder.yaml", exists=True, dir_okay=False)
    ],
    first: Annotated[
        str | None, typer.Option("--from", help="新办法从哪天起；不写则年初", callback=as_day)
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="推演到哪天；不写则今天", callback=as_day)] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    now: NowOption = None,
) -> None:
    """推演：按另一套递进措施重走一遍已记录的一年，看会发哪些文书、与实际差在哪里；不改动任何记录。"""
    result = rehearsal.run(plan, ladder, first=_day(first), last=_day(last), now=now)
    if json:
        print_json(result)
        return
    for line in rehearsal.told(result):
        print(line)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def explain(
    case: Annotated[int, typer.Argument(help="督办事项在系统中的编号")],
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出，每句附依据")] = False,
) -> None:
    """说明一件督办事项：哪些事实、哪条规定、哪一天、怎样计算、发了什么文书、结果如何，可以照着念。"""
    head, sentences = explaining.heading(case), explaining.explain(case)
    if json:
        print_json({"case": case, "heading": head, "sentences": [asdict(s) for s in sentences]})
        return
    print(head)
    for sentence in sentences:
        print(sentence.text)
