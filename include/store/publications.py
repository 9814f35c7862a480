"""Rows about what was published: editions, holds, the office's words for a digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from include.plan.period import Period
from include.records.reports import Wording
from include.store.schema import digest_wording, hold, publication


def editions(connection: Connection, plan_id: str, kind: str) -> Sequence[Row[Any]]:
    """Give every edition of a kind, by period and edition."""
    p = publication.c
    return connection.execute(
        select(publication).where(p.plan_id == plan_id, p.kind == kind).order_by(p.period, p.edition)
    ).all()


def last_edition(connection: Connection, plan_id: str, period: Period, kind: str) -> Row[Any] | None:
    """Give the newest edition of a period, if any."""
    p = publication.c
    return connection.execute(
        select(publication)
        .where(p.plan_id == plan_id, p.kind == kind, p.period == str(period))
        .order_by(p.edition.desc())
        .limit(1)
    ).first()


def name_of_file(connection: Connection, plan_id: str, sha256: str) -> str | None:
    """Name a file some edition of a plan was published as, by the hash of its bytes."""
    p = publication.c
    contents = connection.execute(select(p.content).where(p.plan_id == plan_id)).scalars()
    return next((name for content in contents for name, known in files_of(content) if known == sha256), None)


def files_of(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give name and hash of the files an edition was published as."""
    if "files" in content:
        return list(content["files"].items())
    return [(content["name"], content["sha256"])]


def add_edition(connection: Connection, values: dict[str, Any]) -> None:
    """Keep one edition; (plan, period, kind, edition) is unique."""
    connection.execute(publication.insert().values(**values))


def held(connection: Connection, plan_id: str, period: Period, kind: str) -> Row[Any] | None:
    """Give the hold on a publication, if it is held."""
    h = hold.c
    return connection.execute(
        select(hold).where(
            h.plan_id == plan_id, h.period == str(period), h.kind == kind, h.released_at.is_(None)
        )
    ).first()


def hold_back(
    connection: Connection, plan_id: str, period: Period, kind: str, by: str, reason: str, at: datetime
) -> None:
    """Hold a publication until it is released."""
    release(connection, plan_id, period, kind, at)
    h = hold.c
    connection.execute(hold.delete().where(h.plan_id == plan_id, h.period == str(period), h.kind == kind))
    connection.execute(
        hold.insert().values(
            plan_id=plan_id, period=str(period), kind=kind, held_by=by, reason=reason, held_at=at
        )
    )


def release(connection: Connection, plan_id: str, period: Period, kind: str, at: datetime) -> bool:
    """Release a hold; False if there was none."""
    h = hold.c
    done = connection.execute(
        update(hold)
        .where(h.plan_id == plan_id, h.period == str(period), h.kind == kind, h.released_at.is_(None))
        .values(released_at=at)
    )
    return done.rowcount == 1


def wordings(connection: Connection, plan_id: str, period: Period) -> tuple[Wording, ...]:
    """Give the office's words for the sentences of a digest, by place."""
    w = digest_wording.c
    rows = connection.execute(
        select(digest_wording).where(w.plan_id == plan_id, w.period == str(period)).order_by(w.place)
    )
    return tuple(Wording(r.place, r.original, r.text, r.edited_by, r.edited_on) for r in rows)


def put_wording(connection: Connection, plan_id: str, period: Period, wording: Wording, at: datetime) -> None:
    """Keep the office's words for a sentence in place of those before; its own words are kept by nobody."""
    w = digest_wording.c
    connection.execute(
        digest_wording.delete().where(w.plan_id == plan_id, w.period == str(period), w.place == wording.place)
    )
    if wording.text != wording.original:
        connection.execute(
            digest_wording.insert().values(
                plan_id=plan_id,
                period=str(period),
                place=wording.place,
                original=wording.original,
                text=wording.text,
                edited_by=wording.by,
                edited_on=wording.on,
                edited_at=at,
            )
        )
