"""Faults found in a workbook, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to a submission."""

    ERROR = "error"  # 错误: returned
    WARNING = "warning"  # 需说明: accepted, needs an explanation in the remark column
    BETA = "beta"  # informs the office only


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault (校验问题): where, what stands there, what was expected, how to put it right; all in Chinese.

    `sheet` and `ref` are empty for a fault of the file as a whole.
    """

    rule: str
    severity: Severity
    sheet: str
    ref: str
    found: str
    expected: str
    message: str
    fix: str
    subject: str = ""  # indicator id or clause id it is about
