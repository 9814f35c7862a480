"""Chinese working days: the published years, provisional ones, an office's own settings, and due dates."""

from __future__ import annotations

from datetime import date, time
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.errors import PlanError
from include.workdays import WorkCalendar, load_calendar, moment

CALENDAR = WorkCalendar()
DAYS = st.dates(date(2003, 1, 1), date(2060, 12, 31))
PLANS = Path(__file__).resolve().parents[3] / "plans"


@pytest.mark.parametrize("day", ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"])
def test_make_up_days_of_2024_are_worked_though_they_are_weekend(day: str) -> None:
    worked = date.fromisoformat(f"2024-{day}")
    assert worked.weekday() >= 5
    assert CALENDAR.is_workday(worked)


@pytest.mark.parametrize("day", ["01-01", "02-12", "04-04", "05-02", "06-10", "09-16", "10-07"])
def test_statutory_holidays_of_2024_are_free_though_they_are_no_weekend(day: str) -> None:
    free = date.fromisoformat(f"2024-{day}")
    assert free.weekday() < 5
    assert not CALENDAR.is_workday(free)


def test_the_eve_of_spring_festival_2024_was_a_working_day() -> None:
    assert CALENDAR.is_workday(date(2024, 2, 9))
    assert not CALENDAR.is_workday(date(2024, 2, 10))


@pytest.mark.parametrize(
    ("month_end", "due"),
    [
        (date(2024, 1, 31), date(2024, 2, 6)),  # with the make-up Sunday 02-04
        (date(2024, 4, 30), date(2024, 5, 10)),  # after the May holidays
        (date(2024, 8, 31), date(2024, 9, 6)),
        (date(2024, 9, 30), date(2024, 10, 12)),  # National Day, and the make-up Saturday 10-12
        (date(2024, 12, 31), date(2025, 1, 8)),
    ],
)
def test_a_return_is_due_on_the_fifth_working_day_after_the_month(month_end: date, due: date) -> None:
    assert CALENDAR.nth_of_month_after(month_end, 5) == due


def test_working_days_are_counted_forth_and_back() -> None:
    saturday, monday = date(2024, 9, 7), date(2024, 9, 9)
    assert CALENDAR.add(saturday, 0) == monday
    assert CALENDAR.add(monday, 0) == monday
    assert CALENDAR.add(saturday, 1) == monday
    assert CALENDAR.add(monday, -1) == date(2024, 9, 6)
    assert CALENDAR.between(date(2024, 9, 6), date(2024, 9, 10)) == 2
    assert CALENDAR.between(date(2024, 9, 10), date(2024, 9, 6)) == -2
    assert CALENDAR.between(monday, monday) == 0


def test_a_year_nobody_published_is_provisional_and_said_to_be() -> None:
    assert not CALENDAR.is_provisional(2024)
    assert CALENDAR.is_provisional(2027)
    assert "暂定" in CALENDAR.source(2027)
    assert CALENDAR.mark(date(2027, 1, 8)) == "（暂定）"
    assert CALENDAR.mark(date(2026, 12, 31)) == ""
    assert not CALENDAR.is_workday(date(2027, 10, 1)), "a holiday of fixed date, on a Friday"
    assert CALENDAR.is_workday(date(2027, 2, 9)), "nobody knows yet that it will be Spring Festival"
    assert not CALENDAR.is_workday(date(2027, 2, 7)), "a Sunday"


def test_a_published_year_names_its_paper_and_the_data_that_carry_it() -> None:
    data = f"chinesecalendar {version('chinesecalendar')}"
    notice = "国办发明电〔2023〕7号，2023年10月25日"
    assert CALENDAR.source(2024) == f"国务院办公厅节假日安排（{notice}），数据{data}"
    assert CALENDAR.source(2010) == f"国务院办公厅节假日安排，数据{data}", "its paper was not looked up"


def test_an_offices_own_days_win_over_the_published_ones(tmp_path: Path) -> None:
    file = tmp_path / "overrides.yaml"
    file.write_text("workdays: [2024-09-07]\nholidays: [2024-09-09]\n", encoding="utf-8")
    calendar = load_calendar(file)
    assert calendar.is_workday(date(2024, 9, 7))
    assert not calendar.is_workday(date(2024, 9, 9))
    assert calendar.add(date(2024, 9, 6), 2) == date(2024, 9, 10)
    assert calendar.source(2024).endswith("；另有2天由本单位确定（overrides.yaml）")
    assert "overrides.yaml" not in calendar.source(2025)


def test_a_year_the_office_settled_is_no_longer_provisional_and_names_its_source(tmp_path: Path) -> None:
    file = tmp_path / "overrides.yaml"
    file.write_text(
        "source: 国办发明电〔2026〕9号\nsettled_years: [2027]\nholidays: [2027-02-08]\n", encoding="utf-8"
    )
    calendar = load_calendar(file)
    assert not calendar.is_provisional(2027)
    assert calendar.source(2027) == "国办发明电〔2026〕9号"
    assert calendar.is_provisional(2028)
    assert not calendar.is_workday(date(2027, 2, 8))


def test_without_a_file_or_with_an_empty_one_the_published_calendar_holds(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("# nothing settled\n")
    for file in (None, tmp_path / "none.yaml", tmp_path / "empty.yaml"):
        assert load_calendar(file).add(date(2024, 9, 30), 5) == date(2024, 10, 12)
    assert load_calendar(PLANS / "pinghu-2024" / "overrides.yaml").is_workday(date(2024, 2, 9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("workday: [2024-09-07]", "workday 不是这里的项目"),
        ("workdays: [2024-13-01]", "有一个日期不存在"),
        ("workdays: [1]", "workdays 写的是“1”；应为日期，如 2027-02-07"),
        ("workdays:\n- 2024-09-07 08:00:00", "应为日期"),
        ("workdays: 2024-09-07", "workdays 写的是“2024-09-07”；应为列表"),
        ("settled_years: ['2027']", "settled_years 写的是“2027”；应为年份，如 2027，不加引号"),
        ("settled_years: [true]", "settled_years 写的是“true”"),
        ("workdays: [2024-09-07]\nholidays: [2024-09-07]", "既写在 workdays 又写在 holidays"),
        ("- 2024-09-07", "整个文件不是"),
        ("workdays: [", "不合 YAML 格式"),
    ],
)
def test_a_faulty_override_is_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "overrides.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=r"overrides\.yaml：") as caught:
        load_calendar(file)
    assert said in str(caught.value)


def test_moments_are_in_shanghai() -> None:
    assert moment(date(2024, 9, 6), time(18)).isoformat() == "2024-09-06T18:00:00+08:00"


@given(day=DAYS, n=st.integers(-60, 60).filter(bool))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_adding_and_counting_are_inverse(day: date, n: int) -> None:
    reached = CALENDAR.add(day, n)
    assert CALENDAR.is_workday(reached)
    if n > 0:
        assert CALENDAR.between(day, reached) == n
    else:  # the day reached is not counted, the day itself is
        assert CALENDAR.between(reached, day) == -n - 1 + CALENDAR.is_workday(day)


@given(day=DAYS, first=st.integers(0, 30), second=st.integers(1, 30))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_two_steps_are_one(day: date, first: int, second: int) -> None:
    start = CALENDAR.add(day, first) if first else day
    assert CALENDAR.add(start, second) == CALENDAR.add(day, first + second)


@given(days=st.lists(st.dates(date(2023, 1, 1), date(2028, 12, 31)), min_size=3, max_size=3).map(sorted))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_counts_of_stretches_add_up(days: list[date]) -> None:
    first, middle, last = days
    assert CALENDAR.between(first, last) == CALENDAR.between(first, middle) + CALENDAR.between(middle, last)


def test_nothing_raises_from_2003_to_2060() -> None:
    for year in range(2003, 2061):
        start, end = date(year, 1, 1), date(year, 12, 31)
        assert 230 <= CALENDAR.between(start, end) <= 265
        assert CALENDAR.source(year)
        assert CALENDAR.add(end, 5) > end
