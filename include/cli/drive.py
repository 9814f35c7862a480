"""`duban drive`, `duban shares`: the shared drive, and who may enter which folder of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from include.cli.options import PlanOption
from include.office import places
from include.office import shares as office_shares
from include.settings import settings

app = typer.Typer(help="共享盘：绑定。", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def drive() -> None:
    """共享盘。"""


@app.command()
def bind() -> None:
    """把共享盘绑定到本系统：先确认已经挂载。没有绑定标记的文件夹，系统不写入。"""
    for name in places.bind():
        print(f"已绑定：{name}")


def shares(
    plan: PlanOption = None,
    smb_conf: Annotated[bool, typer.Option("--smb-conf", help="输出 Samba 服务器的配置 smb.conf")] = False,
    logins: Annotated[
        bool,
        typer.Option("--logins", help="为没有密码的用户生成密码，写入 DUBAN_HOME/shares.txt（仅本人可读）"),
    ] = False,
    root: Annotated[
        Path | None, typer.Option("--root", help="共享盘在 Samba 服务器上的位置，缺省同本机")
    ] = None,
    owner: Annotated[str, typer.Option("--owner", help="共享盘归哪个系统用户所有")] = "duban",
) -> None:
    """各单位经 SMB 进入共享盘的共享：一个单位一个，只有自己的用户能看见、能进入。"""
    found = office_shares.shares(plan, root=root)
    if smb_conf:
        print(office_shares.conf(found, owner), end="")
    elif logins:
        print(office_shares.logins(found, settings()))
    else:
        for share in found:
            print(share.user, share.name, share.folder, share.title, sep="\t")
