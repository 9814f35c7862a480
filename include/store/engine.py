"""Opening the database: one engine, short writing transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy.orm  # noqa: F401  Great Expectations wants it in a thread; we would find it half imported
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite

MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """The database of one installation. Reading is free; writing goes through `writing()`."""

    def __init__(self, url: str) -> None:
        """Open `url` (SQLite or PostgreSQL); nothing is created until `migrate`."""
        self.url = url
        self.engine = _engine(url)

    def migrate(self, to: str = "head") -> None:
        """Bring the schema to the newest revision (or another); safe to call at every start."""
        config = _config()
        with self._restructuring() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)

    def revisions(self) -> tuple[str | None, str | None]:
        """Give the schema's revision of the database (None: it is empty), and the newest there is."""
        with self.engine.connect() as connection:
            here = MigrationContext.configure(connection).get_current_revision()
        return here, ScriptDirectory.from_config(_config()).get_current_head()

    @staticmethod
    def known_revisions() -> frozenset[str]:
        """Give every revision this program knows."""
        return frozenset(
            script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for queries; every query of one block sees one state on PostgreSQL."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in one transaction: all of it or nothing. Keep it short; no I/O inside."""
        with self.engine.connect() as connection, connection.begin():
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def _restructuring(self) -> Iterator[Connection]:
        """Give a connection in one transaction that may change tables which others refer to.

        SQLite changes a table by making it anew, which references to it would forbid; they are checked at the
        end instead. The switch works outside a transaction only.
        """
        if self.engine.dialect.name != "sqlite":
            with self.writing() as connection:
                yield connection
            return
        with self.engine.connect() as connection:
            _references(connection, "OFF")
            try:
                with connection.begin():
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken is not None:
                        raise RuntimeError(f"the migration leaves a reference to nothing: {tuple(broken)}")
            finally:
                _references(connection, "ON")

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Give an INSERT of this database, which can say what to do about a row that is there already."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def put(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write whole rows, each in the place of the one with its primary key.

    Two that write the same rows at once both succeed, which deleting and inserting, or updating and else
    inserting, does not give on PostgreSQL. In the order of their keys, so that neither waits for the other.
    """
    keys = [column.name for column in table.primary_key]
    ordered = sorted((dict(row) for row in rows), key=lambda row: [str(row[key]) for key in keys])
    if not ordered:
        return
    new = insert_into(connection, table)
    others = {column.name: new.excluded[column.name] for column in table.c if column.name not in keys}
    connection.execute(new.on_conflict_do_update(index_elements=keys, set_=others), ordered)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _references(connection: Connection, state: str) -> None:
    connection.exec_driver_sql(f"PRAGMA foreign_keys={state}")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Take BEGIN out of the driver's hands (it would defer the lock) and switch on what we rely on."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
