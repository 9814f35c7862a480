"""The leaders' digest on the board: its day, what was published, and the draft for who decides about it."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

from include.office import publish_digest, wording
from include.office.board.views import DigestView, EditionView, FileLink
from include.office.close_period import KIND as CONSOLIDATED
from include.office.desk import Office
from include.office.timetable import days_of
from include.plan import Period
from include.store import publications
from include.workdays import SHANGHAI

KIND_NAMES = {publish_digest.KIND: "工作月报", CONSOLIDATED: "汇总报表"}


def digest(office: Office, plan_id: str, period: Period) -> DigestView:
    """Give what is published of a month, the newest edition first, and whether more is held back."""
    with office.store.reading() as connection:
        held = publications.held(connection, plan_id, period, publish_digest.KIND)
        rows = [
            row
            for kind in KIND_NAMES
            for row in reversed(publications.editions(connection, plan_id, kind))
            if row.period == str(period)
        ]
    return DigestView(
        period=str(period),
        publishes_on=days_of(office.plan(plan_id, period), period, office.calendar(plan_id)).digest_on,
        held=held.reason if held else None,
        held_by=held.held_by if held else None,
        editions=tuple(
            EditionView(
                kind=row.kind,
                kind_name=KIND_NAMES[row.kind],
                edition=row.edition,
                as_of=row.as_of,
                published_at=row.published_at.astimezone(SHANGHAI),
                files=tuple(FileLink(name=n, sha256=s) for n, s in publications.files_of(row.content)),
            )
            for row in rows
        ),
    )


def sentences(office: Office, plan_id: str, period: Period, now: datetime) -> list[dict[str, str]]:
    """Give the sentences of the draft that may be worded otherwise: place, name, the rule's and the shown."""
    return wording.sentences(plan_id, str(period), now=now, office=office)


def draft(office: Office, plan_id: str, period: str, now: datetime) -> str:
    """Give the digest's mail as it would go out now, as one page that holds its pictures.

    Raises:
        RefusedError: the month is not due yet.
    """
    html, pictures = publish_digest.preview(plan_id, period, now=now, office=office)
    for picture in pictures:
        html = html.replace(f"cid:{picture.cid}", f"data:image/png;base64,{b64encode(picture.png).decode()}")
    return html
