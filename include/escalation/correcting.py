"""Changing a draft, and correcting an issued letter by a 更正函 that names each place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from include.errors import RefusedError
from include.escalation.composing import DEMO_WORDS, ordinal
from include.escalation.days import day_text
from include.escalation.phrases import DEFAULT, Phrases
from include.escalation.wording import quoted
from include.records.escalation import LetterContent

CORRECTION = "更正函"
Place = tuple[str, str]  # what the letter says, what it should say


def correct(
    letter: LetterContent, places: Sequence[Place], reason: str, phrases: Phrases = DEFAULT
) -> LetterContent:
    """Put the correction of an issued letter into words, the office's own over ours; it changes no clock.

    Raises:
        RefusedError: nothing to correct, no change, or a passage that does not stand in the letter.
    """
    if letter.number is None or letter.signed_on is None:
        raise RefusedError("没有签发的文书不用更正函，退回改稿即可")
    if not places:
        raise RefusedError("更正函须写明更正哪一处：原文和更正后的文字")
    for wrong, right in places:
        _check(letter, wrong, right)
    several = len(places) > 1
    fields = {
        "文种": CORRECTION,
        "原文书": f"《{letter.title.removeprefix('（演示）')}》（{letter.number}）",
        "原文号": letter.number,
        "签发日期": day_text(letter.signed_on),
        "更正原因": reason.rstrip("。"),
        **dict.fromkeys(("原文", "更正后"), ""),
    }
    lines = [
        f"{f'（{ordinal(n)}）' if several else ''}"
        + phrases.say("correction.place", fields | {"原文": quoted(wrong), "更正后": quoted(right)})
        for n, (wrong, right) in enumerate(places, 1)
    ]
    demo = [DEMO_WORDS] if letter.demo else []
    return replace(
        letter,
        kind_name=CORRECTION,
        number=None,
        signed_on=None,
        title=f"{'（演示）' if letter.demo else ''}{phrases.say('correction.title', fields)}",
        paragraphs=(*demo, phrases.say("correction.opening", fields), *lines),
        requirements=(phrases.say("correction.clock", fields),),
        legal_basis=phrases.say("correction.reason", fields),
        annexes=(),
    )


def edited(draft: LetterContent, places: Sequence[Place]) -> LetterContent:
    """Change passages of a draft, wherever they stand.

    Raises:
        RefusedError: nothing to change, no change, or a passage that does not stand in the draft.
    """
    if not places:
        raise RefusedError("改稿须写明改哪一处：原文和改后的文字")
    for wrong, right in places:
        _check(draft, wrong, right)
        draft = _replaced(draft, wrong, right)
    return draft


def _replaced(content: LetterContent, wrong: str, right: str) -> LetterContent:
    def change(text: str) -> str:
        return text.replace(wrong, right)

    def each(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(change, texts))

    return replace(
        content,
        title=change(content.title),
        paragraphs=each(content.paragraphs),
        requirements=each(content.requirements),
        legal_basis=change(content.legal_basis),
        contact=change(content.contact),
        copies_to=each(content.copies_to),
        annexes=tuple(
            (change(title), each(head), tuple(map(each, rows))) for title, head, rows in content.annexes
        ),
    )


def _check(content: LetterContent, wrong: str, right: str) -> None:
    if not wrong.strip() or not right.strip() or wrong == right:
        raise RefusedError("须写明原文和改后的文字，两者应当不同")
    if _replaced(content, wrong, right) == content:
        raise RefusedError(f"文书中没有“{wrong}”；请照原文写")
