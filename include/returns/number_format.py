"""What a cell's number format says beside its number: a percentage, or a word such as 万 behind it."""

from __future__ import annotations

import re

PERCENT = "%"  # 0.5 is shown as 50%
_MULTIPLES = "%‰千万亿"
_LITERAL = re.compile(r'"[^"]*"|[\\!].')  # what is shown as it stands: quoted, or escaped (WPS: by !)


def said_by(code: str) -> str:
    """Give PERCENT if a format multiplies by a hundred, the word if it only shows one (`“万”`), or empty."""
    if PERCENT in _LITERAL.sub("", code):
        return PERCENT
    return word_in(code)


def word_in(text: str) -> str:
    """Give the first word of a multiple that stands in a text, in quotes; empty if there is none."""
    return next((f"“{sign}”" for sign in text if sign in _MULTIPLES), "")
