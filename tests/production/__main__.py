"""`python -m tests.production`: play the month embedded and in the production form, print what each gave."""

from __future__ import annotations

import base64
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from demo.setting import PLAN
from include.settings import Settings
from live.accounts import passwords
from live.env import airflow_home
from live.forms import EMBEDDED, Form, production
from tests import leaks
from tests.needs import find
from tests.objects import ObjectStorage
from tests.postgres import PostgreSQL
from tests.production.compare import OFFICE, results, verified
from tests.production.month import Played, Striking, play
from tests.redis import Redis


@dataclass(frozen=True)
class Services:
    """What the production form stands on: where its own state is, its secrets by name, object storage."""

    of: Settings
    more: dict[str, str]
    form: Form
    secrets: dict[str, str]
    objects: ObjectStorage


def main() -> int:
    """Play both; give 0 if they gave the same."""
    folder = Path(mkdtemp(prefix="duban-production-"))
    print("── embedded: SQLite, LocalExecutor")
    embedded = play(_settings(folder / "embedded"), {"STABLE_SECONDS": "0"}, EMBEDDED)
    with _production(folder) as services:
        print(
            "── production: PostgreSQL, Redis, CeleryExecutor with two workers; "
            "archive and outputs in object storage; secrets in files"
        )
        other = play(services.of, services.more, services.form, Striking)
        services.objects.fetch("outputs", folder / "outputs")
        same = _told(embedded, other, services, folder / "outputs")
    if same:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"not the same; both are kept in {folder}")
    return 0 if same else 1


def _settings(home: Path, **more: str) -> Settings:
    return Settings(home=home, stable_seconds=0, delivery_counts_as_served=True, **more)  # pyright: ignore[reportArgumentType]


@contextmanager
def _production(folder: Path) -> Iterator[Services]:
    """Start the services, each on loopback with a port of its own, each wanting its password."""
    folder.chmod(0o711)
    for name in ("postgresql", "redis", "secrets"):
        (folder / name).mkdir()
    initdb, redis = find("initdb"), find("redis-server")
    if initdb is None or redis is None:
        raise SystemExit("needs PostgreSQL and Redis: apt-get install postgresql redis-server")
    with (
        PostgreSQL(initdb.parent, folder / "postgresql", secrets.token_hex(32)) as server,
        Redis(redis, folder / "redis") as broker,
        ObjectStorage() as objects,
    ):
        made = _secrets(
            folder / "secrets", duban_database_password=server.password, redis_password=broker.password
        )
        database = server.fresh_database()
        airflow = server.fresh_database().replace("+psycopg:", "+psycopg2:").replace("duban@", "duban:{}@")
        more = {
            "STABLE_SECONDS": "0",
            "DATABASE_URL": database,
            "DATABASE_PASSWORD": server.password,
            "ARCHIVE_URL": objects.at("archive"),
            "OUTPUTS_URL": objects.at("outputs"),
        }
        yield Services(
            _settings(folder / "production", database_url=database, database_password=server.password),
            more,
            production(folder / "secrets", airflow, broker.address),
            made | {"key of the object storage": objects.secret},
            objects,
        )


def _secrets(folder: Path, **known: str) -> dict[str, str]:
    """Write the secrets of the production form, a file each, as `docker-compose.yaml` has them."""
    made = known | {
        "airflow_jwt_secret": secrets.token_hex(32),
        "airflow_secret_key": secrets.token_hex(32),
        "airflow_fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    for name, value in made.items():
        (folder / name).write_text(f"{value}\n", encoding="ascii")
    return made


def _told(embedded: Played, other: Played, services: Services, outputs: Path) -> bool:
    """Print the table; tell whether both gave the same, both ledgers hold, and nothing secret was said."""
    one = results(embedded.office, embedded.office.drive_of(PLAN).root)
    two = results(other.office, outputs)
    ledgers = [verified(played.office) for played in (embedded, other)]
    kept = {file.name for file in other.office.archive.root.glob("??/*")}
    copied = {name.rpartition("/")[2] for name in services.objects.names()}
    stayed = list(other.office.drive_of(PLAN).root.glob(f"{OFFICE}/**/*.*"))
    secret = services.secrets | passwords(airflow_home(other.office.settings))
    shown = leaks.told(secret, other.environments)
    logs = list(leaks.files(airflow_home(other.office.settings) / "logs"))
    said = leaks.told(secret, logs)
    rows = [(name, one[name].total(), two[name].total(), one[name] == two[name]) for name in one]
    rows += [
        ("ledger", *(entries for entries, _ in ledgers), not any(breaks for _, breaks in ledgers)),
        ("archive in object storage", "", f"{len(kept & copied)} of {len(kept)}", kept <= copied),
        ("the office's own files left on the drive", "", len(stayed), not stayed),
        (f"secrets in {len(other.environments)} environments", "", len(shown), not shown),
        (f"secrets in {len(logs)} logs", "", len(said), not said),
    ]
    print("\n| what | embedded | production | the same, or holds |\n| --- | --- | --- | --- |")
    for name, first, second, holds in rows:
        print(f"| {name} | {first} | {second} | {'yes' if holds else 'NO'} |")
    print(f"| seconds | {embedded.seconds:.0f} | {other.seconds:.0f} | |")
    print(f"\nkilled in the middle of collecting: {'; '.join(other.struck)}")
    print("\n".join([*shown, *said]))
    for name in (name for name in one if one[name] != two[name]):
        for row in (*list(one[name] - two[name])[:3], *list(two[name] - one[name])[:3]):
            print(f"{name} differs: {row[:12]}")
    return all(holds for *_, holds in rows)


if __name__ == "__main__":
    sys.exit(main())
