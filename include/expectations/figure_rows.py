"""Figures → rows: one a figure, and one an indicator with its figures side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from include.expectations.look import (
    COHORT,
    HUNDRED,
    LEVEL_LIKE,
    ROLE_NAMES,
    Look,
    count_unit,
    ratio,
    rounded,
    target_count,
)
from include.expectations.rows import FigureRow, IndicatorRow, Number, shown
from include.expectations.words import meaning, quotable, same_name
from include.plan.model import Behaviour, Combine, Indicator
from include.plan.period import Period
from include.records.figures import Cell, Figure, Role

_COMPARED = frozenset([Role.CUMULATIVE, Role.LEVEL, Role.NUMERATOR, Role.DENOMINATOR])
_AMOUNTS = frozenset([Role.CUMULATIVE, Role.LEVEL])


def figure_rows(look: Look) -> Iterator[FigureRow]:
    """Give a row for each figure of an indicator the agency reports."""
    own = {i.id: i for i in look.checked.plan.indicators_of(look.checked.agency_id)}
    for figure in look.checked.form.figures:
        if figure.indicator_id in own:
            yield _figure_row(look, own[figure.indicator_id], figure)


def _figure_row(look: Look, indicator: Indicator, figure: Figure) -> FigureRow:
    target = target_count(indicator)
    peer_value, peer = _peer(look, indicator, figure)
    return FigureRow(
        submission=look.checked.submission_id,
        subject=indicator.id,
        name=quotable(indicator.name),
        cells={"value": figure.cell},
        unit=count_unit(indicator),
        role=figure.role.value,
        role_name=ROLE_NAMES[figure.role],
        state=figure.state.value,
        value=figure.value,
        whole=figure.value is None or figure.value == figure.value.to_integral_value(),
        below_one=figure.value is not None and 0 < figure.value < 1,
        target=target,
        most=target * look.limits.target_multiple if target is not None and figure.role in _AMOUNTS else None,
        peer_value=peer_value,
        peer=peer,
        owed=figure.role in look.owes(indicator),
        nil=look.nil,
        explained=look.explained(indicator.id),
        explain_at=look.explain_at(indicator.id),
    )


def _peer(look: Look, indicator: Indicator, figure: Figure) -> tuple[Number, str]:
    """Choose the agency to compare with: one that differs before one that agrees; summed parts do differ."""
    if figure.role not in _COMPARED or indicator.combine is Combine.SUM:
        return None, ""
    said = look.past.peers.get((indicator.id, figure.role), {})
    others = [
        a for a in (*indicator.sources, *indicator.cross_check) if a in said and a != look.checked.agency_id
    ]
    if not others:
        return None, ""
    other = next((a for a in others if said[a] != figure.value), others[0])
    return said[other], f"{look.checked.plan.agency(other).name}报的是 {shown(said[other])}"


def indicator_rows(look: Look) -> Iterator[IndicatorRow]:
    """Give a row for each indicator the form has a figure of."""
    held = {f.indicator_id for f in look.checked.form.figures}
    for indicator in look.checked.plan.indicators_of(look.checked.agency_id):
        if indicator.id in held:
            yield _indicator_row(look, indicator)


def _indicator_row(look: Look, indicator: Indicator) -> IndicatorRow:
    """Lay an indicator's figures side by side, with what follows from them; long because the row is wide."""
    now = {role: look.value(indicator.id, role) for role in Role}
    before = {role: look.previous(indicator.id, role) for role in Role}
    since = look.since(indicator.id)
    last_month = since == look.checked.period.previous
    usual = _usual(before, since, last_month=last_month)
    expected, least = _cumulative(now, before)
    moved, points = _ratio_moves(now, before)
    changed = _difference(now[Role.DENOMINATOR], before[Role.DENOMINATOR])
    listed, dropped = _list(look, indicator)
    limits = look.limits
    return IndicatorRow(
        submission=look.checked.submission_id,
        subject=indicator.id,
        name=quotable(indicator.name),
        cells={f.role.value: _cell(f) for (owner, _), f in look.figures.items() if owner == indicator.id},
        unit=count_unit(indicator),
        source=look.is_source(indicator),
        level_like=indicator.behaviour in LEVEL_LIKE,
        cohort=indicator.behaviour in COHORT,
        nil=look.nil,
        month=now[Role.MONTH],
        adjustment=now[Role.ADJUSTMENT],
        cumulative=now[Role.CUMULATIVE],
        numerator=now[Role.NUMERATOR],
        denominator=now[Role.DENOMINATOR],
        level=now[Role.LEVEL],
        pending=now[Role.PENDING],
        since=look.named(since),
        last_month=last_month,
        previous_cumulative=before[Role.CUMULATIVE],
        previous_denominator=before[Role.DENOMINATOR],
        previous_level=before[Role.LEVEL],
        cumulative_expected=expected,
        cumulative_least=least,
        usual=None if usual is None else rounded(usual, 1),
        month_most=None if usual is None else max(usual * limits.jump_times, usual + limits.jump_floor),
        ratio=ratio(now[Role.NUMERATOR], now[Role.DENOMINATOR]),
        previous_ratio=ratio(before[Role.NUMERATOR], before[Role.DENOMINATOR]),
        points=points,
        ratio_moved=moved,
        denominator_change=None if changed is None else abs(changed),
        denominator_change_pct=_share_pct(changed, before[Role.DENOMINATOR]),
        listed=listed,
        dropped=dropped,
        listed_since=look.named(look.past.names_from),
        explained=look.explained(indicator.id),
        explain_at=look.explain_at(indicator.id),
    )


def _cell(figure: Figure) -> Cell:
    """Give a figure's cell; a formula whose result the file does not hold shows what was computed for it."""
    computed = "" if figure.value is None else shown(figure.value)
    return replace(figure.cell, raw=figure.cell.raw or computed)


Values = Mapping[Role, Number]


def _usual(before: Values, since: Period, *, last_month: bool) -> Number:
    """Tell what a month brings: last month's or the average so far; None before anything came."""
    so_far = before[Role.CUMULATIVE]
    if so_far is None or so_far <= 0:
        return None
    last = before[Role.MONTH] if last_month else None
    return max(last or Decimal(0), so_far / since.month)


def _cumulative(now: Values, before: Values) -> tuple[Number, Number]:
    """Give what the cumulative figure must be; or, without one before, what it must be at least."""
    month = now[Role.MONTH]
    if month is None:
        return None, None
    added = month + (now[Role.ADJUSTMENT] or Decimal(0))
    so_far = before[Role.CUMULATIVE]
    return (None, added) if so_far is None else (so_far + added, None)


def _ratio_moves(now: Values, before: Values) -> tuple[Number, Number]:
    """By how many figures and by how many percentage points the ratio moved."""
    after = ratio(now[Role.NUMERATOR], now[Role.DENOMINATOR])
    earlier = ratio(before[Role.NUMERATOR], before[Role.DENOMINATOR])
    points = _difference(after, earlier)
    if points is None:
        return None, None
    moves = (_difference(now[role], before[role]) for role in (Role.NUMERATOR, Role.DENOMINATOR))
    return max(abs(move or Decimal(0)) for move in moves), points


def _difference(after: Number, before: Number) -> Number:
    return None if after is None or before is None else after - before


def _share_pct(change: Number, of: Number) -> Number:
    return None if change is None or not of else rounded(abs(change) / abs(of) * HUNDRED, 1)


def _list(look: Look, indicator: Indicator) -> tuple[Number, str]:
    """Count the names of the year so far, and name those that were on the list before and are gone.

    The template carries the names on, so a list is always the whole year's.
    """
    if indicator.behaviour is not Behaviour.NAMED or not look.is_source(indicator):
        return None, ""
    entries = [e.name for e in look.checked.form.names if e.indicator_id == indicator.id and meaning(e.name)]
    listed = {same_name(name) for name in entries}
    gone = dict.fromkeys(
        name for owner, name in look.past.names if owner == indicator.id and same_name(name) not in listed
    )
    return Decimal(len(entries)), "、".join(gone)
