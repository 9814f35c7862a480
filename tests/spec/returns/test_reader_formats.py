"""The same return from other programs and in other formats: bytes decide, not names."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from include.records.figures import FilledForm, Role
from include.records.readings import Reading, ReadOutcome
from tests import needs
from tests.corpus import education as e
from tests.corpus.faults import ole2

Read = Callable[..., Reading]
Need = Callable[[str], Path]


def figures(reading: Reading) -> dict[tuple[str, Role], object]:
    assert reading.form
    return {(f.indicator_id, f.role): f.value for f in reading.form.figures if f.value is not None}


EXPECTED = {
    (e.RATIO, Role.NUMERATOR): 30,
    (e.RATIO, Role.DENOMINATOR): 120,
    (e.COUNT, Role.MONTH): 1,
    (e.COUNT, Role.CUMULATIVE): e.LAST + 1,
}


def converted(soffice: Path, folder: Path, data: bytes, to: str) -> bytes:
    """Let LibreOffice open the file and save it in another format."""
    source = folder / "source.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    target = folder / "converted"
    command = [str(soffice), profile, "--headless", "--convert-to", to, "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (made,) = target.iterdir()
    return made.read_bytes()


@pytest.mark.parametrize("to", ["xlsx", "xls", "ods", "xlsm:Calc MS Excel 2007 VBA XML"])
def test_what_libreoffice_saves_is_read(to: str, need: Need, read: Read, tmp_path: Path) -> None:
    data = converted(need("soffice"), tmp_path, e.filled(names={e.COUNT: [("某某小学", "一路")]}), to)
    reading = read(data, "2024-08 填报模板.xlsx")
    assert (reading.outcome, reading.findings) == (ReadOutcome.FORM, ())
    assert figures(reading) == EXPECTED
    form = reading.form
    assert isinstance(form, FilledForm)
    assert [n.name for n in form.names] == ["某某小学"]
    assert (form.filled_by, form.phone) == ("演示填报人", "0573-00000000")
    assert not any("由系统按" in note for note in form.notes), "LibreOffice stored the computed figure"


def stacked(data: bytes) -> list[list[object]]:
    """Put all sheets below one another, as somebody does who must send a csv."""
    book = load_workbook(io.BytesIO(data))
    del book["口径说明"]
    return [
        ["" if v is None else v for v in row] for sheet in book for row in sheet.iter_rows(values_only=True)
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_with_all_tables_below_one_another_is_read(encoding: str, delimiter: str, read: Read) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(stacked(e.filled()))
    reading = read(out.getvalue().encode(encoding), "2024-08.csv")
    assert (reading.outcome, reading.findings) == (ReadOutcome.FORM, ())
    assert figures(reading) == EXPECTED
    assert reading.form
    assert reading.form.signed_by == "演示签发人"


def test_a_csv_of_one_sheet_says_what_it_lacks(read: Read) -> None:
    out = io.StringIO()
    rows = load_workbook(io.BytesIO(e.filled()))["指标"].iter_rows(values_only=True)
    csv.writer(out).writerows([["" if v is None else v for v in row] for row in rows])
    reading = read(out.getvalue().encode("gb18030"), "教育局2024年8月.csv")
    assert reading.outcome is ReadOutcome.FORM
    assert [f.rule for f in reading.findings] == ["sheet-missing", "sheet-missing"]
    assert figures(reading) == EXPECTED


def test_a_workbook_made_anew_by_another_program_is_read_by_its_words(read: Read) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        cover, table, progress = (book.add_worksheet(title) for title in ("Sheet1", "Sheet2", "Sheet3"))
        for row, (label, text) in enumerate(
            [("填报单位", "市教育局"), ("月份", "2024年8月"), ("填表人", "演示甲")]
        ):
            cover.write_row(row, 0, [label, text])
        table.write_row(
            0, 0, ["指标名称", "上月累计", "分子", "分母", "本月新增", "调整数", "累计", "情况说明"]
        )
        table.write_row(1, 0, ["“阳光配送”覆盖率", "", 30, 120])
        table.write_row(2, 0, ["中小学“示范食堂”", 3, "", "", 1])
        progress.write_row(0, 0, ["条款", "任务", "状态", "进展情况", "存在问题", "下一步打算"])
        for row, clause in enumerate(("3.1", "3.3", "6.2"), 1):
            progress.write_row(row, 0, [clause, "", "正常推进", "检查 12 家"])
    reading = read(out.getvalue(), "报表.xlsx")
    assert reading.outcome is ReadOutcome.FORM
    assert [f.rule for f in reading.findings] == ["sheet-missing"], "it has no list of names"
    assert {k: v for k, v in figures(reading).items() if k in EXPECTED} == EXPECTED


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4 ...", "扫描件"),
        (b"\xff\xd8\xff\xe0 jpeg", "图片"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\x00\x00\x00\x18ftypheic", "图片"),
        (b"{\\rtf1 ...}", "佐证材料"),
        (b"Rar!\x1a\x07\x00", "佐证材料"),
        (ole2("WordDocument"), "佐证材料"),
        ("关于8月工作的说明。".encode(), "佐证材料"),
    ],
    ids=["pdf", "jpeg", "png", "heic", "rtf", "rar", "doc", "txt"],
)
def test_companions_are_told_by_their_bytes(data: bytes, kind: str, read: Read) -> None:
    reading = read(data, "材料")
    assert (reading.outcome, reading.companion_kind, reading.form) == (ReadOutcome.COMPANION, kind, None)
    assert [f.rule for f in reading.findings] == ["scan-alone"]
    assert kind in reading.findings[0].message


@pytest.mark.parametrize(
    ("inside", "kind"),
    [("word/document.xml", "佐证材料"), ("OFD.xml", "扫描件"), ("照片/1.jpg", "佐证材料")],
)
def test_zipped_companions_are_told_by_what_is_inside(inside: str, kind: str, read: Read) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(inside, b"...")
    reading = read(out.getvalue(), "2024-08 填报模板.xlsx")
    assert (reading.outcome, reading.companion_kind) == (ReadOutcome.COMPANION, kind)


def test_a_workbook_called_pdf_is_read_and_a_pdf_called_xlsx_is_a_scan(read: Read) -> None:
    assert read(e.filled(), "扫描件.pdf").outcome is ReadOutcome.FORM
    assert read(b"%PDF-1.7", "报表.xlsx").outcome is ReadOutcome.COMPANION


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (ole2("_VBA_PROJECT_CUR", "Workbook"), "file-macro"),
        (ole2("SummaryInformation"), "file-corrupt"),
        (ole2("Workbook"), "file-corrupt"),
        (bytes(3000), "file-corrupt"),
        (b"PK\x03\x04" + bytes(range(256)), "file-corrupt"),
        (bytes(range(256)) * 4, "file-corrupt"),
        (b"\xff\xff\xfe garbage \x81", "file-corrupt"),
        (b'<?xml?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "file-other-format"),
        ("姓名,电话\n张三,1\n".encode(), "file-not-a-return"),
        (b"   \r\n", "file-corrupt"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_although_it_is_called_one_gets_its_own_answer(
    data: bytes, rule: str, read: Read
) -> None:
    reading = read(data, "2024-08.xls" if not data.startswith("姓".encode()) else "2024-08.csv")
    assert (reading.outcome, [f.rule for f in reading.findings]) == (ReadOutcome.UNREADABLE, [rule])


def test_workbooks_libreoffice_saved_with_a_password_are_told(need: Need, read: Read, tmp_path: Path) -> None:
    python, source = Path("/usr/bin/python3"), tmp_path / "source.xlsx"  # Debian's: it has UNO
    if (
        not python.exists()
        or subprocess.run([python, "-c", "import uno"], check=False, capture_output=True).returncode
    ):
        needs.miss("the system's Python has no UNO (package python3-uno)", failing=False)
    source.write_bytes(e.filled())
    script = e.ROOT / "tests/corpus/save_with_password.py"
    command = [python, str(script), str(need("soffice")), str(source), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for ending in ("xlsx", "xls", "ods"):
        reading = read((tmp_path / f"a.{ending}").read_bytes(), f"2024-08.{ending}")
        assert (reading.outcome, [f.rule for f in reading.findings]) == (
            ReadOutcome.UNREADABLE,
            ["file-encrypted"],
        )
