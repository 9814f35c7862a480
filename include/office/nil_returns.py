"""What a nil return (整表零报告) counts as: nothing was added this month, so the year so far stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from include.expectations import Past
from include.plan import Plan
from include.records.figures import Figure, FigureState, FilledForm, Role

_NOTE = "整表零报告：本月数按0计，累计数沿用上月"


def as_counted(form: FilledForm, plan: Plan, past: Past) -> FilledForm:
    """Give the form as it counts: blank months of accumulating indicators are confirmed zeros.

    The cumulative figure is the newest one of the year. A blank level or ratio stays missing: that nothing
    was done does not say what stands; nor does it where the definition changed.
    """
    if not form.nil_return:
        return form
    growing = {i.id for i in plan.indicators if i.accumulates} - past.changed
    figures = tuple(_counted(f, past) if f.indicator_id in growing else f for f in form.figures)
    notes = (*form.notes, _NOTE) if figures != form.figures else form.notes
    return replace(form, figures=figures, notes=notes)


def _counted(figure: Figure, past: Past) -> Figure:
    if figure.state is not FigureState.MISSING:
        return figure
    if figure.role is Role.MONTH:
        return replace(figure, state=FigureState.CONFIRMED_ZERO, value=Decimal(0), note=_NOTE)
    if figure.role is Role.CUMULATIVE:
        so_far = past.figures.get((figure.indicator_id, Role.CUMULATIVE), Decimal(0))
        state = FigureState.REPORTED if so_far else FigureState.CONFIRMED_ZERO
        return replace(figure, state=state, value=so_far, note=_NOTE)
    return figure
