"""Rows about cases and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from include.records.escalation import CaseState, LetterContent, LetterState
from include.store import schema as t


def cases(connection: Connection, plan_id: str) -> Sequence[Row[Any]]:
    """Give every case of a plan, oldest first."""
    c = t.matter_case
    return connection.execute(select(c).where(c.c.plan_id == plan_id).order_by(c.c.id)).all()


def add_case(connection: Connection, values: dict[str, Any]) -> int:
    """Open a case; gives its id."""
    done = connection.execute(t.matter_case.insert().values(state=CaseState.OPEN, **values))
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def case(connection: Connection, case_id: int) -> Row[Any] | None:
    """Give one case."""
    return connection.execute(select(t.matter_case).where(t.matter_case.c.id == case_id)).first()


def change_case(connection: Connection, case_id: int, expected: CaseState, **values: Any) -> bool:
    """Change a case; False if it is not in the expected state."""
    c = t.matter_case
    done = connection.execute(update(c).where(c.c.id == case_id, c.c.state == expected).values(**values))
    return done.rowcount == 1


def steps(connection: Connection, plan_id: str) -> Sequence[Row[Any]]:
    """Give every step taken, with its letter's columns, in order."""
    return connection.execute(
        select(t.case_step, t.letter)
        .join(t.letter, t.letter.c.id == t.case_step.c.letter_id)
        .where(t.letter.c.plan_id == plan_id)
        .order_by(t.case_step.c.proposed_on, t.case_step.c.letter_id)
    ).all()


def letters(connection: Connection, plan_id: str, *states: LetterState) -> Sequence[Row[Any]]:
    """Give the letters of a plan (in these states), oldest first."""
    query = select(t.letter).where(t.letter.c.plan_id == plan_id)
    if states:
        query = query.where(t.letter.c.state.in_(states))
    return connection.execute(query.order_by(t.letter.c.id)).all()


def letter(connection: Connection, letter_id: int) -> Row[Any] | None:
    """Give one letter."""
    return connection.execute(select(t.letter).where(t.letter.c.id == letter_id)).first()


def add_letter(connection: Connection, values: dict[str, Any], content: LetterContent) -> int:
    """Add a letter with its frozen content, and keep it as the text of its first round; gives its id."""
    done = connection.execute(t.letter.insert().values(content=content_json(content), **values))
    letter_id = int(done.inserted_primary_key[0])  # type: ignore[index]
    _keep_draft(connection, letter_id)
    return letter_id


def add_step(connection: Connection, values: dict[str, Any]) -> None:
    """Note that a case takes a step with a letter; (case, step, round) is unique."""
    connection.execute(t.case_step.insert().values(**values))


def locked_letter(connection: Connection, letter_id: int) -> Row[Any] | None:
    """Give one letter and keep others from changing it until this transaction ends."""
    return connection.execute(select(t.letter).where(t.letter.c.id == letter_id).with_for_update()).first()


def change_letter(connection: Connection, letter_id: int, expected: LetterState, **values: Any) -> bool:
    """Change a letter; False if it is not in the expected state. With `asks`, its text is kept."""
    done = connection.execute(
        update(t.letter).where(t.letter.c.id == letter_id, t.letter.c.state == expected).values(**values)
    )
    if done.rowcount == 1 and "asks" in values:
        _keep_draft(connection, letter_id)
    return done.rowcount == 1


def _keep_draft(connection: Connection, letter_id: int) -> None:
    source = select(t.letter.c.id, t.letter.c.asks, t.letter.c.content_hash, t.letter.c.content)
    columns = ["letter_id", "round", "content_hash", "content"]
    connection.execute(t.letter_draft.insert().from_select(columns, source.where(t.letter.c.id == letter_id)))


def drafts(connection: Connection, letter_id: int) -> Sequence[Row[Any]]:
    """Give the text of each round of a letter (`round`, `content_hash`, `content`), oldest first."""
    d = t.letter_draft
    return connection.execute(select(d).where(d.c.letter_id == letter_id).order_by(d.c.round)).all()


def talks(connection: Connection, letter_id: int) -> Sequence[Row[Any]]:
    """Give what was talked over (事先沟通) before a letter, oldest first."""
    p = t.prior_talk
    return connection.execute(select(p).where(p.c.letter_id == letter_id).order_by(p.c.id)).all()


def add_talk(connection: Connection, values: dict[str, Any]) -> None:
    """Keep a talk, or why there was none."""
    connection.execute(t.prior_talk.insert().values(**values))


def keep_documents(connection: Connection, letter_id: int, docx: str, pdf: str | None) -> bool:
    """Keep what a letter was rendered to; False if it was before: the first artefact is the artefact."""
    done = connection.execute(
        update(t.letter)
        .where(t.letter.c.id == letter_id, t.letter.c.docx_sha256.is_(None))
        .values(docx_sha256=docx, pdf_sha256=pdf)
    )
    return done.rowcount == 1


def name_of_file(connection: Connection, plan_id: str, sha256: str) -> str | None:
    """Give the file name of a letter of a plan by the hash of one of its documents."""
    c = t.letter.c
    row = connection.execute(
        select(t.letter)
        .where(c.plan_id == plan_id, or_(c.docx_sha256 == sha256, c.pdf_sha256 == sha256))
        .limit(1)
    ).first()
    if row is None:
        return None
    kind = "docx" if row.docx_sha256 == sha256 else "pdf"
    return f"{row.number or ''} {row.content['title']}.{kind}".strip()


def matters_of(connection: Connection, letter_id: int) -> Sequence[Row[Any]]:
    """Give the cases a letter is about, with why."""
    return connection.execute(
        select(t.case_step, t.matter_case)
        .join(t.matter_case, t.matter_case.c.id == t.case_step.c.case_id)
        .where(t.case_step.c.letter_id == letter_id)
        .order_by(t.matter_case.c.id)
    ).all()


def issued_in_year(connection: Connection, plan_id: str, year: int, agency_id: str | None = None) -> int:
    """Count the letters signed in a year (to an agency), those withdrawn or revoked since among them."""
    letter_ = t.letter.c
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(func.count()).where(letter_.plan_id == plan_id, letter_.signed_on.between(first, last))
    if agency_id is not None:
        query = query.where(letter_.agency_id == agency_id)
    return connection.scalar(query) or 0


def corrections(connection: Connection, letter_id: int) -> Sequence[Row[Any]]:
    """Give the letters that correct one (更正函), oldest first."""
    c = t.letter
    return connection.execute(select(c).where(c.c.corrects == letter_id).order_by(c.c.id)).all()


def content_json(content: LetterContent) -> dict[str, Any]:
    """Give a letter's content as JSON values."""
    values = asdict(content)
    values["signed_on"] = content.signed_on.isoformat() if content.signed_on else None
    return values


def content_of(values: dict[str, Any]) -> LetterContent:
    """Give a letter's content back from JSON values."""
    signed = values["signed_on"]
    return LetterContent(
        **{
            **values,
            "signed_on": date.fromisoformat(signed) if signed else None,
            "paragraphs": tuple(values["paragraphs"]),
            "requirements": tuple(values["requirements"]),
            "copies_to": tuple(values["copies_to"]),
            "annexes": tuple(
                (title, tuple(head), tuple(tuple(row) for row in rows))
                for title, head, rows in values["annexes"]
            ),
        }
    )
