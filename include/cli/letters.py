"""`duban letters`: the same as the approvals in the UI, and what the office does with a letter before one."""

from __future__ import annotations

from typing import Annotated

import typer

from include.cli import letters_life
from include.cli.options import NowOption, PlanOption, print_json
from include.errors import RefusedError
from include.office import letters as office_letters
from include.office import sign_letters

app = typer.Typer(
    help="文书：查看、改稿、核稿、签发，取号、用印、送达，答复的审核，撤回、撤销、更正。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
LetterArgument = Annotated[int, typer.Argument(help="文书在系统中的编号")]
UserOption = Annotated[str, typer.Option("--user", help="办理人的用户名")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由")]
ShownOption = Annotated[str, typer.Option("--shown", help="所看文稿的指纹（show 末行），前 8 位即可")]
WrongOption = Annotated[list[str], typer.Option("--wrong", help="原文；可写多处")]
RightOption = Annotated[list[str], typer.Option("--right", help="改后的文字，与 --wrong 一一对应")]


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
def show(letter: LetterArgument, now: NowOption = None) -> None:
    """查看一份文书：督办事项、此前文书、本件经过、变动和全文，末行是文稿指纹。"""
    shown = sign_letters.show(letter, now=now)
    print(f"{shown['text']}\n文稿指纹 {shown['hash']}")


def _decide(
    letter: int, decision: str, shown: str, user: str, reason: str, number: str, now: str | None
) -> None:
    result = sign_letters.answer(
        letter, decision=decision, user=user, hash=shown, reason=reason, number=number, now=now
    )
    if result["letters"] or not result["touched"]:
        raise RefusedError(result["note"])
    print(f"{decision}：{result['note']}")


@app.command()
def approve(
    letter: LetterArgument,
    shown: ShownOption,
    user: UserOption,
    number: Annotated[str, typer.Option("--number", help="发文登记簿上的文号；不写则从号段取")] = "",
    reason: ReasonOption = "",
    now: NowOption = None,
) -> None:
    """签发；事先沟通须已登记（duban letters talk）。"""
    _decide(letter, sign_letters.SIGN, shown, user, reason, number, now)


@app.command("return")
def return_(
    letter: LetterArgument, shown: ShownOption, user: UserOption, reason: ReasonOption, now: NowOption = None
) -> None:
    """退回拟稿，写明理由。"""
    _decide(letter, sign_letters.RETURN, shown, user, reason, "", now)


@app.command()
def waive(
    letter: LetterArgument, shown: ShownOption, user: UserOption, reason: ReasonOption, now: NowOption = None
) -> None:
    """免发，写明理由。"""
    _decide(letter, sign_letters.WAIVE, shown, user, reason, "", now)


@app.command()
def submit(letter: LetterArgument, user: UserOption, now: NowOption = None) -> None:
    """把退回的拟稿重新送签。"""
    sign_letters.submit(letter, user=user, now=now)
    print("已重新送签")


@app.command()
def edit(
    letter: LetterArgument,
    wrong: WrongOption,
    right: RightOption,
    reason: ReasonOption,
    user: UserOption,
    now: NowOption = None,
) -> None:
    """改稿：把文稿中的原文改为另一段文字；待签发的重新送签。"""
    office_letters.edit(letter, places=_places(wrong, right), reason=reason, user=user, now=now)
    print("已改稿")


@app.command()
def correct(
    letter: LetterArgument,
    wrong: WrongOption,
    right: RightOption,
    reason: ReasonOption,
    user: UserOption,
    now: NowOption = None,
) -> None:
    """对已发出的文书拟更正函，送原签发人签发。"""
    places = _places(wrong, right)
    made = office_letters.correction(letter, places=places, reason=reason, user=user, now=now)
    print(f"更正函已拟稿送签：文书 {made}")


def _places(wrong: list[str], right: list[str]) -> list[tuple[str, str]]:
    if len(wrong) != len(right):
        raise RefusedError(f"--wrong 有 {len(wrong)} 处，--right 有 {len(right)} 处，应当一一对应")
    return list(zip(wrong, right, strict=True))


@app.command()
def review(
    letter: LetterArgument,
    user: UserOption,
    note: Annotated[str, typer.Option("--note", help="核稿意见")] = "",
    now: NowOption = None,
) -> None:
    """登记核稿；文稿再有变动，须重新核稿。"""
    office_letters.review(letter, user=user, note=note, now=now)
    print("已登记核稿")


@app.command()
def talk(
    letter: LetterArgument,
    user: UserOption,
    on: Annotated[str, typer.Option("--on", help="哪天，如 2024-09-02")] = "",
    whom: Annotated[str, typer.Option("--with", help="与谁")] = "",
    said: Annotated[str, typer.Option("--said", help="对方意见")] = "",
    skip: Annotated[str, typer.Option("--skip", help="没有沟通的，写明原因")] = "",
    now: NowOption = None,
) -> None:
    """登记签发前的事先沟通，或没有沟通的原因。"""
    office_letters.talk(letter, user=user, on=on, whom=whom, said=said, skipped=skip, now=now)
    print("已登记事先沟通")


letters_life.add_to(app)
