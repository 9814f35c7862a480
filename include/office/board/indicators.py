"""Indicators on the board: lights with their reasons, the year's course, the figures behind."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from include.documents.charts import sparkline, trend
from include.errors import RefusedError
from include.indicators import path_values, remark, show
from include.office.board import facts
from include.office.board.views import IndicatorDetail, IndicatorView, MonthView
from include.office.close_period import KIND as CONSOLIDATED
from include.office.desk import Office
from include.office.indicator_rows import marks
from include.office.report_basis import Basis, gather
from include.plan import Indicator, Period
from include.records.facts import Light, Progress
from include.records.reports import LIGHT_NAMES


def listed(office: Office, plan_id: str, period: Period, now: datetime) -> tuple[IndicatorView, ...]:
    """Give every indicator's progress in a month, in the order of the plan."""
    known = gather(office, plan_id, period, now, CONSOLIDATED)
    return tuple(_view(known, indicator) for indicator in known.plan.indicators)


def detail(office: Office, plan_id: str, indicator_id: str, period: Period, now: datetime) -> IndicatorDetail:
    """Give one indicator's passport in a month. Raises: RefusedError if the plan then has no such one."""
    plan = office.plan(plan_id, period)
    if indicator_id not in {indicator.id for indicator in plan.indicators}:
        raise RefusedError(f"{period.label}没有指标 {indicator_id}")
    indicator, known = plan.indicator(indicator_id), gather(office, plan_id, period, now, CONSOLIDATED)
    return IndicatorDetail(
        **dict(_view(known, indicator)),
        definition=indicator.definition,
        numerator=indicator.numerator,
        denominator=indicator.denominator,
        cross_check=tuple(office.agency(plan_id, agency, period).name for agency in indicator.cross_check),
        months=tuple(
            MonthView(
                period=str(month),
                light=done[indicator_id].light.value,
                light_name=_light_name(done[indicator_id]),
                value=done[indicator_id].value,
                path_value=done[indicator_id].path_value,
                reason=done[indicator_id].reason,
            )
            for month, done in known.progress.items()
            if indicator_id in done
        ),
        facts=facts.page(office, plan_id, now, period=period, indicator=indicator_id).items,
    )


def chart(view: IndicatorView, *, large: bool = False) -> str:
    """Draw an indicator's year as SVG: the path dashed, what was reached solid."""
    draw = trend if large else sparkline
    places = 1 if view.unit == "%" else 2  # as figures are written
    actual, path = (
        [None if v is None else round(float(v), places) for v in curve] for curve in (view.series, view.path)
    )
    return draw(actual, path, Light(view.light))


def figure(value: Decimal | None, unit: str) -> str:
    """Write a figure as everywhere else; a dash for none."""
    return show(value, unit) if value is not None else "—"


def _view(known: Basis, indicator: Indicator) -> IndicatorView:
    period, year = known.period, known.progress
    progress = year[period][indicator.id]
    months = (year.get(Period(period.year, month), {}) for month in range(1, 13))
    return IndicatorView(
        id=indicator.id,
        clause=indicator.clause,
        name=indicator.name,
        unit=indicator.unit,
        comparator=indicator.comparator.value,
        target=indicator.target,
        period=str(period),
        light=progress.light.value,
        light_name=_light_name(progress),
        reason=progress.reason,
        value=progress.value,
        path_value=progress.path_value,
        share_pct=progress.share_pct,
        gap=progress.gap,
        pace_needed=progress.pace_needed,
        pending=progress.pending,
        marks=tuple(marks(known, indicator)),
        path_confirmed=progress.path_confirmed,
        remark=remark(indicator, progress),
        answerable=known.agency_name(indicator.answerable),
        sources=tuple(map(known.agency_name, indicator.sources)),
        series=tuple(done[indicator.id].value if indicator.id in done else None for done in months),
        path=path_values(indicator),
    )


def _light_name(progress: Progress) -> str:
    """Name a light; which kind of grey is part of its name."""
    name = LIGHT_NAMES[progress.light.value]
    return f"{name}（{progress.grey.value}）" if progress.grey else name
