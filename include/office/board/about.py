"""What a decision is about: it must belong to the plan it is taken in, and forms name it in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from include.errors import RefusedError
from include.office import objections, reconciling, wording
from include.office.board import cases as board_cases
from include.office.desk import Office
from include.plan import Period
from include.store import cases

Said = Mapping[str, Any]


def names(office: Office, plan_id: str, said: Said) -> dict[str, str]:
    """Put names to what a decision is about, by field: its month, agency, case, letter and so on.

    Raises:
        RefusedError: the plan has no such one; another plan's is as unknown as one there never was.
    """
    return {key: name(office, plan_id, said) for key, name in _NAMES.items() if said.get(key)}


def agencies(office: Office, plan_id: str) -> list[tuple[str, str]]:
    """Give the agencies a decision can be about, in 机构序列; `(id, name)`."""
    plan = office.plan(plan_id, Period(office.book(plan_id).year, 12))
    return [(agency.id, agency.name) for agency in sorted(plan.filers, key=lambda a: (a.order, a.id))]


def indicators(office: Office, plan_id: str) -> list[tuple[str, str]]:
    """Give the indicators a decision can be about, in plan order; `(id, name)`."""
    plan = office.plan(plan_id, Period(office.book(plan_id).year, 12))
    return [(indicator.id, indicator.name) for indicator in plan.indicators]


def _period(office: Office, plan_id: str, said: Said) -> str:
    return office.period(plan_id, said["period"]).label


def _agency(office: Office, plan_id: str, said: Said) -> str:
    month = office.period(plan_id, said["period"]) if said.get("period") else None
    try:
        return office.agency(plan_id, said["agency"], month or Period(office.book(plan_id).year, 1)).name
    except KeyError as error:
        raise RefusedError(f"没有成员单位{said['agency']}") from error


def _case(office: Office, plan_id: str, said: Said) -> str:
    case = board_cases.detail(office, plan_id, number(said["case_id"]), office.now())
    return f"事项{case.id}：{case.agency}，{case.track_name}，{case.matter_name}"


def _letter(office: Office, plan_id: str, said: Said) -> str:
    with office.store.reading() as connection:
        row = cases.letter(connection, number(said["letter_id"]))
    if row is None or row.plan_id != plan_id:
        raise RefusedError(f"没有文书{said['letter_id']}")
    return f"{row.number or '未编号'} {row.content['title']}"


def _figure(office: Office, plan_id: str, said: Said) -> str:
    month = office.period(plan_id, said["period"])
    for one in reconciling.differences(plan_id, str(month), office=office):
        if one["figure"] == said["figure"]:
            told = "，".join(f"{f['name']}报{f['figure']}" for f in one["figures"]) or "各单位现已一致"
            return f"{one['name']}·{one['role_name']}：{told}；{one['counts']}"
    raise RefusedError(f"{month.label}没有这样的报数不一致：{said['figure']}")


def _objection(office: Office, plan_id: str, said: Said) -> str:
    for one in objections.objections(plan_id, said["period"], office=office):
        if one["id"] == number(said["objection"]):
            return f"{one['agency_name']}，{one['name']}：{one['words']}"
    raise RefusedError(f"没有第{said['objection']}号异议")


def _place(office: Office, plan_id: str, said: Said) -> str:
    for one in wording.sentences(plan_id, said.get("period", ""), office=office):
        if one["place"] == said["place"]:
            return f"{one['name']}：{one['rule']}"
    raise RefusedError(f"没有{said['place']}这一句")


def number(text: str) -> int:
    """Read the number of a case, a letter, an objection. Raises: RefusedError."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise RefusedError(f"“{text}”不是编号")
    return int(text)


_NAMES: dict[str, Callable[[Office, str, Said], str]] = {
    "period": _period,
    "agency": _agency,
    "case_id": _case,
    "letter_id": _letter,
    "figure": _figure,
    "objection": _objection,
    "place": _place,
}
