"""Corrections (更正): published figures that changed since, each told once, with what changed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from include.indicators import show, show_value
from include.office.report_basis import Basis
from include.plan import Indicator, Period
from include.records.reports import CorrectionRow
from include.records.submissions import SubmissionState

Told = dict[str, dict[str, str | None]]  # by period and indicator id: the value, None for none

_UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class _Telling:
    """What readers were told of one month's figures last, and when."""

    figures: dict[str, str | None]
    at: datetime


def corrections(b: Basis) -> Iterator[CorrectionRow]:
    """Compare the figures told before with what holds now."""
    told_before = _told_before(b.period, b.published)
    for month, done in b.progress.items():
        told = told_before.get(str(month))
        if told is None:
            continue
        for indicator in (i for i in b.plan.indicators if i.id in done):
            now, was = done[indicator.id].value, told.figures.get(indicator.id, _UNTOLD)
            if was not in (_UNTOLD, text_of(now)):
                before = show(Decimal(was), indicator.unit) if was is not None else "无数据"
                why = _why(b, indicator, done[indicator.id].from_period or month, told.at)
                yield CorrectionRow(
                    month, indicator.name, before, show_value(done[indicator.id], indicator.unit), why
                )


def text_of(value: Decimal | None) -> str | None:
    """Write a value as editions keep it."""
    return None if value is None else str(value)


def _told_before(period: Period, published: Sequence[Row[Any]]) -> dict[str, _Telling]:
    """Give what readers were told last: by the period's own last edition, else of earlier months by any.

    A month's own edition is what its readers hold in hand: what another month's has told since is news there.
    """
    told: dict[str, _Telling] = {}
    for row in sorted(published, key=lambda r: (r.period == str(period), r.published_at, r.edition)):
        figures: Told = row.content["figures"]
        for month, said in figures.items():
            if month < str(period) or row.period == month:
                told[month] = _Telling(said, row.published_at)
    return told


def _why(b: Basis, indicator: Indicator, month: Period, since: datetime) -> str:
    causes = [*_filed(b, indicator, month, since), *_decided(b, indicator, month, since)]
    return "；".join(causes) or "按现有数据重新计算"


def _filed(b: Basis, indicator: Indicator, month: Period, since: datetime) -> Iterator[str]:
    """Name what the sources filed of that month since then."""
    for row in b.submissions.values():
        ours = row.agency_id in indicator.sources and row.period == str(month)
        accepted_at = row.decided_at if row.state == SubmissionState.ACCEPTED else None
        if ours and accepted_at is not None and since < accepted_at and row.arrived_at <= b.now:
            standing = b.standings.get((row.agency_id, month))
            noted = f"（{standing.words}）" if standing and standing.words else ""
            yield f"{b.agency_name(row.agency_id)}第{row.number}次报送{noted}"


def _decided(b: Basis, indicator: Indicator, month: Period, since: datetime) -> Iterator[str]:
    """Name what the office decided about that month's figure since then."""
    for row in b.decisions:
        if row.indicator_id == indicator.id and row.period == str(month):
            if row.decided_at > since:
                yield f"食药安办核定：{row.reason}"
            if row.withdrawn_at is not None and since < row.withdrawn_at <= b.now:
                yield f"食药安办撤回核定：{row.withdrawn_because}"
