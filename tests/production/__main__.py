"""`python -m tests.production`: play the month embedded and in the production form, print what each gave."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from include.settings import Settings
from live.forms import EMBEDDED, Form, production
from tests.needs import find
from tests.objects import ObjectStorage
from tests.postgres import PostgreSQL
from tests.production.compare import results, verified
from tests.production.month import Played, play
from tests.redis import Redis


def main() -> int:
    """Play both; give 0 if they gave the same."""
    folder = Path(mkdtemp(prefix="duban-production-"))
    print("── embedded: SQLite, LocalExecutor")
    embedded = play(_settings(folder / "embedded"), {"STABLE_SECONDS": "0"}, EMBEDDED, strike=False)
    with _production(folder) as (of, more, form, objects):
        print("── production: PostgreSQL, Redis, CeleryExecutor with two workers, archive in object storage")
        other = play(of, more, form, strike=True)
        same = _told(embedded, other, objects)
    if same:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"not the same; both are kept in {folder}")
    return 0 if same else 1


def _settings(home: Path, **more: str) -> Settings:
    return Settings(home=home, stable_seconds=0, delivery_counts_as_served=True, **more)  # pyright: ignore[reportArgumentType]


@contextmanager
def _production(folder: Path) -> Iterator[tuple[Settings, dict[str, str], Form, ObjectStorage]]:
    """Start the services, each on loopback with a port of its own."""
    folder.chmod(0o711)
    for name in ("postgresql", "redis"):
        (folder / name).mkdir()
    initdb, redis = find("initdb"), find("redis-server")
    if initdb is None or redis is None:
        raise SystemExit("needs PostgreSQL and Redis: apt-get install postgresql redis-server")
    with (
        PostgreSQL(initdb.parent, folder / "postgresql") as server,
        Redis(redis, folder / "redis") as broker,
        ObjectStorage() as objects,
    ):
        database = server.fresh_database()
        form = production(server.fresh_database().replace("+psycopg:", "+psycopg2:"), broker.url)
        more = {"STABLE_SECONDS": "0", "DATABASE_URL": database, "ARCHIVE_URL": objects.url}
        yield _settings(folder / "production", database_url=database), more, form, objects


def _told(embedded: Played, other: Played, objects: ObjectStorage) -> bool:
    """Print the table; tell whether both gave the same and both ledgers hold."""
    one, two = results(embedded.office), results(other.office)
    ledgers = [verified(played.office) for played in (embedded, other)]
    kept = {file.name for file in other.office.archive.root.glob("??/*")}
    copied = {name.rpartition("/")[2] for name in objects.names()}
    rows = [(name, one[name].total(), two[name].total(), one[name] == two[name]) for name in one]
    rows += [
        ("ledger", *(entries for entries, _ in ledgers), not any(breaks for _, breaks in ledgers)),
        ("archive in object storage", "", f"{len(kept & copied)} of {len(kept)}", kept <= copied),
    ]
    print("\n| what | embedded | production | the same, or holds |\n| --- | --- | --- | --- |")
    for name, first, second, holds in rows:
        print(f"| {name} | {first} | {second} | {'yes' if holds else 'NO'} |")
    print(f"| seconds | {embedded.seconds:.0f} | {other.seconds:.0f} | |")
    print(f"\nkilled in the middle of collecting: {'; '.join(other.struck)}")
    for name in (name for name in one if one[name] != two[name]):
        for row in (*list(one[name] - two[name])[:3], *list(two[name] - one[name])[:3]):
            print(f"{name} differs: {row[:12]}")
    return all(holds for *_, holds in rows)


if __name__ == "__main__":
    sys.exit(main())
