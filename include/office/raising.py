"""Cases the office raises itself: a major risk (重大风险隐患), a leader's instruction (批示)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from include.errors import RefusedError
from include.office.decided import Decided
from include.office.desk import Office, open_office, record
from include.plan import Period
from include.records.escalation import Track
from include.store import cases


def list_risk(
    plan: str,
    agency: str,
    by: Decided,
    *,
    title: str,
    detail: str,
    found_on: date,
    office: Office | None = None,
) -> int:
    """Record a major risk: a case that goes to its listing; gives its number. Raises: RefusedError."""
    values = {"track": Track.MAJOR_RISK, "title": title, "detail": detail, "raised_on": found_on}
    (case_id,) = _raise(office or open_office(), plan, [agency], by, values)
    return case_id


def instruct(
    plan: str,
    agencies: Sequence[str],
    by: Decided,
    *,
    words: str,
    leader: str,
    given_on: date,
    due_on: date,
    office: Office | None = None,
) -> list[int]:
    """Record a leader's instruction: a case for each agency, due on a day of its own; gives their numbers.

    Raises:
        RefusedError: no agency, an unknown one, or a due day before the instruction.
    """
    if due_on < given_on:
        raise RefusedError(f"办理期限{due_on}早于批示日期{given_on}")
    values = {"track": Track.INSTRUCTION, "title": words, "raised_by": leader, "raised_on": given_on}
    return _raise(office or open_office(), plan, agencies, by, values | {"due_on": due_on})


def _raise(
    office: Office, plan_id: str, agencies: Sequence[str], by: Decided, values: dict[str, Any]
) -> list[int]:
    moment, said = by.taken(office)
    _known(office, plan_id, agencies, moment.date())
    if not values["title"].strip() or values["raised_on"] > moment.date():
        raise RefusedError("须写明事项；发现、批示日期不能晚于今天")
    opened: list[int] = []
    with office.store.writing() as connection:
        before = sum(row.track == values["track"] for row in cases.cases(connection, plan_id))
        for n, agency in enumerate(agencies, before + 1):
            key = {"plan_id": plan_id, "agency_id": agency, "matter": f"{values['track'].value}-{n}"}
            case_id = cases.add_case(connection, {**key, "opened_on": moment.date(), **values})
            body = {"agency": agency, **{name: str(value) for name, value in values.items()}, **said}
            record(connection, plan_id, moment, "case-opened", f"case/{case_id}", body, actor=by.user)
            opened.append(case_id)
    return opened


def _known(office: Office, plan_id: str, agencies: Sequence[str], today: date) -> None:
    year = office.book(plan_id).year
    plan = office.plan(plan_id, Period.of(today) if today.year == year else Period(year, 12))
    unknown = [agency for agency in agencies if agency not in {known.id for known in plan.filers}]
    if unknown or not agencies:
        raise RefusedError(f"{plan_id}：没有成员单位{'、'.join(unknown)}" if unknown else "须写明承办单位")
