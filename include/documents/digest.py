"""The leaders' monthly summary (工作月报): one frozen content object behind mail, PDF and Word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from include.documents.digest_matters import WAITING, Matter, matters, missing_running
from include.documents.digest_sentences import changes, of_light, overall, worst_first
from include.documents.digest_words import (
    COMPARATORS,
    LIGHT_ORDER,
    day,
    difference,
    figure,
    full_day,
    light_name,
    pace,
    printable,
    typeset,
)
from include.plan.period import Period
from include.records.facts import Light
from include.records.reports import LIGHT_NAMES, AgencyRow, IndicatorRow, LetterRow, MonthReport
from include.records.submissions import Timeliness

OVERDUE = "逾期未办"
UNANSWERED = ("已送达", OVERDUE)
Curve = tuple[float | None, ...]  # January … December, in the indicator's unit


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One row of the digest's table. `actual` and `expected` are the curves of its sparkline."""

    name: str
    clause: str
    agency: str
    light: Light
    light_name: str
    number: str  # the value without its unit, to stand beside the target
    value: str
    target: str
    expected_now: str
    notes: tuple[str, ...]
    actual: Curve
    expected: Curve
    alt: str


@dataclass(frozen=True, slots=True)
class Lag:
    """One red line: how far behind, why the light, what the agency said, what the office did."""

    line: IndicatorLine
    distance: str
    cause: str
    explanation: str
    action: str


@dataclass(frozen=True, slots=True)
class Discipline:
    """How the month was reported; agencies in 机构序列.

    `months` holds (period, on time, late, missing, returned and not corrected).
    """

    sentence: str
    missing: tuple[str, ...]
    late: tuple[str, ...]
    returned: tuple[str, ...]
    silence: str
    months: tuple[tuple[str, int, int, int, int], ...]
    ranking: str = ""  # only where the plan lets agencies be ranked


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter as the digest names it."""

    kind: str
    number: str
    agency: str
    summary: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything a digest shows, in words; its forms only lay it out."""

    plan_title: str
    place: str
    office_name: str
    period: Period
    issue: int
    edition: int
    as_of: date
    title: str
    subtitle: str
    marks: tuple[str, ...]  # handling mark, 演示数据, 演示时钟
    instructions: tuple[str, ...]
    overall: tuple[str, ...]
    matters: tuple[Matter, ...]
    changes: tuple[str, ...]
    lights: tuple[tuple[Light, str, int], ...]
    indicators: tuple[IndicatorLine, ...]
    lagging: tuple[Lag, ...]
    near: tuple[str, ...]  # yellow lights, one sentence each
    discipline: Discipline
    letters: tuple[LetterLine, ...]
    letters_since: date
    waiting: tuple[LetterLine, ...]
    corrections: tuple[str, ...]
    dates: tuple[tuple[date, str], ...]
    edited: tuple[str, ...] = ()  # which sentences a person worded otherwise, and who


def digest_of(report: MonthReport) -> Digest:
    """Make the digest of a month's report."""
    return _typeset(_content(report))


def _typeset(value: Any) -> Any:
    """Give every word of a value Chinese punctuation, whoever wrote it."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return typeset(printable(value))
    if isinstance(value, tuple):
        return tuple(map(_typeset, value))
    if is_dataclass(value) and not isinstance(value, type | Period):
        return replace(value, **{f.name: _typeset(getattr(value, f.name)) for f in fields(value)})
    return value


def _content(report: MonthReport) -> Digest:
    return Digest(
        plan_title=report.plan_title,
        place=report.place,
        office_name=report.office_name,
        period=report.period,
        issue=report.issue_number,
        edition=report.edition,
        as_of=report.as_of,
        title=f"工作月报 第{report.issue_number}期",
        subtitle=f"{report.period.label} · 截至{full_day(report.as_of)} · 第{report.edition}版",
        marks=marks(report),
        instructions=tuple(f"{what}，{clock}" for what, clock in report.instructions),
        overall=overall(report),
        matters=matters(report),
        changes=changes(report),
        lights=lights(report),
        indicators=tuple(_line(row) for row in report.indicators),
        lagging=tuple(_lag(row) for row in worst_first(of_light(report, Light.RED))),
        near=tuple(_near(row) for row in worst_first(of_light(report, Light.YELLOW))),
        discipline=_discipline(report),
        letters=tuple(
            _letter(row, report.as_of)
            for row in report.letters
            if _signed_since(row, report.period.starts_on)
        ),
        letters_since=report.period.starts_on,
        waiting=tuple(_letter(row, report.as_of) for row in report.letters if row.state == WAITING),
        corrections=tuple(_correction(report)),
        dates=tuple(sorted((d, what) for d, what in report.next_dates if d >= report.as_of)),
    )


def digest_name(digest: Digest) -> str:
    """Name the digest's files, without suffix: `2024-08 工作月报 第8期 第1版`."""
    return f"{digest.period} {digest.title} 第{digest.edition}版"


def marks(report: MonthReport) -> tuple[str, ...]:
    """Give what every page must carry: handling mark, 演示数据, the demo's clock."""
    return tuple(m for m in (report.handling_mark, "演示数据" if report.demo else "", report.clock_note) if m)


def lights(report: MonthReport) -> tuple[tuple[Light, str, int], ...]:
    """Count the lights, each with its word; all five are named, also where there is none."""
    counts = Counter(row.progress.light for row in report.indicators)
    return tuple((light, LIGHT_NAMES[light.value], counts[light]) for light in LIGHT_ORDER)


def _line(row: IndicatorRow) -> IndicatorLine:
    progress = row.progress
    return IndicatorLine(
        name=row.name,
        clause=row.clause_id,
        agency=row.answerable,
        light=progress.light,
        light_name=light_name(progress),
        number=figure(progress.value, against=progress.target),
        value=figure(progress.value, row.unit, against=progress.target),
        target=f"{COMPARATORS.get(row.comparator, row.comparator)}{figure(progress.target, row.unit)}",
        expected_now=figure(progress.path_value, row.unit),
        notes=tuple(_notes(row)),
        actual=_curve(row.series),
        expected=_curve(row.path),
        alt=_alt(row),
    )


def _notes(row: IndicatorRow) -> Iterator[str]:
    progress = row.progress
    if progress.from_period is not None and progress.from_period != progress.period:
        yield f"为{progress.from_period.month}月数"
    yield from row.marks
    if not progress.path_confirmed:
        yield "时序进度待确认"
    if row.remark:
        yield row.remark


def _curve(values: tuple[object, ...]) -> Curve:
    return tuple(None if v is None else float(str(v)) for v in values)


def _alt(row: IndicatorRow) -> str:
    told = [f"{month}月{figure(v, row.unit)}" for month, v in enumerate(row.series, 1) if v is not None]
    actual = "，".join(told) if told else "尚无数据"
    due = row.progress.path_value
    return f"{row.name}走势：{actual}" + (f"；本月时序应达{figure(due, row.unit)}" if due is not None else "")


def _lag(row: IndicatorRow) -> Lag:
    progress = row.progress
    nothing_done = "尚未采取措施" if progress.path_confirmed else "时序进度待确认，暂不立项督办"
    return Lag(
        line=_line(row),
        distance=_distance(row),
        cause=progress.reason,
        explanation=row.explanation or "未作说明",
        action=row.office_action or nothing_done,
    )


def _distance(row: IndicatorRow) -> str:
    gap = row.progress.gap
    if gap is None:
        return ""
    rest = f"，今后每月需{pace(row.progress, row.unit)}" if row.progress.pace_needed else ""
    return f"落后时序{difference(gap, row.unit)}{rest}"


def _near(row: IndicatorRow) -> str:
    said = f"单位说明：{row.explanation}" if row.explanation else "单位未作说明。"
    behind = f"，{_distance(row)}" if row.progress.gap is not None and row.progress.gap < 0 else ""
    return f"{row.name}（{row.answerable}）：{figure(row.progress.value, row.unit)}{behind}。{said}"


def _discipline(report: MonthReport) -> Discipline:
    now = [(agency, f) for agency in report.agencies for f in agency.filings if f.period == report.period]
    silent = [agency for agency in report.agencies if agency.silent_clauses]
    return Discipline(
        sentence=_rates(report),
        missing=tuple(_missing(agency, report) for agency, f in now if f.unfiled),
        late=tuple(agency.name for agency, f in now if f.timeliness is Timeliness.LATE),
        returned=tuple(agency.name for agency, f in now if f.uncorrected),
        silence=_silence(silent),
        months=tuple(filings_by_month(report)),
        ranking=_ranking(report) if report.ranked else "",
    )


def _rates(report: MonthReport) -> str:
    (accepted, owed), (on_time, _) = report.completeness, report.timeliness
    if not owed:
        return "本月没有应报单位。"
    filed = f"应报{owed}家，已报{accepted}家，报送率{percent(accepted, owed)}"
    return f"{filed}；按时{on_time}家，及时率{percent(on_time, owed)}。"


def percent(part: int, whole: int) -> str:
    """Show a share of a count in whole percent; 100 % only where nothing is wanting, 0 % where nothing is."""
    if not whole:
        return "—"
    shown = round(part * 100 / whole)
    return f"{min(max(shown, 1), 99) if 0 < part < whole else shown}%"


def _missing(agency: AgencyRow, report: MonthReport) -> str:
    running = missing_running(agency, report)
    return f"{agency.name}（连续{running}个月）" if running > 1 else agency.name


def _ranking(report: MonthReport) -> str:
    """Rank agencies by returns on time in the year; the same share keeps 机构序列."""
    told = [(agency.name, *_on_time_of(agency, report.period)) for agency in report.agencies]
    best_first = sorted((t for t in told if t[2]), key=lambda t: -t[1] / t[2])
    return (
        f"本年按时报送（次/应报次）：{'、'.join(f'{name}{good}/{owed}' for name, good, owed in best_first)}。"
    )


def _on_time_of(agency: AgencyRow, period: Period) -> tuple[int, int]:
    judged = (Timeliness.ON_TIME, Timeliness.LATE, Timeliness.MISSING)
    told = [f.timeliness for f in agency.filings if f.period <= period and f.timeliness in judged]
    return told.count(Timeliness.ON_TIME), len(told)


def _silence(silent: list[AgencyRow]) -> str:
    if not silent:
        return ""
    clauses = {clause for agency in silent for clause in agency.silent_clauses}
    return f"{len(silent)}家单位对{len(clauses)}条具体任务未填进展，名单见汇总报表“单位”表。"


def filings_by_month(report: MonthReport) -> Iterator[tuple[str, int, int, int, int]]:
    """Give (month, on time, late, missing, sent back) counts of returns, up to the report's period."""
    filings = [f for agency in report.agencies for f in agency.filings if f.period <= report.period]
    for period in sorted({f.period for f in filings}):
        of_month = [f for f in filings if f.period == period]
        told = Counter(f.timeliness for f in of_month)
        sent_back = sum(f.uncorrected for f in of_month)
        unfiled = sum(f.unfiled for f in of_month)
        yield f"{period.month}月", told[Timeliness.ON_TIME], told[Timeliness.LATE], unfiled, sent_back


def _signed_since(row: LetterRow, first: date) -> bool:
    return row.signed_on is not None and row.signed_on >= first


def _letter(row: LetterRow, as_of: date) -> LetterLine:
    if row.signed_on:
        when = f"{day(row.signed_on)}签发{_answer(row, as_of)}"
    else:
        when = f"{day(row.drafted_on)}拟稿" if row.drafted_on else ""
    return LetterLine(row.kind_name, row.number, row.agency, row.summary, row.state, when)


def _answer(row: LetterRow, as_of: date) -> str:
    if row.reply_due_on is None or row.state not in UNANSWERED:
        return ""
    due = f"{day(row.reply_due_on)}{row.reply_due_mark}"
    late = row.reply_due_on < as_of and row.state != OVERDUE  # which says so itself
    return f"，{due}前答复" + ("，已过期限未回复" if late else "")


def _correction(report: MonthReport) -> Iterator[str]:
    for row in report.corrections:
        yield f"{row.period.month}月{row.what}：由{row.before}改为{row.after}。{row.why}"
