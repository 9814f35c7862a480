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
    print(f"\n{'':14}{'embedded':>10}{'production':>12}  same")
    for name in one:
        alike = one[name] == two[name]
        print(f"{name:14}{one[name].total():>10}{two[name].total():>12}  {'yes' if alike else 'NO'}")
        for row in (*list(one[name] - two[name])[:3], *list(two[name] - one[name])[:3]):
            print(f"    differs: {row[:12]}")
    ledgers = [verified(played.office) for played in (embedded, other)]
    holds = "BROKEN" if any(breaks for _, breaks in ledgers) else "holds"
    print(f"{'ledger':14}{ledgers[0][0]:>10}{ledgers[1][0]:>12}  {holds}")
    print(f"{'seconds':14}{embedded.seconds:>10.0f}{other.seconds:>12.0f}")
    kept = {file.name for file in other.office.archive.root.rglob("*") if file.is_file()}
    copied = {name.rpartition("/")[2] for name in objects.names()}
    print(f"archive: {len(kept)} files, {len(kept & copied)} of them in object storage")
    print(f"killed: {'; '.join(other.struck)}")
    return one == two and holds == "holds" and kept <= copied


if __name__ == "__main__":
    sys.exit(main())
