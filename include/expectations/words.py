"""What a text says, whatever its spacing: the forms texts and names are compared in."""

from __future__ import annotations

import re
import unicodedata

_PLACEHOLDERS = frozenset(
    [
        "",
        "无",
        "暂无",
        "没有",
        "同上",
        "略",
        "详见附件",
        "见附件",
        "已填",
        "x",
        "xx",
        "xxx",
        "na",
        "n/a",
        "null",
    ]
)
_SPACE = re.compile(r"\s+")
_SIGNS = re.compile(r"[\W_]+")
_MONTHS = re.compile(r"(?:\d{4}年)?\d{1,2}(?:[-~至]\d{1,2})?月份?")


def meaning(text: str) -> str:
    """Give the text without its margins, or nothing if it is a placeholder such as 无, / or 同上."""
    plain = _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    bare = _SIGNS.sub("", plain).lower()
    return "" if bare in _PLACEHOLDERS else plain


def quotable(name: str) -> str:
    """Give a name fit to stand between “ and ”."""
    return name.replace("“", "‘").replace("”", "’")


def same_text(text: str) -> str:
    """Give the form in which two texts are the same: signs and the months named in them do not matter."""
    return _SIGNS.sub("", _MONTHS.sub("", meaning(text))).lower()


def same_name(name: str) -> str:
    """Give the form in which two names are the same: width, case, spaces and signs do not matter."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name)).lower()
