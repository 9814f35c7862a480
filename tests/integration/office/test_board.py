"""What the board and `duban status` show of an office: what is so, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from demo.setting import LATE, PLAN, SILENT
from include.errors import PlanError
from include.office import (
    board,
    close_period,
    collect_returns,
    escalate_overdue,
    exceptions,
    open_period,
    state,
)
from tests.integration.office.conftest import JANUARY, Stage, plain

DATABASES = ("sqlite",)  # nothing here asks the database for more than the others do


def shown(stage: Stage) -> dict[str, Any]:
    """Give the board's only plan."""
    (plan,) = board.overview(office=stage.office)["plans"]
    return plan


def lines(stage: Stage) -> list[str]:
    return [plain(line) for line in state.lines(office=stage.office)]


def line_with(stage: Stage, words: str) -> str:
    (line,) = [line for line in lines(stage) if plain(words) in line]
    return line


def test_before_the_first_month_there_is_nothing_to_show(stage: Stage) -> None:
    assert shown(stage)["periods"] == []
    assert shown(stage)["waiting_letters"] == []
    assert "还没有开启" in line_with(stage, PLAN)


def test_an_open_month_counts_what_is_owed_and_calls_nobody_missing(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    stage.agency("education").file(JANUARY)
    collect_returns.run(office=stage.office)
    (period,) = shown(stage)["periods"]
    assert period == {
        "period": "2024年1月",
        "due_at": "2024-02-06 18:00",
        "owed": 23,  # one agency has nothing due in January
        "accepted": 1,
        "late": 0,
        "missing": 0,
        "lights": {},
    }
    assert "填报中" in line_with(stage, "2024年1月（截止")
    assert not any("未报：" in line for line in lines(stage))


def test_after_the_due_moment_it_counts_missing_and_late_and_shows_the_lights(january: Stage) -> None:
    (period,) = shown(january)["periods"]
    assert (period["accepted"], period["missing"], period["late"]) == (22, 2, 0)
    assert sum(period["lights"].values()) == len(january.office.plan(PLAN, JANUARY).indicators)
    assert period["lights"]["red"] == 1
    january.at("2024-02-08T11:00")
    january.agency(LATE).file(JANUARY)
    collect_returns.run(office=january.office)
    (period,) = shown(january)["periods"]
    assert (period["accepted"], period["missing"], period["late"]) == (23, 1, 1)
    assert plain(january.name(SILENT)) in line_with(january, "未报：")
    assert plain(january.name(LATE)) in line_with(january, "迟报：")
    assert "红" in line_with(january, "演示示范摊位")


def test_an_exempt_agency_is_not_counted_and_an_extension_moves_no_others_due_moment(
    january: Stage,
) -> None:
    clerk = {"user": "office-clerk", "office": january.office}
    exceptions.exempt(PLAN, SILENT, "2024-01", reason="机构调整", **clerk)
    first = min(agency.id for agency in january.office.plan(PLAN, JANUARY).filers)
    for agency in (first, LATE):
        exceptions.extend(PLAN, agency, "2024-01", to="2024-02-20T18:00", reason="系统迁移", **clerk)
    (period,) = shown(january)["periods"]
    assert (period["owed"], period["missing"]) == (23, 0)
    assert period["due_at"] == "2024-02-06 18:00"
    assert "截止 02-06 18:00" in line_with(january, "2024年1月（截止")


def test_letters_that_wait_stand_with_title_agency_and_run(january: Stage) -> None:
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    waiting = {letter["agency"]: letter for letter in shown(january)["waiting_letters"]}
    letter = waiting[january.name(SILENT)]
    assert letter["run_id"] == f"letter-{january.letter(SILENT).id}-round-1"
    assert "提醒敦促函" in letter["title"]
    assert "待签发 3 份" in line_with(january, "已签发 0 份")
    assert "office-deputy" in line_with(january, f"待签发 {january.letter(SILENT).id}：")


def test_it_says_that_the_clock_is_not_the_worlds_and_that_this_is_a_demo(january: Stage) -> None:
    assert board.overview(office=january.office)["clock"] == "演示时钟 2024-02-06 18:05"
    assert "演示" in shown(january)["title"]
    assert lines(january)[0] == "演示时钟 2024-02-06 18:05"


def test_a_locked_month_is_called_locked_and_says_where_the_files_are(january: Stage) -> None:
    january.at("2024-02-26T18:10")
    close_period.run(office=january.office)
    assert "已锁定" in line_with(january, "2024年1月（截止")
    assert str(january.office.drive.root) in line_with(january, "共享盘：")
    assert "食药安办/月报" in line_with(january, "工作月报 ")
    assert str(january.office.settings.home / "mail") in line_with(january, "邮件未真正发出")


def test_a_plan_there_is_not_is_named_with_those_there_are(january: Stage) -> None:
    with pytest.raises(PlanError, match=r"no plan 'nowhere-2024'; there are: pinghu-2024"):
        board.overview("nowhere-2024", office=january.office)
    with pytest.raises(PlanError, match="nowhere-2024"):
        list(state.lines("nowhere-2024", office=january.office))
