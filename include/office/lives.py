"""Every table of states in one place, and the page of the docs that is made from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from include.escalation import CASE_LIFE, LETTER_LIFE
from include.records.life import Life
from include.records.message_life import MESSAGE_LIFE
from include.returns.filing import FILING_LIFE
from include.returns.states import SUBMISSION_LIFE

LIVES: tuple[Life[Any], ...] = (FILING_LIFE, SUBMISSION_LIFE, CASE_LIFE, LETTER_LIFE, MESSAGE_LIFE)


def page() -> str:
    """Write `docs/states.md`: for each life its diagram, and what each event makes of each state."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# 状态与转换"
    yield ""
    yield "由程序中的状态表生成（`python -m tests.states`），不手工修改。"
    yield "表中“—”是不允许的：系统会拒绝，并说明须先处于什么状态。"
    for life in LIVES:
        yield from ("", f"## {life.title}（{life.what}）", "", "```mermaid", life.diagram() + "```", "")
        yield f"| 发生 | {' | '.join(life.states.values())} |"
        yield f"| --- |{' --- |' * len(life.states)}"
        for event, name in life.events.items():
            yield f"| {name} | {' | '.join(_cell(life, state, event) for state in life.states)} |"
    yield ""


def _cell(life: Life[Any], state: str, event: str) -> str:
    to = {(str(before), e): after for (before, e), after in life.moves.items()}.get((state, event))
    return life.states[to] if to is not None else "—"
