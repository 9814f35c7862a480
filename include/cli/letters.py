"""`duban letters`: the same as the approvals in the UI, and what happens to letters outside the system."""

from __future__ import annotations

from typing import Annotated

import typer

from include.cli.options import NowOption, PlanOption, print_json
from include.errors import RefusedError
from include.office import letters as office_letters
from include.office import sign_letters
from include.office.desk import open_office

app = typer.Typer(
    help="文书：查看、签发、退回、免发、送达、号段。", no_args_is_help=True, rich_markup_mode=None
)
LetterArgument = Annotated[int, typer.Argument(help="文书在系统中的编号")]
UserOption = Annotated[str, typer.Option("--user", help="办理人的用户名")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由、事先沟通情况")]


@app.command("list")
def list_(plan: PlanOption = None, json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """列出文书。"""
    rows = office_letters.overview(plan)
    if json:
        print_json(rows)
        return
    for row in rows:
        print(
            f"{row['id']:>4} {row['state']:<4} {row['number'] or '(未编号)'} {row['agency']} {row['title']}"
        )


@app.command()
def show(letter: LetterArgument) -> None:
    """查看一份文书的全文。"""
    print(sign_letters.show(letter)["text"])


def _decide(letter: int, decision: str, user: str, reason: str, now: str | None) -> None:
    shown = sign_letters.show(letter)["hash"]
    result = sign_letters.answer(letter, decision=decision, user=user, hash=shown, reason=reason, now=now)
    if result["letters"] or not result["touched"]:
        raise RefusedError(result["note"])
    print(f"{decision}：{result['note']}")


@app.command()
def approve(
    letter: LetterArgument, user: UserOption, reason: ReasonOption = "", now: NowOption = None
) -> None:
    """签发。"""
    _decide(letter, sign_letters.SIGN, user, reason, now)


@app.command("return")
def return_(letter: LetterArgument, user: UserOption, reason: ReasonOption, now: NowOption = None) -> None:
    """退回拟稿，写明理由。"""
    _decide(letter, sign_letters.RETURN, user, reason, now)


@app.command()
def waive(letter: LetterArgument, user: UserOption, reason: ReasonOption, now: NowOption = None) -> None:
    """免发，写明理由。"""
    _decide(letter, sign_letters.WAIVE, user, reason, now)


@app.command()
def submit(letter: LetterArgument, user: UserOption, now: NowOption = None) -> None:
    """把退回的拟稿重新送签。"""
    sign_letters.submit(letter, user=user, now=now)
    print("已重新送签")


@app.command()
def serve(
    letter: LetterArgument,
    user: UserOption,
    how: Annotated[str, typer.Option("--how", help="送达方式和签收人")],
    now: NowOption = None,
) -> None:
    """登记送达：答复期限自次一工作日起算。"""
    office_letters.served(letter, how=how, user=user, now=now)
    print("已登记送达")


@app.command()
def numbers(
    plan: Annotated[str, typer.Option("--plan")],
    prefix: Annotated[str, typer.Option("--prefix", help="代字，如 平食药安办函")],
    year: Annotated[int, typer.Option("--year")],
    first: Annotated[int, typer.Option("--first")],
    last: Annotated[int, typer.Option("--last")],
    user: UserOption,
    now: NowOption = None,
) -> None:
    """登记交给系统使用的号段。"""
    office = open_office()
    office_letters.give_numbers(plan, prefix, year, first, last, user=user, now=now, office=office)
    print(f"{prefix}〔{year}〕{first}号至{last}号已登记")
