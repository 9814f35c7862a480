"""What the board and `duban status` show of an office: what is so, and no more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from demo.setting import LATE, PLAN, SILENT
from include.documents.digest import digest_of
from include.documents.digest_words import figure
from include.errors import PlanError, RefusedError
from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    exceptions,
    open_period,
    sign_letters,
    state,
)
from include.office.board import cases, facts, files, health, indicators, opening, plans, returns, waiting
from include.office.board.views import PeriodView, PlanView, ReturnState
from include.office.decided import Decided
from include.office.month_report import month_report
from include.settings import ROOT, settings
from tests.integration.office.conftest import JANUARY, Stage, plain

DATABASES = ("sqlite",)  # nothing here asks the database for more than the others do


def shown(stage: Stage) -> PlanView:
    return plans.one(stage.office, PLAN, stage.office.now())


def month(stage: Stage) -> PeriodView:
    """Give the only month that was opened."""
    (period,) = shown(stage).periods
    return period


def row_of(stage: Stage, agency_id: str) -> tuple[ReturnState, ...]:
    """Give an agency's year on the heat map."""
    (row,) = [r for r in returns.grid(stage.office, PLAN, stage.office.now()) if r.agency_id == agency_id]
    return row.cells


def lines(stage: Stage) -> list[str]:
    return [plain(line) for line in state.lines(office=stage.office)]


def line_with(stage: Stage, words: str) -> str:
    (line,) = [line for line in lines(stage) if plain(words) in line]
    return line


def waits(stage: Stage) -> dict[str, tuple[int, str]]:
    """Give what waits for the office: by kind how many, and the note beside."""
    todo = waiting.waiting(stage.office, shown(stage), stage.office.now())
    return {view.kind: (view.count, view.note) for view in todo}


def test_before_the_first_month_there_is_nothing_to_show(stage: Stage) -> None:
    assert shown(stage).periods == ()
    assert shown(stage).waiting_letters == 0
    assert set(row_of(stage, "education")) == {ReturnState.NOT_STARTED}
    assert "还没有开启" in line_with(stage, PLAN)


def test_an_open_month_counts_what_is_owed_and_calls_nobody_missing(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    stage.agency("education").file(JANUARY)
    collect_returns.run(office=stage.office)
    period = month(stage)
    assert (period.period, period.label, period.state) == ("2024-01", "2024年1月", "填报中")
    assert f"{period.due_at:%Y-%m-%d %H:%M}" == "2024-02-06 18:00"
    assert (period.owed, period.accepted, period.late, period.missing) == (23, 1, 0, 0)  # one owes nothing
    assert period.lights == {}
    assert row_of(stage, "education")[:2] == (ReturnState.ON_TIME, ReturnState.NOT_STARTED)
    assert row_of(stage, SILENT)[0] is ReturnState.NOT_DUE
    assert "填报中" in line_with(stage, "2024年1月（截止")
    assert not any("未报：" in line for line in lines(stage))


def test_after_the_due_moment_it_counts_missing_and_late_and_shows_the_lights(january: Stage) -> None:
    period = month(january)
    assert (period.accepted, period.missing, period.late) == (22, 2, 0)
    assert sum(period.lights.values()) == len(january.office.plan(PLAN, JANUARY).indicators)
    assert period.lights["red"] == 1
    january.at("2024-02-08T11:00")
    january.agency(LATE).file(JANUARY)
    collect_returns.run(office=january.office)
    period = month(january)
    assert (period.accepted, period.missing, period.late) == (23, 1, 1)
    assert row_of(january, LATE)[0] is ReturnState.LATE
    assert row_of(january, SILENT)[0] is ReturnState.MISSING
    assert plain(january.name(SILENT)) in line_with(january, "未报：")
    assert plain(january.name(LATE)) in line_with(january, "迟报：")
    assert "红" in line_with(january, "演示示范摊位")


def test_an_exempt_agency_is_not_counted_and_an_extension_moves_no_others_due_moment(
    january: Stage,
) -> None:
    exceptions.exempt(PLAN, SILENT, "2024-01", Decided("office-clerk", "机构调整"), office=january.office)
    first = min(agency.id for agency in january.office.plan(PLAN, JANUARY).filers)
    for agency in (first, LATE):
        exceptions.extend(
            PLAN,
            agency,
            "2024-01",
            Decided("office-clerk", "系统迁移"),
            to="2024-02-20T18:00",
            office=january.office,
        )
    period = month(january)
    assert (period.owed, period.missing) == (23, 0)
    assert f"{period.due_at:%Y-%m-%d %H:%M}" == "2024-02-06 18:00"
    assert row_of(january, SILENT)[0] is ReturnState.EXEMPT
    detail = returns.detail(january.office, PLAN, LATE, JANUARY, january.office.now())
    assert detail.extended
    assert [(d.what, d.reason, d.actor) for d in detail.decisions] == [("延期", "系统迁移", "office-clerk")]
    assert "截止 02-06 18:00" in line_with(january, "2024年1月（截止")


def test_letters_that_wait_stand_with_title_agency_and_run(january: Stage) -> None:
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    waiting = {letter.agency_id: letter for letter in cases.letters(january.office, PLAN) if letter.run_id}
    letter = waiting[SILENT]
    assert letter.run_id == f"letter-{january.letter(SILENT).id}-round-1"
    assert letter.agency == january.name(SILENT)
    assert "提醒敦促函" in letter.title
    assert shown(january).waiting_letters == len(waiting) == 3
    assert "待签发 3 份" in line_with(january, "已签发 0 份")
    assert "office-deputy" in line_with(january, f"待签发 {january.letter(SILENT).id}：")


def test_it_says_that_the_clock_is_not_the_worlds_and_that_this_is_a_demo(january: Stage) -> None:
    assert shown(january).clock_note == "演示时钟 2024-02-06 18:05"
    assert shown(january).demo
    assert lines(january)[0] == "演示时钟 2024-02-06 18:05"


def test_a_locked_month_is_called_locked_and_says_where_the_files_are(january: Stage) -> None:
    january.at("2024-02-26T18:10")
    close_period.run(office=january.office)
    assert "已锁定" in line_with(january, "2024年1月（截止")
    assert str(january.office.settings.drive) in line_with(january, "共享盘：")
    assert "食药安办/月报" in line_with(january, "工作月报 ")
    assert str(january.office.settings.home / "mail") in line_with(january, "邮件未真正发出")


def test_a_plan_there_is_not_is_named_with_those_there_are(january: Stage) -> None:
    with pytest.raises(PlanError, match=r"没有工作要点“nowhere-2024”；现有：pinghu-2024"):
        plans.one(january.office, "nowhere-2024", january.office.now())
    with pytest.raises(PlanError, match="nowhere-2024"):
        list(state.lines("nowhere-2024", office=january.office))


def test_a_case_stands_at_its_step_and_says_what_its_clock_says(january: Stage) -> None:
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    views = cases.listed(january.office, PLAN, january.office.now())
    reminders = dict(cases.by_step(views))["提醒敦促函"]
    assert {view.agency_id for view in reminders} >= {SILENT, LATE}
    assert {view.clock for view in reminders} == {"待签发"}
    assert cases.closed(views) == ()
    letter = january.letter(SILENT)
    sign_letters.answer(
        letter.id,
        decision="签发",
        user="office-deputy",
        hash=letter.content_hash,
        talk={"skipped": "演示"},
        office=january.office,
    )
    view = next(v for v in cases.listed(january.office, PLAN, january.office.now()) if v.agency_id == SILENT)
    assert view.clock == "答复期限 2024-02-20，还有 13 天"
    january.at("2024-02-21T09:10")
    view = next(v for v in cases.listed(january.office, PLAN, january.office.now()) if v.agency_id == SILENT)
    assert (view.clock, view.overdue) == ("答复期限 2024-02-20，已过 1 天", True)
    assert waits(january)["overdue"] == (1, january.name(SILENT))


def test_what_waits_for_the_office_is_told_by_kind_until_it_is_done(january: Stage) -> None:
    assert waits(january) == {}
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    exceptions.hold_digest(PLAN, "2024-01", Decided("office-clerk", "等核定数"), office=january.office)
    assert waits(january)["letters"] == (3, "最早2024-02-07 拟稿")
    assert waits(january)["held"] == (1, "2024年1月")
    january.at("2024-02-19T09:10")
    deliver_outbox.run(office=january.office)
    assert waits(january)["alarms"] == (3, "文书久未签发")
    assert shown(january).alarms == 3


def test_a_figure_is_followed_to_its_cell(january: Stage) -> None:
    now = january.office.now()
    detail = indicators.detail(january.office, PLAN, "demo-lessons", JANUARY, now)
    (month_figure,) = [fact for fact in detail.facts if fact.role == "month"]
    assert (month_figure.role_name, month_figure.sheet) == ("本月数", "指标")
    assert month_figure.value == detail.value
    page = facts.page(january.office, PLAN, now, offset=2, limit=5)
    assert (len(page.items), page.items[0]) == (5, facts.page(january.office, PLAN, now).items[2])
    with pytest.raises(RefusedError, match="没有指标"):
        indicators.detail(january.office, PLAN, "nothing", JANUARY, now)


def test_the_digest_says_of_every_indicator_what_the_api_says(january: Stage) -> None:
    now = january.office.now()
    digest = digest_of(month_report(january.office, PLAN, JANUARY, now, kind="digest"))
    views = indicators.listed(january.office, PLAN, JANUARY, now)
    for line, view in zip(digest.indicators, views, strict=True):
        assert (line.name, line.agency, line.light.value) == (view.name, view.answerable, view.light)
        assert line.value == figure(view.value, view.unit, against=view.target)
        assert line.actual == tuple(None if v is None else float(v) for v in view.series)
        assert line.expected == tuple(None if v is None else float(v) for v in view.path)
    assert {light.value: n for light, _, n in digest.lights if n} == month(january).lights
    period = month(january)
    assert digest.discipline.months[-1][1:] == (
        period.on_time, period.late, period.missing, period.returned
    )  # fmt: skip


def test_health_names_what_needs_a_person_and_when_the_folders_were_looked_through(january: Stage) -> None:
    view = health.health(january.office, PLAN, january.office.now())
    assert view.alarms == ()
    assert f"{view.last_sweep_at:%Y-%m-%d %H:%M}" == "2024-02-06 18:05"
    assert view.messages["已发"] > 0
    shutil.rmtree(january.office.settings.drive)
    january.office.settings.drive.write_text("no folder", encoding="utf-8")
    view = health.health(january.office, PLAN, january.office.now())
    assert not view.drive_there


def test_a_file_is_given_only_where_a_row_of_the_plan_names_it(january: Stage) -> None:
    detail = returns.detail(january.office, PLAN, "education", JANUARY, january.office.now())
    receipt = detail.submission_list[0].receipt
    assert receipt is not None
    assert files.kept(january.office, PLAN, receipt.sha256)[0] == receipt.name
    stray = january.office.archive.put_bytes(b"kept, and named by nobody")
    for plan, sha256 in ((PLAN, stray), ("other-2024", receipt.sha256)):
        with pytest.raises(RefusedError, match="没有这个文件"):
            files.kept(january.office, plan, sha256)


def test_the_board_sees_a_plan_that_was_changed_under_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUBAN_PLANS_DIR", str(tmp_path / "plans"))
    settings.cache_clear()
    try:
        first = opening.opened()
        assert opening.opened() is first
        head = tmp_path / "plans" / PLAN / "plan.yaml"
        head.write_text(
            head.read_text(encoding="utf-8").replace("title: 2024年", "title: 改名的2024年"), "utf-8"
        )
        assert opening.opened().plan(PLAN, JANUARY).title.startswith("改名的")
    finally:
        settings.cache_clear()
