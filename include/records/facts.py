"""Accepted figures with their lineage, and the progress computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from include.plan.period import Period
from include.records.figures import FigureState, Role


@dataclass(frozen=True, slots=True)
class Fact:
    """One accepted figure (数据项): what counts for (agency, period, indicator, role), and its place."""

    agency_id: str
    period: Period
    indicator_id: str
    role: Role
    state: FigureState
    value: Decimal | None
    submission_id: int
    sheet: str
    ref: str
    raw: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class FigureOfRecord:
    """The figure the office decided on (核定数) where agencies differ, with what they reported then."""

    id: int
    period: Period
    indicator_id: str
    role: Role
    value: Decimal
    reason: str
    decided_by: str
    decided_at: datetime
    reported: tuple[tuple[str, Decimal], ...]  # (agency id, figure), as in the difference decided on


class Light(StrEnum):
    """Progress light (亮灯)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    DONE = "done"


class Grey(StrEnum):
    """Why a light is grey."""

    NOT_REPORTED = "未报"
    EXEMPT = "免报"
    NOT_DUE = "未到期"
    NOT_STARTED = "暂未启动"
    NOT_APPLICABLE = "不适用"
    NO_BASELINE = "待补基期"
    NO_DENOMINATOR = "分母为零"
    NO_POPULATION = "待定人口基数"


@dataclass(frozen=True, slots=True)
class Progress:
    """An indicator's state for a period (完成进度). Figures are in its unit unless named otherwise."""

    indicator_id: str
    period: Period
    light: Light
    grey: Grey | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    target: Decimal
    path_value: Decimal | None  # what should be reached by now
    share_pct: Decimal | None  # value / target × 100
    gap: Decimal | None  # value − path_value; negative is behind
    pace_needed: Decimal | None  # per remaining month, to reach the target
    pending: Decimal | None  # 待认定
    last_value: Decimal | None  # the period before
    path_confirmed: bool
    reason: str  # one Chinese sentence: why this light
    missing_sources: tuple[str, ...] = ()
    from_period: Period | None = None  # the period the value comes from, if this month owes none
    definition_version: int = 1  # of the definition (口径) the value was reported under
