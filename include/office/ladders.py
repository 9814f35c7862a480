"""The ladder each step was proposed by: its text is kept, and a step is explained by that, not by today's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row

from include.errors import PlanError
from include.escalation import Ladder, load_ladder
from include.office.desk import Office
from include.workdays import SHANGHAI

LADDER = "ladder"  # what an entry of the ledger names the sha256 of the ladder by


def keep(office: Office, plan_id: str) -> str:
    """Keep the text of the ladder in force in the archive; gives its sha256."""
    return office.archive.put_bytes(office.ladder_file(plan_id).read_bytes())


def kept(office: Office, sha256: str) -> Ladder | None:
    """Give a ladder that was kept; None where it is lost, or of a form that is not read any more."""
    try:
        office.archive.read(sha256)  # fetches a lost one back from the mirror, and looks that it is whole
        return load_ladder(office.archive.path(sha256))
    except (OSError, PlanError):
        return None


def in_force(office: Office, entries: Iterable[Row[Any]]) -> list[tuple[date, Ladder]]:
    """Give the ladders steps were proposed by in the order of the ledger, each with its first day."""
    found: list[tuple[date, Ladder]] = []
    last = ""
    for entry in entries:
        sha256 = entry.body.get(LADDER, last) if entry.event == "step-proposed" else last
        if sha256 != last and (ladder := kept(office, sha256)) is not None:
            found.append((entry.at.astimezone(SHANGHAI).date(), ladder))
            last = sha256
    return found
