"""What must hold across a plan's entries, beyond the form of each."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from include.errors import PlanError
from include.plan.model import Behaviour, Clause, Indicator, Kind, PathBasis, Plan
from include.plan.raw import RawPlan

_SINGLE_FOLDER = re.compile(r"[^\s.<>:\"/\\|?*][^<>:\"/\\|?*]*(?<![\s.])")
_YEARS = range(2000, 2100)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_AGENCY = "改成 agencies.yaml 里成员单位的编号"
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
            f"{raw.where(['due_workday'])}：三个日子次序不对：截止 due_workday 第{plan.due_workday}、"
            f"月报 digest_workday 第{plan.digest_workday}、锁定 lock_workday 第{plan.lock_workday}个工作日；"
            "截止应最早，从第1个工作日起"
        )
    if plan.year not in _YEARS:
        yield f"{raw.where(['year'])}：year 写的是{plan.year}；应为四位数的年度，如 2026"
    if plan.drive_folder and not _SINGLE_FOLDER.fullmatch(plan.drive_folder):
        yield (
            f"{raw.where(['drive_folder'])}：“{plan.drive_folder}”不能作一个文件夹的名称；"
            f"应为普通名称，如 {plan.place}，或留空"
        )


def _agencies(plan: Plan, raw: RawPlan) -> Iterator[str]:
    """Names are folders on the drive: no two may be the same. Ids are names of shares and logins."""
    for name in _twice(_folder(agency.name) for agency in plan.agencies):
        last = [agency for agency in plan.agencies if _folder(agency.name) == name][-1]
        yield f"{raw.where_is('agencies', last.id, 'name')}：有两个单位都叫“{last.name}”；改成不同的名称"
    for agency in plan.agencies:
        if not _SINGLE_FOLDER.fullmatch(agency.name):
            yield (
                f"{raw.where_is('agencies', agency.id, 'name')}：“{agency.name}”不能作一个文件夹的名称；"
                "首尾不留空格和点，不用 / : * 等符号"
            )
        if not _ID.fullmatch(agency.id):
            yield (
                f"{raw.where_is('agencies', agency.id)}：“{agency.id}”不能作编号；"
                "应只用小写字母、数字、短横，如 market-regulation"
            )


def _folder(name: str) -> str:
    """Give a name as the drive and a computer that enters it know it."""
    return unicodedata.normalize("NFC", name).strip(" .").casefold()


def _clauses(plan: Plan, raw: RawPlan) -> Iterator[str]:
    for clause in plan.clauses:
        for problem in _of_clause(plan, clause):
            yield f"{raw.where_is('clauses', clause.id)}：任务 {clause.id} {problem}"


def _of_clause(plan: Plan, clause: Clause) -> Iterator[str]:
    known = {agency.id for agency in plan.agencies}
    named = [part.agency for part in clause.responsibilities]
    if not named:
        yield "没有责任单位；在 responsibilities 至少写一个"
    for agency in named:
        if agency not in known:
            yield f"的责任单位“{agency}”没有登记；{_AGENCY}"
    for agency in _twice(named):
        yield f"的责任单位“{agency}”写了两次；只留一次"
    if clause.section not in plan.sections or clause.item not in plan.items:
        yield f"所属的第{clause.section}部分或第{clause.item}项没有登记；在 sections、items 里补上，或改正"
    if not clause.id.startswith(f"{clause.item}."):
        yield f"的编号不属于第{clause.item}项；编号应如 {clause.item}.1"


def _indicators(plan: Plan, raw: RawPlan) -> Iterator[str]:
    filers = {agency.id for agency in plan.agencies if not agency.collective}
    clauses = {clause.id for clause in plan.clauses}
    for indicator in plan.indicators:
        for agency in indicator.agencies:
            if agency not in filers:
                yield f"{_where(raw, indicator)}的单位“{agency}”没有登记，或不单独报送；{_AGENCY}"
        if indicator.clause not in clauses:
            where = _where(raw, indicator, "clause")
            yield f"{where}的任务“{indicator.clause}”没有登记；改成 clauses.yaml 里有的编号"
        for key, problem in (*_figures(indicator), *_path(indicator)):
            yield f"{_where(raw, indicator, key)}{problem}"


def _where(raw: RawPlan, indicator: Indicator, *rest: str) -> str:
    return f"{raw.where_is('indicators', indicator.id, *rest)}：指标 {indicator.id} "


def _figures(indicator: Indicator) -> Iterator[tuple[str, str]]:
    kind, behaviour = indicator.kind, indicator.behaviour
    if not indicator.unit.strip():
        yield "unit", "没有计量单位；在 unit 写明"
    elif kind is Kind.RATIO and indicator.unit != "%":
        yield "unit", f"是比率，计量单位写的是“{indicator.unit}”；应为 %"
    if kind is Kind.RATIO and not indicator.denominator:
        yield "denominator", "是比率，没有分母；在 denominator 写明分母是什么"
    if (kind is Kind.RATIO and behaviour in _ADDING_UP) or (
        kind is Kind.RATE and behaviour not in _ADDING_UP
    ):
        yield "behaviour", f"的类型 {kind} 与变化方式 {behaviour} 不能并用；改其中一个"
    if kind is not Kind.RATIO and behaviour in _OF_RATIOS:
        yield "behaviour", f"的变化方式 {behaviour} 要有分子、分母；kind 应为 ratio"
    if not indicator.sources:
        yield "sources", "没有报送单位；在 sources 至少写一个"
    if indicator.combine == "single" and len(indicator.sources) > 1:
        yield "combine", "有几个报送单位，但 combine 是 single；改为 sum，或只留一个报送单位"
    for agency in (*_twice(indicator.sources), *(set(indicator.sources) & set(indicator.cross_check))):
        yield "sources", f"的单位“{agency}”在报送单位和核对单位中写了两次；只留一次"


def _path(indicator: Indicator) -> Iterator[tuple[str, str]]:
    path = indicator.path
    if len(path.points) != 12:
        yield (
            "path",
            f"的 path.points 有 {len(path.points)} 个数；应为 12 个，每月一个，没有要求的月份写 null",
        )
    if path.basis is PathBasis.GAP_SHARE and indicator.behaviour is not Behaviour.BUILD_UP:
        yield "path", "的时序进度按差距 gap-share；变化方式应为 build-up"
    if path.basis is not PathBasis.VALUE and any(p is not None and not 0 <= p <= 100 for p in path.points):
        yield "path", "的 path.points 有不在 0 到 100 之间的；按份额写的应在 0 到 100 之间"
    if any(not 1 <= milestone.month <= 12 for milestone in indicator.milestones):
        yield "milestones", "的节点有不在 1 到 12 之间的月份；改正 month"


def _decisions(plan: Plan, raw: RawPlan) -> Iterator[str]:
    known = {"plan"} | {i.id for i in plan.indicators} | {c.id for c in plan.clauses}
    for decision in plan.decisions:
        if decision.about not in known:
            where = raw.where_is("decisions", decision.id, "about")
            found = f"待决事项 {decision.id} 的 about 写的是“{decision.about}”"
            yield f"{where}：{found}；应为 plan，或任务、指标的编号"


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
