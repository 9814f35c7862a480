"""A target path (时序进度) in words: where an indicator should stand by the end of which month."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from include.plan.model import Indicator, PathBasis


def path_text(indicator: Indicator, month: int) -> str:
    """Say where the indicator should stand at the end of this month and of the others, in its unit."""
    points = [_point(indicator, point) for point in indicator.path.points]
    towards = "补齐差距 " if _by_gap(indicator) and points[month - 1] else ""
    now = f"{month}月底 {towards}{points[month - 1] or '不要求'}"
    lines = [f"{now}，全年目标 {indicator.target:f}{indicator.unit}", f"各月：{_months(points)}"]
    if indicator.milestones:
        lines.append("节点：" + "、".join(f"{step.month}月{step.title}" for step in indicator.milestones))
    if _by_gap(indicator):
        lines.append("各月百分数是补齐基期与目标之间差距的比例（基期待补）")
    if not indicator.path.confirmed:
        lines.append("（时序进度待确认）")
    return "\n".join(lines)


def _by_gap(indicator: Indicator) -> bool:
    return indicator.path.basis is PathBasis.GAP_SHARE and indicator.baseline is None


def _point(indicator: Indicator, point: Decimal | None) -> str:
    """Say a point in the unit, or as a share of the way where the baseline is not known."""
    if point is None:
        return ""
    if _by_gap(indicator):
        return f"{_short(point)}%"
    if indicator.path.basis is PathBasis.VALUE:
        return _short(point)
    start = (indicator.baseline or Decimal()) if indicator.path.basis is PathBasis.GAP_SHARE else Decimal()
    return _short(start + (indicator.target - start) * point / 100)


def _months(points: list[str]) -> str:
    """Join months of equal points: `1–2月 0、3月 90 …`."""
    runs = [
        (value, [month for month, _ in run]) for value, run in groupby(enumerate(points, 1), lambda p: p[1])
    ]
    said = [f"{_span(months)}月 {value}" for value, months in runs if value]
    return "、".join(said) or "不要求"


def _span(months: list[int]) -> str:
    return f"{months[0]}–{months[-1]}" if len(months) > 1 else str(months[0])


def _short(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01')):f}".rstrip("0").rstrip(".")
