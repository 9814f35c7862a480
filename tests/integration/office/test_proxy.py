"""What the office files for an agency: judged like a dropped file, marked until the agency stands by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from demo.setting import LATE, PLAN
from include.errors import RefusedError
from include.office import close_period, collect_returns, exceptions, proxy
from include.office.decided import Decided
from include.office.joint_duties import joint_duties
from include.records.submissions import Filing, SubmissionState, Timeliness
from include.store import returns
from tests.integration.office.conftest import JANUARY, Stage, plain

DATABASES = ("sqlite",)


def filled(stage: Stage, tmp_path: Path, *, careless: bool = False) -> Path:
    """Fill the late agency's template in at the office's own desk."""
    dropped = stage.agency(LATE).file(JANUARY, careless=careless)
    return dropped.replace(tmp_path / dropped.name)


def file_for(stage: Stage, file: Path, period: str = "2024-01", agency: str = LATE) -> dict[str, object]:
    return proxy.file_for(
        PLAN, agency, period, file, reason="电话报数", user="office-clerk", office=stage.office
    )


def confirm(stage: Stage) -> None:
    proxy.confirm(PLAN, LATE, "2024-01", reason="分管领导来电", user="office-clerk", office=stage.office)


def agencies_sheet(stage: Stage) -> str:
    newest = stage.office_files("汇总")[-1]
    rows = list(load_workbook(newest)["单位"].iter_rows(values_only=True))
    (own,) = [row for row in rows if row[0] and plain(stage.name(LATE)) in plain(str(row[0]))]
    return "\n".join(str(v) for v in own if v is not None)


def test_it_counts_and_is_marked_until_the_agency_confirms(january: Stage, tmp_path: Path) -> None:
    january.at("2024-02-07T10:00")
    assert file_for(january, filled(january, tmp_path)) == {"number": 1, "warnings": []}
    standing = january.standing(LATE)
    assert (standing.filing, standing.timeliness) == (Filing.ACCEPTED, Timeliness.LATE)
    assert standing.notes == (("代填", "电话报数"),)
    (event,) = january.events("proxy-filed")
    assert (event.actor, event.body["reason"]) == ("office-clerk", "电话报数")
    close_period.run(office=january.office)
    assert "代填：电话报数" in agencies_sheet(january)
    confirm(january)
    assert january.standing(LATE).notes == ()
    assert january.events("proxy-confirmed")[0].body["reason"] == "分管领导来电"
    january.at("2024-02-08T18:10")
    close_period.run(office=january.office)
    assert "代填" not in agencies_sheet(january)
    with pytest.raises(RefusedError, match="不是待确认的代填"):
        confirm(january)


def test_the_agency_is_told_how_to_confirm_and_does_so_by_its_own_return(
    january: Stage, tmp_path: Path
) -> None:
    january.at("2024-02-07T10:00")
    file_for(january, filled(january, tmp_path))
    (receipt,) = january.names(LATE, "回执")
    book = load_workbook(january.folder(LATE, "回执") / receipt)
    said = "\n".join(str(c) for row in book["回执"].iter_rows(values_only=True) for c in row if c)
    assert "由食药安办代填（电话报数），已接收" in said
    assert "把这份回执放入“报送”文件夹即为确认" in said
    (january.folder(LATE, "报送") / "确认.xlsx").write_bytes(
        (january.folder(LATE, "回执") / receipt).read_bytes()
    )
    january.at("2024-02-07T11:00")
    collect_returns.run(office=january.office)
    assert january.standing(LATE).notes == ()


def test_the_same_file_once_more_confirms_it(january: Stage, tmp_path: Path) -> None:
    january.at("2024-02-07T10:00")
    file = filled(january, tmp_path)
    file_for(january, file)
    (january.folder(LATE, "报送") / "同一份.xlsx").write_bytes(file.read_bytes())
    january.at("2024-02-07T11:00")
    collect_returns.run(office=january.office)
    assert january.standing(LATE).notes == ()
    with january.office.store.reading() as connection:
        counts = returns.counting_submission(connection, PLAN, LATE, JANUARY)
    assert counts is not None
    assert (counts.number, counts.confirmed_by) == (1, LATE)
    assert [e.body["reason"] for e in january.events("proxy-confirmed")] == ["报送了与代填完全相同的报表"]


def test_a_faulty_workbook_is_not_filed_and_is_no_fault_of_the_agencys(
    january: Stage, tmp_path: Path
) -> None:
    january.at("2024-02-07T10:00")
    with pytest.raises(RefusedError, match=r"封面 .*签发"):
        file_for(january, filled(january, tmp_path, careless=True))
    assert january.standing(LATE).submissions == 0
    assert january.names(LATE, "回执") == []


def test_what_is_not_this_agencys_return_of_this_month_is_refused(january: Stage, tmp_path: Path) -> None:
    january.at("2024-02-07T10:00")
    file = filled(january, tmp_path)
    with pytest.raises(RefusedError, match="不是2024年2月的"):
        file_for(january, file, "2024-02")
    with pytest.raises(RefusedError, match="未登记"):
        file_for(january, file, agency="court")
    with pytest.raises(RefusedError, match="不存在"):
        file_for(january, tmp_path / "没有.xlsx")


def test_after_the_lock_it_needs_a_late_filing_and_shows_as_both(january: Stage, tmp_path: Path) -> None:
    file = filled(january, tmp_path)
    january.at("2024-02-29T18:10")
    close_period.run(office=january.office)
    with pytest.raises(RefusedError, match="先登记补报"):
        file_for(january, file)
    january.at("2024-03-01T09:00")
    exceptions.allow_late(PLAN, LATE, "2024-01", Decided("u", "机构搬迁"), office=january.office)
    file_for(january, file)
    assert january.standing(LATE).notes == (("补报", "机构搬迁"), ("代填", "电话报数"))
    assert january.standing(LATE).timeliness is Timeliness.LATE


def test_joint_duties_are_shown_per_co_owner(january: Stage) -> None:
    shared = {row["clause"]: row for row in joint_duties(PLAN, "2024-01", office=january.office)}
    assert len(shared["3.1"]["states"]) == 4
    assert {state["state"] for state in shared["3.1"]["states"]} == {"正常推进"}
    assert shared["3.1"]["silent"] == []
    with january.office.store.reading() as connection:
        rows = returns.submissions(connection, PLAN, JANUARY)
    assert {row.state for row in rows} == {SubmissionState.ACCEPTED}
    first, *_, last = [row for row in rows if row.agency_id in ("education", "market-regulation", "health")]
    told = [_joint_lines(january, row.receipt_path) for row in (first, last)]
    assert any("尚未报" in line for line in told[0]), "the first of them files alone"
    assert any("已报" in line for line in told[1])


def _joint_lines(stage: Stage, path: str) -> list[str]:
    book = load_workbook(stage.office.drive.root / path)
    cells = [str(c) for row in book["回执"].iter_rows(values_only=True) for c in row if c]
    return [text for text in cells if text.startswith("· ") and "家（" in text]
