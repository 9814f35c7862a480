"""What the office decides about a return or a digest: who, when and why stand in the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from demo.setting import LATE, PLAN, SILENT
from include.errors import RefusedError
from include.office import clock, collect_returns, escalate_overdue, exceptions
from include.office.decided import Decided
from include.office.standings import year_standings
from include.records.escalation import CaseState, LetterState
from include.records.submissions import Filing, Timeliness
from tests.integration.office.conftest import JANUARY, Stage

DATABASES = ("sqlite",)  # nothing here asks the database for more than the others do


def because(reason: str) -> Decided:
    return Decided("office-clerk", reason)


def test_an_extension_makes_a_missing_return_pending_until_its_own_moment(january: Stage) -> None:
    exceptions.extend(
        PLAN, SILENT, "2024-01", because("系统迁移"), to="2024-02-08T12:00", office=january.office
    )
    assert january.standing(SILENT).timeliness is Timeliness.PENDING
    january.at("2024-02-08T12:05")
    collect_returns.run(office=january.office)
    assert january.standing(SILENT).timeliness is Timeliness.MISSING
    (event,) = january.events("return-extended")
    assert (event.actor, event.subject, event.body["reason"]) == ("office-clerk", "2024-01", "系统迁移")
    assert "2024-02-08" in event.body["extended_to"]


def test_what_comes_within_the_extension_is_on_time(january: Stage) -> None:
    exceptions.extend(
        PLAN, LATE, "2024-01", because("系统迁移"), to="2024-02-08T12:00", office=january.office
    )
    january.at("2024-02-08T11:00")
    january.agency(LATE).file(JANUARY)
    collect_returns.run(office=january.office)
    assert january.standing(LATE).timeliness is Timeliness.ON_TIME


def test_an_extension_or_exemption_takes_back_the_letter_that_waits(january: Stage) -> None:
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    exceptions.exempt(PLAN, SILENT, "2024-01", because("机构撤并"), office=january.office)
    exceptions.extend(
        PLAN, LATE, "2024-01", because("系统迁移"), to="2024-02-20T18:00", office=january.office
    )
    january.at("2024-02-08T09:10")
    escalate_overdue.run(office=january.office)
    for agency in (SILENT, LATE):
        assert january.letter(agency).state == LetterState.WITHDRAWN
        assert [case.state for case in january.cases(agency)] == [CaseState.FULFILLED]


def test_a_past_day_knows_only_what_had_been_decided_by_then(january: Stage) -> None:
    def decide(moment: str, change: Any, agency: str, **values: Any) -> None:
        january.at(moment)
        change(PLAN, agency, "2024-01", because("系统迁移"), office=january.office, **values)

    def then(agency: str, moment: str) -> tuple[Timeliness, tuple[str, ...]]:
        standing = year_standings(january.office, PLAN, clock.parse(moment))[agency, JANUARY]
        return standing.timeliness, tuple(word for word, _ in standing.notes)

    decide("2024-02-07T09:00", exceptions.extend, SILENT, to="2024-02-08T12:00")
    january.at("2024-02-08T13:00")
    collect_returns.run(office=january.office)
    decide("2024-02-08T14:00", exceptions.extend, SILENT, to="2024-02-20T18:00")
    decide("2024-02-08T14:00", exceptions.exempt, LATE)
    assert then(SILENT, "2024-02-07T08:00") == (Timeliness.MISSING, ())
    assert then(SILENT, "2024-02-07T10:00") == (Timeliness.PENDING, ("延期",))
    assert then(SILENT, "2024-02-08T12:30") == (Timeliness.MISSING, ("延期",)), "the first one had run out"
    assert then(SILENT, "2024-02-08T14:00") == (Timeliness.PENDING, ("延期",))
    assert then(LATE, "2024-02-08T13:00") == (Timeliness.MISSING, ())
    assert then(LATE, "2024-02-08T14:00") == (Timeliness.EXEMPT, ("免报",))


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("yesterday", "不是时间"),
        ("2024-02-06T12:00", "须晚于原截止时间"),
        ("2024-02-06T18:00", "须晚于原截止时间"),
    ],
)
def test_an_extension_to_no_later_moment_is_refused(january: Stage, to: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        exceptions.extend(PLAN, SILENT, "2024-01", because("系统迁移"), to=to, office=january.office)
    assert january.events("return-extended") == []


@pytest.mark.parametrize("change", [exceptions.exempt, exceptions.allow_late])
def test_no_exception_without_a_reason_a_return_or_a_month_of_the_plan(january: Stage, change: Any) -> None:
    with pytest.raises(RefusedError, match="理由"):
        change(PLAN, SILENT, "2024-01", because(" "), office=january.office)
    with pytest.raises(RefusedError, match="没有应报的报表"):
        change(PLAN, "nobody", "2024-01", because("试"), office=january.office)
    with pytest.raises(RefusedError, match="没有应报的报表；请核对单位编号"):
        change(PLAN, SILENT, "2024-03", because("试"), office=january.office)
    with pytest.raises(RefusedError, match="2025-01"):
        change(PLAN, SILENT, "2025-01", because("试"), office=january.office)
    assert january.standing(SILENT).filing is Filing.NONE
    assert january.standing(SILENT).timeliness is Timeliness.MISSING
