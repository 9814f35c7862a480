"""How the workbook looks: one palette, one typeface, each format made once."""

from __future__ import annotations

import unicodedata
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

TYPEFACE = "微软雅黑"
INK, SOFT, LINE = "#1F2933", "#7B8794", "#BCC5CF"
NAVY, PALE_NAVY = "#1F4E79", "#E8EFF7"
YELLOW, GREY, WHITE = "#FFF8DC", "#EFF1F3", "#FFFFFF"
TAB = "#F2C94C"
GREEN, ORANGE, RED = "#1E7B45", "#B45309", "#C00000"
PALE_RED, PALE_ORANGE, PALE_GREEN = "#FDE2E0", "#FFEBD2", "#E3F4E8"

_EDGE: dict[str, Any] = {"border": 1, "border_color": LINE}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": NAVY},
    "big": {"bold": True, "font_size": 20, "font_color": NAVY, "align": "center"},
    "bar": {"bold": True, "font_size": 12, "font_color": WHITE, "bg_color": NAVY, "indent": 1},
    "hint": {"font_color": SOFT, "font_size": 11},
    "status": {"bold": True, "font_size": 12},
    "mark": {"bold": True, "font_color": RED},
    "small": {"font_size": 11, "font_color": SOFT, "bold": False},
    "bold": {"bold": True},
    "group": {"font_size": 11, "font_color": SOFT, "align": "center", "valign": "bottom"},
    "group-input": {
        "font_size": 11, "bold": True, "font_color": ORANGE, "align": "center", "valign": "bottom",
    },
    "header": {
        "bold": True, "font_color": WHITE, "bg_color": NAVY, "align": "center", "text_wrap": True,
        "border": 1, "border_color": WHITE,
    },
    "printed": {**_EDGE, "text_wrap": True, "indent": 1},
    "previous": {**_EDGE, "font_color": SOFT, "align": "center", "shrink": True},
    "input": {**_EDGE, "bg_color": YELLOW, "locked": False},
    "blank": {**_EDGE, "bg_color": GREY},
    "computed": {**_EDGE, "bg_color": PALE_NAVY, "bold": True, "align": "center", "shrink": True},
    "check": {**_EDGE, "font_size": 11, "text_wrap": True, "indent": 1},
    "center": {"align": "center", "indent": 0},
    "top": {"valign": "top"},
    "wrap": {"text_wrap": True, "indent": 1},
    "faded": {"font_color": SOFT},
    "not-due": {"bg_color": GREY, "font_color": SOFT},
    "first": {"top": 2, "top_color": NAVY},
    "ratio": {"num_format": "0.0%"},
    "text": {"num_format": "@"},
    "link": {"font_color": NAVY, "underline": 1},
    "good": {"font_color": GREEN, "bg_color": PALE_GREEN},
    "missing": {"font_color": ORANGE, "bg_color": PALE_ORANGE},
    "wrong": {"font_color": RED, "bg_color": PALE_RED},
}  # fmt: skip


class Look:
    """The formats of one workbook, by the names of their styles; later names win."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Format] = {}

    def __call__(self, *names: str, **more: Any) -> Format:
        """Give the format that joins the named styles."""
        key = (names, tuple(sorted(more.items())))
        if key not in self._made:
            properties: dict[str, Any] = {"font_name": TYPEFACE, "font_size": 12, "font_color": INK}
            properties |= {"valign": "vcenter"}
            for name in names:
                properties |= STYLES[name]
            self._made[key] = self._book.add_format(properties | more)
        return self._made[key]

    def mark(self, *names: str) -> Format:
        """Give a format for conditional formatting: only what the named styles change."""
        properties = {k: v for name in names for k, v in STYLES[name].items()}
        return self._book.add_format(properties)


def text_width(text: str) -> int:
    """Give the width of a text in half-width characters; a Chinese character is two wide."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def lines_of(text: str, width: float) -> int:
    """Give the number of lines a text takes in a column that many half-width characters wide."""
    return sum(max(1, -(-text_width(line) // max(1, int(width)))) for line in text.split("\n"))
