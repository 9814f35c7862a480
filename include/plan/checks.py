"""What must hold across a plan's entries, beyond the form of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from include.errors import PlanError
from include.plan.model import Behaviour, Clause, Indicator, Kind, PathBasis, Plan
from include.plan.raw import RawPlan

_SINGLE_FOLDER = re.compile(r"[^\s.<>:\"/\\|?*][^<>:\"/\\|?*]*(?<![\s.])")
_ADDING_UP = (Behaviour.ACCUMULATE, Behaviour.NAMED)
_OF_RATIOS = (Behaviour.CYCLE, Behaviour.DUE_COHORT, Behaviour.OUTCOME)


def check_plan(plan: Plan, raw: RawPlan) -> None:
    """Check a resolved plan. Raises: PlanError naming every contradiction with file and line."""
    problems = [
        *_head(plan, raw),
        *_agencies(plan, raw),
        *_clauses(plan, raw),
        *_indicators(plan, raw),
        *_decisions(plan, raw),
    ]
    if problems:
        raise PlanError("\n".join(problems))


def _head(plan: Plan, raw: RawPlan) -> Iterator[str]:
    if not 1 <= plan.due_workday <= plan.digest_workday or plan.lock_workday < plan.due_workday:
        yield (
            f"{raw.where(['due_workday'])}: working days out of order: due {plan.due_workday}, digest "
            f"{plan.digest_workday}, lock {plan.lock_workday}; the due day comes first"
        )
    if plan.drive_folder and not _SINGLE_FOLDER.fullmatch(plan.drive_folder):
        yield (
            f"{raw.where(['drive_folder'])}: {plan.drive_folder!r} is not the name of one folder; expected a "
            f"plain name such as {plan.place}, or nothing"
        )


def _agencies(plan: Plan, raw: RawPlan) -> Iterator[str]:
    """Names are folders on the drive: no two may be the same."""
    for name in _twice(agency.name for agency in plan.agencies):
        last = [agency.id for agency in plan.agencies if agency.name == name][-1]
        yield f"{raw.where_is('agencies', last, 'name')}: agencies: name {name!r} stands twice"


def _clauses(plan: Plan, raw: RawPlan) -> Iterator[str]:
    for clause in plan.clauses:
        for problem in _of_clause(plan, clause):
            yield f"{raw.where_is('clauses', clause.id)}: clause {clause.id}{problem}"


def _of_clause(plan: Plan, clause: Clause) -> Iterator[str]:
    known = {agency.id for agency in plan.agencies}
    named = [part.agency for part in clause.responsibilities]
    if not named:
        yield " has no owner; expected at least one responsibility"
    for agency in named:
        if agency not in known:
            yield f": unknown agency {agency!r}"
    for agency in _twice(named):
        yield f": agency {agency!r} stands twice"
    if clause.section not in plan.sections or clause.item not in plan.items:
        yield f": unknown section {clause.section} or item {clause.item}"
    if not clause.id.startswith(f"{clause.item}."):
        yield f" does not belong to item {clause.item}"


def _indicators(plan: Plan, raw: RawPlan) -> Iterator[str]:
    filers = {agency.id for agency in plan.agencies if not agency.collective}
    clauses = {clause.id for clause in plan.clauses}
    for indicator in plan.indicators:
        for agency in indicator.agencies:
            if agency not in filers:
                yield f"{_where(raw, indicator)}: unknown agency {agency!r}"
        if indicator.clause not in clauses:
            yield f"{_where(raw, indicator, 'clause')}: unknown clause {indicator.clause!r}"
        for key, problem in (*_figures(indicator), *_path(indicator)):
            yield f"{_where(raw, indicator, key)}: {problem}"


def _where(raw: RawPlan, indicator: Indicator, *rest: str) -> str:
    return f"{raw.where_is('indicators', indicator.id, *rest)}: indicator {indicator.id}"


def _figures(indicator: Indicator) -> Iterator[tuple[str, str]]:
    kind, behaviour = indicator.kind, indicator.behaviour
    if not indicator.unit.strip():
        yield "unit", "a target without unit"
    if kind is Kind.RATIO and not indicator.denominator:
        yield "denominator", "a ratio without denominator"
    if kind is Kind.RATIO and indicator.unit != "%":
        yield "unit", f"a ratio is in %, found {indicator.unit!r}"
    if (kind is Kind.RATIO and behaviour in _ADDING_UP) or (
        kind is Kind.RATE and behaviour not in _ADDING_UP
    ):
        yield "behaviour", f"a {kind} does not move as {behaviour}"
    if kind is not Kind.RATIO and behaviour in _OF_RATIOS:
        yield "behaviour", f"{behaviour} needs a numerator and a denominator: a ratio"
    if not indicator.sources:
        yield "sources", "no source agency"
    if indicator.combine == "single" and len(indicator.sources) > 1:
        yield "combine", "several sources, but combine is single"
    for agency in (*_twice(indicator.sources), *(set(indicator.sources) & set(indicator.cross_check))):
        yield "sources", f"agency {agency!r} stands twice among sources and cross-checks"


def _path(indicator: Indicator) -> Iterator[tuple[str, str]]:
    path = indicator.path
    if len(path.points) != 12:
        yield "path", f"path.points: expected 12 figures, one a month, found {len(path.points)}"
    if path.basis is PathBasis.GAP_SHARE and indicator.behaviour is not Behaviour.BUILD_UP:
        yield "path", "a gap-share path belongs to a build-up"
    if path.basis is not PathBasis.VALUE and any(p is not None and not 0 <= p <= 100 for p in path.points):
        yield "path", "path.points: a share lies between 0 and 100"
    if any(not 1 <= milestone.month <= 12 for milestone in indicator.milestones):
        yield "milestones", "a milestone's month lies between 1 and 12"


def _decisions(plan: Plan, raw: RawPlan) -> Iterator[str]:
    known = {"plan"} | {i.id for i in plan.indicators} | {c.id for c in plan.clauses}
    for decision in plan.decisions:
        if decision.about not in known:
            where = raw.where_is("decisions", decision.id, "about")
            yield f"{where}: decision {decision.id}: about unknown {decision.about!r}"


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
