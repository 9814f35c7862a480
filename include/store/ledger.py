"""The ledger (台账): append-only, hash-chained events. Everything that happened stands here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from include.store.schema import ledger

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: by whom, to what, with what particulars (plain JSON values)."""

    event: str  # kebab-case id
    subject: str
    body: dict[str, Any]
    actor: str = "duban"


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold."""

    seq: int
    why: str


def append(connection: Connection, plan_id: str, at: datetime, event: Event) -> str:
    """Write one event behind the last of its plan, inside the caller's transaction; gives its hash."""
    if connection.dialect.name == "postgresql":  # one writer a plan at a time; SQLite has only one anyway
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"ledger:{plan_id}"))))
    last = connection.execute(
        select(ledger.c.seq, ledger.c.hash)
        .where(ledger.c.plan_id == plan_id)
        .order_by(ledger.c.seq.desc())
        .limit(1)
    ).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    moment = at.astimezone(UTC)
    digest = _hash(plan_id, seq, moment, event, previous)
    connection.execute(
        ledger.insert().values(
            plan_id=plan_id,
            seq=seq,
            at=moment,
            actor=event.actor,
            event=event.event,
            subject=event.subject,
            body=event.body,
            previous_hash=previous,
            hash=digest,
        )
    )
    return digest


def entries(connection: Connection, plan_id: str) -> Iterator[Row[Any]]:
    """Read the ledger of a plan, oldest first."""
    yield from connection.execute(select(ledger).where(ledger.c.plan_id == plan_id).order_by(ledger.c.seq))


def about(connection: Connection, plan_id: str, subjects: Collection[str]) -> Sequence[Row[Any]]:
    """Give what the ledger says of these subjects (`case/3`, `letter/7`), oldest first."""
    mine = (ledger.c.plan_id == plan_id, ledger.c.subject.in_(subjects))
    return connection.execute(select(ledger).where(*mine).order_by(ledger.c.seq)).all()


def of_kinds(connection: Connection, plan_id: str, events: Iterable[str]) -> Sequence[Row[Any]]:
    """Read the entries of some kinds, oldest first."""
    return connection.execute(
        select(ledger)
        .where(ledger.c.plan_id == plan_id, ledger.c.event.in_(list(events)))
        .order_by(ledger.c.seq)
    ).all()


def last_at(connection: Connection, plan_id: str, events: Collection[str]) -> dict[str, datetime]:
    """Give when one of these events last happened, by subject."""
    c = ledger.c
    rows = connection.execute(
        select(c.subject, c.at).where(c.plan_id == plan_id, c.event.in_(events)).order_by(c.seq)
    )
    return {row.subject: row.at for row in rows}


def verify(connection: Connection, plan_id: str) -> list[Break]:
    """Find every place where an entry was changed, removed or put in between."""
    breaks: list[Break] = []
    previous, expected_seq = GENESIS, 1
    for row in entries(connection, plan_id):
        event = Event(row.event, row.subject, row.body, row.actor)
        if row.seq != expected_seq:
            breaks.append(Break(row.seq, f"entry {expected_seq} is missing"))
        if row.previous_hash != previous:
            breaks.append(Break(row.seq, "does not follow from the entry before it"))
        if row.hash != _hash(plan_id, row.seq, row.at, event, row.previous_hash):
            breaks.append(Break(row.seq, "its content was changed"))
        previous, expected_seq = row.hash, row.seq + 1
    return breaks


def _hash(plan_id: str, seq: int, at: datetime, event: Event, previous: str) -> str:
    content = [
        plan_id,
        seq,
        at.isoformat(timespec="microseconds"),
        event.actor,
        event.event,
        event.subject,
        event.body,
        previous,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
