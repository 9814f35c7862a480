"""Figures as users read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from include.records.facts import Progress

_UNKNOWN = "未报"
_FINEST = 6  # decimal places tried to tell two figures apart
_WIDE = Context(prec=400)  # whatever a cell can hold is shown, however absurd


def show(value: Decimal | None, unit: str) -> str:
    """Write a figure: `1,234批次`, `45.5%`, `1.83批次/千人`; 未报 for None.

    What is short of 100 % never reads 100 %.
    """
    return _UNKNOWN if value is None else _text(value, unit, _places(unit))


def show_value(progress: Progress, unit: str) -> str:
    """Write what an indicator comes to, or why it comes to nothing: 未报, 免报, 未到期 and the like."""
    return progress.grey.value if progress.value is None and progress.grey else show(progress.value, unit)


def show_apart(value: Decimal, other: Decimal, unit: str) -> tuple[str, str, str]:
    """Write two figures and what lies between them, with as many places as it takes to tell them apart."""
    apart, between = abs(value - other), "个百分点" if unit == "%" else unit
    places = _places(unit)
    while places < _FINEST and 0 < apart < Decimal(1).scaleb(-places):
        places += 1
    return _text(value, unit, places), _text(other, unit, places), _text(apart, between, places)


def _places(unit: str) -> int:
    return 1 if unit == "%" else 2


def _text(value: Decimal, unit: str, places: int) -> str:
    step = Decimal(1).scaleb(-places)
    rounded = value.quantize(step, rounding=ROUND_HALF_UP, context=_WIDE) + 0  # never -0
    if unit == "%" and value < 100 <= rounded:
        rounded = 100 - step
    whole = f"{rounded:,.{places}f}"
    return (whole.rstrip("0").rstrip(".") if places else whole) + unit
