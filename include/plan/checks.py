"""What must hold across a plan's entries, beyond the form of each."""

from __future__ import annotations

from collections.abc import Iterator

from include.errors import PlanError
from include.plan.model import Behaviour, Indicator, Kind, PathBasis, Plan
from include.plan.raw import RawPlan


def check_plan(plan: Plan, raw: RawPlan) -> None:
    """Check a resolved plan. Raises: PlanError naming every contradiction with file and line."""
    problems = [*_clauses(plan, raw), *_indicators(plan, raw), *_decisions(plan, raw)]
    if problems:
        raise PlanError("\n".join(problems))


def _clauses(plan: Plan, raw: RawPlan) -> Iterator[str]:
    known = {agency.id for agency in plan.agencies}
    for clause in plan.clauses:
        where = raw.where_is("clauses", clause.id)
        if not clause.responsibilities:
            yield f"{where}: clause {clause.id} has no owner; expected at least one responsibility"
        for part in clause.responsibilities:
            if part.agency not in known:
                yield f"{where}: clause {clause.id}: unknown agency {part.agency!r}"
        if clause.section not in plan.sections or clause.item not in plan.items:
            yield f"{where}: clause {clause.id}: unknown section {clause.section} or item {clause.item}"


def _indicators(plan: Plan, raw: RawPlan) -> Iterator[str]:
    filers = {agency.id for agency in plan.agencies if not agency.collective}
    clauses = {clause.id for clause in plan.clauses}
    for indicator in plan.indicators:
        where = raw.where_is("indicators", indicator.id)
        for agency in indicator.agencies:
            if agency not in filers:
                yield f"{where}: indicator {indicator.id}: unknown agency {agency!r}"
        if indicator.clause not in clauses:
            yield f"{where}: indicator {indicator.id}: unknown clause {indicator.clause!r}"
        for problem in _shape(indicator):
            yield f"{where}: indicator {indicator.id}: {problem}"


def _shape(indicator: Indicator) -> Iterator[str]:
    if not indicator.unit.strip():
        yield "a target without unit"
    if len(indicator.path.points) != 12:
        yield f"path.points: expected 12 figures, one a month, found {len(indicator.path.points)}"
    if indicator.kind is Kind.RATIO and not indicator.denominator:
        yield "a ratio without denominator"
    if not indicator.sources:
        yield "no source agency"
    if indicator.combine == "single" and len(indicator.sources) > 1:
        yield "several sources, but combine is single"
    if indicator.path.basis is PathBasis.GAP_SHARE and indicator.behaviour is not Behaviour.BUILD_UP:
        yield "a gap-share path belongs to a build-up"


def _decisions(plan: Plan, raw: RawPlan) -> Iterator[str]:
    known = {"plan"} | {i.id for i in plan.indicators} | {c.id for c in plan.clauses}
    for decision in plan.decisions:
        if decision.about not in known:
            yield f"{raw.where_is('decisions', decision.id)}: decision about unknown {decision.about!r}"
