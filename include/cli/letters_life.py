"""`duban letters` after signing: number, seal, service, taking back, the reply's verdict, templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import NowOption, PlanOption
from include.errors import RefusedError
from include.office import letter_life, letter_templates, numbering
from include.office.decided import Decided
from include.office.desk import open_office

LetterArgument = Annotated[int, typer.Argument(help="文书在系统中的编号")]
UserOption = Annotated[str, typer.Option("--user", help="办理人的用户名")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由、意见")]
EvidenceOption = Annotated[Path | None, typer.Option("--evidence", help="佐证材料文件，存入档案")]
OnePlanOption = Annotated[str, typer.Option("--plan", help="工作要点编号")]
PrefixOption = Annotated[str, typer.Option("--prefix", help="代字，如 平食药安办函")]
YearOption = Annotated[int, typer.Option("--year", help="年份")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (
        number,
        seal,
        serve,
        interview,
        withdraw,
        revoke,
        accept,
        refuse,
        numbers,
        gaps,
        templates,
    ):
        app.command()(command)


def number(
    letter: LetterArgument,
    user: UserOption,
    number: Annotated[str, typer.Option("--number", help="发文登记簿上的文号；不写则从号段取")] = "",
    now: NowOption = None,
) -> None:
    """给已签发、未取号的文书取号。"""
    print(f"已取号：{letter_life.numbered(letter, number=number, user=user, now=now)}")


def seal(
    letter: LetterArgument,
    file: Annotated[Path, typer.Option("--file", help="盖章扫描件：PDF、图片或 OFD")],
    user: UserOption,
    now: NowOption = None,
) -> None:
    """登记用印：盖章扫描件存档，并发给责任单位。"""
    letter_life.sealed(letter, file=file, user=user, now=now)
    print("盖章件已存档，并发给责任单位")


def serve(
    letter: LetterArgument,
    user: UserOption,
    how: Annotated[str, typer.Option("--how", help="送达方式，如 机要交换")],
    to: Annotated[str, typer.Option("--to", help="签收人")] = "",
    at: Annotated[str | None, typer.Option("--at", help="送达时刻，如 2024-09-10T15:00；不写则此刻")] = None,
    now: NowOption = None,
) -> None:
    """登记送达：怎样送达、谁签收、何时；期限自次一工作日起算。"""
    letter_life.served(letter, how=how, to=to, at=at, user=user, now=now)
    print("已登记送达")


def interview(
    letter: LetterArgument,
    on: Annotated[str, typer.Option("--on", help="约谈日期，如 2024-09-10")],
    place: Annotated[str, typer.Option("--place", help="约谈地点")],
    user: UserOption,
    now: NowOption = None,
) -> None:
    """登记约谈的日期和地点，告知责任单位；约谈后报告的期限自次一工作日起算。"""
    due = letter_life.interview(letter, on=on, place=place, user=user, now=now)
    print(f"已登记约谈；约谈后报告的期限为{due}")


def withdraw(letter: LetterArgument, reason: ReasonOption, user: UserOption, now: NowOption = None) -> None:
    """撤回未送达的文书。"""
    letter_life.withdraw(letter, Decided(user, reason, now=now))
    print("已撤回")


def revoke(letter: LetterArgument, reason: ReasonOption, user: UserOption, now: NowOption = None) -> None:
    """撤销已送达的文书，并告知责任单位。"""
    letter_life.revoke(letter, Decided(user, reason, now=now))
    print("已撤销，并告知责任单位")


def accept(
    letter: LetterArgument,
    reason: ReasonOption,
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """认可答复或办理结果。"""
    letter_life.accept(letter, Decided(user, reason, evidence, now))
    print("已认可")


def refuse(
    letter: LetterArgument,
    reason: ReasonOption,
    user: UserOption,
    evidence: EvidenceOption = None,
    now: NowOption = None,
) -> None:
    """不予认可，按递进措施办理。"""
    letter_life.refuse(letter, Decided(user, reason, evidence, now))
    print("已登记不予认可")


def numbers(
    plan: OnePlanOption,
    prefix: PrefixOption,
    year: YearOption,
    first: Annotated[int, typer.Option("--first")],
    last: Annotated[int, typer.Option("--last")],
    user: UserOption,
    now: NowOption = None,
) -> None:
    """登记交给系统使用的号段；用完后可再登记一段。"""
    office = open_office()
    numbering.give_numbers(plan, prefix, year, first, last, user=user, now=now, office=office)
    print(f"{prefix}〔{year}〕{first}号至{last}号已登记")


def gaps(
    plan: PlanOption = None,
    prefix: Annotated[str, typer.Option("--prefix", help="代字；与年份、起止号一起写，为登记说明")] = "",
    year: Annotated[int, typer.Option("--year")] = 0,
    first: Annotated[int, typer.Option("--first")] = 0,
    last: Annotated[int, typer.Option("--last")] = 0,
    reason: ReasonOption = "",
    user: Annotated[str, typer.Option("--user", help="办理人的用户名")] = "",
    now: NowOption = None,
) -> None:
    """列出没有说明的空号；写明起止号和理由的，登记说明。"""
    if prefix:
        if plan is None or not user:
            raise RefusedError("登记空号说明须写明 --plan 和 --user")
        numbering.explain(plan, prefix, year, first, last or first, reason=reason, user=user, now=now)
        print(f"{prefix}〔{year}〕{first}号至{last or first}号的说明已登记")
        return
    found = numbering.unexplained(plan)
    for gap in found:
        print(f"{gap['prefix']}〔{gap['year']}〕{gap['first']}号至{gap['last']}号没有说明")
    if not found:
        print("没有未说明的空号")


def templates(
    check: Annotated[bool, typer.Option("--check", help="用样文试填每个模板")] = False,
    copy: Annotated[
        bool, typer.Option("--copy", help="把系统自带的模板放入 DUBAN_HOME/templates 供修改")
    ] = False,
) -> None:
    """文书模板（可用 Word、WPS 修改）：在用哪些、能写哪些字段；--check 核对，--copy 取出来改。"""
    lines = (
        letter_templates.copy() if copy else letter_templates.check() if check else letter_templates.lines()
    )
    for line in lines:
        print(line)
