"""`duban drive`: the shared drive."""

from __future__ import annotations

import typer

from include.office import places

app = typer.Typer(help="共享盘：绑定。", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def drive() -> None:
    """共享盘。"""


@app.command()
def bind() -> None:
    """把共享盘绑定到本系统：先确认已经挂载。没有绑定标记的文件夹，系统不写入。"""
    for name in places.bind():
        print(f"已绑定：{name}")
