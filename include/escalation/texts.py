"""A letter as Markdown, for the approver who reads it on a screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from include.escalation.days import day_text
from include.records.escalation import LetterContent

_SPECIAL = re.compile(
    r"([\\`*_{}\[\]<>#|~&]"
    r"|^[-+=](?!\d)|(?<=^\d)[.)](?=\s))"  # what begins a list or makes a heading of the line above
)


def letter_text(content: LetterContent) -> str:
    """Write a letter out: number, addressee, paragraphs, requirements, signature, annex tables."""
    return "\n\n".join(_blocks(content)) + "\n"


def _blocks(content: LetterContent) -> Iterator[str]:
    if content.demo:
        yield "**演示数据，不具有公文效力**"
    yield f"# {literal(content.title)}"
    head = (
        content.office_name,
        "文号：签发时取号" if content.number is None else content.number,
        content.handling_mark,
    )
    yield "　".join(literal(text) for text in head if text)
    yield f"{literal(content.addressee)}："
    yield from (literal(text) for text in (*content.paragraphs, content.legal_basis) if text)
    if len(content.requirements) == 1:
        yield literal(content.requirements[0])
    elif content.requirements:
        yield "\n".join(f"{n}. {literal(text)}" for n, text in enumerate(content.requirements, 1))
    dated = day_text(content.signed_on) if content.signed_on else "（成文日期：签发之日）"
    yield f"{literal(content.signatory)}　{dated}"
    if content.contact:
        yield f"（{literal(content.contact)}）"
    if content.copies_to:
        yield f"抄送：{literal('，'.join(content.copies_to))}"
    for n, (title, header, rows) in enumerate(content.annexes, 1):
        yield f"## 附件{n if len(content.annexes) > 1 else ''}　{literal(title)}"
        yield "\n".join([_row(header), _row(tuple("---" for _ in header), raw=True), *map(_row, rows)])


def _row(cells: tuple[str, ...], *, raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(literal, cells))} |"


def literal(text: str) -> str:
    """Take a text literally: no sign of it is Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
