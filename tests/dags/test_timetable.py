"""The working-day timetable: when it rings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
import pytest
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import DataInterval, TimeRestriction
from hypothesis import given
from hypothesis import strategies as st

from duban_timetable import WorkingDays
from include.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE_2024 = TimeRestriction(pendulum.datetime(2024, 1, 1, tz="Asia/Shanghai"), None, catchup=False)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def after(last: str | None, now: str, *times: str) -> str:
    moment = WorkingDays(*times or ("08:30",)).next_after(at(last) if last else None, SINCE_2024, at(now))
    assert moment is not None
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def test_it_rings_the_same_day_while_the_time_is_still_to_come() -> None:
    assert after(None, "2024-09-03 08:00") == "2024-09-03 08:30"


def test_a_first_run_never_lies_in_the_past() -> None:
    assert after(None, "2024-09-03 09:00") == "2024-09-04 08:30"


def test_it_skips_the_national_day_week_and_rings_on_the_make_up_saturday() -> None:
    assert after("2024-09-30 08:30", "2024-09-30 12:00") == "2024-10-08 08:30"
    assert after("2024-10-11 08:30", "2024-10-11 12:00") == "2024-10-12 08:30"  # a Saturday, worked


@pytest.mark.parametrize("sunday", ["2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-09-29"])
def test_it_rings_on_sundays_that_are_worked(sunday: str) -> None:
    assert after(None, f"{sunday} 00:10") == f"{sunday} 08:30"


def test_it_rings_at_each_of_its_times_in_order() -> None:
    times = ("16:00", "09:00")
    assert after("2024-09-03 09:00", "2024-09-03 09:01", *times) == "2024-09-03 16:00"
    assert after("2024-09-03 16:00", "2024-09-03 16:01", *times) == "2024-09-04 09:00"


def test_of_several_missed_runs_only_the_last_is_made_up() -> None:
    assert after("2024-09-03 08:30", "2024-09-12 12:00") == "2024-09-12 08:30"


def test_the_end_of_the_last_published_year_leads_into_a_provisional_one() -> None:
    assert after("2026-12-31 08:30", "2026-12-31 12:00") == "2027-01-04 08:30"
    assert after("2027-05-03 08:30", "2027-05-03 12:00") == "2027-05-04 08:30"


def test_a_dag_that_has_ended_or_never_begins_has_no_next_run() -> None:
    ended = TimeRestriction(SINCE_2024.earliest, pendulum.datetime(2024, 9, 1), catchup=False)
    never = TimeRestriction(None, None, catchup=False)
    assert WorkingDays("08:30").next_after(at("2024-09-03 08:30"), ended, at("2024-09-03 09:00")) is None
    assert WorkingDays("08:30").next_after(None, never, at("2024-09-03 09:00")) is None


def moments(first: date, last: date) -> st.SearchStrategy[datetime]:
    return st.builds(datetime.combine, st.dates(first, last), st.times(), st.just(SHANGHAI))


@given(
    now=moments(date(2024, 1, 1), date(2040, 12, 31)),
    days_since_last=st.none() | st.integers(0, 400),
)
def test_it_always_rings_again_on_a_working_day_and_never_raises(
    now: datetime, days_since_last: int | None
) -> None:
    last = None if days_since_last is None else now - timedelta(days=days_since_last)
    moment = WorkingDays("08:30", "18:10").next_after(last, SINCE_2024, now)
    assert moment is not None
    assert WorkCalendar().is_workday(moment.astimezone(SHANGHAI).date())
    assert moment > (last or now - timedelta(seconds=1))


@given(last=moments(date(2024, 1, 2), date(2028, 12, 1)))
def test_with_catch_up_no_working_day_is_left_out(last: datetime) -> None:
    restriction = TimeRestriction(SINCE_2024.earliest, None, catchup=True)
    moment = WorkingDays("08:30").next_after(last, restriction, last + timedelta(days=300))
    assert moment is not None
    skipped = (moment.date() - last.date()).days
    between = [last.date() + timedelta(days=n) for n in range(1, skipped)]
    assert not any(WorkCalendar().is_workday(day) for day in between)


def test_airflow_is_given_the_moment_in_utc_and_no_interval() -> None:
    last = pendulum.datetime(2024, 9, 3, 8, 30, tz="Asia/Shanghai")
    restriction = TimeRestriction(SINCE_2024.earliest, None, catchup=True)
    info = WorkingDays("08:30").next_dagrun_info(
        last_automated_data_interval=DataInterval.exact(last), restriction=restriction
    )
    assert info is not None
    assert info.run_after == pendulum.datetime(2024, 9, 4, 0, 30, tz="UTC")
    assert info.run_after.tzinfo == pendulum.timezone("UTC")
    assert info.data_interval is not None
    assert info.data_interval.start == info.data_interval.end


def test_it_says_in_chinese_when_it_rings_and_survives_being_stored(dags: dict[str, Any]) -> None:
    timetable = WorkingDays("18:10", "08:30")
    assert timetable.summary == "每个工作日 08:30、18:10"
    assert WorkingDays.deserialize(timetable.serialize()).times == timetable.times
    stored = DagSerialization.from_dict(DagSerialization.to_dict(dags["open_period"])).timetable
    assert type(stored).__name__ == "WorkingDays"  # Airflow loads the plugin a second time, as its own
    assert stored.summary == "每个工作日 08:30"


def test_a_timetable_without_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one time"):
        WorkingDays()


def test_the_calendar_it_asks_is_the_nations() -> None:
    assert WorkCalendar().is_workday(date(2024, 2, 9))
