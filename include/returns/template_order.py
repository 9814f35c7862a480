"""What a template is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook

from include.plan.model import Indicator, Plan
from include.plan.period import Period
from include.records.figures import Role
from include.returns.layout import Layout
from include.returns.look import Look


@dataclass(frozen=True, slots=True)
class NamedSoFar:
    """A name the agency listed earlier in the year."""

    indicator_id: str
    period: Period  # when it was first listed
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the agency reported before, within the year."""

    figures: Mapping[tuple[str, Role], Decimal]  # newest earlier value by (indicator id, role)
    texts: Mapping[str, str]  # last month's text by clause id
    names: tuple[NamedSoFar, ...]
    # By indicator id: the month its figures are from.
    since: Mapping[str, Period] = field(default_factory=dict[str, Period])


@dataclass(frozen=True, slots=True)
class TemplateOrder:
    """A template to be written. `due_at` is aware; `clock_note` is empty on the real clock."""

    plan: Plan
    agency_id: str
    period: Period
    due_at: datetime
    prefill: Prefill
    plan_hash: str
    handling_mark: str
    demo: bool
    clock_note: str
    due_mark: str = ""  # （暂定） where the due day is reckoned in a year not published yet

    @property
    def agency_name(self) -> str:
        """The agency as users know it."""
        return self.plan.agency(self.agency_id).name

    def last(self, indicator: Indicator) -> Decimal | None:
        """Give last month's figure as it is shown and compared: a ratio as 0–1, else cumulative or level."""
        known = self.prefill.figures
        if (share := self.last_share(indicator)) is not None:
            return share[0] / share[1]
        role = Role.CUMULATIVE if indicator.accumulates else Role.LEVEL
        return known.get((indicator.id, role))

    def older(self, indicator: Indicator) -> Period | None:
        """Give the month last month's figure is really from, if last month has none."""
        since = self.prefill.since.get(indicator.id)
        return None if since is None or since == self.period.previous else since

    def last_share(self, indicator: Indicator) -> tuple[Decimal, Decimal] | None:
        """Give last month's numerator and denominator; None if one is missing or the latter zero."""
        known = self.prefill.figures
        numerator = known.get((indicator.id, Role.NUMERATOR))
        denominator = known.get((indicator.id, Role.DENOMINATOR))
        return (numerator, denominator) if numerator is not None and denominator else None


@dataclass(frozen=True, slots=True)
class Draft:
    """A template being written: what for, where its things stand, the open workbook and its formats."""

    order: TemplateOrder
    layout: Layout
    book: Workbook
    look: Look
