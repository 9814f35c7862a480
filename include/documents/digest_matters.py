"""Matters for the leaders' coordination (提请领导协调): at most three, each with a decision and a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest

from include.documents.digest_sentences import of_light, worst_first
from include.documents.digest_words import day, figure, listed, quoted
from include.records.facts import Grey, Light
from include.records.reports import AgencyRow, IndicatorRow, MonthReport
from include.records.submissions import Timeliness

AT_MOST = 3
UNDECIDED = ("待核定", "待重新核定")
WAITING = "待签发"


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter for a leader: what it is, whose it is, the decision asked for, and by when."""

    what: str
    agency: str
    decision: str
    by: str


def matters(report: MonthReport) -> tuple[Matter, ...]:
    """Pick at most three matters: of each kind the gravest first, then the rest in the order of kinds."""
    kinds = [_lagging(report), _silent(report), _contradictions(report), _without_baseline(report)]
    rounds = chain.from_iterable(zip_longest(*kinds))
    return tuple(m for m in rounds if m is not None)[:AT_MOST]


def _lagging(report: MonthReport) -> Iterator[Matter]:
    """One matter an agency with red lights on a confirmed path, the farthest behind first."""
    red = [row for row in of_light(report, Light.RED) if row.progress.path_confirmed]
    for agency in dict.fromkeys(row.answerable for row in worst_first(red)):
        own = [row for row in worst_first(red) if row.answerable == agency]
        yield Matter(
            what="、".join(_stands(row) for row in own[:2]) + (f"等{len(own)}项" if len(own) > 2 else ""),
            agency=agency,
            decision="请协调明确补进度措施和时限",
            by=_deadline(report, "截止"),
        )


def _stands(row: IndicatorRow) -> str:
    due = row.progress.path_value
    expected = f"（时序{figure(due, row.unit)}）" if due is not None else ""
    return f"{quoted(row.name)}{figure(row.progress.value, row.unit)}{expected}"


def _silent(report: MonthReport) -> Iterator[Matter]:
    """Agencies whose returns are missing two periods running, the longest first."""
    running = [(missing_running(agency, report), agency) for agency in report.agencies]
    for months, agency in sorted((pair for pair in running if pair[0] > 1), key=lambda pair: -pair[0]):
        yield Matter(
            what=f"月度报表连续{months}个月{_not_filed(agency, report, months)}",
            agency=agency.name,
            decision="请督促补报并明确专人负责",
            by=_deadline(report, "锁定"),
        )


def _not_filed(agency: AgencyRow, report: MonthReport, months: int) -> str:
    """Say how returns are missing: never filed, or sent back and not corrected."""
    last = sorted((f for f in agency.filings if f.period <= report.period), key=lambda f: f.period)[-months:]
    returned = sum(f.uncorrected for f in last)
    if not returned:
        return "未报"
    return "退回未更正" if returned == months else f"未报或退回未更正（退回{returned}个月）"


def missing_running(agency: AgencyRow, report: MonthReport) -> int:
    """Count the periods running, up to this one, whose return is missing."""
    told = {f.period: f.timeliness for f in agency.filings}
    period, count = report.period, 0
    while told.get(period) is Timeliness.MISSING:
        period, count = period.previous, count + 1
    return count


def _contradictions(report: MonthReport) -> Iterator[Matter]:
    for row in report.reconciliations:
        if row.decision in UNDECIDED:
            figures = "、".join(f"{agency}{value}" for agency, value in row.figures)
            yield Matter(
                what=f"{quoted(row.name)}数据不一致：{figures}",
                agency="、".join(agency for agency, _ in row.figures),
                decision="请明确以哪家数据为准",
                by=_deadline(report, "锁定"),
            )


def _without_baseline(report: MonthReport) -> Iterator[Matter]:
    rows = [row for row in report.indicators if row.progress.grey is Grey.NO_BASELINE]
    if rows:
        yield Matter(
            what=f"{listed(quoted(row.name) for row in rows)}没有上年末基期数，无法判断进度",
            agency="、".join(dict.fromkeys(row.answerable for row in rows)),
            decision="请明确基期数由谁核定",
            by=_deadline(report, "截止"),
        )


def _deadline(report: MonthReport, word: str) -> str:
    """Give the next date whose label holds the word, else the next date of all."""
    coming = sorted(d for d, label in report.next_dates if d >= report.as_of and word in label)
    return _by(coming) or _by(sorted(d for d, _ in report.next_dates if d >= report.as_of)) or "下期月报前"


def _by(days: Iterable[date]) -> str:
    return next((f"{day(d)}前" for d in days), "")
