"""The ledger (台账): append-only, hash-chained events. Everything that happened stands here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
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
    """A place where the ledger does not hold, and why, in Chinese."""

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


def name_of_evidence(connection: Connection, plan_id: str, sha256: str) -> str | None:
    """Give the name of a file a decision of a plan rests on, by its hash."""
    proof = ledger.c.body["evidence"]
    return connection.scalar(
        select(proof["name"].as_string())
        .where(ledger.c.plan_id == plan_id, proof["sha256"].as_string() == sha256)
        .limit(1)
    )


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


def verify(connection: Connection, plan_id: str, *anchors: Mapping[int, str] | None) -> list[Break]:
    """Find every place where an entry was changed, removed, put in between or moved, by its number.

    A chain alone cannot tell that its end was cut off, or that all of it was written anew. `anchors` can:
    hashes by number, published earlier where who writes the database does not write.
    """
    rows = list(entries(connection, plan_id))
    follower = {before.seq: after for before, after in pairwise(rows)}
    place_of = {hash: n for n, hash in enumerate(_chain(rows), 1)}
    breaks: list[Break] = []
    previous, expected = GENESIS, 1
    for row in rows:
        if row.seq != expected:
            gone = f"第{expected}条" if row.seq == expected + 1 else f"第{expected}至{row.seq - 1}条"
            breaks.append(Break(row.seq, f"之前缺{gone}"))
        if row.previous_hash != previous:
            breaks.append(Break(row.seq, f"{_named(row)}与前一条不衔接"))
        if row.hash != _hash_of(row, row.seq):
            breaks.append(Break(row.seq, _altered(row, follower.get(row.seq), place_of.get(row.hash))))
        previous, expected = row.hash, row.seq + 1
    hashes = {row.seq: row.hash for row in rows}
    published = dict.fromkeys(pair for some in anchors for pair in (some or {}).items())
    return breaks + list(_unanchored(hashes, published))


def last(connection: Connection, plan_id: str) -> Row[Any] | None:
    """Give the newest entry of a plan."""
    mine = select(ledger).where(ledger.c.plan_id == plan_id)
    return connection.execute(mine.order_by(ledger.c.seq.desc()).limit(1)).first()


def _chain(rows: Sequence[Row[Any]]) -> Iterator[str]:
    """Give the hashes in the order in which each names the one before it, wherever the rows stand now."""
    after, hash = {row.previous_hash: row.hash for row in rows}, GENESIS
    for _ in rows:
        if hash not in after:
            return
        hash = after[hash]
        yield hash


def _altered(row: Row[Any], after: Row[Any] | None, place: int | None) -> str:
    """Say what of an entry whose hash does not hold was changed, as far as its neighbours tell."""
    if place is not None and place != row.seq and row.hash == _hash_of(row, place):
        return f"{_named(row)}原为第{place}条，位置被改动"
    if after is not None and after.previous_hash == _hash_of(row, row.seq):
        return f"{_named(row)}的校验值被改动，内容未变"
    if after is not None and after.previous_hash == row.hash:
        return f"{_named(row)}的内容（时间、经办、事项、对象或具体内容）被改动"
    return f"{_named(row)}的内容或校验值被改动"


def _unanchored(hashes: Mapping[int, str], anchors: Iterable[tuple[int, str]]) -> Iterator[Break]:
    """Hold the entries against the anchors: an end cut off, a history written anew."""
    for seq, hash in anchors:
        if seq not in hashes:
            yield Break(seq, f"已公布过校验值，现在没有这一条：台账止于第{max(hashes, default=0)}条")
        elif hashes[seq] != hash:
            yield Break(seq, "与已公布的校验值不符：此条或之前的内容被重写")


def _named(row: Row[Any]) -> str:
    return f"“{row.event} {row.subject}”"


def _hash_of(row: Row[Any], seq: int) -> str:
    event = Event(row.event, row.subject, row.body, row.actor)
    return _hash(row.plan_id, seq, row.at, event, row.previous_hash)


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
