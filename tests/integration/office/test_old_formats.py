"""What comes as .xls, .ods or .csv is given back as a filled-in template, to be corrected in place."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from demo.setting import PLAN
from include.office import collect_returns, open_period
from include.plan import Period
from include.records.submissions import SubmissionState
from include.store import returns
from tests.corpus.office import files_of
from tests.integration.office.conftest import Stage

DATABASES = ("sqlite",)
PERIOD = Period(2024, 1)
RIGHT = {"F6": 8, "G8": 53}


@pytest.fixture
def opened(stage: Stage) -> Stage:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    return stage


def dropped(stage: Stage, name: str, data: bytes) -> Any:
    """Drop a file of the education bureau; gives the newest receipt, opened."""
    (stage.folder("education", "报送") / name).write_bytes(data)
    collect_returns.run(PLAN, ["education"], office=stage.office)
    with stage.office.store.reading() as connection:
        row = returns.submissions(connection, PLAN)[-1]
    return load_workbook(BytesIO(stage.office.archive.read(row.receipt_sha256)))


def states(stage: Stage) -> list[str]:
    with stage.office.store.reading() as connection:
        return [row.state for row in returns.submissions(connection, PLAN)]


def facts(stage: Stage) -> dict[tuple[str, str], Any]:
    with stage.office.store.reading() as connection:
        return {(f.indicator_id, f.role): f.value for f in returns.facts(connection, PLAN, PERIOD)}


def faulty_csv() -> bytes:
    (data,) = files_of("right-csv-gb18030").values()
    text = data.decode("gb18030")
    assert text.count(",8,121,") == 1
    return text.replace(",8,121,", ",约8,121,").encode("gb18030")


def from_corpus(case: str) -> bytes:
    (data,) = files_of(case).values()
    return data


@pytest.mark.parametrize(
    ("name", "data", "faults"),
    [
        ("一月.xls", from_corpus("percent-and-word-formats-xls"), {"F6": "25%", "G8": "3万？"}),
        ("一月.ods", from_corpus("percent-and-word-formats-ods"), {"F6": "25%", "G8": "3万？"}),
        ("一月.csv", faulty_csv(), {"F6": "约8"}),
    ],
    ids=["xls", "ods", "csv"],
)
def test_a_faulty_return_in_an_old_format_is_corrected_in_its_receipt_and_accepted(
    name: str, data: bytes, faults: dict[str, str], opened: Stage
) -> None:
    book = dropped(opened, name, data)
    assert book.sheetnames[:3] == ["回执", "封面", "指标"]
    told = [str(cell.value) for row in book["回执"].iter_rows() for cell in row if cell.value]
    assert any(f"系统不能在“{name}”上标注" in text and "代替原来的文件" in text for text in told)
    sheet = book["指标"]
    commented = {c.coordinate for row in sheet.iter_rows() for c in row if c.comment}
    assert commented == set(faults)
    links = [cell.hyperlink for row in book["回执"].iter_rows() for cell in row if cell.hyperlink]
    assert {link.location for link in links} == {f"'指标'!{ref}" for ref in faults}
    assert {ref: str(sheet[ref].value) for ref in faults} == faults

    untouched = {ref: sheet[ref].value for ref in ("G6", "H7", "F8") if ref not in faults}
    assert all(isinstance(value, int) for value in untouched.values())
    assert book["封面"]["C9"].value
    assert book["工作进展"]["E6"].value
    for ref in faults:
        sheet[ref] = RIGHT[ref]
    out = BytesIO()
    book.save(out)
    again = dropped(opened, "改好了.xlsx", out.getvalue())
    assert again.sheetnames == book.sheetnames
    assert states(opened) == [SubmissionState.RETURNED, SubmissionState.ACCEPTED]
    kept = facts(opened)
    assert kept["sunshine-delivery", "numerator"] == RIGHT["F6"]
    assert kept["sunshine-delivery", "denominator"] == untouched["G6"]


def test_an_accepted_return_in_an_old_format_says_the_same_when_its_receipt_is_sent(opened: Stage) -> None:
    book = dropped(opened, "一月.xls", from_corpus("right-by-libreoffice-xls"))
    before = facts(opened)
    out = BytesIO()
    book.save(out)
    dropped(opened, "一月.xlsx", out.getvalue())
    assert states(opened) == [SubmissionState.ACCEPTED] * 2
    assert facts(opened) == before
