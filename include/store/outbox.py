"""The outbox: what is to leave the system, once each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from include.records.message_life import may_become
from include.records.messages import Channel, DrivePut, Mail, MessageState, Notice
from include.store.engine import insert_into, put
from include.store.schema import message, written_file


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be queued. `key` makes it unique within a plan: queued twice, it leaves once."""

    key: str
    channel: Channel
    payload: Mail | DrivePut | Notice
    formal: bool = False


def queue(connection: Connection, plan_id: str, at: datetime, *outgoing: Outgoing) -> int:
    """Put messages into the outbox, inside the caller's transaction; gives how many were not there yet."""
    m = message.c
    keys = [one.key for one in outgoing]
    known = set(connection.scalars(select(m.key).where(m.plan_id == plan_id, m.key.in_(keys))))
    fresh = {one.key: one for one in outgoing if one.key not in known}
    rows = [_row(plan_id, at, one) for one in fresh.values()]
    if not rows:
        return 0
    # less, where another put one there in the same moment (PostgreSQL)
    new = insert_into(connection, message).on_conflict_do_nothing(index_elements=["plan_id", "key"])
    return len(connection.scalars(new.returning(m.id), rows).all())


def _row(plan_id: str, at: datetime, outgoing: Outgoing) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "key": outgoing.key,
        "channel": outgoing.channel,
        "formal": outgoing.formal,
        "payload": asdict(outgoing.payload),
        "state": MessageState.PENDING,
        "not_before": at,
        "created_at": at,
    }


def due(connection: Connection, plan_id: str, channel: Channel, at: datetime) -> Sequence[Row[Any]]:
    """Give what should leave now, oldest first."""
    m = message.c
    return connection.execute(
        select(message)
        .where(
            m.plan_id == plan_id, m.channel == channel, m.state == MessageState.PENDING, m.not_before <= at
        )
        .order_by(m.id)
    ).all()


def hasten(connection: Connection, plan_id: str, at: datetime) -> None:
    """Let everything leave now that was put off till later."""
    m = message.c
    connection.execute(
        update(message)
        .where(m.plan_id == plan_id, m.state == MessageState.PENDING, m.not_before > at)
        .values(not_before=at)
    )


def in_state(connection: Connection, plan_id: str, state: MessageState) -> Sequence[Row[Any]]:
    """Give the messages in a state, oldest first."""
    m = message.c
    return connection.execute(
        select(message).where(m.plan_id == plan_id, m.state == state).order_by(m.id)
    ).all()


def messages(connection: Connection, plan_id: str) -> Iterator[Row[Any]]:
    """Give every message of a plan, oldest first."""
    m = message.c
    yield from connection.execute(select(message).where(m.plan_id == plan_id).order_by(m.id))


def needing_a_person(connection: Connection, plan_id: str) -> Sequence[Row[Any]]:
    """Give the messages a person has to look at, oldest first; `attention` says why."""
    m = message.c
    return connection.execute(
        select(message).where(m.plan_id == plan_id, m.attention != "").order_by(m.id)
    ).all()


def by_id(connection: Connection, message_id: int) -> Row[Any] | None:
    """Give one message."""
    return connection.execute(select(message).where(message.c.id == message_id)).first()


def by_message_id(connection: Connection, message_id: str) -> Row[Any] | None:
    """Give the mail of a Message-ID."""
    m = message.c
    return connection.execute(
        select(message).where(m.channel == Channel.MAIL, m.payload["message_id"].as_string() == message_id)
    ).first()


def under(connection: Connection, plan_id: str, prefix: str) -> Sequence[Row[Any]]:
    """Give the messages whose keys begin so, oldest first."""
    m = message.c
    return connection.execute(
        select(message).where(m.plan_id == plan_id, m.key.startswith(prefix, autoescape=True)).order_by(m.id)
    ).all()


def counts(connection: Connection, plan_id: str) -> dict[str, int]:
    """Count the messages of a plan by state."""
    m = message.c
    rows = connection.execute(select(m.state, func.count()).where(m.plan_id == plan_id).group_by(m.state))
    return {state: count for state, count in rows}


def move(
    connection: Connection, message_id: int, expected: MessageState, to: MessageState, **values: Any
) -> bool:
    """Move a message to another state; False if it is not in the expected one.

    Raises:
        ValueError: the life of a message knows no such move.
    """
    if not may_become(expected, to):
        raise ValueError(f"nothing makes a message that is {expected} {to}")
    done = connection.execute(
        update(message)
        .where(message.c.id == message_id, message.c.state == expected)
        .values(state=to, **values)
    )
    return done.rowcount == 1


def last_written(connection: Connection, plan_id: str, paths: Collection[str]) -> dict[str, str]:
    """Give the hash of what duban last wrote to each of these places of the drive, if it ever did."""
    w = written_file.c
    rows = connection.execute(select(w.path, w.sha256).where(w.plan_id == plan_id, w.path.in_(paths)))
    return {row.path: row.sha256 for row in rows}


def note_written(connection: Connection, plan_id: str, written: Mapping[str, str]) -> None:
    """Remember what duban wrote to places of the drive: hashes by path."""
    rows = [{"plan_id": plan_id, "path": path, "sha256": sha256} for path, sha256 in written.items()]
    put(connection, written_file, rows)
