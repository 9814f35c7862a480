"""Indicators (指标): from accepted facts to progress, lights and the sentence that explains each. Pure."""

from include.indicators.paths import path_values
from include.indicators.progress import compute
from include.indicators.reconciliation import Difference, in_force, reconcile
from include.indicators.remarks import remark
from include.indicators.wording import show, show_value

__all__ = ["Difference", "compute", "in_force", "path_values", "reconcile", "remark", "show", "show_value"]
