"""The end of the last published year: all goes on, days are shown as 暂定, and settled by a recorded step."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from demo.setting import PLAN
from include.errors import AlarmError
from include.office import (
    clock,
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    exceptions,
    housekeeping,
    open_period,
    publish_digest,
    sign_letters,
    state,
    working_days,
)
from include.office.board import cases as board_cases
from include.office.board import plans as board_plans
from include.office.decided import Decided
from include.office.desk import Office, open_office
from include.office.letter_rows import letter_rows
from include.office.month_report import month_report
from include.office.numbering import give_numbers
from include.office.publish_digest import KIND as DIGEST
from include.plan import Period
from include.records.escalation import LetterState
from include.settings import ROOT, Settings
from include.store import cases
from tests.integration.office.conftest import Stage, plain, settings_for

DECEMBER = "2026-12"
SETTLED = "source: 平政办〔2026〕99号\nsettled_years: [2027]\nholidays: [2027-01-04]\n"


@pytest.fixture
def year_end(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """The plan as one of 2026, its last month due in a year nobody has published: 2026-12-31 at 08:30."""
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    head = tmp_path / "plans" / PLAN / "plan.yaml"
    text = re.sub(r"(?m)^year: 2024", "year: 2026", head.read_text("utf-8"))
    head.write_text(re.sub(r"(?m)^duties_from: 2024-01", f"duties_from: {DECEMBER}", text), "utf-8")
    of = settings_for(tmp_path / "home", database_url).model_copy(update={"plans_dir": tmp_path / "plans"})
    _people(of)
    office = open_office(of)
    give_numbers(PLAN, "平食药安办函", 2027, 1, 50, user="clerk", office=office)
    stage = Stage(office)
    stage.at("2026-12-31T08:30")
    yield stage
    office.store.close()


def _people(of: Settings) -> None:
    of.home.mkdir(parents=True)
    of.people_file.write_text(
        f"{PLAN}:\n"
        "  contacts: {education: [{name: 张三, role: 经办人, email: education@demo.invalid}]}\n"
        "  leaders: [{name: 李四, email: leader@demo.invalid}]\n"
        "  administrators: [{name: 王五, email: administrator@demo.invalid}]\n"
        "  approvers: {office-deputy: [deputy]}\n"
        "  mail_allowed: [demo.invalid]\n",
        encoding="utf-8",
    )


def settle(office: Office) -> None:
    """Write the office's own calendar, as an administrator does without an upgrade."""
    own = office.settings.plan_home(PLAN) / "overrides.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(SETTLED, encoding="utf-8")


def keep_house(stage: Stage) -> str:
    """Run the housekeeping; gives what it asks a person for."""
    with pytest.raises(AlarmError) as raised:
        housekeeping.run(office=stage.office)
    return str(raised.value)


def signed(stage: Stage, letter_id: int) -> str:
    """Sign a letter as its approver does; gives what came back."""
    shown = sign_letters.show(letter_id, office=stage.office)["hash"]
    return str(
        sign_letters.answer(
            letter_id,
            decision=sign_letters.SIGN,
            user="deputy",
            hash=shown,
            talk={"skipped": "已电话告知"},
            office=stage.office,
        )["note"]
    )


def due_row(stage: Stage) -> str:
    """Give the due moment on the cover of an agency's template."""
    file = stage.folder("education", "待报") / f"{DECEMBER} 填报模板.xlsx"
    sheet = load_workbook(BytesIO(file.read_bytes()))["封面"]
    (said,) = [str(row[2].value) for row in sheet.iter_rows() if str(row[1].value).startswith("截止时间")]
    return said


def test_every_use_case_works_on_the_last_day_of_the_last_published_year(year_end: Stage) -> None:
    office = year_end.office
    assert open_period.run(office=office)["touched"] == [{"plan": PLAN, "period": DECEMBER}]
    for use_case in (collect_returns, close_period, escalate_overdue, publish_digest, deliver_outbox):
        use_case.run(office=office)
    assert (
        keep_house(year_end) == f"{PLAN} 2027年工作日历尚未公布，请升级 chinesecalendar 或填写 overrides.yaml"
    )
    for day, due in (("2027-01-07", "T09:10"), ("2027-01-08", "T18:10"), ("2027-01-11", "T09:10")):
        year_end.at(day + due)
        for use_case in (collect_returns, close_period, escalate_overdue, deliver_outbox):
            use_case.run(office=office)
    year_end.at("2027-01-15T10:00")
    publish_digest.run(office=office)
    assert "工作月报" in year_end.office_files("月报")[0].name


def test_a_day_of_a_year_not_published_is_shown_as_provisional_wherever_it_stands(year_end: Stage) -> None:
    office = year_end.office
    open_period.run(office=office)
    assert due_row(year_end) == "2027年1月8日（星期五）18:00（暂定）"
    (opened,) = year_end.events("period-opened")
    assert "暂定" in opened.body["calendar"]
    assert "（截止 01-08 18:00（暂定），填报中）" in "\n".join(state.lines(office=office))
    assert board_plans.one(office, PLAN, office.now()).periods[0].due_provisional
    months_dates = month_report(office, PLAN, Period.parse(DECEMBER), office.now(), kind=DIGEST).next_dates
    assert [what for _, what in months_dates if "锁定" in what] == ["2026年12月报表锁定（暂定）"]
    year_end.at("2027-01-08T09:10")
    escalate_overdue.run(office=office)
    deliver_outbox.run(office=office)
    (chaser,) = year_end.mails("催报")
    assert "1月8日18:00（暂定）前报送" in plain(str(chaser["Subject"])).replace("(", "（").replace(")", "）")
    year_end.at("2027-01-08T18:10")
    collect_returns.run(office=office)
    close_period.run(office=office)
    deliver_outbox.run(office=office)
    proof = load_workbook(year_end.folder("education", "回执") / f"{DECEMBER} 核对稿.xlsx")
    said = [str(cell.value) for sheet in proof for row in sheet.iter_rows() for cell in row]
    assert any("18:00（暂定）前" in text for text in said)
    told = list(working_days.lines(office=office))
    assert any(
        line.strip().startswith("2026年 国务院办公厅节假日安排（国办发明电〔2025〕7号") for line in told
    )
    assert any(line.strip().startswith("2027年 暂定") for line in told)


def test_no_formal_letter_is_dated_by_a_provisional_calendar_and_its_days_are_marked(
    year_end: Stage,
) -> None:
    office = year_end.office
    open_period.run(office=office)
    year_end.at("2027-01-08T18:10")
    collect_returns.run(office=office)
    year_end.at("2027-01-11T09:10")
    escalate_overdue.run(office=office)
    letter = year_end.letter("education")
    assert "2027年工作日历尚未公布" in signed(year_end, letter.id)
    assert year_end.letter("education").state == LetterState.WAITING
    _as_if_served_in_december(year_end, letter.id)
    (case,) = year_end.cases("education")
    shown = board_cases.detail(office, PLAN, case.id, office.now())
    assert "答复期限 2027-01-15（暂定），还有 4 天" in shown.clock
    assert [view.reply_due_mark for view in board_cases.letters(office, PLAN) if view.id == letter.id] == [
        "（暂定）"
    ]
    with office.store.reading() as connection:
        rows = list(
            letter_rows(
                office,
                connection,
                office.plan(PLAN, Period.parse(DECEMBER)),
                [year_end.letter("education")],
                [],
            )
        )
    assert [row.reply_due_mark for row in rows] == ["（暂定）"]


def _as_if_served_in_december(stage: Stage, letter_id: int) -> None:
    """Put a letter where one stands that was served on the last day of a published year."""
    values = {
        "signed_on": date(2026, 12, 31),
        "served_at": stage.office.now(),
        "reply_due_on": date(2027, 1, 15),
    }
    with stage.office.store.writing() as connection:
        cases.change_letter(connection, letter_id, LetterState.WAITING, state=LetterState.SERVED, **values)


def test_a_letter_that_waited_for_the_calendar_is_signed_once_it_is_settled(year_end: Stage) -> None:
    office = year_end.office
    open_period.run(office=office)
    year_end.at("2027-01-08T18:10")
    collect_returns.run(office=office)
    year_end.at("2027-01-11T09:10")
    escalate_overdue.run(office=office)
    letter = year_end.letter("education")
    settle(office)
    assert signed(year_end, letter.id) == "平食药安办函〔2027〕1号"


def test_due_dates_move_only_by_a_recorded_step_once_the_year_is_settled(year_end: Stage) -> None:
    office = year_end.office
    open_period.run(office=office)
    exceptions.extend(
        PLAN, "agriculture", DECEMBER, Decided("clerk", "系统切换"), to="2027-01-20T18:00", office=office
    )
    settle(office)
    assert year_end.standing("education", DECEMBER).due_at == clock.parse("2027-01-08T18:00+08:00")
    year_end.at("2027-01-05T07:30")
    housekeeping.run(office=office)
    moved = clock.parse("2027-01-11T18:00+08:00")
    assert year_end.standing("education", DECEMBER).due_at == moved
    assert year_end.standing("education", DECEMBER).due_mark == ""
    assert year_end.standing("agriculture", DECEMBER).due_at == clock.parse("2027-01-20T18:00+08:00")
    (event,) = year_end.events("due-moved")
    assert event.body["from"] == ["2027-01-08T18:00:00+08:00"]
    assert event.body["to"] == moved.isoformat()
    assert "平政办〔2026〕99号" in event.body["reason"]
    assert "agriculture" not in event.body["agencies"]
    note = year_end.folder("education", "待报") / "改期 2026年12月报表截止时间.txt"
    assert "由2027年1月8日（星期五）18:00改为2027年1月11日（星期一）18:00。" in note.read_text("utf-8-sig")
    deliver_outbox.run(office=office)
    assert len(year_end.mails("改期")) == 1
    year_end.at("2027-01-06T07:30")
    housekeeping.run(office=office)
    assert len(year_end.events("due-moved")) == 1


def test_what_is_due_already_stays_due_whatever_the_calendar_says_later(year_end: Stage) -> None:
    office = year_end.office
    open_period.run(office=office)
    year_end.at("2027-01-08T18:10")
    collect_returns.run(office=office)
    settle(office)
    year_end.at("2027-01-11T07:30")
    housekeeping.run(office=office)
    assert not year_end.events("due-moved")
