"""A made-up plan of one indicator, and months told as figures: `year.month(8, market=(45, 100))`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from include.indicators import compute
from include.indicators.measuring import roles_of
from include.plan import Indicator, Period, Plan
from include.records.facts import Fact, Progress
from include.records.figures import FigureState, Role

NAMES = {"market": "甲局", "farm": "乙局", "school": "丙局"}
Told = int | str | tuple[Any, ...] | FigureState


def indicator(**changes: Any) -> Indicator:
    """A count of 120 with a path of ten a month, unless changed."""
    points = changes.pop("points", [10 * n for n in range(1, 13)])
    basis = changes.pop("basis", "value")
    content: dict[str, Any] = {
        "id": "it",
        "clause": "1.1",
        "name": "指标",
        "kind": "count",
        "behaviour": "accumulate",
        "unit": "批次",
        "comparator": ">=",
        "target": 120,
        "definition": "口径",
        "numerator": "分子项",
        "denominator": "分母项",
        "answerable": "market",
        "sources": ["market"],
        "path": {"basis": basis, "points": points},
    }
    return Indicator.model_validate(content | changes)


def plan_with(*indicators: Indicator) -> Plan:
    """A plan that holds these indicators."""
    return Plan.model_validate(
        {
            "id": "little-2030", "year": 2030, "place": "虚县", "title": "要点", "office_name": "虚县办",
            "office_short": "虚办", "commission_name": "虚县委员会", "duties_from": "2030-01",
            "sections": {1: "一"}, "items": {1: "一"},
            "agencies": [{"id": i, "name": n, "order": 10} for i, n in NAMES.items()],
            "clauses": [
                {"id": "1.1", "section": 1, "item": 1, "title": "一", "text_hash": None,
                 "responsibilities": [{"agency": "market", "relation": "sole"}]}
            ],
            "indicators": [i.model_dump() for i in indicators],
        }
    )  # fmt: skip


def fact(agency: str, period: Period, role: Role, told: Any, of: str = "it", submission: int = 1) -> Fact:
    """One figure; a state is told instead of a number where there is none."""
    if isinstance(told, FigureState):
        return Fact(agency, period, of, role, told, None, submission, "指标", "E6", "")
    state = FigureState.REPORTED if Decimal(str(told)) else FigureState.CONFIRMED_ZERO
    return Fact(agency, period, of, role, state, Decimal(str(told)), submission, "指标", "E6", str(told))


class Year:
    """The months of one indicator, each computed from the ones before."""

    def __init__(self, of: Indicator) -> None:
        self.indicator = of
        self.plan = plan_with(of)
        self.facts: list[Fact] = []
        self.earlier: dict[str, Progress] = {}

    def month(
        self,
        number: int,
        *,
        decided: Mapping[Role, Any] | None = None,
        pending: int | None = None,
        as_of: date | None = None,
        exempt: Collection[str] = (),
        **told: Told,
    ) -> Progress:
        """Tell what each agency reports for a month, and give the indicator's progress."""
        period = Period(2030, number)
        for agency, said in told.items():
            figures = said if isinstance(said, tuple) else (said,) * len(roles_of(self.indicator))
            for role, figure in zip(roles_of(self.indicator), figures, strict=True):
                self.facts.append(fact(agency, period, role, figure))
        if pending is not None:
            self.facts.append(fact("market", period, Role.PENDING, pending))
        (progress,) = compute(
            self.plan,
            period,
            self.facts,
            as_of=as_of or period.next.starts_on,
            earlier=self.earlier,
            decided={("it", role): Decimal(str(v)) for role, v in (decided or {}).items()},
            exempt=exempt,
        )
        self.earlier = {"it": progress}
        return progress
