"""The lines of the 台账: letters and cases, with what came of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from include.escalation import CASE_STATE_NAMES, LETTER_STATE_NAMES, STEP_NAMES, TRACK_NAMES, day_text
from include.office.case_book import case_name
from include.office.desk import Office
from include.plan import Period, Plan
from include.records.reports import CaseRow, LetterRow
from include.store import ledger
from include.workdays import SHANGHAI

_JUDGED = {"letter-accepted": "认可", "letter-refused": "不予认可"}
_HANDED_OVER = "letter-handed-over"


def letter_rows(
    office: Office, connection: Connection, plan: Plan, letters: Sequence[Row[Any]], steps: Sequence[Row[Any]]
) -> Iterator[LetterRow]:
    """Make a line of each letter."""
    told: dict[str, list[Row[Any]]] = defaultdict(list)
    for entry in ledger.of_kinds(connection, plan.id, [_HANDED_OVER, *_JUDGED]):
        told[entry.subject].append(entry)
    period, calendar = Period(plan.year, 12), office.calendar(plan.id)
    for row in letters:
        life = told[f"letter/{row.id}"]
        served_on = row.served_at.astimezone(SHANGHAI).date() if row.served_at else None
        yield LetterRow(
            kind_name=row.content["kind_name"],
            number=row.number or "",
            agency=office.agency(plan.id, row.agency_id, period).name,
            summary=row.content["title"],
            state=LETTER_STATE_NAMES[row.state],
            drafted_on=row.drafted_on,
            signed_on=row.signed_on,
            served_on=served_on,
            reply_due_on=row.reply_due_on,
            reply_due_mark=calendar.mark(row.reply_due_on) if row.reply_due_on else "",
            matters="、".join(f"督办事项{s.case_id}" for s in steps if s.letter_id == row.id),
            code=str(row.id),
            issuer=plan.office_short,
            issued_on=next((e.at.astimezone(SHANGHAI).date() for e in life if e.event == _HANDED_OVER), None),
            received_on=served_on,
            rectification=_came_of_it(row),
            review="；".join(f"{_JUDGED[e.event]}：{e.body['reason']}" for e in life if e.event in _JUDGED),
            filed="盖章件" if row.sealed_sha256 else "电子件" if row.docx_sha256 else "",
        )


def _came_of_it(row: Row[Any]) -> str:
    """Say how the agency has answered a letter, after its state."""
    answered = f"{day_text(row.answered_on)}答复" if row.answered_on else ""
    accepted = f"{day_text(row.accepted_on)}认可" if row.accepted_on else ""
    return "，".join(filter(None, (answered, accepted))) or LETTER_STATE_NAMES[row.state]


def case_rows(
    office: Office, plan: Plan, rows: Sequence[Row[Any]], steps: Sequence[Row[Any]]
) -> Iterator[CaseRow]:
    """Make a line of each case."""
    for row in rows:
        taken = [s for s in steps if s.case_id == row.id]
        yield CaseRow(
            id=row.id,
            agency=office.agency(plan.id, row.agency_id, Period(plan.year, 12)).name,
            track=TRACK_NAMES[row.track],
            name=case_name(plan, row),
            state=CASE_STATE_NAMES[row.state],
            opened_on=row.opened_on,
            why="".join(taken[0].reasons) if taken else row.detail or "",
            steps="；".join(_step(s) for s in taken),
            extension_until=row.extension_until or row.due_on,
            closed_on=row.closed_on,
            closed_because=row.closed_because or "",
        )


def _step(row: Row[Any]) -> str:
    return f"{STEP_NAMES[row.step]}{row.number or ''}（{LETTER_STATE_NAMES[row.state]}）"
