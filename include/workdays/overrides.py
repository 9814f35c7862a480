"""Reading an office's own calendar: `overrides.yaml` of a plan folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from include.errors import PlanError
from include.workdays.calendar import WorkCalendar

_KEYS = {"source", "settled_years", "workdays", "holidays"}


def load_calendar(file: Path | None) -> WorkCalendar:
    """Read the overrides of a place; without a file the published calendar alone.

    Raises:
        PlanError: an unknown key, or something that is not a date or a year.
    """
    if file is None or not file.exists():
        return WorkCalendar()
    try:
        content: Any = YAML(typ="safe").load(file) or {}
    except YAMLError as error:
        raise PlanError(f"{file}: not YAML: {error}") from error
    if not isinstance(content, dict) or set(content) - _KEYS:
        raise PlanError(f"{file}: expected only the keys {', '.join(sorted(_KEYS))}")
    overrides = {day: True for day in _days(file, content, "workdays")}
    overrides |= {day: False for day in _days(file, content, "holidays")}
    years = content.get("settled_years") or []
    if not all(isinstance(year, int) for year in years):
        raise PlanError(f"{file}: settled_years: expected years such as 2027")
    return WorkCalendar(overrides, years)


def _days(file: Path, content: dict[str, Any], key: str) -> list[date]:
    days = content.get(key) or []
    for day in days:
        if not isinstance(day, date):
            raise PlanError(f"{file}: {key}: {day!r} is not a date such as 2027-02-07")
    return days
