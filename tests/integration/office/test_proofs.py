"""核对稿: each agency sees what will be published about it; an objection stands beside the figure."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from demo.setting import PLAN, SILENT
from include.errors import RefusedError
from include.office import close_period, collect_returns, objections, publish_digest
from include.office.decided import Decided
from include.office.passport import passport
from include.returns.proof_order import OBJECTION
from tests.integration.office.conftest import Stage, plain, with_denominators

DATABASES = ("sqlite",)
DELIVERY = "sunshine-delivery"
NAME = "2024-01 核对稿.xlsx"


@pytest.fixture
def closed(january: Stage) -> Stage:
    """January is closed on 2024-02-06 at 18:10; objections until the next working day at 18:00."""
    january.at("2024-02-06T18:10")
    close_period.run(office=january.office)
    return january


def proof(stage: Stage, agency: str, name: str = NAME) -> Path:
    return stage.folder(agency, "回执") / name


def objecting(file: Path, words: str, about: str = "阳光配送") -> bytes:
    """Write an objection into a 核对稿 the way an official does."""
    book = load_workbook(file)
    sheet = book["核对稿"]
    header = next(row for row in sheet.iter_rows() if any(c.value == OBJECTION for c in row))
    column = next(c.column for c in header if c.value == OBJECTION)
    for line in sheet.iter_rows(min_row=header[0].row + 1):
        if about in str(line[1].value):
            sheet.cell(line[0].row, column).value = words
    raised = next(c for row in sheet.iter_rows() for c in row if c.value == "提出人")
    sheet.cell(raised.row, 3).value = "演示科长"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send_back(stage: Stage, words: str) -> None:
    back = objecting(proof(stage, "market-regulation"), words)
    (stage.folder("market-regulation", "报送") / NAME).write_bytes(back)
    collect_returns.run(office=stage.office)


def marks_in(stage: Stage, edition: int) -> str:
    (file,) = [f for f in stage.office_files("汇总") if f"第{edition}版" in f.name]
    rows = load_workbook(file)["指标"].iter_rows(values_only=True)
    return "\n".join(str(v) for row in rows for v in row if v is not None)


def test_every_agency_gets_its_own_rows_in_folder_and_mail(closed: Stage) -> None:
    book = load_workbook(proof(closed, "education"))
    said = "\n".join(str(v) for row in book["核对稿"].iter_rows(values_only=True) for v in row if v)
    assert "阳光配送" in said
    assert "药品抽检" not in said, "another agency's"
    assert "2024年2月7日（星期三）18:00" in said
    assert book["系统信息"].sheet_state == "hidden"
    silent = load_workbook(proof(closed, SILENT))["核对稿"]
    assert any("未报" in str(v) for row in silent.iter_rows(values_only=True) for v in row if v)
    assert any("核对" in m.payload["subject"] for m in closed.messages("proof/2024-01/education/1/mail"))


def test_closing_again_sends_it_again_only_to_whom_something_changed(closed: Stage) -> None:
    sent = len(closed.events("proof-sent"))
    close_period.run(office=closed.office)
    assert len(closed.events("proof-sent")) == sent
    closed.at("2024-02-07T09:00")
    (taken,) = (closed.folder("education", "报送") / "已收").glob("*.xlsx")
    (closed.folder("education", "报送") / "更正.xlsx").write_bytes(
        with_denominators(taken, {"阳光配送": 150})
    )
    collect_returns.run(office=closed.office)
    closed.at("2024-02-07T18:10")
    close_period.run(office=closed.office)
    again = {event.body["agency"] for event in closed.events("proof-sent")[sent:]}
    assert "education" in again
    assert "court" not in again
    assert proof(closed, "education", "2024-01 核对稿 第2版.xlsx").exists()


def test_an_objection_comes_back_in_the_workbook_and_stands_beside_the_figure(closed: Stage) -> None:
    closed.at("2024-02-07T10:00")
    before = passport(DELIVERY, "2024-01", office=closed.office, plan=PLAN)["figure"]["value"]
    send_back(closed, "应为160家，见名录")
    (one,) = objections.objections(PLAN, "2024-01", office=closed.office)
    assert (one["agency"], one["indicator"], one["words"]) == (
        "market-regulation",
        DELIVERY,
        "应为160家，见名录",
    )
    assert (one["raised_by"], one["in_time"], one["answer"]) == ("演示科长", True, "")
    assert any("核对意见已收" in name for name in closed.names("market-regulation", "回执"))
    assert "market-regulation" not in {c.agency_id for c in closed.cases("market-regulation")}
    closed.at("2024-02-07T18:10")
    close_period.run(office=closed.office)
    assert plain(f"核对异议（{closed.name('market-regulation')}）") in plain(marks_in(closed, 2))
    told = passport(DELIVERY, "2024-01", office=closed.office, plan=PLAN)
    assert told["figure"]["value"] == before, "an objection changes no figure"
    assert told["objections"][0]["words"] == "应为160家，见名录"


def test_an_answered_objection_keeps_its_answer_and_no_longer_marks_the_figure(closed: Stage) -> None:
    closed.at("2024-02-07T10:00")
    send_back(closed, "应为160家")
    (one,) = objections.objections(PLAN, "2024-01", office=closed.office)
    closed.at("2024-02-07T11:00")
    objections.answer(PLAN, one["id"], Decided("clerk", "名录已更新，按150家"), office=closed.office)
    told = passport(DELIVERY, "2024-01", office=closed.office, plan=PLAN)
    assert not any("核对异议" in mark for mark in told["figure"]["marks"])
    assert told["objections"][0]["answer"] == "名录已更新，按150家"
    assert [e.actor for e in closed.events("objection-answered")] == ["clerk"]
    with pytest.raises(RefusedError, match="没有第"):
        objections.answer(PLAN, one["id"], Decided("clerk", "再答"), office=closed.office)


def test_no_words_in_it_are_no_objection_and_late_ones_are_marked_late(closed: Stage) -> None:
    closed.at("2024-02-07T10:00")
    back = proof(closed, "court").read_bytes()
    (closed.folder("court", "报送") / NAME).write_bytes(back)
    collect_returns.run(office=closed.office)
    assert objections.objections(PLAN, "2024-01", office=closed.office) == []
    closed.at("2024-02-07T18:05")
    send_back(closed, "应为160家")
    (one,) = objections.objections(PLAN, "2024-01", office=closed.office)
    assert one["in_time"] is False


def test_one_told_by_phone_is_registered_once_and_only_about_the_agencys_own(closed: Stage) -> None:
    closed.at("2024-02-07T10:00")

    def by_phone(agency: str, indicator: str) -> None:
        objections.object_to(
            PLAN, agency, "2024-01", indicator, Decided("clerk", "应为7家"), office=closed.office
        )

    by_phone("education", DELIVERY)
    with pytest.raises(RefusedError, match="已经登记"):
        by_phone("education", DELIVERY)
    with pytest.raises(RefusedError, match="不是court的指标"):
        by_phone("court", DELIVERY)
    assert len(closed.events("objection-raised")) == 1


def test_the_digest_waits_while_an_agency_may_still_object(january: Stage) -> None:
    january.at("2024-02-20T09:00")  # the 10th working day has come; nothing was closed yet
    close_period.run(office=january.office)

    def published() -> Any:
        return publish_digest.run(office=january.office)["plans"][PLAN].get("2024-01")

    january.at("2024-02-20T10:00")
    assert not published()
    with pytest.raises(RefusedError, match="核对期至2024-02-21 18:00"):
        publish_digest.run(plan=PLAN, period="2024-01", office=january.office)
    january.at("2024-02-21T18:01")
    assert published()
