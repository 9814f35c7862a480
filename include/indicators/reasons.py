"""The sentence that says why a light is what it is."""

from __future__ import annotations

from decimal import Decimal

from include.indicators.causes import Cause
from include.indicators.lights import Course
from include.indicators.measuring import Measured
from include.indicators.wording import show, show_apart
from include.plan.model import Indicator, Kind, Plan
from include.plan.period import Period


def reason(
    plan: Plan,
    indicator: Indicator,
    period: Period,
    cause: Cause,
    measured: Measured,
    path: Course,
    last: Decimal | None,
) -> str:
    """Give one Chinese sentence with the figures a light rests on."""
    of = measured.from_period or period
    carried = f"沿用{of.month}月数据：" if measured.value is not None else ""
    return (f"本月不需填报，{carried}" if measured.from_period else "") + cause.value.sentence.format(
        month=f"{of.month}月",
        agencies="、".join(plan.agency(a).name for a in measured.missing),
        last=f"，此前最近一次为{show(last, indicator.unit)}" if last is not None else "",
        denominator=indicator.denominator,
        count=show(measured.count, indicator.unit.partition("/")[0]),
        node=_milestone(indicator, period),
        next_point=_next_point(indicator, period),
        **_figures(indicator, measured, path),
    )


def _figures(indicator: Indicator, measured: Measured, path: Course) -> dict[str, str]:
    unit, target = indicator.unit, indicator.target
    if measured.value is None:
        return {"value": "", "path": "", "short": "", "over": "", "target": show(target, unit)}
    value, on_path, short = show_apart(measured.value, target if path.value is None else path.value, unit)
    fine_value, fine_target, over = show_apart(measured.value, target, unit)
    if indicator.kind is Kind.RATIO:
        parts = f"（{show(measured.count, '')}/{show(measured.denominator, '')}）"
        value, fine_value = value + parts, fine_value + parts
    longest = max(value, fine_value, key=len)
    return {"value": longest, "path": on_path, "short": short, "over": over, "target": fine_target}


def _milestone(indicator: Indicator, period: Period) -> str:
    """Name the milestone that should be behind us, and the next one."""
    behind = [m for m in indicator.milestones if m.month <= period.month]
    ahead = [m for m in indicator.milestones if m.month > period.month]
    said = [f"{behind[-1].month}月应完成{behind[-1].title}"] if behind else []
    said += [f"下一节点{ahead[0].month}月{ahead[0].title}"] if ahead else []
    return f"（节点：{'，'.join(said)}）" if said else ""


def _next_point(indicator: Indicator, period: Period) -> str:
    coming = [m for m in range(period.month + 1, 13) if indicator.path.points[m - 1] is not None]
    return f"，{coming[0]}月末考核" if coming else ""
