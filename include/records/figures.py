"""What one workbook says: figures, names, texts, people, each with the cell it was read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class FigureState(StrEnum):
    """The four states of a figure; blank, 0 and 不适用 are three different things."""

    REPORTED = "reported"
    CONFIRMED_ZERO = "confirmed-zero"
    NOT_APPLICABLE = "not-applicable"
    MISSING = "missing"


class Role(StrEnum):
    """Which figure of an indicator a cell holds."""

    MONTH = "month"  # 本月数, what this month adds (accumulating indicators)
    ADJUSTMENT = "adjustment"  # 调整数 ±
    CUMULATIVE = "cumulative"  # 累计
    NUMERATOR = "numerator"  # 分子, as of the month's end
    DENOMINATOR = "denominator"  # 分母, as of the month's end
    LEVEL = "level"  # 期末数 of a stock
    PENDING = "pending"  # 待认定


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a workbook. `ref` is the A1 address, `raw` the text as it stood there."""

    sheet: str
    ref: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one indicator as one agency reports it. `value` is None unless reported or zero."""

    indicator_id: str
    role: Role
    state: FigureState
    value: Decimal | None
    cell: Cell
    explanation: str = ""  # what stands in the row's explanation column
    note: str = ""  # how the raw text was converted (`约` dropped, 万 multiplied …), empty if it was plain


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """One line of a named list (名单) behind a small count."""

    indicator_id: str
    name: str
    detail: str
    cell: Cell


class ClauseStatus(StrEnum):
    """Status of a clause in a month; the value is what stands in the drop-down."""

    ADVANCING = "正常推进"
    DONE = "已完成"
    LAGGING = "进度滞后"
    NOT_STARTED = "尚未启动"
    NIL = "零报告"
    NOT_DUE = "本月不需填报"


@dataclass(frozen=True, slots=True)
class Statement:
    """What an agency says on one clause. `status` is None where the cell is blank or not one of the list."""

    clause_id: str
    status: ClauseStatus | None
    text: str
    problems: str
    next_steps: str
    reported_by: str
    cell: Cell  # the status cell
    text_cell: Cell
    explanation: str = ""  # what stands in the row's explanation column: the answer to a warning
    explanation_cell: Cell = Cell("", "")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose return a workbook says it is (hidden sheet, checked against the cover)."""

    plan_id: str
    agency_id: str
    period: str  # 2024-08
    template_version: str
    plan_hash: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The content of one return."""

    identity: Identity
    filled_by: str
    signed_by: str
    phone: str
    nil_return: bool  # 零报告 of the whole return
    figures: tuple[Figure, ...]
    names: tuple[NamedEntry, ...]
    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = ()  # what was converted or left aside, in Chinese, for the receipt
    explanations: dict[str, Cell] = field(default_factory=dict[str, Cell])  # by indicator: its cell
    cover: dict[str, Cell] = field(default_factory=dict[str, Cell])  # cover key (`phone`) -> its cell
