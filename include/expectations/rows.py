"""The tidy frames: what one row of each holds.

Of a row, `engine` makes columns of the fields its frame's checks look at, blank text and None both a missing
value; the other fields fill the messages, and `cells` says where a finding points.
Figures are exact `Decimal`s here and floats in the frame, so sums are taken before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from include.records.figures import Cell

Number = Decimal | None
_LONG = Decimal(10) ** 16
Cells = Mapping[str, Cell]


class Frame(StrEnum):
    """The frames a chunk becomes, in the order their findings are told."""

    FORMS = "forms"  # one row a form
    FIGURES = "figures"  # one row a figure
    INDICATORS = "indicators"  # one row an indicator of a form: its figures side by side
    NAMES = "names"  # one row a line of a named list
    STATEMENTS = "statements"  # one row a clause of a form


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row has."""

    submission: int
    subject: str  # indicator id, clause id, or empty for the form
    name: str  # of the subject, for users
    cells: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow(Row):
    """One form. `cells` by key of the cover's field."""

    filled_by: str
    phone: str
    signed_by: str
    same_person: bool  # signed by who filled it in
    nil: bool
    told: int  # clauses with a text their row does not explain, whatever 零报告 says


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow(Row):
    """One figure. `cells` holds it under `value`."""

    unit: str
    role: str
    role_name: str
    state: str
    value: Number
    whole: bool  # nothing stands behind the decimal point
    below_one: bool  # between 0 and 1, as a ratio is
    target: Number  # as a count; None for a ratio
    most: Number  # more would be implausible, seen from the target
    peer_value: Number  # of an agency that reports the same thing differently, else of any
    peer: str  # that agency's name and figure
    owed: bool
    nil: bool
    explained: bool
    explain_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow(Row):
    """One indicator of a form. `cells` by role; `ratio` and `points` in percent."""

    unit: str
    source: bool
    level_like: bool  # raised or held: each month's state stands for itself
    cohort: bool  # numerator and denominator of the year so far
    nil: bool
    month: Number
    adjustment: Number
    cumulative: Number
    numerator: Number
    denominator: Number
    level: Number
    pending: Number
    since: str  # the month the figures before are from: 上月, or the newest accepted one
    last_month: bool  # they are last month's
    previous_cumulative: Number
    previous_denominator: Number
    previous_level: Number
    cumulative_expected: Number  # the cumulative before + 本月数 + 调整数
    cumulative_least: Number  # 本月数 + 调整数, where the cumulative before is not known
    usual: Number  # what a month brings, from the agency's own past
    month_most: Number
    ratio: Number
    previous_ratio: Number
    points: Number  # ratio − previous ratio
    ratio_moved: Number  # by how many the numerator or the denominator changed
    denominator_change: Number
    denominator_change_pct: Number
    listed: Number  # lines of the named list
    dropped: str  # names of the list before that are gone
    listed_since: str  # the month that list is from
    explained: bool
    explain_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRow(Row):
    """One line of a named list. `cells` holds it under `name`."""

    entry: str
    detail: str
    earlier: str  # the cell in which the same name stands already


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow(Row):
    """What is said on one clause. `cells`: `status`, `text`; `owed` is never true under 零报告 of it all."""

    clause: str
    status: str
    text: str
    problems: str
    next_steps: str
    explained: bool
    explain_at: str
    owed: bool
    month_number: int
    copied: bool  # from last month
    twin: str  # an earlier clause with the same text
    below_target: str  # own indicators of the clause that are short of their target
    new_this_month: str  # own indicators of the clause with a figure this month
    milestone: str  # this month's milestone, if the text does not name it


ROW_TYPES: Mapping[Frame, type[Row]] = {
    Frame.FORMS: FormRow,
    Frame.FIGURES: FigureRow,
    Frame.INDICATORS: IndicatorRow,
    Frame.NAMES: NameRow,
    Frame.STATEMENTS: StatementRow,
}


def fills(row: Row) -> dict[str, str]:
    """Give the row's fields as users read them, to fill a rule's templates."""
    return {f.name: shown(getattr(row, f.name)) for f in fields(row) if f.name not in ("cells", "subject")}


def shown(value: object) -> str:
    """Write a value for users: `1750`, `38.5`, `空白`."""
    if value is None or value == "":
        return "空白"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if abs(value) < _LONG else f"{value:.3E}"
    return str(value)
