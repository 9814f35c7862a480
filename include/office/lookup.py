"""Letters and cases by their numbers, and what a person is told where there is none or another was first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from include.errors import RefusedError
from include.escalation import run_id
from include.office.desk import Office
from include.store import cases


def case(office: Office, case_id: int) -> Row[Any]:
    """Give a case. Raises: RefusedError."""
    with office.store.reading() as connection:
        row = cases.case(connection, case_id)
    if row is None:
        raise RefusedError(f"没有督办事项{case_id}；编号见 duban cases list --all")
    return row


def letter(office: Office, letter_id: int) -> Row[Any]:
    """Give a letter. Raises: RefusedError."""
    with office.store.reading() as connection:
        row = cases.letter(connection, letter_id)
    return _there(row, letter_id)


def locked(connection: Connection, letter_id: int) -> Row[Any]:
    """Give a letter nobody else changes meanwhile. Raises: RefusedError."""
    return _there(cases.locked_letter(connection, letter_id), letter_id)


def changed_meanwhile(letter_id: int) -> RefusedError:
    """Make the refusal of a change to a letter that somebody else changed since it was read."""
    return RefusedError(f"文书{letter_id}刚由别人改动，请重新查看（duban letters show {letter_id}）再办")


def asked_round(row: Row[Any], asks: int | None = None) -> dict[str, Any]:
    """Give a letter's round of signing as its run is asked for: `id`, `plan`, `round`, `run_id`.

    `asks` is the number of the round, if not the one the row says.
    """
    number = row.asks if asks is None else asks
    return {"id": row.id, "plan": row.plan_id, "round": number, "run_id": run_id(row.id, number)}


def _there(row: Row[Any] | None, letter_id: int) -> Row[Any]:
    if row is None:
        raise RefusedError(f"没有文书{letter_id}；编号见 duban letters list")
    return row
