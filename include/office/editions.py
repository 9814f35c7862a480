"""Editions: whether a month has something new to say since it was published, and which figures changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.office.corrections import Told, text_of
from include.office.desk import Office
from include.plan import Period
from include.records.reports import MonthReport, Wording
from include.store import returns
from include.workdays import SHANGHAI


def named_period(office: Office, plan_id: str, text: str, at: datetime) -> Period:
    """Give the period a person named to have it published.

    Raises:
        RefusedError: it is no month of the plan, is not open, or is not due yet.
    """
    period = office.period(plan_id, text)
    with office.store.reading() as connection:
        owed = returns.agency_returns(connection, plan_id, period)
    if not owed:
        raise RefusedError(f"{plan_id} {period}还没有开启；请先开启（duban open）")
    due_at = min(row.due_at for row in owed).astimezone(SHANGHAI)
    if at <= due_at:
        raise RefusedError(f"{plan_id} {period}到{due_at:%Y-%m-%d %H:%M}截止，之前没有可发布的")
    return period


def has_news(report: MonthReport, last: Row[Any] | None, wordings: Sequence[Wording] = ()) -> bool:
    """Tell whether a report says something its last edition did not; a day before that one never does."""
    if last is None:
        return True
    return report.as_of >= last.as_of and last.content_hash != content_hash(report, wordings)


def content_hash(report: MonthReport, wordings: Sequence[Wording] = ()) -> str:
    """Hash what a report says, leaving aside the day asked about, its edition and what that one corrects."""
    bare = replace(
        report,
        as_of=report.period.ends_on,
        edition=0,
        clock_note="",
        corrections=(),
        instructions=tuple((what, "") for what, _ in report.instructions),
    )
    told = asdict(bare) | ({"wordings": [(w.place, w.text) for w in wordings]} if wordings else {})
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def figures_told(report: MonthReport) -> Told:
    """Give the figures an edition tells: of its own month and of those before it."""
    year, last = report.period.year, report.period.month
    return {
        str(Period(year, month)): {
            row.progress.indicator_id: text_of(row.series[month - 1]) for row in report.indicators
        }
        for month in range(1, last + 1)
    }
