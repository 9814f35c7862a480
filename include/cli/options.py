"""Options the commands share, and how results are printed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

import typer

from include.office import clock


def as_day(text: str | None) -> str | None:
    """Hold an option against the form of a day. Raises: BadParameter."""
    if text is not None:
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise typer.BadParameter(f"“{text}”不是日期，应如 2024-09-10") from error
    return text


def _moment(text: str | None) -> str | None:
    if text is not None:
        try:
            clock.parse(text)
        except ValueError as error:
            raise typer.BadParameter(f"“{text}”不是时刻，应如 2024-09-10T09:00") from error
    return text


PlanOption = Annotated[str | None, typer.Option("--plan", help="工作要点编号，如 pinghu-2024；不写则全部")]
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="报送月份，如 2024-08；不写则办当前该办的")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="截至日期，如 2024-09-10；不写则今天", callback=as_day)
]
NowOption = Annotated[
    str | None, typer.Option("--now", help="办理时刻，如 2024-09-10T09:00；不写则此刻", callback=_moment)
]


def tell(result: dict[str, Any]) -> None:
    """Print what a use case did: a line a plan, or why there was nothing to do."""
    if not result["touched"]:
        print(result["note"] or "没有要办的")
    for plan_id, details in result["plans"].items():
        if any(details.values()):
            print(f"{plan_id}: {json.dumps(details, ensure_ascii=False, default=str)}")


def print_json(content: Any) -> None:
    """Print JSON for programs."""
    print(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
