"""What the simulated agencies know: figures, names and texts of every month, made from the plan's own paths.

Real agencies of the plan always keep pace; only the made-up one falls behind. Seeded: every run is the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from functools import cache

from demo.setting import CARELESS, LAGGING
from include.indicators import path_values
from include.plan import Indicator, Period, Plan
from include.plan.model import Behaviour, Kind
from include.records.figures import Role

Figures = dict[Role, int]
_SEED = "duban-demo-2024"
_LAG = Decimal("0.55")  # of the path: the lagging agency
_COUNTED_DIFFERENTLY, _FEWER, _DIFFERS_FROM = "sunshine-delivery", 3, 7  # who checks it misses some canteens
_SLOW, _SLOWS_FROM = Decimal("0.93"), 6  # the careless agency falls a little behind in summer


def figures_of(indicator: Indicator, agency_id: str, period: Period) -> Figures:
    """Give what an agency reports of an indicator for a month."""
    if indicator.kind is Kind.RATIO:
        return _ratio(indicator, agency_id, period)
    so_far = reached(indicator, period)
    if not indicator.accumulates:
        return {Role.LEVEL: so_far}
    before = reached(indicator, period.previous) if period.month > 1 else 0
    return {Role.MONTH: so_far - before, Role.CUMULATIVE: so_far}


def reached(indicator: Indicator, period: Period) -> int:
    """Give how much of a count, stock or rate was reached by a month's end, in whole pieces."""
    values = [value or Decimal(0) for value in path_values(indicator)]
    pace = _pace(indicator.id)
    if indicator.answerable == LAGGING:
        pace = _LAG
    elif indicator.answerable == CARELESS and period.month >= _SLOWS_FROM:
        pace = _SLOW
    people = (indicator.population or Decimal(0)) / 1000 if indicator.kind is Kind.RATE else Decimal(1)
    so_far = (values[period.month - 1] * people * pace).to_integral_value(ROUND_CEILING)
    limit = indicator.target if indicator.behaviour in (Behaviour.NAMED, Behaviour.BUILD_UP) else None
    return int(so_far if limit is None else min(so_far, limit))


def _ratio(indicator: Indicator, agency_id: str, period: Period) -> Figures:
    whole = _whole(indicator.id, agency_id if len(indicator.sources) > 1 else "")
    if indicator.id == _COUNTED_DIFFERENTLY and agency_id in indicator.cross_check:
        whole -= _FEWER if period.month >= _DIFFERS_FROM else 0
    if indicator.behaviour in (Behaviour.DUE_COHORT, Behaviour.OUTCOME):
        whole = whole * period.month // 12
        return {Role.NUMERATOR: whole, Role.DENOMINATOR: whole}
    wanted = path_values(indicator)[period.month - 1] or Decimal(100)
    share = min(Decimal(100), wanted * _pace(indicator.id))
    part = (share * whole / 100).to_integral_value(ROUND_CEILING)
    return {Role.NUMERATOR: int(part), Role.DENOMINATOR: whole}


def new_names(indicator: Indicator, period: Period) -> list[tuple[str, str]]:
    """Give the names a named count gained in a month, with where and by whom they were accepted."""
    before = reached(indicator, period.previous) if period.month > 1 else 0
    return [
        (f"演示{indicator.unit}第{n}号（{indicator.name}）", f"演示路{n}号，{period.label}验收（虚构）")
        for n in range(before + 1, reached(indicator, period) + 1)
    ]


def statement_of(plan: Plan, clause_id: str, agency_id: str, period: Period) -> tuple[str, ...]:
    """Give status, text, problems and next steps of a clause."""
    dice = random.Random(f"{_SEED}/{clause_id}/{agency_id}/{period}")  # noqa: S311 - a simulation
    checks, found = dice.randint(6, 40), dice.randint(0, 5)
    text = f"{plan.clause(clause_id).title}：{dice.choice(_PHRASES)(period, checks, found)}"
    if agency_id == LAGGING and plan.clause(clause_id).id == "6.92":
        return ("进度滞后", text, "选址和改造进度慢于计划", "逐个落实责任人，下月集中推进")
    return ("正常推进", text, "", "按计划继续推进")


_PHRASES: tuple[Callable[[Period, int, int], str], ...] = (
    lambda p, n, k: f"{p.month}月检查{n}家次，发现问题{k}个，已全部督促整改（演示）。",
    lambda p, n, k: f"{p.month}月开展培训{1 + k}场，{n}人次参加（演示）。",
    lambda p, n, k: f"{p.month}月走访{n}家单位，收集意见{k}条，已转办（演示）。",
    lambda p, n, k: f"{p.month}月发放宣传材料{n * 10}份，受理咨询{k}件（演示）。",
)


@cache
def _pace(indicator_id: str) -> Decimal:
    return Decimal(random.Random(f"{_SEED}/{indicator_id}").randint(100, 112)) / 100  # noqa: S311


@cache
def _whole(indicator_id: str, agency_id: str) -> int:
    return random.Random(f"{_SEED}/{indicator_id}/{agency_id}").randint(48, 150)  # noqa: S311
