"""The clock jumps: no letter twice, none with a wrong date, no correction undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Row

from include.office import alarms, sign_letters
from include.store import cases
from tests.faults.conftest import Found
from tests.faults.county import DEPUTY, MARKET, PLAN, SCHOOLS, County
from tests.faults.steps import STEPS
from tests.mailbox import Mailbox


def take(county: County, moment: str, *steps: str) -> None:
    county.at(moment)
    for step in steps:
        STEPS[step](county.office)


def letters(county: County) -> list[Row[Any]]:
    with county.office.store.reading() as connection:
        return list(cases.letters(connection, PLAN))


@pytest.fixture
def drafted(found: Found) -> County:
    """2024-02-07: two have filed, the letters to the others are drafted."""
    county = found()
    take(county, "2024-01-31T08:30", "open")
    county.at("2024-02-02T11:00")
    for agency in (MARKET, SCHOOLS):
        county.file(agency)
    STEPS["collect"](county.office)
    take(county, "2024-02-06T18:10", "collect", "close")
    take(county, "2024-02-07T09:10", "escalate")
    assert len(letters(county)) == 3
    return county


def test_set_back_it_dates_no_letter_before_its_draft(drafted: County) -> None:
    for moment in ("2024-02-06T15:00", "2023-02-07T15:00"):
        take(drafted, moment, "escalate", "sign", "deliver")
        assert {row.state for row in letters(drafted)} == {"waiting"}
        assert len(letters(drafted)) == 3
    drafted.at("2024-02-06T15:00")
    (first, *_) = letters(drafted)
    said = {"decision": "签发", "user": DEPUTY, "hash": first.content_hash, "talk": {"skipped": "演练"}}
    assert "请先核对系统时间" in sign_letters.answer(first.id, **said, office=drafted.office)["note"]
    take(drafted, "2024-02-07T15:00", "sign", "deliver")
    assert {(row.state, str(row.signed_on)) for row in letters(drafted)} == {("served", "2024-02-07")}


def test_set_back_between_two_signatures_the_second_waits_for_the_right_day(drafted: County) -> None:
    """Numbers and dates of a series go up together."""
    first, second, third = letters(drafted)
    talk: dict[str, Any] = {"decision": "签发", "user": DEPUTY, "talk": {"skipped": "演练"}}
    drafted.at("2024-02-08T15:00")
    sign_letters.answer(first.id, hash=first.content_hash, **talk, office=drafted.office)
    drafted.at("2024-02-07T15:00")
    sign_letters.answer(second.id, hash=second.content_hash, **talk, office=drafted.office)
    assert [row.signed_on is None for row in letters(drafted)] == [False, True, True]
    drafted.at("2024-02-08T15:10")
    for row in (second, third):
        sign_letters.answer(row.id, hash=row.content_hash, **talk, office=drafted.office)
    assert [row.number[-2:] for row in letters(drafted)] == ["1号", "2号", "3号"]
    assert {str(row.signed_on) for row in letters(drafted)} == {"2024-02-08"}


def test_set_forward_and_back_nothing_is_proposed_signed_or_mailed_twice(
    drafted: County, smtp_server: Mailbox
) -> None:
    take(drafted, "2024-02-07T15:00", "sign", "deliver")
    there = [(row.id, row.step, row.number, row.state, row.signed_on) for row in letters(drafted)]
    mails = len(smtp_server.received)
    for moment in ("2024-02-06T12:00", "2024-02-07T12:00", "2024-02-07T15:00", "2024-02-07T15:30"):
        take(drafted, moment, "open", "collect", "close", "escalate", "sign", "deliver")
    assert [(row.id, row.step, row.number, row.state, row.signed_on) for row in letters(drafted)] == there
    ids = [str(received.message["Message-ID"]) for received in smtp_server.received]
    assert len(set(ids)) == len(ids) >= mails


def test_set_back_it_is_told_to_the_administrator_until_it_is_right(drafted: County) -> None:
    take(drafted, "2024-02-06T12:00", "deliver")
    (alarm,) = alarms.standing(office=drafted.office)
    assert "系统时钟2024-02-06 12:00早于台账最近一条（2024-02-07 09:10）" in alarm["text"]
    take(drafted, "2024-02-07T09:20", "deliver")
    assert alarms.standing(office=drafted.office) == []


def test_a_correction_that_came_while_the_clock_stood_back_counts(drafted: County) -> None:
    drafted.at("2024-02-01T10:00")
    drafted.drop(SCHOOLS, "报送", "2024-01 更正.xlsx", drafted.filled(SCHOOLS, "corrected"))
    STEPS["collect"](drafted.office)
    first, second = [row for row in drafted.submissions() if row.agency_id == SCHOOLS]
    assert (first.state, second.state) == ("accepted", "accepted")
    assert second.arrived_at < first.arrived_at
    drafted.drop(SCHOOLS, "报送", "2024-01 再报.xlsx", drafted.filled(SCHOOLS, "corrected"))
    STEPS["collect"](drafted.office)
    *_, third = [row for row in drafted.submissions() if row.agency_id == SCHOOLS]
    assert (third.state, third.same_as) == ("duplicate", 2), "the correction is what counts"
