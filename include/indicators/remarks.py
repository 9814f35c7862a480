"""What a reader must know beside a figure."""

from __future__ import annotations

from include.indicators.wording import show
from include.plan.model import Behaviour, Comparator, Indicator, Kind
from include.records.facts import Progress

_DEMANDING = 99  # %: above it a handful of failures decides the year
_NO_SECOND_TRY = {Behaviour.OUTCOME, Behaviour.DUE_COHORT}


def remark(indicator: Indicator, progress: Progress) -> str:
    """Say in Chinese where the number of cases is so small that one failure loses the year; else empty.

    Only where a failure cannot be made good: a canteen gets its licence later, a failed sample stays failed.
    """
    demanding = (
        indicator.kind is Kind.RATIO
        and indicator.comparator is Comparator.AT_LEAST
        and indicator.target > _DEMANDING
    )
    numerator, denominator = progress.numerator, progress.denominator
    if not demanding or indicator.behaviour not in _NO_SECOND_TRY or not denominator or numerator is None:
        return ""
    allowed = 100 - indicator.target
    failures = denominator - numerator
    base, target = show(denominator, ""), show(indicator.target, "%")
    if failures <= 0:
        one_loses = allowed * denominator < 100
        return f"“{indicator.denominator}”仅{base}，只要有1例未达到，即低于目标{target}" if one_loses else ""
    if not allowed:
        return f"已有{show(failures, '')}例未达到，本年累计不能再回到{target}"
    needed = failures * 100 / allowed
    if needed <= denominator:
        return ""
    return (
        f"已有{show(failures, '')}例未达到，“{indicator.denominator}”须达到{show(needed, '')}且不再出现，"
        f"方能达到目标{target}"
    )
