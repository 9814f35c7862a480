"""The target path (时序进度): what should have been reached by the end of each month."""

from __future__ import annotations

from decimal import Decimal

from include.plan.model import Indicator, PathBasis


def path_values(indicator: Indicator) -> tuple[Decimal | None, ...]:
    """Give the path in the indicator's unit, January … December.

    None where nothing is due yet, and where the way starts from a baseline nobody has recorded; the whole way
    to the target needs none.
    """
    return tuple(_in_unit(indicator, point) for point in indicator.path.points)


def _in_unit(indicator: Indicator, point: Decimal | None) -> Decimal | None:
    if point is None or indicator.path.basis is PathBasis.VALUE:
        return point
    share = point / 100
    if indicator.path.basis is PathBasis.TARGET_SHARE:
        return indicator.target * share
    if share == 1:
        return indicator.target
    if indicator.baseline is None:
        return None
    return indicator.baseline + (indicator.target - indicator.baseline) * share
