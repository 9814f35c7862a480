"""`python -m tests.faults`: months killed again and again, on SQLite and PostgreSQL; says what was found.

Each month is held against the undisturbed one, moment by moment.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.faults.conftest import by_smtp
from tests.faults.county import County, found_county
from tests.faults.month import Played, killed, play
from tests.faults.whole import check, differences
from tests.mailbox import Mailbox
from tests.needs import need
from tests.postgres import PostgreSQL, postgresql_server

_KILLS = 200  # at least so many


def main() -> int:
    """Run it; give 1 if a month did not come to the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first month's; each later one has the next")
    parser.add_argument("--kills", type=int, default=_KILLS, help="at least so many, over all months")
    parser.add_argument("--a-step", type=int, default=2, help="how often a step is killed")
    options = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(postgresql_server(need("initdb").parent))
        return min(1, _months(options, server))


def _months(options: argparse.Namespace, server: PostgreSQL) -> int:
    drafts: dict[tuple[str, str], bytes] = {}
    with _county(drafts) as (county, mailbox):
        undisturbed = play(county, mailbox)
        check(county, mailbox)
    _say("seed", "database", "kills", "by a person", "seconds", "found")
    kills, seed, broken = 0, options.seed, 0
    while kills < options.kills:
        database = "postgresql" if seed % 2 else "sqlite"
        url = {"database_url": server.fresh_database()} if seed % 2 else {}
        begun = time.monotonic()
        with _county(drafts, **url) as (county, mailbox):
            played = play(county, mailbox, killed(seed, undisturbed, options.a_step))
            found = _found(undisturbed, played, county, mailbox)
        seconds = time.monotonic() - begun
        _say(seed, database, len(played.kills), played.by_a_person, f"{seconds:.0f}", found or "nothing")
        kills, seed, broken = kills + len(played.kills), seed + 1, broken + bool(found)
        _tell(played)
    sys.stdout.write(f"{kills} kills, {seed - options.seed} months, {broken} of them not whole\n")
    return broken


def _found(undisturbed: Played, played: Played, county: County, mailbox: Mailbox) -> str:
    for n, (expected, came_to) in enumerate(zip(undisturbed.told, played.told, strict=True)):
        if differs := differences(expected, came_to):
            return f"moment {n}: {differs}"
    try:
        check(county, mailbox)
    except AssertionError as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"not whole: {where.line} {error}"
    return ""


def _tell(played: Played) -> None:
    where = Counter(" ".join(kill.split()[:3]) for kill in played.kills)
    sys.stdout.write("    " + ", ".join(f"{n} × {what}" for what, n in where.most_common()) + "\n")


def _say(*columns: Any) -> None:
    sys.stdout.write(" | ".join(f"{column!s:>10}" for column in columns) + "\n")
    sys.stdout.flush()


@contextmanager
def _county(drafts: dict[tuple[str, str], bytes], **more: Any) -> Iterator[tuple[County, Mailbox]]:
    with TemporaryDirectory(prefix="duban-faults-") as folder, Mailbox() as mailbox:
        county = found_county(by_smtp(Path(folder), mailbox, **more), drafts)
        yield county, mailbox
        county.office.store.close()


if __name__ == "__main__":
    sys.exit(main())
