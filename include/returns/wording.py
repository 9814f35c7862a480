"""Words the template and the receipt share."""

from __future__ import annotations

import re
from datetime import datetime

from include.workdays import SHANGHAI

DEMO_MARK = "演示数据"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WEEKDAYS = "一二三四五六日"


def moment_text(moment: datetime) -> str:
    """Say an aware moment in Asia/Shanghai: `2024年9月6日(星期五)18:00`."""
    local = moment.astimezone(SHANGHAI)
    day = f"{local.year}年{local.month}月{local.day}日（星期{_WEEKDAYS[local.weekday()]}）"
    return f"{day}{local:%H:%M}"


def marks_text(demo: bool, clock_note: str) -> str:
    """Say what must not be mistaken for real; empty on real data and a real clock."""
    return " ".join(text for text in (f"【{DEMO_MARK}】" if demo else "", clock_note) if text)


def clean(text: str, longest: int = 600) -> str:
    """Give a text from outside as XML can hold it and a cell can show it."""
    plain = _UNPRINTABLE.sub("", text)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"
