"""Closing a month: editions, corrections, the lock, what comes after it, and days asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from demo.setting import LATE, PLAN, SILENT
from include.errors import RefusedError
from include.office import close_period, collect_returns, exceptions, open_period
from include.office.decided import Decided
from include.records.figures import Role
from include.records.submissions import Filing, SubmissionState, Timeliness
from include.store import publications, returns
from tests.integration.office.conftest import JANUARY, Stage, plain, with_denominators

DELIVERY = "sunshine-delivery"  # “阳光配送”覆盖率, reported by education


def editions(stage: Stage) -> list[Any]:
    with stage.office.store.reading() as connection:
        return list(publications.editions(connection, PLAN, close_period.KIND))


def close(stage: Stage, moment: str, **asked: Any) -> list[str]:
    """Collect and close at a moment; give what was done to January."""
    stage.at(moment)
    collect_returns.run(office=stage.office)
    return close_period.run(office=stage.office, **asked)["plans"][PLAN].get("2024-01", [])


def consolidated(stage: Stage, edition: int) -> Path:
    (file,) = [f for f in stage.office_files("汇总") if f"第{edition}版" in f.name]
    return file


def texts(file: Path) -> list[str]:
    book = load_workbook(file)
    return [
        plain(str(c.value)) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None
    ]


def correct(stage: Stage, denominator: int) -> None:
    """Drop education's accepted January workbook once more, with another denominator."""
    (taken,) = (stage.folder("education", "报送") / "已收").glob("*.xlsx")
    book = with_denominators(taken, {"阳光配送": denominator})
    (stage.folder("education", "报送") / "更正后的报表.xlsx").write_bytes(book)


def reporting_column(file: Path) -> set[str]:
    """Give what the sheet 单位 says of January's returns."""
    rows = list(load_workbook(file)["单位"].iter_rows(values_only=True))
    at = next(n for row in rows for n, value in enumerate(row) if value is not None and "1月" in str(value))
    return {str(row[at]) for row in rows}


def denominator_of(stage: Stage) -> int:
    with stage.office.store.reading() as connection:
        facts = {(f.agency_id, f.indicator_id, f.role): f for f in returns.facts(connection, PLAN, JANUARY)}
    value = facts["education", DELIVERY, Role.DENOMINATOR].value
    assert value is not None
    return int(value)


def test_nothing_is_closed_before_the_due_moment(january: Stage) -> None:
    january.at("2024-02-06T17:55")
    assert close_period.run(office=january.office)["note"] == "没有要办的"
    assert january.office_files("汇总") == []


def test_after_the_due_moment_the_first_edition_lies_on_the_drive(january: Stage) -> None:
    assert close(january, "2024-02-06T18:10") == ["汇总报表第1版"]
    said = texts(consolidated(january, 1))
    assert any("演示数据" in text for text in said)
    assert any(plain(january.name(SILENT)) in text for text in said)
    (edition,) = editions(january)
    assert edition.edition == 1
    assert consolidated(january, 1).read_bytes() == january.office.archive.read(edition.content["sha256"])
    assert [e.body["edition"] for e in january.events("consolidated-published")] == [1]


def test_closing_again_the_same_and_the_next_day_makes_nothing_new(january: Stage) -> None:
    close(january, "2024-02-06T18:10")
    assert close(january, "2024-02-06T18:10") == []
    assert close(january, "2024-02-07T18:10") == []
    assert close(january, "2024-02-07T18:10", period="2024-01") == []
    assert len(january.office_files("汇总")) == 1


def test_a_correction_makes_a_second_edition_beside_the_first_and_names_what_changed(january: Stage) -> None:
    close(january, "2024-02-06T18:10")
    first = consolidated(january, 1).read_bytes()
    before = denominator_of(january)
    january.at("2024-02-08T11:00")
    correct(january, before + 6)
    assert close(january, "2024-02-08T18:10") == ["汇总报表第2版"]
    assert denominator_of(january) == before + 6
    assert consolidated(january, 1).read_bytes() == first
    sheet = load_workbook(consolidated(january, 2))["更正"]
    rows = [[plain(str(c.value)) for c in row] for row in sheet.iter_rows()]
    assert any("阳光配送" in cell for row in rows for cell in row)
    assert close(january, "2024-02-08T18:10") == [], "the list of corrections alone is no news"


def test_a_late_return_is_added_and_stays_late(january: Stage) -> None:
    close(january, "2024-02-06T18:10")
    january.at("2024-02-08T11:00")
    january.agency(LATE).file(JANUARY)
    assert close(january, "2024-02-08T18:10") == ["汇总报表第2版"]
    assert january.standing(LATE).filing is Filing.ACCEPTED
    assert january.standing(LATE).timeliness is Timeliness.LATE


def test_the_lock_day_locks_and_what_comes_later_is_answered_as_too_late(january: Stage) -> None:
    close(january, "2024-02-06T18:10")
    assert close(january, "2024-02-23T18:10") == []
    done = close(january, "2024-02-26T18:10")
    assert any("锁定24份" in plain(text) for text in done)
    assert january.standing("education").locked
    january.at("2024-02-27T11:00")
    january.agency(LATE).file(JANUARY)
    collect_returns.run(office=january.office)
    with january.office.store.reading() as connection:
        states = [r.state for r in returns.submissions(connection, PLAN) if r.agency_id == LATE]
    assert states == [SubmissionState.TOO_LATE]
    (receipt,) = [name for name in january.names(LATE, "回执") if "回执" in name]
    assert "锁定" in receipt
    assert january.standing(LATE).timeliness is Timeliness.MISSING
    assert close(january, "2024-02-27T18:10") == []


def test_a_late_filing_the_office_allows_repairs_the_data_not_the_timeliness(january: Stage) -> None:
    close(january, "2024-02-06T18:10")
    done = close(january, "2024-02-26T18:10")
    locked = len(editions(january))
    assert done[0].startswith("锁定")
    exceptions.allow_late(PLAN, LATE, "2024-01", Decided("office-clerk", "机构搬迁"), office=january.office)
    january.at("2024-02-28T11:00")
    january.agency(LATE).file(JANUARY)
    assert close(january, "2024-02-28T18:10") == [f"汇总报表第{locked + 1}版"]
    assert january.standing(LATE).filing is Filing.ACCEPTED
    assert january.standing(LATE).timeliness is Timeliness.LATE
    assert close(january, "2024-02-29T18:10") == []
    (allowed,) = january.events("late-filing-allowed")
    assert allowed.actor == "office-clerk"
    assert allowed.body["reason"] == "机构搬迁"


def test_a_correction_shows_in_the_next_report_of_every_month_that_tells_the_figure(january: Stage) -> None:
    def corrections(edition: str) -> list[str]:
        (file,) = [f for f in january.office_files("汇总") if f.name.startswith(edition)]
        rows = load_workbook(file)["更正"].iter_rows(values_only=True)
        return [" ".join(str(v) for v in row) for row in rows if any("阳光配送" in str(v) for v in row)]

    january.at("2024-02-29T08:30")
    open_period.run(office=january.office)
    close(january, "2024-03-07T18:10")
    assert corrections("2024-02 汇总报表 第1版") == []
    january.at("2024-03-08T09:00")
    exceptions.allow_late(PLAN, "education", "2024-01", Decided("clerk", "漏报"), office=january.office)
    correct(january, 150)
    close(january, "2024-03-08T18:10")
    for edition in ("2024-01 汇总报表 第2版", "2024-02 汇总报表 第2版"):
        (told,) = corrections(edition)
        assert told.startswith("2024-01 ")
        assert "市教育局第2次报送（补报）" in told
    assert close(january, "2024-03-11T18:10") == [], "told once"


def test_nobody_is_missing_before_a_sweep_looked(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    stage.agency("education").file(JANUARY)
    collect_returns.run(office=stage.office)
    stage.at("2024-02-08T09:00")
    close_period.run(office=stage.office)
    assert stage.standing(SILENT).timeliness is Timeliness.PENDING
    (first,) = editions(stage)
    assert "未报" not in reporting_column(consolidated(stage, first.edition))
    collect_returns.run(office=stage.office)
    assert stage.standing(SILENT).timeliness is Timeliness.MISSING
    close_period.run(office=stage.office)
    assert "未报" in reporting_column(consolidated(stage, first.edition + 1))


def test_a_past_day_is_answered_as_it_stood_at_its_end(january: Stage) -> None:
    january.at("2024-02-08T11:00")
    before = denominator_of(january)
    correct(january, before + 6)
    january.agency(LATE).file(JANUARY)
    collect_returns.run(office=january.office)
    january.at("2024-02-20T18:10")
    close_period.run(as_of="2024-02-07", office=january.office)
    (edition,) = editions(january)
    assert edition.as_of.isoformat() == "2024-02-07"
    said = texts(consolidated(january, 1))
    assert str(before) in said
    assert str(before + 6) not in said
    assert close(january, "2024-02-20T18:20") == ["汇总报表第2版"]
    assert str(before + 6) in texts(consolidated(january, 2))


def test_a_past_day_asked_about_again_does_not_turn_a_published_month_back(january: Stage) -> None:
    close(january, "2024-02-07T18:10")
    january.at("2024-02-08T11:00")
    correct(january, denominator_of(january) + 6)
    close(january, "2024-02-08T18:10")
    assert close(january, "2024-02-20T18:10", as_of="2024-02-07") == []
    assert [e.edition for e in editions(january)] == [1, 2]


def test_a_day_that_has_not_come_is_refused(january: Stage) -> None:
    january.at("2024-02-06T18:10")
    with pytest.raises(RefusedError, match="还没有到"):
        close_period.run(as_of="2024-02-07", office=january.office)
    assert editions(january) == []


def test_a_month_that_was_never_opened_has_nothing_to_close(january: Stage) -> None:
    with pytest.raises(RefusedError, match="pinghu-2024 2024-05还没有开启"):
        close_period.run(period="2024-05", office=january.office)
    with pytest.raises(RefusedError, match="2023-12不是"):
        close_period.run(period="2023-12", office=january.office)


def test_a_month_named_before_its_due_moment_is_refused(january: Stage) -> None:
    january.at("2024-02-06T17:00")
    with pytest.raises(RefusedError, match="到2024-02-06 18:00截止"):
        close_period.run(period="2024-01", office=january.office)
