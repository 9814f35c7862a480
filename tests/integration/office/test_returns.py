"""From the template in an agency's folder to the receipt: opening and collecting, through real files."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from demo.filling import fill
from demo.setting import CARELESS, LATE, PLAN
from include.office import collect_returns, exceptions, open_period
from include.office.decided import Decided
from include.plan import Period
from include.records.figures import Role
from include.records.submissions import Filing, SubmissionState, Timeliness
from include.returns.layout import layout_for
from include.store import returns
from tests.integration.office.conftest import Stage

PERIOD = Period(2024, 1)


@pytest.fixture
def opened(stage: Stage) -> Stage:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    return stage


def states(stage: Stage) -> list[tuple[str, str]]:
    with stage.office.store.reading() as connection:
        return [(row.agency_id, row.state) for row in returns.submissions(connection, PLAN)]


def test_opening_puts_a_template_into_every_folder_and_opening_again_nothing(opened: Stage) -> None:
    assert opened.names("education", "待报") == ["2024-01 填报模板.xlsx"]
    before = (opened.folder("education", "待报") / "2024-01 填报模板.xlsx").read_bytes()
    again = open_period.run(office=opened.office)
    assert again["touched"] == []
    assert again["note"] == "没有要办的"
    assert (opened.folder("education", "待报") / "2024-01 填报模板.xlsx").read_bytes() == before


def test_a_month_does_not_open_before_its_day(stage: Stage) -> None:
    stage.at("2024-01-30T08:30")
    assert open_period.run(office=stage.office)["touched"] == []


def test_a_right_return_is_accepted_with_its_lineage(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    opened.agency("education").file(PERIOD)
    done = collect_returns.run(office=opened.office)
    assert done["touched"] == [{"plan": PLAN, "period": "2024-01"}]
    assert states(opened) == [("education", SubmissionState.ACCEPTED)]
    assert opened.names("education", "报送") == []
    assert opened.names("education", "回执") == ["2024-01 回执 第1次 已接收.xlsx"]
    with opened.office.store.reading() as connection:
        facts = {(f.indicator_id, f.role): f for f in returns.facts(connection, PLAN, PERIOD)}
    numerator = facts["sunshine-delivery", Role.NUMERATOR]
    book = load_workbook(opened.folder("education", "回执") / "2024-01 回执 第1次 已接收.xlsx")
    assert book[numerator.sheet][numerator.ref].value == numerator.value
    assert opened.standing("education").timeliness is Timeliness.ON_TIME


def test_collecting_again_finds_nothing_to_do(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    opened.agency("education").file(PERIOD)
    collect_returns.run(office=opened.office)
    assert collect_returns.run(office=opened.office)["touched"] == []
    assert len(states(opened)) == 1


def test_a_faulty_return_comes_back_and_is_accepted_once_put_right(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    opened.agency(CARELESS).file(PERIOD, careless=True)
    collect_returns.run(office=opened.office)
    assert opened.standing(CARELESS).filing is Filing.RETURNED
    (receipt,) = opened.names(CARELESS, "回执")
    assert receipt.startswith("2024-01 回执 第1次 退回")
    book = load_workbook(opened.folder(CARELESS, "回执") / receipt)
    assert book.sheetnames[0] == "回执"
    assert any(cell.comment for sheet in book.worksheets for line in sheet.iter_rows() for cell in line)

    # the official corrects the receipt itself, in place, and drops it
    layout_sheet = book["封面"]
    for line in layout_sheet.iter_rows():
        for cell in line:
            if cell.value == "审核签发人":
                layout_sheet.cell(cell.row, cell.column + 1).value = "演示签发人"
    progress = book["工作进展"]
    header = next(row for row in progress.iter_rows() if any(c.value == "进展状态" for c in row))
    column = next(c.column for c in header if c.value == "存在问题")
    status = next(c.column for c in header if c.value == "进展状态")
    for line in progress.iter_rows(min_row=header[0].row + 1):
        if progress.cell(line[0].row, status).value == "进度滞后":
            progress.cell(line[0].row, column).value = "场地尚未落实，已约定下周现场协调"
    opened.at("2024-02-04T09:00")
    book.save(opened.folder(CARELESS, "报送") / f"{receipt}（改好）.xlsx")
    collect_returns.run(office=opened.office)
    assert states(opened) == [(CARELESS, SubmissionState.RETURNED), (CARELESS, SubmissionState.ACCEPTED)]
    assert opened.names(CARELESS, "回执")[-1].startswith("2024-01 回执 第2次 已接收")


def test_one_bad_file_holds_up_nobody(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    good = opened.agency("education").file(PERIOD)
    opened.agency("health").file(PERIOD)
    shutil.copy(good, opened.folder("court", "报送") / "教育局的表.xlsx")
    (opened.folder("finance", "报送") / "坏了.xlsx").write_bytes(b"PK\x03\x04 broken")
    (opened.folder("ecology", "报送") / "盖章扫描件.pdf").write_bytes(b"%PDF-1.7\n%scan\n")
    (opened.folder("commerce", "报送") / "空.xlsx").write_bytes(b"")
    collect_returns.run(office=opened.office)
    assert dict(states(opened)) == {
        "education": SubmissionState.ACCEPTED,
        "health": SubmissionState.ACCEPTED,
        "court": SubmissionState.FOREIGN,
        "finance": SubmissionState.UNREADABLE,
        "ecology": SubmissionState.COMPANION,
        "commerce": SubmissionState.UNREADABLE,
    }
    for agency in ("court", "finance", "ecology", "commerce"):
        (receipt,) = opened.names(agency, "回执")
        assert load_workbook(opened.folder(agency, "回执") / receipt).sheetnames[0] == "回执"


def test_what_comes_beside_a_return_is_told_by_what_it_is_and_listed_whatever_its_name(
    opened: Stage,
) -> None:
    """The scan is called a workbook, and it arrives after the return."""
    opened.at("2024-02-02T11:00")
    opened.agency("education").file(PERIOD)
    (opened.folder("education", "报送") / "盖好章的 2024-01.xlsx").write_bytes(b"%PDF-1.7\n%scan\n")
    (opened.folder("education", "报送") / "现场 2024-01.xls").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    collect_returns.run(office=opened.office)
    assert sorted(state for _, state in states(opened)) == ["accepted", "companion", "companion"]
    (receipt,) = [name for name in opened.names("education", "回执") if "已接收" in name]
    sheet = load_workbook(opened.folder("education", "回执") / receipt)["回执"]
    listed = [row[0].value for row in sheet.iter_rows() if row[4].value and "2024-01" in str(row[4].value)]
    assert {"扫描件", "图片"} <= set(listed)


def test_a_month_nobody_reported_leaves_the_last_accepted_figure_with_its_month(january: Stage) -> None:
    """Nothing is filed for February: March's template shows January's figure and says whose month it is."""
    january.at("2024-02-29T09:00")
    open_period.run(office=january.office)
    january.at("2024-03-29T09:00")
    open_period.run(office=january.office)
    with january.office.store.reading() as connection:
        facts = {(f.indicator_id, f.role): f.value for f in returns.facts(connection, PLAN, PERIOD)}
    for month, said in (("2024-02", False), ("2024-03", True)):
        sheet = load_workbook(january.folder("education", "待报") / f"{month} 填报模板.xlsx")["指标"]
        table = layout_for(january.office.plan(PLAN, Period.parse(month)), "education", Period.parse(month))
        assert table.indicators
        (row,) = table.indicators.rows_of("sunshine-delivery")
        shown = sheet[table.indicators.ref(row, "last")].value
        part = facts["sunshine-delivery", Role.NUMERATOR] / facts["sunshine-delivery", Role.DENOMINATOR]
        assert abs(shown - float(part)) < 1e-9
        told = "【上月数】是1月的，上月没有接收这个数" in str(sheet[table.indicators.ref(row, "name")].value)
        assert told is said


def test_the_same_bytes_again_are_a_duplicate_of_what_counts(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    first = opened.agency("education").file(PERIOD).read_bytes()
    collect_returns.run(office=opened.office)
    (opened.folder("education", "报送") / "再发一次.xlsx").write_bytes(first)
    collect_returns.run(office=opened.office)
    assert [state for _, state in states(opened)] == [SubmissionState.ACCEPTED, SubmissionState.DUPLICATE]


def test_the_last_accepted_submission_counts(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    path = opened.agency("education").file(PERIOD)
    first = path.read_bytes()
    collect_returns.run(office=opened.office)
    second = _with_denominator(first, "阳光配送", 150)
    (opened.folder("education", "报送") / "更正.xlsx").write_bytes(second)
    collect_returns.run(office=opened.office)
    with opened.office.store.reading() as connection:
        facts = {(f.indicator_id, f.role): f.value for f in returns.facts(connection, PLAN, PERIOD)}
    assert facts["sunshine-delivery", Role.DENOMINATOR] == 150


def _with_denominator(workbook: bytes, indicator: str, value: int) -> bytes:
    book = load_workbook(BytesIO(workbook))
    sheet = book["指标"]
    header = next(row for row in sheet.iter_rows() if any(c.value == "分母" for c in row))
    column = next(c.column for c in header if c.value == "分母")
    for line in sheet.iter_rows(min_row=header[0].row + 1):
        if any(indicator in str(c.value or "") for c in line):
            sheet.cell(line[0].row, column).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_after_the_due_moment_a_return_is_late_though_accepted(opened: Stage) -> None:
    opened.at("2024-02-06T18:05")
    collect_returns.run(office=opened.office)
    assert opened.standing(LATE).timeliness is Timeliness.MISSING
    opened.at("2024-02-08T11:00")
    opened.agency(LATE).file(PERIOD)
    collect_returns.run(office=opened.office)
    assert opened.standing(LATE).filing is Filing.ACCEPTED
    assert opened.standing(LATE).timeliness is Timeliness.LATE


def test_an_agency_is_never_late_because_nobody_looked(opened: Stage) -> None:
    """If no sweep ended between the due moment and the arrival, the file may have lain there in time."""
    opened.at("2024-02-08T11:00")
    assert opened.standing(LATE).timeliness is Timeliness.PENDING
    opened.agency(LATE).file(PERIOD)
    collect_returns.run(office=opened.office)
    assert opened.standing(LATE).timeliness is Timeliness.ON_TIME


def test_a_claimed_file_without_a_row_is_finished_by_the_next_run(opened: Stage) -> None:
    """As after a power cut between the claim and the row."""
    opened.at("2024-02-02T11:00")
    dropped = opened.agency("education").file(PERIOD)
    taken = opened.folder("education", "报送") / "已收"
    dropped.rename(taken / "20240202T020000000000Z-0123abcd-表.xlsx")
    collect_returns.run(office=opened.office)
    assert states(opened) == [("education", SubmissionState.ACCEPTED)]


def test_two_files_of_an_agency_are_judged_in_order_of_arrival(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    agency = opened.agency(CARELESS)
    first = agency.file(PERIOD, careless=True)
    first.rename(first.with_name("1.xlsx"))
    agency.file(PERIOD)
    collect_returns.run(office=opened.office)
    assert [state for _, state in states(opened)] == [SubmissionState.RETURNED, SubmissionState.ACCEPTED]


def test_an_exempted_agency_owes_nothing_and_an_extended_one_later(opened: Stage) -> None:
    exceptions.exempt(PLAN, "court", "2024-01", Decided("office-clerk", "机构调整"), office=opened.office)
    exceptions.extend(
        PLAN,
        "finance",
        "2024-01",
        Decided("office-clerk", "系统迁移"),
        to="2024-02-20T18:00",
        office=opened.office,
    )
    opened.at("2024-02-07T18:05")
    collect_returns.run(office=opened.office)
    assert opened.standing("court").filing is Filing.EXEMPT
    assert opened.standing("finance").timeliness is Timeliness.PENDING
    assert opened.standing("health").timeliness is Timeliness.MISSING


def test_a_file_still_being_copied_is_left_for_the_next_look(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    dropped = opened.agency("education").file(PERIOD)
    lock = dropped.with_name(f"~${dropped.name}")
    lock.write_bytes(b"locked")
    collect_returns.run(office=opened.office)
    assert states(opened) == []
    lock.unlink()
    collect_returns.run(office=opened.office)
    assert states(opened) == [("education", SubmissionState.ACCEPTED)]


def test_a_template_somebody_worked_in_is_never_overwritten(stage: Stage) -> None:
    """Before the month opens, a person's file of the same name already lies there."""
    stage.at("2024-01-31T08:30")
    folder = stage.folder("education", "待报")
    folder.mkdir(parents=True)
    mine: Path = folder / "2024-01 填报模板.xlsx"
    mine.write_bytes(b"half filled in")
    open_period.run(office=stage.office)
    assert mine.read_bytes() == b"half filled in"
    assert stage.names("education", "待报") == ["2024-01 填报模板 (2).xlsx", "2024-01 填报模板.xlsx"]


def test_a_nil_return_keeps_the_year_so_far(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    opened.agency("demo-lagging").file(PERIOD)
    collect_returns.run(office=opened.office)
    opened.at("2024-02-29T08:30")
    open_period.run(office=opened.office)
    template = opened.folder("demo-lagging", "待报") / "2024-02 填报模板.xlsx"
    plan = opened.office.plan(PLAN, Period(2024, 2))
    layout = layout_for(plan, "demo-lagging", Period(2024, 2))
    opened.at("2024-03-04T11:00")
    filled = fill(template.read_bytes(), layout, {}, {}, cover={"nil_return": "是"})
    (opened.folder("demo-lagging", "报送") / "零报告.xlsx").write_bytes(filled)
    collect_returns.run(office=opened.office)
    assert states(opened)[-1] == ("demo-lagging", SubmissionState.ACCEPTED)
    with opened.office.store.reading() as connection:
        facts = {(f.period.month, f.role): f.value for f in returns.facts(connection, PLAN, Period(2024, 2))}
    assert facts[2, Role.MONTH] == 0
    assert facts[2, Role.CUMULATIVE] == facts[1, Role.CUMULATIVE]


def test_the_receipt_says_what_was_read_and_what_came_with_it(opened: Stage) -> None:
    opened.at("2024-02-02T11:00")
    (opened.folder("education", "报送") / "盖章.pdf").write_bytes(b"%PDF-1.4 scan")
    collect_returns.run(office=opened.office)
    opened.agency("education").file(PERIOD)
    collect_returns.run(office=opened.office)
    (receipt,) = opened.folder("education", "回执").glob("*已接收*.xlsx")
    rows = [[str(v) for v in row if v] for row in load_workbook(receipt)["回执"].iter_rows(values_only=True)]
    pairs = {row[0]: row[1] for row in rows if len(row) == 2}
    assert pairs["填报人"] == "演示填报人"
    assert pairs["“阳光配送”覆盖率"] == "分子 8，分母 121，比率 6.6%"
    assert pairs["工作进展 · 正常推进"].startswith("3条：")
    assert "盖章.pdf" in pairs.values()
