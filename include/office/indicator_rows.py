"""The indicators of a month's report: each with what must be known beside its figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from include.escalation import LETTER_STATE_NAMES, STEP_NAMES
from include.indicators import path_values, remark, show, show_value
from include.office.moved import moved
from include.office.reconciling import Settlement, what_counts
from include.office.report_basis import Basis
from include.office.words import ROLE_NAMES
from include.plan import Indicator, Period
from include.plan.model import Kind
from include.records.escalation import CaseState
from include.records.facts import FigureOfRecord, Light, Progress
from include.records.reports import IndicatorRow, ObjectionRow, ReconciliationRow
from include.workdays import SHANGHAI


def indicator_row(b: Basis, indicator: Indicator) -> IndicatorRow:
    """Show one indicator."""
    progress = b.progress[b.period][indicator.id]
    series = tuple(
        b.progress[p][indicator.id].value if p in b.progress and indicator.id in b.progress[p] else None
        for p in (Period(b.period.year, m) for m in range(1, 13))
    )
    return IndicatorRow(
        progress=progress,
        clause_id=indicator.clause,
        name=indicator.name,
        unit=indicator.unit,
        comparator=indicator.comparator.value,
        answerable=b.agency_name(indicator.answerable),
        sources=tuple(b.agency_name(s) for s in indicator.sources),
        series=series,
        path=path_values(indicator),
        explanation=_said(b, indicator, progress),
        last_light=_last_light(b, indicator),
        office_action=_office_action(b, indicator),
        change=_change(b, indicator, progress),
        remark=remark(indicator, progress),
        marks=tuple(marks(b, indicator)),
    )


def _said(b: Basis, indicator: Indicator, progress: Progress) -> str:
    """Give what was written beside the figure; where it lags and nothing was, what its clause tells of it."""
    said = [
        f.explanation
        for f in b.facts
        if f.indicator_id == indicator.id and f.period == b.period and f.explanation
    ]
    if not said and progress.light in (Light.RED, Light.YELLOW):
        said = list(_of_clause(b, indicator))
    return "；".join(dict.fromkeys(said))


def _of_clause(b: Basis, indicator: Indicator) -> Iterator[str]:
    """Give the problems the answerable agency names in its text on the clause, and what it will do."""
    for row in b.statements:
        if (row.agency_id, row.clause_id) == (indicator.answerable, indicator.clause) and row.problems:
            yield row.problems.rstrip("。；")
            if row.next_steps:
                yield f"下步打算：{row.next_steps}"


def marks(b: Basis, indicator: Indicator) -> Iterator[str]:
    """Say what a reader must know beside the figure; the order is that of weight."""
    progress = b.progress[b.period][indicator.id]
    of = progress.from_period or b.period
    if progress.pending:
        yield f"待认定 {show(progress.pending, indicator.unit.partition('/')[0])}"
    for source in indicator.sources:
        standing = b.standings.get((source, of))
        if standing and standing.words and indicator.cadence.due_in(of):
            yield f"{standing.words}（{b.agency_name(source)}）"
    for settlement in dict.fromkeys(r.settlement for r in b.reconciled if r.indicator_id == indicator.id):
        if settlement in _SETTLEMENT_MARKS:
            yield _SETTLEMENT_MARKS[settlement]
    objecting = (o.agency_id for o in b.objections if _open_about(o, indicator))
    for agency_id in dict.fromkeys(objecting):
        yield f"核对异议（{b.agency_name(agency_id)}）"
    changed_in = _definition_changed_in(b, indicator)
    if changed_in is not None:
        yield f"{changed_in.month}月起口径变更，与此前不可比"


_SETTLEMENT_MARKS = {
    Settlement.OPEN: "数据不一致（待核定）",
    Settlement.DECIDED: "食药安办核定数",
    Settlement.STALE: "核定后报数有变（待重新核定）",
}


def _open_about(objection: Row[Any], indicator: Indicator) -> bool:
    return objection.indicator_id == indicator.id and objection.answered_at is None


def _definition_changed_in(b: Basis, indicator: Indicator) -> Period | None:
    """Give the month of the year since which the present definition is in force; None if it always was."""
    months = sorted(p for p in b.progress if indicator.id in b.progress[p])
    other = [
        p for p in months if b.progress[p][indicator.id].definition_version != indicator.definition_version
    ]
    return other[-1].next if other else None


def _last_light(b: Basis, indicator: Indicator) -> str:
    before = b.progress.get(b.period.previous, {}).get(indicator.id)
    return before.light.value if before else ""


def _office_action(b: Basis, indicator: Indicator) -> str:
    taken = [
        row
        for row in b.steps
        if any(
            c.id == row.case_id and c.matter == indicator.id and c.state == CaseState.OPEN for c in b.cases
        )
    ]
    return "；".join(
        f"{row.drafted_on.month}月{row.drafted_on.day}日{STEP_NAMES[row.step]}（{LETTER_STATE_NAMES[row.state]}）"
        for row in taken
    )


def _change(b: Basis, indicator: Indicator, progress: Progress) -> str:
    """Say which agency's figure moved the value since last month."""
    if progress.value is None or progress.last_value is None or progress.value == progress.last_value:
        return ""
    difference = progress.value - progress.last_value
    sign = "增加" if difference > 0 else "减少"
    size = show(abs(difference), "个百分点" if indicator.unit == "%" else indicator.unit)
    moves = ((b.agency_name(s), moved(b.facts, indicator.id, s, b.period)) for s in indicator.sources)
    why = [agency + told for agency, told in moves if told]
    if any(r.indicator_id == indicator.id and r.settlement is Settlement.DECIDED for r in b.reconciled):
        why.append("食药安办核定")
    return f"较上月{sign}{size}（{'；'.join(why) or '各单位报数未变'}）"


def reconciliation_rows(b: Basis) -> Iterator[ReconciliationRow]:
    """Show what agencies reported differently, and which figure counts."""
    for one in b.reconciled:
        indicator = b.plan.indicator(one.indicator_id)
        part = f"（{ROLE_NAMES[one.role]}）" if indicator.kind is Kind.RATIO else ""
        decided = one.settlement is Settlement.DECIDED and one.decision is not None
        yield ReconciliationRow(
            indicator_id=indicator.id,
            name=f"{indicator.name}{part}",
            figures=tuple((b.agency_name(a), show(v, "")) for a, v in one.figures),
            decision=show(one.decision.value, "") if decided and one.decision else one.settlement.value,
            reason=_basis_of(one.decision, what_counts(one)),
        )


def _basis_of(decision: FigureOfRecord | None, counts: str) -> str:
    if decision is None:
        return counts
    day = decision.decided_at.astimezone(SHANGHAI)
    return f"{counts}（{day.month}月{day.day}日，{decision.decided_by}）"


def objection_rows(b: Basis) -> Iterator[ObjectionRow]:
    """Show what agencies objected to in their 核对稿, with the figure it is about."""
    for row in b.objections:
        indicator = b.plan.indicator(row.indicator_id)
        yield ObjectionRow(
            indicator_id=indicator.id,
            name=indicator.name,
            figure=show_value(b.progress[b.period][indicator.id], indicator.unit),
            agency=b.agency_name(row.agency_id),
            words=row.words,
            raised_at=row.raised_at,
            in_time=row.in_time,
            answer=row.answer or "",
        )
