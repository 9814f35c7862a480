"""Cases and letters on the board: at which step each case stands, and what its clock says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.escalation import LETTER_STATE_NAMES, STEP_NAMES, run_id
from include.escalation.names import APPROVER_NAMES, CASE_STATE_NAMES, LADDER_ORDER, TRACK_NAMES, Step
from include.office.board.views import (
    CaseDetail,
    CaseView,
    EventView,
    FileLink,
    LetterText,
    LetterView,
    StepView,
)
from include.office.case_book import case_name, events
from include.office.desk import Office
from include.office.letter_view import as_shown
from include.plan import Period
from include.records.escalation import CaseState, LetterState, Track
from include.store import cases, replies
from include.workdays import SHANGHAI, WorkCalendar

_ANSWERABLE = (LetterState.SERVED, LetterState.OVERDUE)
_BEFORE_SERVICE = (LetterState.SIGNED, LetterState.NUMBERED, LetterState.SEALED)


def listed(office: Office, plan_id: str, now: datetime) -> tuple[CaseView, ...]:
    """Give every case, oldest first."""
    with office.store.reading() as connection:
        rows, steps = cases.cases(connection, plan_id), cases.steps(connection, plan_id)
    of_case: dict[int, list[Row[Any]]] = defaultdict(list)
    for step in steps:
        of_case[step.case_id].append(step)
    return tuple(_case(office, plan_id, row, of_case[row.id], now.date()) for row in rows)


def by_step(views: Sequence[CaseView]) -> tuple[tuple[str, tuple[CaseView, ...]], ...]:
    """Give the open cases by the step they stand at, in the order of the ladder; `(name, cases)`."""
    open_ones = [v for v in views if v.state == CaseState.OPEN and v.track != Track.INSTRUCTION]
    lifting = [Step.LIFTING] if any(v.steps and v.steps[-1].step == Step.LIFTING for v in open_ones) else []
    found = {
        step: tuple(v for v in open_ones if v.steps and v.steps[-1].step == step)
        for step in (*LADDER_ORDER, *lifting)
    }
    without = tuple(view for view in open_ones if not view.steps)
    rungs = [(STEP_NAMES[step], views_) for step, views_ in found.items()]
    return tuple([("已立项，尚未发文", without), *rungs] if without else rungs)


def instructions(views: Sequence[CaseView]) -> tuple[CaseView, ...]:
    """Give the open instructions (批示), which stand outside the ladder; the one due first in front."""
    mine = (v for v in views if v.state == CaseState.OPEN and v.track == Track.INSTRUCTION)
    return tuple(sorted(mine, key=lambda v: (v.due_on or v.opened_on, v.id)))


def detail(office: Office, plan_id: str, case_id: int, now: datetime) -> CaseDetail:
    """Give one case with everything that happened to it. Raises: RefusedError if the plan has no such one."""
    with office.store.reading() as connection:
        row, steps = cases.case(connection, case_id), cases.steps(connection, plan_id)
        if row is None or row.plan_id != plan_id:
            raise RefusedError(f"没有督办事项{case_id}")
        told = events(office, connection, row, steps)
    view = _case(office, plan_id, row, [s for s in steps if s.case_id == case_id], now.date())
    return CaseDetail(
        **dict(view),
        events=tuple(
            EventView(said=said, evidence=FileLink(**evidence) if evidence else None)
            for said, evidence in told
        ),
    )


def closed(views: Sequence[CaseView]) -> tuple[CaseView, ...]:
    """Give the cases that are not open any more, the last closed first."""
    return tuple(
        sorted(
            (v for v in views if v.closed_on), key=lambda v: (v.closed_on or v.opened_on, v.id), reverse=True
        )
    )


def _case(office: Office, plan_id: str, row: Row[Any], steps: Sequence[Row[Any]], today: date) -> CaseView:
    opened_in = Period(office.book(plan_id).year, row.opened_on.month)
    clock, overdue = _clock(row, steps, today, office.calendar(plan_id))
    return CaseView(
        id=row.id,
        agency_id=row.agency_id,
        agency=office.agency(plan_id, row.agency_id, opened_in).name,
        track=row.track,
        track_name=TRACK_NAMES[row.track],
        matter=row.matter,
        matter_name=case_name(office.plan(plan_id, opened_in), row),
        detail=row.detail,
        raised_by=row.raised_by,
        raised_on=row.raised_on,
        due_on=row.due_on,
        state=row.state,
        state_name=CASE_STATE_NAMES[row.state],
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        closed_because=row.closed_because,
        extension_until=row.extension_until,
        accepted_reason=row.accepted_reason,
        plan_on=row.plan_on,
        lifted_on=row.lifted_on,
        copies_to=tuple(office.agency(plan_id, who, opened_in).name for who in row.copies_to or ()),
        merged_into=row.merged_into,
        clock=clock,
        overdue=overdue,
        steps=tuple(_step(step, office.calendar(plan_id)) for step in steps),
    )


def _clock(row: Row[Any], steps: Sequence[Row[Any]], today: date, calendar: WorkCalendar) -> tuple[str, bool]:
    """Say where a case's clock stands, and whether it ran out."""
    if row.state != CaseState.OPEN:
        return "已停止", False
    if row.track == Track.INSTRUCTION:
        return _until(f"办理期限 {row.due_on}", row.due_on, today)
    if row.extension_until and row.extension_until >= today:
        return f"延期至 {row.extension_until}，期限暂停", False
    return _letter_clock(steps[-1], today, calendar) if steps else ("尚未发文", False)


def _letter_clock(letter: Row[Any], today: date, calendar: WorkCalendar) -> tuple[str, bool]:
    if letter.state in _ANSWERABLE and letter.reply_due_on:
        due = f"{letter.reply_due_on}{calendar.mark(letter.reply_due_on)}"
        return _until(f"答复期限 {due}", letter.reply_due_on, today)
    if letter.state in _BEFORE_SERVICE:
        return "已签发，送达后起算", False
    if letter.state == LetterState.ANSWERED:
        return f"{letter.answered_on} 已答复，待审核", False
    return LETTER_STATE_NAMES[letter.state], False


def _until(what: str, due_on: date, today: date) -> tuple[str, bool]:
    days = (due_on - today).days
    said = f"已过 {-days} 天" if days < 0 else f"还有 {days} 天" if days else "今天到期"
    return f"{what}，{said}", days < 0


def _reply_due_mark(row: Row[Any], calendar: WorkCalendar) -> str:
    return calendar.mark(row.reply_due_on) if row.reply_due_on else ""


def _step(row: Row[Any], calendar: WorkCalendar) -> StepView:
    return StepView(
        step=row.step,
        step_name=STEP_NAMES[row.step],
        round=row.round,
        letter_id=row.letter_id,
        letter_state=row.state,
        letter_state_name=LETTER_STATE_NAMES[row.state],
        number=row.number,
        proposed_on=row.proposed_on,
        served_on=row.served_at.astimezone(SHANGHAI).date() if row.served_at else None,
        reply_due_on=row.reply_due_on,
        reply_due_mark=_reply_due_mark(row, calendar),
        answered_on=row.answered_on,
        reasons=tuple(row.reasons),
    )


def letters(office: Office, plan_id: str) -> tuple[LetterView, ...]:
    """Give every letter, oldest first."""
    with office.store.reading() as connection:
        rows, answers = cases.letters(connection, plan_id), replies.all_of(connection, plan_id)
    return tuple(
        _letter(office, row, [answer for answer in answers if answer.letter_id == row.id]) for row in rows
    )


def letter(office: Office, plan_id: str, letter_id: int, now: datetime) -> LetterText:
    """Give one letter with all that its signer reads. Raises: RefusedError: the plan has no such letter."""
    with office.store.reading() as connection:
        row, answers = cases.letter(connection, letter_id), replies.of_letter(connection, letter_id)
    if row is None or row.plan_id != plan_id:
        raise RefusedError(f"没有文书{letter_id}")
    view = _letter(office, row, answers)
    return LetterText(**view.model_dump(), text=as_shown(office, row, now), hash=row.content_hash)


def _letter(office: Office, row: Row[Any], answers: Sequence[Row[Any]]) -> LetterView:
    title = row.content["title"]
    documents = (("docx", row.docx_sha256), ("pdf", row.pdf_sha256))
    return LetterView(
        id=row.id,
        kind=row.content["kind_name"],
        title=title,
        agency_id=row.agency_id,
        agency=office.agency(row.plan_id, row.agency_id, Period.parse(row.period)).name,
        period=row.period,
        state=row.state,
        state_name=LETTER_STATE_NAMES[row.state],
        number=row.number,
        approver=APPROVER_NAMES[row.approver],
        drafted_on=row.drafted_on,
        signed_on=row.signed_on,
        served_at=row.served_at.astimezone(SHANGHAI) if row.served_at else None,
        reply_due_on=row.reply_due_on,
        reply_due_mark=_reply_due_mark(row, office.calendar(row.plan_id)),
        answered_on=row.answered_on,
        accepted_on=row.accepted_on,
        run_id=run_id(row.id, row.asks) if row.state == LetterState.WAITING else None,
        files=tuple(FileLink(name=f"{title}.{kind}", sha256=sha) for kind, sha in documents if sha),
        replies=tuple(FileLink(name=answer.original_name, sha256=answer.sha256) for answer in answers),
    )
