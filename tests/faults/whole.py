"""What a month must have come to, however often it was cut off."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

from sqlalchemy import Table, select

from include.escalation import read_number
from include.files import claimed_files
from include.office import anchors, close_period, publish_digest
from include.store import ledger, outbox, publications, returns
from include.store import schema as t
from tests.faults.county import PERIOD, PLAN, PREFIX, County
from tests.mailbox import Mailbox

_CLAIMED = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}-")
_NUMBERED = re.compile(r"^(receipt|letter)/(\d+)")
_OF_A_FAULT = {"mail-uncertain", "message-settled", "message-resent"}  # events that tell of the fault itself
_LEFT = re.compile(r".*\.(part|tmp)|\.~.*|libreoffice-.*")
Told = dict[str, Counter[Any]]


def told(county: County) -> Told:
    """Give all a month came to, without what differs from month to month: ids, random names, moments."""
    with county.office.store.reading() as connection:

        def rows(table: Table, *columns: str) -> Counter[Any]:
            chosen = [table.c[name] for name in columns]
            return Counter(
                tuple(map(str, row))
                for row in connection.execute(select(*chosen).where(table.c.plan_id == PLAN))
            )

        ids = {"receipt": t.submission, "letter": t.letter}
        places = {
            what: {n: place for place, n in enumerate(sorted(connection.scalars(select(table.c.id))), 1)}
            for what, table in ids.items()
        }

        def plain(key: str) -> str:
            """Give a message's key with the place in the order for an id, which may leave gaps."""
            placed = _NUMBERED.sub(lambda m: f"{m[1]}/{places[m[1]][int(m[2])]}", key)
            return _CLAIMED.sub("", placed)

        messages = [m for m in outbox.messages(connection, PLAN) if not m.key.startswith("alarm/")]
        return {
            "submissions": rows(
                t.submission, "agency_id", "period", "original_name", "number", "state", "counts_on_time"
            ),
            "facts": rows(t.fact, "agency_id", "period", "indicator_id", "role", "state", "value"),
            "cases": rows(t.matter_case, "agency_id", "track", "matter", "state", "opened_on", "closed_on"),
            "letters": rows(
                t.letter, "agency_id", "step", "round", "asks", "state", "number", "signed_on", "answered_on"
            ),
            "replies": rows(t.reply, "agency_id", "original_name"),
            "progress": Counter(
                (e.period, kind, e.edition, str(e.content["figures"]))
                for kind in (close_period.KIND, publish_digest.KIND)
                for e in publications.editions(connection, PLAN, kind)
            ),
            "proofs": rows(t.proof, "agency_id", "period", "edition"),
            "messages": Counter((m.channel, plain(m.key), m.state) for m in messages),
            "events": Counter(
                e.event for e in ledger.entries(connection, PLAN) if e.event not in _OF_A_FAULT
            ),
            "files": Counter(
                _CLAIMED.sub("", str(file.relative_to(county.office.drive.root)))
                for file in county.office.drive.root.rglob("*")
                if not _LEFT.fullmatch(file.name)
            ),
        }


def differences(expected: Told, came_to: Told) -> dict[str, tuple[Any, Any]]:
    """Give what is missing and what is too much, by what it is of."""
    return {
        what: (expected[what] - came_to[what], came_to[what] - expected[what])
        for what in expected
        if expected[what] != came_to[what]
    }


def check(county: County, mailbox: Mailbox) -> None:
    """Look that nothing is lost, doubled or left over, no number is missing, and the ledger holds."""
    _check_submissions(county)
    _check_letters(county)
    _check_mails(county, mailbox)
    breaks = list(anchors.check(county.office, PLAN).breaks)
    assert breaks == [], breaks
    left = [str(f) for f in county.office.settings.home.rglob("*") if _LEFT.fullmatch(f.name)]
    assert left == [], left


def _check_submissions(county: County) -> None:
    """Every file dropped was taken once, lies in the archive, and is answered by its own receipt."""
    office = county.office
    with office.store.reading() as connection:
        sent = returns.submissions(connection, PLAN)
        put = {m.key: m.detail for m in outbox.under(connection, PLAN, "receipt/") if m.channel == "drive"}
    taken = Counter(
        claimed.path.name
        for agency in office.plan(PLAN, PERIOD).filers
        for claimed in claimed_files(office.drive_of(PLAN).taken_folder(agency.name))
    )
    assert taken == Counter(row.claimed_name for row in sent)
    assert set(taken.values()) == {1}
    for row in sent:
        assert hashlib.sha256(office.archive.path(row.sha256).read_bytes()).hexdigest() == row.sha256
        receipt = office.drive_of(PLAN).place(put[f"receipt/{row.id}"])
        assert hashlib.sha256(receipt.read_bytes()).hexdigest() == row.receipt_sha256
    assert len({put[f"receipt/{row.id}"] for row in sent}) == len(sent)


def _check_letters(county: County) -> None:
    """The numbers of the series are 1, 2, 3 … without a gap, each on one letter."""
    with county.office.store.reading() as connection:
        numbers = [n for n in connection.scalars(select(t.letter.c.number)) if n]
    ours = sorted(number.n for text in numbers if (number := read_number(text)).prefix == PREFIX)
    assert ours == list(range(1, len(numbers) + 1))


def _check_mails(county: County, mailbox: Mailbox) -> None:
    """Every mail came, a formal one once; any other that came twice did so under one Message-ID."""
    with county.office.store.reading() as connection:
        mails = [m for m in outbox.messages(connection, PLAN) if m.channel == "mail"]
    came = Counter(str(received.message["Message-ID"]) for received in mailbox.received)
    assert set(came) == {m.payload["message_id"] for m in mails}
    assert {m.key: came[m.payload["message_id"]] for m in mails if m.formal} == {
        m.key: 1 for m in mails if m.formal
    }
