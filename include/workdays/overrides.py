"""Reading an office's own calendar: `overrides.yaml` of a plan folder."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from include.errors import PlanError
from include.foreign import no_key, shown, words
from include.workdays.calendar import WorkCalendar

_KEYS = ("source", "settled_years", "workdays", "holidays")


def load_calendar(file: Path | None) -> WorkCalendar:
    """Read the overrides of a place; without a file the published calendar alone.

    Raises:
        PlanError: an unknown key, something that is not a date or a year, or a day that is both.
    """
    if file is None or not file.exists():
        return WorkCalendar()
    content = _read(file)
    workdays, holidays = _days(file, content, "workdays"), _days(file, content, "holidays")
    for day in workdays:
        if day in holidays:
            raise PlanError(f"{file}：{day} 既写在 workdays 又写在 holidays；只留一处")
    overrides = dict.fromkeys(workdays, True) | dict.fromkeys(holidays, False)
    return WorkCalendar(overrides, _years(file, content), str(content.get("source") or ""))


def _read(file: Path) -> dict[str, Any]:
    try:
        content: Any = YAML(typ="safe").load(file)  # pyright: ignore[reportUnknownMemberType]
    except YAMLError as error:
        raise PlanError(f"{file}：不合 YAML 格式；{words(error)}") from error
    except (OSError, ValueError) as error:  # ValueError: the 13th month, or not UTF-8
        raise PlanError(f"{file}：不能读取：{words(error)}；改正后再试") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise PlanError(f"{file}：整个文件不是“key: value”；可写 {'、'.join(_KEYS)}")
    read: dict[str, Any] = {str(key): value for key, value in content.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    for key in read:
        if key not in _KEYS:
            raise PlanError(f"{file}：{key} {no_key(_KEYS)}")
    return read


def _days(file: Path, content: dict[str, Any], key: str) -> list[date]:
    days = _list(file, content, key)
    for day in days:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise PlanError(f"{file}：{key} 写的是{shown(day)}；应为日期，如 2027-02-07")
    return days


def _years(file: Path, content: dict[str, Any]) -> list[int]:
    years = _list(file, content, "settled_years")
    for year in years:
        if type(year) is not int or not 1990 <= year <= 2100:
            raise PlanError(f"{file}：settled_years 写的是{shown(year)}；应为年份，如 2027，不加引号")
    return years


def _list(file: Path, content: dict[str, Any], key: str) -> list[Any]:
    found: Any = content.get(key) or []
    if not isinstance(found, list):
        raise PlanError(f"{file}：{key} 写的是{shown(found)}；应为列表，每行以“- ”开头")
    return list(found)  # pyright: ignore[reportUnknownArgumentType]
