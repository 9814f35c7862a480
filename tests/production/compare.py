"""What came of a month: what is exported and put out, without the numbers of rows and the bytes of files."""

from __future__ import annotations

import csv
import warnings
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from sqlalchemy import select

from demo.setting import PLAN
from include.office import export, ledger_book
from include.office.desk import Office
from include.store import schema as t

OFFICE = "食药安办"
OWN = {"id", "submission_id", "letter_id", "case_id", "sha256", "size"}  # the installation's own
FOLDERS = {
    "templates": "责任单位/*/待报/*",
    "receipts": "责任单位/*/回执/*",
    "letters served": "责任单位/*/文书/*",
    "letters kept": "食药安办/文书/*",
    "consolidated": "食药安办/汇总/*/*",
    "digests": "食药安办/月报/*/*",
}
Told = Counter[tuple[str, ...]]


def results(office: Office, outputs: Path) -> dict[str, Told]:
    """Give what came of the month: exported tables, and files on the drive and in `outputs`."""
    return {**_tables(office), "mails": _mails(office), **put_out(office.drive_of(PLAN).root, outputs)}


def put_out(drive: Path, outputs: Path) -> dict[str, Told]:
    """Give what was put out: of each file its place and, where a program can read them, its rows.

    The agencies' files lie on the drive; the office's own in `outputs`, which may be the drive as well.
    """
    return {
        name: Counter((str(file.relative_to(place)), *_rows_of(file)) for file in place.glob(pattern))
        for name, pattern in FOLDERS.items()
        for place in (outputs if pattern.startswith(OFFICE) else drive,)
    }


def verified(office: Office) -> tuple[int, list[str]]:
    """Give the number of entries of the ledger, and what does not hold in it."""
    checked = ledger_book.verify(PLAN, office=office)[PLAN]
    return checked.entries, [str(one) for one in checked.breaks]


def _mails(office: Office) -> Told:
    with office.store.reading() as connection:
        mails = connection.execute(select(t.message).where(t.message.c.channel == "mail")).all()
    return Counter((row.state, row.payload["subject"], *row.payload["to"]) for row in mails)


def _tables(office: Office) -> dict[str, Told]:
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.csv" for name in export.run(PLAN, Path(folder), office=office)]
        return {file.stem: _table(file) for file in files}


def _table(file: Path) -> Told:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return Counter(
            tuple(f"{key}={value}" for key, value in row.items() if key not in OWN)
            for row in csv.DictReader(text)
        )


def _rows_of(file: Path) -> Iterable[str]:
    """Give a workbook's rows, in no order, or a text's lines; a docx or pdf is told by its place alone."""
    if file.suffix == ".xlsx":
        return sorted(_rows(file.read_bytes()))
    return file.read_text(encoding="utf-8-sig").splitlines() if file.suffix == ".txt" else ()


def _rows(workbook: bytes) -> Iterable[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl on what it does not keep: sparklines
        book = load_workbook(BytesIO(workbook))
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            if told := [str(value) for value in row if value is not None]:
                yield "\t".join([sheet.title, *told])
