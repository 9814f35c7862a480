"""A return that is right in every way, and small changes that make it wrong in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from include.expectations import Checked, Past, validate
from include.plan import Indicator, Period, Plan, load_plan
from include.plan.model import Behaviour, Kind
from include.records.figures import (
    Cell,
    ClauseStatus,
    Figure,
    FigureState,
    FilledForm,
    Identity,
    NamedEntry,
    Role,
    Statement,
)
from include.records.findings import Finding

BOOK = load_plan(Path("plans/pinghu-2024"))
AUGUST = Period(2024, 8)
COVER = {"filled_by": "C9", "phone": "C10", "signed_by": "C11", "nil_return": "C12"}
COLUMNS = {
    Role.NUMERATOR: "F",
    Role.DENOMINATOR: "G",
    Role.MONTH: "H",
    Role.LEVEL: "H",
    Role.ADJUSTMENT: "I",
    Role.CUMULATIVE: "J",
    Role.PENDING: "K",
}
MONTHLY = {
    "food-sampling": 145,
    "drug-sampling": 8,
    "agri-quantitative-monitoring": 90,
    "food-risk-samples": 60,
}
LISTED = 2  # so many names of each named indicator, all from earlier months

Changes = Mapping[tuple[str, Role], object]  # figure → number, None (blank), or `不适用`


def plan(period: Period = AUGUST) -> Plan:
    """The real plan."""
    return BOOK.at(period)


def before(indicator: Indicator, period: Period) -> dict[Role, Decimal]:
    """What was reported up to the month before."""
    earlier = (period.year - plan(AUGUST).year) * 12 + period.month - 1
    if indicator.kind is Kind.RATIO:
        denominator = 200 + 10 * earlier
        met = (
            denominator if indicator.target == 100 else round(denominator * float(indicator.target) / 100) + 1
        )
        return {Role.NUMERATOR: Decimal(met), Role.DENOMINATOR: Decimal(denominator)}
    if indicator.behaviour is Behaviour.NAMED:
        return {Role.MONTH: Decimal(0), Role.CUMULATIVE: Decimal(min(earlier, LISTED))}
    if indicator.accumulates:
        month = MONTHLY[indicator.id]
        return {Role.MONTH: Decimal(month), Role.CUMULATIVE: Decimal(month * earlier)}
    return {Role.LEVEL: indicator.target}


def now(indicator: Indicator, period: Period) -> dict[Role, Decimal | None]:
    """A right report for the period."""
    if indicator.kind is Kind.RATIO or not indicator.accumulates:
        values: dict[Role, Decimal | None] = dict(before(indicator, period.next))
        return values
    so_far = before(indicator, period)[Role.CUMULATIVE] if period.month > 1 else Decimal(0)
    month = Decimal(MONTHLY.get(indicator.id, 0))
    return {Role.MONTH: month, Role.ADJUSTMENT: None, Role.CUMULATIVE: so_far + month, Role.PENDING: None}


def past_of(agency: str, period: Period = AUGUST, **changes: object) -> Past:
    """The past a right report goes on from."""
    own = plan(period).indicators_of(agency)
    figures = {(i.id, role): value for i in own for role, value in before(i, period).items()}
    names = tuple((i.id, name) for i in own for name in names_of(i, period, agency))
    texts = {c.id: f"上个月做了{c.title}这件事的第一步" for c in plan(period).clauses_of(agency)}
    past = Past(figures={} if period.month == 1 else figures, names=names, texts=texts)
    return replace(past, **changes)


def names_of(indicator: Indicator, period: Period, agency: str) -> list[str]:
    """The names listed before the period."""
    if indicator.behaviour is not Behaviour.NAMED or agency not in indicator.sources:
        return []
    return [f"演示{indicator.name}{n}号" for n in "甲乙"[: min(period.month - 1, LISTED)]]


def right(agency: str = "market-regulation", period: Period = AUGUST, *, nil: bool = False) -> FilledForm:
    """A return with nothing wrong in it."""
    resolved = plan(period)
    figures: list[Figure] = []
    names: list[NamedEntry] = []
    own = resolved.indicators_of(agency)
    for row, indicator in enumerate(own, 6):
        for role, value in now(indicator, period).items():
            figures.append(figure(indicator.id, role, value, f"{COLUMNS[role]}{row}"))
        for name in names_of(indicator, period, agency):
            place = Cell("名单", f"D{6 + len(names)}", name)
            names.append(NamedEntry(indicator.id, name, "演示路1号，2024年3月认定", place))
    statements = [
        Statement(
            clause.id,
            ClauseStatus.ADVANCING if clause.cadence.due_in(period) else ClauseStatus.NOT_DUE,
            f"本月推进{clause.title}，查了{row}家" if clause.cadence.due_in(period) else "",
            "",
            "",
            "演示甲",
            Cell("工作进展", f"D{row}"),
            Cell("工作进展", f"E{row}"),
        )
        for row, clause in enumerate(resolved.clauses_of(agency), 6)
    ]
    return FilledForm(
        identity=Identity(resolved.id, agency, str(period), "1", "0" * 64),
        filled_by="演示甲",
        signed_by="演示乙",
        phone="0573-00000000",
        nil_return=nil,
        figures=tuple(figures),
        names=tuple(names),
        statements=tuple(statements),
        explanations={i.id: Cell("指标", f"L{row}") for row, i in enumerate(own, 6)},
        cover={key: Cell("封面", ref) for key, ref in COVER.items()},
    )


def figure(indicator_id: str, role: Role, value: object, ref: str, explanation: str = "") -> Figure:
    """A figure as the reader gives it."""
    cell = Cell("指标", ref, "" if value is None else str(value))
    if value is None:
        return Figure(indicator_id, role, FigureState.MISSING, None, cell, explanation)
    if value == "不适用":
        return Figure(indicator_id, role, FigureState.NOT_APPLICABLE, None, cell, explanation)
    number = Decimal(str(value))
    state = FigureState.REPORTED if number else FigureState.CONFIRMED_ZERO
    return Figure(indicator_id, role, state, number, cell, explanation)


def with_figures(form: FilledForm, changes: Changes, explained: str = "") -> FilledForm:
    """The form with some figures changed, their rows explained if `explained` says something."""
    touched = {indicator for indicator, _ in changes}
    figures = tuple(
        figure(
            f.indicator_id,
            f.role,
            changes.get((f.indicator_id, f.role), f.value),
            f.cell.ref,
            explained if f.indicator_id in touched else f.explanation,
        )
        for f in form.figures
    )
    return replace(form, figures=figures)


def with_statement(form: FilledForm, clause_id: str, **changes: object) -> FilledForm:
    """The form with one statement changed."""
    changed = (replace(s, **changes) if s.clause_id == clause_id else s for s in form.statements)
    return replace(form, statements=tuple(changed))


def with_name(form: FilledForm, indicator_id: str, name: str, detail: str = "演示路2号") -> FilledForm:
    """The form with one more name."""
    entry = NamedEntry(indicator_id, name, detail, Cell("名单", f"D{40 + len(form.names)}", name))
    return replace(form, names=(*form.names, entry))


def checked(
    form: FilledForm, submission_id: int = 1, *, known: tuple[Finding, ...] = (), resolved: Plan | None = None
) -> Checked:
    """The form as the office hands it in."""
    period = Period.parse(form.identity.period)
    return Checked(submission_id, form, resolved or plan(period), form.identity.agency_id, period, known)


def judged(
    form: FilledForm,
    past: Past | None = None,
    *,
    known: tuple[Finding, ...] = (),
    resolved: Plan | None = None,
) -> tuple[Finding, ...]:
    """The findings of one form, held against its agency's past."""
    one = checked(form, known=known, resolved=resolved)
    history = {1: past or past_of(one.agency_id, one.period)}
    return validate([one], history)[1]


def rules(findings: tuple[Finding, ...]) -> list[str]:
    """The rules found, each once, in order."""
    return list(dict.fromkeys(f.rule for f in findings))
