"""Rendering the board's pages: templates, what they may call, and the assets they use."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

import duban_board_guard
from duban_board_forms import DECISIONS

HERE = Path(__file__).parent
ASSETS = {"board.css": "text/css", "board.js": "text/javascript", "board.svg": "image/svg+xml"}
LIGHTS = {"done": "已完成", "green": "绿", "yellow": "黄", "red": "红", "grey": "灰"}


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page; every page knows who looks, where the app is mounted and what was just done."""
    user = getattr(request.state, "duban_user", None)
    plan = values.get("plan")
    text = (
        _pages()
        .get_template(name)
        .render(
            root=request.scope.get("root_path", ""),
            assets=versions(),
            lights=LIGHTS,
            user=user.get_name() if user else "",
            may_decide=bool(user and plan and duban_board_guard.may_decide(user, plan.id)),
            several=bool(user and len(duban_board_guard.readable(user)) > 1),
            done=DECISIONS.get(request.query_params.get("done", "")),
            **values,
        )
    )
    return HTMLResponse(text, status)


@cache
def asset(name: str) -> bytes:
    """Give the bytes of an asset."""
    return (HERE / "static" / name).read_bytes()


@cache
def versions() -> dict[str, str]:
    """Give each asset's name with what changes when its bytes do, so that a browser may keep it."""
    return {name: f"{name}?{hashlib.sha256(asset(name)).hexdigest()[:12]}" for name in ASSETS}


@cache
def _pages() -> Environment:
    from include.office.board import indicators  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # what stands in a letter came from outside: HTML in it is shown, never made
    markdown = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    environment.filters |= {"day": _day, "moment": _moment, "figure": indicators.figure}
    environment.filters["markdown"] = lambda text: Markup(markdown.render(text))  # noqa: S704 - see above
    environment.globals["chart"] = lambda view, large=False: Markup(  # noqa: S704 - made of numbers only
        indicators.chart(view, large=large)
    )
    return environment


def _moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if value else "—"


def _day(value: date | None) -> str:
    return value.isoformat() if value else "—"
