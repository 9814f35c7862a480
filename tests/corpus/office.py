"""What the office makes of one case: files dropped into 报送, collected by the use case, told as text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import Row, select

from demo.agencies import SimulatedAgency
from demo.setting import PLAN, set_stage
from include.office import clock, collect_returns, open_period
from include.office.desk import Office
from include.office.receipts import OUTCOME_NAMES
from include.plan import Period
from include.records.submissions import SubmissionState
from include.returns.layout import Layout, layout_for
from include.returns.receipt_words import SEVERITIES
from include.settings import Settings
from include.store import schema as t
from include.store.engine import Store

CASES = Path(__file__).parent / "cases"
RECEIPT = "回执.txt"
AGENCY, PERIOD = "education", Period(2024, 1)
_DROPPED, _FIRST_LOOK, _SECOND_LOOK = "2024-02-02T10:00", "2024-02-02T11:00", "2024-02-02T17:00"


class Desk:
    """An office in which January 2024 is open; it answers every case as if nothing else had ever come."""

    def __init__(self, home: Path) -> None:
        self.office = set_stage(Settings(home=home, stable_seconds=0))
        _set_clock(self.office, "2024-01-31T08:30")
        open_period.run(office=self.office)
        self.office.store.close()
        self._database = (home / "duban.db").read_bytes()

    def answer(self, files: dict[str, bytes]) -> str:
        """Answer a case from the beginning."""
        office = self.office
        for place in (folder(office, "报送"), folder(office, "报送") / "已收", folder(office, "回执")):
            for file in [file for file in place.iterdir() if file.is_file()]:
                file.unlink()
        database = office.settings.home / "duban.db"
        for beside in database.parent.glob("duban.db-*"):
            beside.unlink()
        database.write_bytes(self._database)
        office.store = Store(office.settings.database)
        try:
            return _answer(office, files)
        finally:
            office.store.close()


def agency_of(office: Office) -> SimulatedAgency:
    return SimulatedAgency(office, office.plan(PLAN, PERIOD).agency(AGENCY))


def layout_of(office: Office) -> Layout:
    return layout_for(office.plan(PLAN, PERIOD), AGENCY, PERIOD)


def case_ids() -> list[str]:
    return sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def files_of(case: str) -> dict[str, bytes]:
    """Give what an official drops in a case, by name."""
    return {f.name: f.read_bytes() for f in sorted((CASES / case).iterdir()) if f.name != RECEIPT}


def _answer(office: Office, files: dict[str, bytes]) -> str:
    """Drop the files at 10:00, collect at 11:00, and at 17:00 what was left then; tell what was answered."""
    inbox = folder(office, "报送")
    dropped_at = clock.parse(_DROPPED)
    for minute, (name, data) in enumerate(files.items()):
        (inbox / name).write_bytes(data)
        _date(inbox / name, dropped_at + timedelta(minutes=minute))
    lines = list(_collected(office, _FIRST_LOOK))
    if _left(inbox):
        lines += [f"11:00 没有取走：{'、'.join(_left(inbox))}", *_collected(office, _SECOND_LOOK)]
    return "\n".join(lines) + "\n"


def _collected(office: Office, at: str) -> Iterator[str]:
    _set_clock(office, at)
    with office.store.reading() as connection:
        known = set(connection.scalars(select(t.submission.c.id)))
    collect_returns.run(PLAN, [AGENCY], office=office)
    with office.store.reading() as connection:
        rows = connection.execute(select(t.submission).order_by(t.submission.c.arrived_at, t.submission.c.id))
        fresh = [row for row in rows if row.id not in known]
    for row in fresh:
        yield from _told(office, row)


def _told(office: Office, row: Row[Any]) -> Iterator[str]:
    """Tell one answer: the state, the findings, the notes, what the receipt lists, the figures kept."""
    state = SubmissionState(row.state)
    yield f"文件：{row.original_name}"
    yield f"状态：{OUTCOME_NAMES[state]}"
    with office.store.reading() as connection:
        f = t.finding
        for found in connection.execute(select(f).where(f.c.submission_id == row.id).order_by(f.c.seq)):
            place = f"{found.sheet} {found.ref}".strip() or "整个文件"
            yield f"{SEVERITIES[found.severity]}〔{found.rule}〕{place}：{found.message}"
            yield f"    怎么改：{found.fix}"
        facts = connection.execute(select(t.fact).where(t.fact.c.submission_id == row.id)).all()
    receipt = load_workbook(BytesIO(office.archive.read(row.receipt_sha256)))
    yield f"回执：{_behind(receipt)}"
    yield from (f"处理：{note}" for note in row.notes)
    yield from (f"随附：{kind} {name}" for kind, name in _companions(receipt["回执"]))
    for fact in facts:
        value = fact.state if fact.value is None else f"{fact.value.normalize():f}"
        yield f"数据：{fact.indicator_id}/{fact.role} = {value}〔{fact.sheet} {fact.ref}“{fact.raw}”〕"
    yield ""


def _behind(receipt: Any) -> str:
    """Tell what stands behind the first sheet of a receipt, and how many cells are commented there."""
    texts = [str(cell.value) for row in receipt["回执"].iter_rows() for cell in row if cell.value]
    fresh = any("代替原来的文件" in text for text in texts)
    marked = sum(cell.comment is not None for sheet in receipt for row in sheet.iter_rows() for cell in row)
    if len(receipt.sheetnames) == 1:
        return "只有回执一页"
    kind = "本期模板，已填好读到的内容" if fresh else "本单位的原表"
    return f"{kind}，批注 {marked} 处" if marked else kind


def _companions(sheet: Any) -> Iterator[tuple[str, str]]:
    """Give what the receipt itself lists under 随附材料."""
    listing = False
    for cells in sheet.iter_rows(values_only=True):
        if listing and not cells[0]:
            return
        if listing:
            yield str(cells[0]), str(cells[4])
        listing = listing or cells[0] == "随附材料"


def folder(office: Office, kind: str) -> Path:
    return office.drive_of(PLAN).agency_folder(office.plan(PLAN, PERIOD).agency(AGENCY).name, kind)


def _left(inbox: Path) -> list[str]:
    return sorted(file.name for file in inbox.iterdir() if file.is_file())


def _date(file: Path, moment: datetime) -> None:
    os.utime(file, (moment.timestamp(), moment.timestamp()))


def _set_clock(office: Office, text: str) -> None:
    clock.start(office.settings, clock.parse(text), stopped=True)
