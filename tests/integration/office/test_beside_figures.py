"""代填, 免报 and 补报 stand wherever the figure stands, until there is nothing more to say beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from demo.setting import CARELESS, LAGGING, PLAN, set_stage
from include.documents.digest import digest_of
from include.office import close_period, collect_returns, exceptions, export, open_period, proxy
from include.office.board import facts, indicators, returns
from include.office.board.checks import checks
from include.office.decided import Decided
from include.office.month_report import month_report
from include.office.passport import passport
from include.office.publish_digest import KIND as DIGEST
from include.records.figures import ClauseStatus
from tests.integration.office.conftest import JANUARY, Stage, settings_for

SCHOOLS, CO_OWNER = "education", "public-security"  # both owe their part of clause 3.3
# what the office decided, about whose return, and an indicator whose figure comes from it
PROXY, EXEMPT, LATE_FILING = (
    ("代填", LAGGING, "demo-stalls"),
    ("免报", CARELESS, "demo-lessons"),
    ("补报", SCHOOLS, "sunshine-delivery"),
)
ALL = (PROXY, EXEMPT, LATE_FILING)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """January, locked: filed for one, waived for one, of one taken after the lock; nobody else has filed."""
    scratch = tmp_path_factory.mktemp("beside")
    office = set_stage(settings_for(scratch / "home", ""))
    stage = Stage(office)
    stage.at("2024-01-31T08:30")
    open_period.run(office=office)
    stage.at("2024-02-05T10:00")
    for agency in (CARELESS, CO_OWNER):
        exceptions.exempt(PLAN, agency, "2024-01", Decided("clerk", "机构撤并"), office=office)
    filled = stage.agency(LAGGING).file(JANUARY).replace(scratch / "代填.xlsx")
    proxy.file_for(PLAN, LAGGING, "2024-01", filled, reason="电话报数", user="clerk", office=office)
    stage.at("2024-02-26T18:10")
    collect_returns.run(office=office)
    close_period.run(office=office)
    stage.at("2024-02-27T09:00")
    exceptions.allow_late(PLAN, SCHOOLS, "2024-01", Decided("clerk", "机房停电"), office=office)
    stage.agency(SCHOOLS).file(JANUARY)
    collect_returns.run(office=office)
    stage.at("2024-02-27T18:10")
    close_period.run(office=office)
    yield stage
    office.store.close()


def mark(stage: Stage, word: str, agency: str) -> str:
    return f"{word}（{stage.name(agency)}）"


def line(file: Path, sheet: str, *words: str) -> str:
    """Give the line of a sheet that holds all these words."""
    rows = (["" if v is None else str(v) for v in r] for r in load_workbook(file)[sheet].values)
    return next(" ".join(row) for row in rows if all(any(w in v for v in row) for w in words))


def text(file: Path, sheet: str) -> str:
    return "\n".join(str(v) for row in load_workbook(file)[sheet].values for v in row if v)


def test_the_board_shows_it_beside_figure_and_return_and_in_the_data(month: Stage, tmp_path: Path) -> None:
    now = month.office.now()
    shown = {view.id: view for view in indicators.listed(month.office, PLAN, JANUARY, now)}
    for word, agency, indicator in ALL:
        assert mark(month, word, agency) in shown[indicator].marks
    assert shown["demo-lessons"].light_name == "灰（免报）"
    notes = {agency: returns.detail(month.office, PLAN, agency, JANUARY, now).notes for _, agency, _ in ALL}
    assert notes == {
        LAGGING: ("代填：电话报数",),
        CARELESS: ("免报：机构撤并",),
        SCHOOLS: ("补报：机房停电",),
    }
    told = {(fact.agency_id, fact.marks) for fact in facts.page(month.office, PLAN, now).items}
    assert told == {(LAGGING, "代填"), (SCHOOLS, "补报")}
    export.run(PLAN, tmp_path / "data", office=month.office)
    lines = (tmp_path / "data" / "facts.csv").read_text(encoding="utf-8-sig").splitlines()
    assert {row.rsplit(",", 1)[1] for row in lines} == {"marks", "代填", "补报"}


def test_report_and_digest_show_it_beside_figure_and_name_nobody_exempt_as_silent(month: Stage) -> None:
    book = month.office_files("汇总")[-1]
    now = month.office.now()
    report = month_report(month.office, PLAN, JANUARY, now, kind=DIGEST)
    digest = {row.name: row for row in digest_of(report).indicators}
    for word, agency, indicator in ALL:
        name = month.office.plan(PLAN, JANUARY).indicator(indicator).name
        assert mark(month, word, agency) in line(book, "指标", name)
        assert mark(month, word, agency) in digest[name].notes
    assert month.name(CARELESS) + "免报" in line(book, "指标", "演示培训场次")
    assert "代填" in line(book, "数据项", "演示示范摊位", "本月数")
    assert "补报" in line(book, "数据项", "阳光配送", month.name(SCHOOLS), "分子")


def test_of_a_joint_duty_each_co_owner_is_filed_exempt_or_silent_in_board_report_and_receipt(
    month: Stage,
) -> None:
    filed, exempt = month.name(SCHOOLS), month.name(CO_OWNER)
    seen = checks(month.office, PLAN, JANUARY, month.office.now())
    duty = next(one for one in seen.joint_duties if one.clause == "3.3")
    states = {owner.agency: owner.state for owner in duty.owners}
    assert states.pop(filed) in {status.value for status in ClauseStatus}
    assert states.pop(exempt) == "免报"
    assert set(states.values()) == {"未报"}
    assert set(duty.silent) == set(states)
    row = line(month.office_files("汇总")[-1], "共同任务", "3.3", "校园食品安全").split()
    assert row[2:4] == [str(len(duty.owners)), "1"], "shared by four, filed by one"
    receipt = next(f for f in month.folder(SCHOOLS, "回执").iterdir() if "已接收" in f.name)
    told = line(receipt, "回执", "· 3.3")
    assert f"已报1家（{filed}）；尚未报{len(states)}家（" in told
    assert f"免报1家（{exempt}）" in told


def test_receipt_and_proof_show_it_to_the_agency(month: Stage) -> None:
    def newest(agency: str, words: str) -> Path:
        found = [f for f in month.folder(agency, "回执").iterdir() if words in f.name]
        return max(found, key=lambda f: f.stat().st_mtime_ns)

    assert "由食药安办代填（电话报数），已接收" in text(newest(LAGGING, "已接收"), "回执")
    assert "已作为补报接收（机房停电）。逾期收到" in text(newest(SCHOOLS, "已接收"), "回执")
    for word, agency, _ in ALL:
        assert mark(month, word, agency) in text(newest(agency, "核对稿"), "核对稿")


def test_the_passport_shows_it_with_reason_and_person_until_the_agency_confirms(month: Stage) -> None:
    for word, agency, indicator in ALL:
        told = passport(indicator, "2024-01", plan=PLAN, office=month.office)
        assert mark(month, word, agency) in told["figure"]["marks"]
    stalls = passport("demo-stalls", "2024-01", plan=PLAN, office=month.office)
    assert {(*fact["notes"], fact["confirmed"]) for fact in stalls["facts"]} == {
        ("代填：电话报数", "clerk代填，单位尚未确认")
    }
    lessons = passport("demo-lessons", "2024-01", plan=PLAN, office=month.office)
    assert lessons["figure"]["value"] == "免报"
    proxy.confirm(PLAN, LAGGING, "2024-01", reason="分管领导来电", user="clerk", office=month.office)
    stalls = passport("demo-stalls", "2024-01", plan=PLAN, office=month.office)
    assert stalls["figure"]["marks"] == []
    assert all(fact["confirmed"].endswith("由clerk确认：分管领导来电") for fact in stalls["facts"])
