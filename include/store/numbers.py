"""The numbers of letters (文号): blocks given to duban, numbers taken, gaps explained."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from include.store import schema as t


def taken(connection: Connection, plan_id: str) -> list[str]:
    """Give every number a letter of the plan has, also of one withdrawn or revoked."""
    letter = t.letter.c
    query = select(letter.number).where(letter.plan_id == plan_id, letter.number.is_not(None))
    return list(connection.scalars(query.order_by(letter.id)))


def block(connection: Connection, plan_id: str, prefix: str, year: int) -> Row[Any] | None:
    """Give the block of a series, and keep others from taking its numbers until this transaction ends."""
    return connection.execute(
        select(t.number_block).where(*_series(plan_id, prefix, year)).with_for_update()
    ).first()


def blocks(connection: Connection, plan_id: str) -> Sequence[Row[Any]]:
    """Give the blocks of a plan."""
    b = t.number_block
    return connection.execute(select(b).where(b.c.plan_id == plan_id).order_by(b.c.prefix, b.c.year)).all()


def take_next(
    connection: Connection, plan_id: str, prefix: str, year: int, used: Collection[int]
) -> int | None:
    """Take the next number of a block that no letter has; None if it is used up or missing."""
    row = block(connection, plan_id, prefix, year)
    free = next((n for n in range(row.next, row.last + 1) if n not in used), None) if row else None
    if free is None:
        return None
    connection.execute(update(t.number_block).where(*_series(plan_id, prefix, year)).values(next=free + 1))
    return free


def give_block(
    connection: Connection, plan_id: str, prefix: str, year: int, first: int, last: int
) -> Row[Any] | None:
    """Give duban a block, behind one that is used up; gives the block that stands in the way."""
    standing = block(connection, plan_id, prefix, year)
    if standing is None:
        values = {"plan_id": plan_id, "prefix": prefix, "year": year, "first": first}
        connection.execute(t.number_block.insert().values(**values, next=first, last=last))
        return None
    if standing.next <= standing.last or first <= standing.last:
        return standing
    connection.execute(
        update(t.number_block).where(*_series(plan_id, prefix, year)).values(next=first, last=last)
    )
    return None


def explained(connection: Connection, plan_id: str) -> Sequence[Row[Any]]:
    """Give the gaps that were explained, oldest first."""
    g = t.number_gap
    return connection.execute(select(g).where(g.c.plan_id == plan_id).order_by(g.c.id)).all()


def explain(connection: Connection, values: dict[str, Any]) -> None:
    """Keep why numbers of a series are on no letter of ours."""
    connection.execute(t.number_gap.insert().values(**values))


def _series(plan_id: str, prefix: str, year: int) -> tuple[Any, ...]:
    b = t.number_block.c
    return b.plan_id == plan_id, b.prefix == prefix, b.year == year
