"""The database as one file, and back: SQLite by its online copy, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, URL, MetaData, inspect, make_url, select
from sqlalchemy.exc import DatabaseError

from include.errors import SettingsError
from include.foreign import words
from include.store.engine import Store
from include.store.schema import ledger, metadata

_SECONDS = 4 * 3600
_DEBIAN = Path("/usr/lib/postgresql")


def kind_of(url: str) -> str:
    """Give what a database is: `sqlite` or `postgresql`."""
    return make_url(url).get_backend_name()


def dump(url: str, to: Path) -> None:
    """Write a consistent copy while others go on writing.

    Raises:
        SettingsError: no pg_dump here, or it did not succeed.
        OSError, sqlite3.Error: the copy cannot be written.
    """
    address = make_url(url)
    if kind_of(url) == "sqlite":
        with (
            closing(sqlite3.connect(str(address.database))) as source,
            closing(sqlite3.connect(to)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        return
    _run("pg_dump", address, "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def load(url: str, dumped: Path) -> None:
    """Put a copy into the place of the database, whole or not at all.

    Raises:
        SettingsError: no pg_restore here, or it did not succeed.
    """
    address = make_url(url)
    if kind_of(url) == "sqlite":
        file = Path(str(address.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(dumped)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        return
    store = Store(url)
    there = MetaData()
    there.reflect(store.engine)
    there.drop_all(store.engine)  # a later release's tables, too
    store.close()
    _run("pg_restore", address, "--no-owner", "--no-privileges", "--single-transaction", str(dumped))


def is_empty(url: str) -> bool:
    """Tell whether nothing has happened in a database: no table, or ours and no entry in the ledger.

    A file that is no database any more is not empty: something was there.

    Raises:
        SettingsError: the server does not answer.
    """
    if kind_of(url) == "sqlite" and not Path(str(make_url(url).database)).exists():
        return True
    store = Store(url)
    try:
        names = inspect(store.engine).get_table_names()
        with store.reading() as connection:
            return not names or (
                ledger.name in names and connection.execute(select(ledger.c.seq)).first() is None
            )
    except DatabaseError as error:
        if kind_of(url) == "sqlite":
            return False
        raise SettingsError(f"数据库打不开：{words(error)}；请核对 DUBAN_DATABASE_URL") from error
    finally:
        store.close()


def kept_files(store: Store) -> Iterator[tuple[str, str]]:
    """Give every file of the archive the database refers to: its sha256, and the table that says so."""
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            hashes = [c for c in table.columns if c.name.endswith("sha256")]
            content = [c for c in table.columns if isinstance(c.type, JSON)]
            if not hashes and not content:
                continue
            for row in connection.execute(select(*hashes, *content)):
                told = row._mapping
                yield from ((told[c.name], table.name) for c in hashes if told[c.name])
                yield from ((sha256, table.name) for c in content for sha256 in _hashes_in(told[c.name]))


def _hashes_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if str(key).endswith("sha256") and isinstance(inner, str) and inner:
                yield inner
            else:
                yield from _hashes_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _hashes_in(inner)


def _run(program: str, address: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, where nobody else reads it."""
    found = _find(program)
    if found is None:
        raise SettingsError(f"没有 {program}；请安装与数据库服务器同一版本的 postgresql-client")
    said = {"host": address.host, "port": address.port, "username": address.username}
    options = [f"--{name}={value}" for name, value in said.items() if value is not None]
    environment = os.environ | {"PGDATABASE": address.database or "", "PGPASSWORD": address.password or ""}
    environment |= {f"PG{name.upper()}": str(value) for name, value in address.query.items()}
    if program == "pg_restore":
        options.append(f"--dbname={address.database}")
    done = subprocess.run(  # noqa: S603
        [found, "--no-password", *options, *arguments],
        env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SettingsError(
            f"{program} 没有成功：{words(done.stderr)[:500]}；请核对 DUBAN_DATABASE_URL 和磁盘"
        )


def _find(program: str) -> str | None:
    """Find the newest release installed, which reads every older server; Debian keeps them off PATH."""
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    return shutil.which(
        program, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
    )
