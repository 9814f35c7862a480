"""How figures, lights and lists are said in the reports: one way for every form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal

from include.records.facts import Light, Progress
from include.records.reports import LIGHT_NAMES

NOTHING = "—"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CJK = r"\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”“’‘"
_WIDE = str.maketrans(",;:!?", "\uff0c\uff1b\uff1a\uff01\uff1f")
_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}])[,;:!?]|[,;:!?](?=[{_CJK}])")
_BRACKETED = re.compile(rf"(?<=[{_CJK}])\(([^()]*)\)|\(([^()]*[{_CJK}][^()]*)\)")
COMPARATORS = {">=": "≥", "<=": "≤", "==": "="}
LIGHT_ORDER = (Light.DONE, Light.GREEN, Light.YELLOW, Light.RED, Light.GREY)


def figure(value: Decimal | None, unit: str = "", against: Decimal | None = None) -> str:
    """Show a figure with two decimals at most.

    Where rounding would make it look equal to `against` (its target), it is cut instead, with more decimals:
    99.496 % is never shown as the 99.5 % it has not reached.
    """
    if value is None:
        return NOTHING
    shown = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if against is not None and shown == against != value:
        shown = value.quantize(Decimal("0.0001"), ROUND_DOWN)
    text = f"{shown:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + unit


def difference(value: Decimal, unit: str) -> str:
    """Show the size of a difference: percentages differ by 个百分点."""
    return figure(abs(value), "个百分点" if unit == "%" else unit)


def pace(progress: Progress, unit: str) -> str:
    """Show what each remaining month must bring; whole things are rounded up."""
    needed = progress.pace_needed or Decimal(0)
    whole = unit != "%" and progress.value is not None and _whole(progress.value) and _whole(progress.target)
    return difference(needed.to_integral_value(ROUND_CEILING) if whole else needed, unit)


def _whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def light_name(progress: Progress) -> str:
    """Name a light; grey says which grey it is (灰·未报)."""
    name = LIGHT_NAMES[progress.light.value]
    return f"{name}·{progress.grey.value}" if progress.light is Light.GREY and progress.grey else name


def day(value: date) -> str:
    """Show a day within the year: 9月13日."""
    return f"{value.month}月{value.day}日"


def full_day(value: date) -> str:
    """Show a day: 2024年9月13日."""
    return f"{value.year}年{day(value)}"


def listed(names: Iterable[str], at_most: int = 3) -> str:
    """List names; beyond the limit the rest is counted: 甲、乙、丙等5项."""
    told = list(names)
    if len(told) <= at_most:
        return "、".join(told)
    return f"{'、'.join(told[:at_most])}等{len(told)}项"


def quoted(name: str) -> str:
    """Put a name in quotation marks, unless it brings its own."""
    return name if "“" in name else f"“{name}”"


def counted(parts: Sequence[tuple[str, int]]) -> str:
    """Join counts that are not nought: 未报1项、待补基期2项."""
    return "、".join(f"{name}{count}项" for name, count in parts if count)


def printable(text: str) -> str:
    """Drop the control characters no document can hold; line breaks and tabs stay."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def typeset(text: str) -> str:
    """Give commas, colons and brackets beside Chinese characters their full width; 18:00 and 1,000 stay."""
    bracketed = _BRACKETED.sub(lambda m: f"\uff08{m[1] if m[1] is not None else m[2]}\uff09", text)
    return _BESIDE_CJK.sub(lambda m: m[0].translate(_WIDE), bracketed)
