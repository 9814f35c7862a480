"""What came of a month: what is exported and put out, without the numbers of rows and the bytes of files."""

from __future__ import annotations

import csv
from collections import Counter
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from demo.setting import PLAN
from include.office import export, ledger_book
from include.office.desk import Office

OWN = {
    "id",
    "submission_id",
    "letter_id",
    "case_id",
    "sha256",
    "size",
}  # the installation's own
Told = Counter[tuple[str, ...]]


def results(office: Office) -> dict[str, Told]:
    """Give what came of the month: every exported table, every receipt and letter, what the office got."""
    found = _tables(office)
    drive = office.drive_of(PLAN).root
    for name in ("回执", "文书", "待报"):
        found[name] = Counter(_content(file, drive) for file in sorted(drive.glob(f"责任单位/*/{name}/*")))
    return found


def verified(office: Office) -> tuple[int, list[str]]:
    """Give the number of entries of the ledger, and what does not hold in it."""
    checked = ledger_book.verify(PLAN, office=office)[PLAN]
    return checked.entries, [str(one) for one in checked.breaks]


def _tables(office: Office) -> dict[str, Told]:
    with TemporaryDirectory() as folder:
        export.run(PLAN, Path(folder), office=office)
        return {file.stem: _rows(file) for file in sorted(Path(folder).glob("*.csv"))}


def _rows(file: Path) -> Told:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return Counter(
            tuple(f"{key}={value}" for key, value in row.items() if key not in OWN)
            for row in csv.DictReader(text)
        )


def _content(file: Path, drive: Path) -> tuple[str, ...]:
    """Give a file's place and what stands in it; of a document that carries its moment, the place alone."""
    where = str(file.relative_to(drive))
    if file.suffix == ".xlsx":
        return where, *_cells(file.read_bytes())
    return (where, file.read_text(encoding="utf-8-sig")) if file.suffix == ".txt" else (where,)


def _cells(workbook: bytes) -> list[str]:
    book = load_workbook(BytesIO(workbook))
    return [
        f"{sheet.title}!{cell.coordinate}={cell.value}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
