"""What a letter is composed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from include.escalation.ladder import Ladder
from include.escalation.phrases import DEFAULT, Phrases
from include.plan.model import Plan
from include.plan.period import Period
from include.records.escalation import Track
from include.workdays import WorkCalendar

# The columns of a matter's annex rows, by track.
ANNEX_COLUMNS: Mapping[Track, tuple[str, ...]] = MappingProxyType(
    {
        Track.REPORTING: ("报送月份", "报送截止时间", "目前情况"),
        Track.PROGRESS: ("指标", "目标值", "时序进度", "实际", "亮灯", "数据来源"),
        Track.MAJOR_RISK: ("风险隐患", "发现日期", "基本情况"),
    }
)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of a letter. `facts` are rows of its annex, in the columns of `ANNEX_COLUMNS`.

    Raises:
        ValueError: a row that has not as many cells as its annex has columns.
    """

    track: Track
    matter: str  # `reporting` or the indicator id
    name: str  # the indicator's name, or 月度报送
    clause_id: str  # empty: it rests on no single clause
    clause_title: str
    clause_text: str | None  # official wording, once attached
    reasons: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Check the width of the annex rows."""
        columns = ANNEX_COLUMNS[self.track]
        for row in self.facts:
            if len(row) != len(columns):
                raise ValueError(
                    f"{self.matter}: annex row {row} should have the columns {', '.join(columns)}"
                )


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """Everything a letter says, before it is put into words. Days that are not known yet are None."""

    plan: Plan
    agency_id: str
    step: str
    round: int
    period: Period
    matters: tuple[Matter, ...]
    ladder: Ladder
    calendar: WorkCalendar
    as_of: date
    contact: str  # 联系人、电话 of the office
    signatory: str
    copies_to: tuple[str, ...]
    handling_mark: str
    demo: bool
    number: str | None = None
    signed_on: date | None = None
    phrases: Phrases = DEFAULT  # the office's own sentences over ours
    earlier: tuple[str, ...] = ()  # letters before in the cases: 文号 and date
