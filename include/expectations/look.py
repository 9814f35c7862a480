"""One look at a return: its figures by name, beside what its agency said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from include.expectations.checked import Checked, Past
from include.expectations.words import meaning
from include.plan.limits import Limits
from include.plan.model import Behaviour, Combine, Indicator, Kind
from include.plan.period import Period
from include.records.figures import Cell, Figure, Role

ROLE_NAMES: Mapping[Role, str] = {
    Role.MONTH: "本月数",
    Role.ADJUSTMENT: "调整数",
    Role.CUMULATIVE: "累计",
    Role.NUMERATOR: "分子",
    Role.DENOMINATOR: "分母",
    Role.LEVEL: "期末数",
    Role.PENDING: "待认定",
}
LEVEL_LIKE = frozenset([Behaviour.BUILD_UP, Behaviour.HOLD])
COHORT = frozenset([Behaviour.DUE_COHORT, Behaviour.OUTCOME])
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Look:
    """A return and its past. `figures` by (indicator id, role), `explanations` by indicator id."""

    checked: Checked
    past: Past
    figures: Mapping[tuple[str, Role], Figure]
    explanations: Mapping[str, str]

    @classmethod
    def at(cls, checked: Checked, past: Past) -> Look:
        """Look at a return; of what a row's figures carry as 情况说明, the longest counts."""
        explanations: dict[str, str] = {}
        for figure in checked.form.figures:
            said = (explanations.get(figure.indicator_id, ""), meaning(figure.explanation))
            explanations[figure.indicator_id] = max(said, key=len)
        return cls(checked, past, {(f.indicator_id, f.role): f for f in checked.form.figures}, explanations)

    @property
    def limits(self) -> Limits:
        """The thresholds of its plan."""
        return self.checked.plan.limits

    @property
    def nil(self) -> bool:
        """True under a 零报告 of the whole return."""
        return self.checked.form.nil_return

    def value(self, indicator_id: str, role: Role) -> Decimal | None:
        """Give a figure; a blank month under 零报告 is a confirmed zero."""
        figure = self.figures.get((indicator_id, role))
        if figure is not None and figure.value is not None:
            return figure.value
        return Decimal(0) if self.nil and role is Role.MONTH else None

    def previous(self, indicator_id: str, role: Role) -> Decimal | None:
        """Give the newest figure before this return; cumulative ones start at 0 in January."""
        if role is Role.CUMULATIVE and self.checked.period.month == 1:
            return Decimal(0)
        return self.past.figures.get((indicator_id, role))

    def since(self, indicator_id: str) -> Period:
        """Give the month the figures before are from."""
        return self.past.since.get(indicator_id, self.checked.period.previous)

    def named(self, earlier: Period | None) -> str:
        """Name the month of something before: 上月, or `6月（最近一次接收的）` after a gap."""
        if earlier is None or earlier == self.checked.period.previous:
            return "上月"
        return f"{earlier.month}月（最近一次接收的）"

    def is_source(self, indicator: Indicator) -> bool:
        """Tell whether the agency's figure counts, or only checks another's."""
        return self.checked.agency_id in indicator.sources

    def owes(self, indicator: Indicator) -> tuple[Role, ...]:
        """Give the figures owed for this period.

        零报告 of the whole return is a return, so nothing more can be owed. It says that nothing was added:
        a blank 本月数 is then a confirmed zero. It says nothing about a level: a blank 期末数, 分子 or 分母
        stays a gap, which is pointed out (`nil-return-leaves-gap`) and returns nothing. So does a cumulative
        figure whose definition changed: the old one cannot be carried on.
        """
        if not (self.is_source(indicator) and indicator.cadence.due_in(self.checked.period)):
            return ()
        if indicator.kind is Kind.RATIO:
            return (Role.NUMERATOR, Role.DENOMINATOR)
        if not indicator.accumulates:
            return (Role.LEVEL,)
        if self.nil:
            return (Role.CUMULATIVE,) if indicator.id in self.past.changed else ()
        return (Role.MONTH, Role.CUMULATIVE)

    def explained(self, indicator_id: str) -> bool:
        """Tell whether the row explains itself in enough words."""
        return len(self.explanations.get(indicator_id, "")) >= self.limits.shortest_explanation

    def explain_at(self, indicator_id: str) -> str:
        """Name the cell an explanation belongs in: `“情况说明”栏（L7）`."""
        return explain_at(self.checked.form.explanations.get(indicator_id))

    def achieved(self, indicator: Indicator) -> Decimal | None:
        """Give the indicator's value in its unit as this return alone has it; None if it can't be told."""
        if indicator.combine is not Combine.SINGLE:
            return None
        if indicator.kind is Kind.RATIO:
            return ratio(self.value(indicator.id, Role.NUMERATOR), self.value(indicator.id, Role.DENOMINATOR))
        amount = self.value(indicator.id, Role.CUMULATIVE if indicator.accumulates else Role.LEVEL)
        if indicator.kind is not Kind.RATE or amount is None:
            return amount
        return amount * 1000 / indicator.population if indicator.population else None


def explain_at(cell: Cell | None) -> str:
    """Name the cell an explanation belongs in, as far as the form has one."""
    return f"“情况说明”栏（{cell.ref}）" if cell is not None and cell.ref else "“情况说明”栏"


def target_count(indicator: Indicator) -> Decimal | None:
    """Give the target as a count; None for a ratio, or a rate whose population is not known."""
    if indicator.kind is Kind.RATIO:
        return None
    if indicator.kind is not Kind.RATE:
        return indicator.target
    return indicator.target * indicator.population / 1000 if indicator.population else None


def count_unit(indicator: Indicator) -> str:
    """Give the unit its figures are counted in: 批次 for 批次/千人, nothing for a ratio's."""
    return "" if indicator.kind is Kind.RATIO else indicator.unit.partition("/")[0]


def ratio(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Divide, in percent to two places; None without a denominator above zero."""
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return rounded(numerator / denominator * HUNDRED, 2)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round, however many digits there are (`round` gives up beyond 28)."""
    return Decimal(f"{value:.{places}f}")
