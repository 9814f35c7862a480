"""Use case `ledger`: verifying the ledger, and writing the 台账 people keep as a workbook."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from include.documents.ledger import write_ledger
from include.office import anchors
from include.office.desk import Office, demo_mark, open_office, selected
from include.office.letter_rows import case_rows, letter_rows
from include.plan import Period
from include.store import cases, ledger


def verify(
    plan: str | None = None, *, against: Path | None = None, office: Office | None = None
) -> dict[str, anchors.Checked]:
    """Verify the ledgers, by plan: the chain, the anchors on the drive and a copy of them (`against`)."""
    office = office or open_office()
    also = against.read_bytes() if against else b""
    return {plan_id: anchors.check(office, plan_id, also) for plan_id in selected(office, plan)}


def export(plan: str, to: Path | None = None, *, office: Office | None = None) -> Path:
    """Write the 台账 of a plan to a file, in the present folder unless named. Raises: PlanError."""
    office = office or open_office()
    office.book(plan)
    file = to or Path(name(office, plan))
    file.write_bytes(workbook(office, plan))
    return file


def name(office: Office, plan_id: str) -> str:
    """Name the workbook, without edition."""
    return f"{office.book(plan_id).year}年督办文书台账.xlsx"


def workbook(office: Office, plan_id: str, *, until: datetime | None = None) -> bytes:
    """Make the workbook: letters, cases, and every event (up to a moment) with its hash."""
    plan = office.plan(plan_id, Period(office.book(plan_id).year, 12))
    with office.store.reading() as connection:
        letters, steps = cases.letters(connection, plan_id), cases.steps(connection, plan_id)
        lines = list(letter_rows(office, connection, plan, letters, steps))
        matters = list(case_rows(office, plan, cases.cases(connection, plan_id), steps))
        events = [
            (e.seq, e.at, e.actor, e.event, e.subject, json.dumps(e.body, ensure_ascii=False), e.hash)
            for e in ledger.entries(connection, plan_id)
            if until is None or e.at <= until
        ]
    marks = tuple(filter(None, (demo_mark(plan.demo), office.settings.handling_mark)))
    return write_ledger(lines, events, cases=matters, marks=marks)
