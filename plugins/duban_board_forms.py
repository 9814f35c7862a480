"""The kinds of decision an administrator can record on the board, as one table.

Each is a form and the use case the command line calls too; fields are the use case's keywords.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Said = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One field of a form; `kind` is `text`, `moment`, `area`, or `given`: what the link to the form says."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""


@dataclass(frozen=True)
class Decision:
    """A kind of decision: what it is called, what it asks for, which use case takes it, where one lands."""

    title: str
    meaning: str
    fields: tuple[Field, ...]
    take: Callable[[str, Said, str], Any]  # plan, the fields as the use case's keywords, user
    lands: str  # path within the plan, filled from the fields


AGENCY, PERIOD = Field("agency", "成员单位", "given"), Field("period", "报送月份", "given")
REASON = Field("reason", "理由", "area", "必填，记入台账")
RETURN = "returns/{agency}/{period}"


def use_case(module: str, name: str) -> Callable[..., Any]:
    """Give a use case of the office by name; it is imported when somebody decides."""

    def take(plan: str, said: Said, user: str) -> Any:
        return getattr(import_module(f"include.office.{module}"), name)(plan, **said, user=user)

    return take


DECISIONS: dict[str, Decision] = {
    "extend": Decision(
        "延期",
        "把这份报表的截止时间推迟到下面的时间；推迟后按新的时间判断是否迟报。",
        (AGENCY, PERIOD, Field("to", "延至", "moment", "须晚于原截止时间"), REASON),
        use_case("exceptions", "extend"),
        RETURN,
    ),
    "exempt": Decision(
        "免报",
        "这份报表不再要求报送，不计入应报。",
        (AGENCY, PERIOD, REASON),
        use_case("exceptions", "exempt"),
        RETURN,
    ),
    "allow-late": Decision(
        "补报",
        "锁定以后仍然收取这份报表：补数据，不改变迟报、未报的记录。",
        (AGENCY, PERIOD, REASON),
        use_case("exceptions", "allow_late"),
        RETURN,
    ),
    "hold": Decision(
        "暂缓月报",
        "这个月的工作月报暂不发布，直到恢复。",
        (PERIOD, REASON),
        use_case("exceptions", "hold_digest"),
        "",
    ),
    "release": Decision(
        "恢复月报", "这个月的工作月报恢复发布。", (PERIOD,), use_case("exceptions", "release_digest"), ""
    ),
}
