"""Reconciliation (核对): where agencies report one thing differently, the office decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from include.errors import RefusedError
from include.indicators import Difference, show
from include.indicators import reconcile as differences_in
from include.office.desk import Moment, Office, open_office, record
from include.office.evidence import kept, reason_given
from include.office.words import ROLE_NAMES
from include.plan import Period, Plan
from include.records.facts import Fact, FigureOfRecord
from include.records.figures import Role
from include.store import decisions, returns
from include.workdays import SHANGHAI


class Settlement(StrEnum):
    """How a difference stands; the value is shown to users."""

    OPEN = "待核定"  # what the sources report counts
    DECIDED = "已核定"  # the figure of record counts
    STALE = "待重新核定"  # decided, but a figure changed since: the sources count until it is decided anew
    AGREED = "现已一致"  # decided, and nobody contradicts any more: the sources count


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One figure agencies reported differently: what they say now, and what the office decided."""

    indicator_id: str
    role: Role
    figures: tuple[tuple[str, Decimal], ...]  # (agency id, figure); empty where they agree now
    settlement: Settlement
    decision: FigureOfRecord | None

    @property
    def figure(self) -> str:
        """Its name in commands: `sunshine-delivery:denominator`."""
        return f"{self.indicator_id}:{self.role}"


def reconciled(
    plan: Plan, period: Period, facts: Sequence[Fact], decided: Sequence[FigureOfRecord]
) -> list[Reconciled]:
    """Give the differences of a month with what was decided, in plan order; then decisions out of use."""
    decision_on = {(d.indicator_id, d.role): d for d in decided if d.period == period}
    found = [
        _settled(difference, decision_on.pop((difference.indicator_id, difference.role), None))
        for difference in differences_in(plan, period, facts)
    ]
    return found + [
        Reconciled(d.indicator_id, d.role, (), Settlement.AGREED, d) for d in decision_on.values()
    ]


def _settled(difference: Difference, decision: FigureOfRecord | None) -> Reconciled:
    if decision is None:
        settlement = Settlement.OPEN
    else:
        same = decision.reported == difference.figures
        settlement = Settlement.DECIDED if same else Settlement.STALE
    return Reconciled(difference.indicator_id, difference.role, difference.figures, settlement, decision)


def undecided(office: Office, plan_id: str, periods: Sequence[Period], at: datetime) -> Counter[Period]:
    """Count, by month, the figures agencies report differently and the office has not decided (anew)."""
    if not periods:
        return Counter()
    with office.store.reading() as connection:
        facts = returns.facts(connection, plan_id, max(periods), arrived_by=at)
        decided = decisions.figures_of_record(connection, plan_id, max(periods), at)
    found = {period: reconciled(office.plan(plan_id, period), period, facts, decided) for period in periods}
    open_ones = (Settlement.OPEN, Settlement.STALE)
    return Counter({p: sum(one.settlement in open_ones for one in of) for p, of in found.items()})


def differences(
    plan: str, period: str, *, now: Moment = None, office: Office | None = None
) -> list[dict[str, Any]]:
    """List what agencies report differently in a month, as plain values.

    Each has `figure` (its name in commands), `indicator`, `name`, `role`, `role_name`, `figures`
    (`[{agency, name, figure}]`), `settlement`, `counts` (what counts now, in words) and `decision` (None, or
    `figure`, `reason`, `by`, `at`).
    """
    office = office or open_office()
    which = office.period(plan, period)
    found = _reconciled(office, plan, which, office.now(now))
    return [_plain(office, plan, which, one) for one in found]


def _reconciled(office: Office, plan_id: str, period: Period, at: datetime) -> list[Reconciled]:
    with office.store.reading() as connection:
        facts = returns.facts(connection, plan_id, period, arrived_by=at)
        decided = decisions.figures_of_record(connection, plan_id, period, at)
    return reconciled(office.plan(plan_id, period), period, facts, decided)


def _plain(office: Office, plan_id: str, period: Period, one: Reconciled) -> dict[str, Any]:
    decision = one.decision
    return {
        "figure": one.figure,
        "indicator": one.indicator_id,
        "name": office.plan(plan_id, period).indicator(one.indicator_id).name,
        "role": one.role.value,
        "role_name": ROLE_NAMES[one.role],
        "figures": [
            {"agency": a, "name": office.agency(plan_id, a, period).name, "figure": show(v, "")}
            for a, v in one.figures
        ],
        "settlement": one.settlement.value,
        "counts": what_counts(one),
        "decision": None
        if decision is None
        else {
            "figure": show(decision.value, ""),
            "reason": decision.reason,
            "by": decision.decided_by,
            "at": f"{decision.decided_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        },
    }


def what_counts(one: Reconciled) -> str:
    """Say which figure counts, and why."""
    if one.decision is None:
        return "暂按报送单位报数计"
    figure = show(one.decision.value, "")
    return {
        Settlement.DECIDED: f"按核定数{figure}计：{one.decision.reason}",
        Settlement.STALE: f"原核定数{figure}之后报数有变，不再使用，暂按报送单位报数计，须重新核定",
        Settlement.AGREED: f"各单位报数现已一致，原核定数{figure}不再使用",
    }.get(one.settlement, "暂按报送单位报数计")


def reconcile(
    plan: str,
    period: str,
    figure: str,
    value: Decimal | str,
    *,
    reason: str,
    user: str,
    evidence: Path | str | None = None,
    now: Moment = None,
    office: Office | None = None,
) -> dict[str, Any]:
    """Decide a figure of record (核定数): one of those reported, or another; as `differences` gives it.

    Args:
        plan: the plan.
        period: the month the figure is of.
        figure: which one, as `differences` names it; the indicator's id will do if only one of it differs.
        value: the figure that counts from now on, in the units the agencies report it in.
        reason: why; it stands in ledger, report and passport.
        user: who decided.
        evidence: a file behind the decision.
        now: the moment it is decided.
        office: the open office.

    Raises:
        RefusedError: no difference there, no reason, or no figure.
    """
    office = office or open_office()
    which, moment, because = office.period(plan, period), office.now(now), reason_given(reason)
    found = _reconciled(office, plan, which, moment)
    one = _the_one([f for f in found if f.figures], figure)
    decided, proof = _number(value), kept(office, evidence)
    with office.store.writing() as connection:
        decisions.decide(
            connection,
            plan,
            (which, one.indicator_id, one.role),
            decided,
            one.figures,
            reason=because,
            decided_by=user,
            decided_at=moment,
        )
        body = {
            "indicator": one.indicator_id,
            "role": one.role.value,
            "value": format(decided, "f"),
            "reported": {agency: format(v, "f") for agency, v in one.figures},
            "reason": because,
            **proof,
        }
        record(connection, plan, moment, "figure-decided", str(which), body, actor=user)
    (now_so,) = [f for f in _reconciled(office, plan, which, moment) if f.figure == one.figure]
    return _plain(office, plan, which, now_so)


def withdraw(
    plan: str,
    period: str,
    figure: str,
    *,
    reason: str,
    user: str,
    now: Moment = None,
    office: Office | None = None,
) -> None:
    """Withdraw a decision: what the sources report counts again. Raises: RefusedError if there is none."""
    office = office or open_office()
    which, moment, because = office.period(plan, period), office.now(now), reason_given(reason)
    found = _reconciled(office, plan, which, moment)
    one = _the_one([f for f in found if f.decision], figure)
    with office.store.writing() as connection:
        decisions.withdraw(
            connection,
            plan,
            (which, one.indicator_id, one.role),
            withdrawn_at=moment,
            withdrawn_by=user,
            withdrawn_because=because,
        )
        body = {"indicator": one.indicator_id, "role": one.role.value, "reason": because}
        record(connection, plan, moment, "figure-decision-withdrawn", str(which), body, actor=user)


def _the_one(found: Sequence[Reconciled], figure: str) -> Reconciled:
    chosen = [f for f in found if figure in (f.figure, f.indicator_id)]
    if not chosen:
        there = "、".join(f.figure for f in found) or "没有"
        raise RefusedError(f"{figure}：没有这样的报数不一致；现有的是：{there}")
    if len(chosen) > 1:
        raise RefusedError(f"{figure}有几个数不一致，请写明是哪一个：{'、'.join(f.figure for f in chosen)}")
    return chosen[0]


def _number(value: Decimal | str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise RefusedError(f"“{value}”不是数，应如 45") from error
    if not number.is_finite() or number < 0:
        raise RefusedError(f"核定数不能是{value}，应为不小于0的数")
    return number
