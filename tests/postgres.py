"""A private PostgreSQL server: Debian's programs, a folder and a loopback port of its own, never as root."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from uuid import uuid4

import psycopg

from tests.ports import free_port

START_SECONDS = 60


@contextmanager
def postgresql_server(programs: Path) -> Iterator[PostgreSQL]:
    """Run a server in a temporary folder of its own.

    Not in pytest's: every pytest that starts closes that folder to others, and the server runs as somebody
    else.
    """
    with TemporaryDirectory(prefix="duban-postgresql-", ignore_cleanup_errors=True) as outer:
        Path(outer).chmod(0o711)
        folder = Path(outer) / "server"
        folder.mkdir()
        with PostgreSQL(programs, folder) as server:
            yield server


class PostgreSQL:
    """A server from `__enter__` to `__exit__`; `fresh_database()` gives the URL of an empty database."""

    def __init__(self, programs: Path, folder: Path, password: str = "") -> None:
        """Take the folder of `initdb` and `postgres`, and an empty folder for the data.

        With a `password` it is asked for; the URLs given have none.
        """
        self._programs = programs
        self._folder = folder
        self._port = free_port()
        self.password = password
        self._admin = f"postgresql://duban:{password}@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> PostgreSQL:
        """Make the cluster, start the server, wait until it answers."""
        data, asked = self._folder / "data", self._folder / "password"
        asked.write_text(self.password or "none", encoding="ascii")
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
        auth = f"--auth={'scram-sha-256' if self.password else 'trust'}"
        initdb = ["initdb", "--pgdata", str(data), "--username=duban", auth, f"--pwfile={asked}"]
        subprocess.run(
            self._as_somebody(*initdb, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            check=True,
            capture_output=True,
        )
        self.start()
        return self

    def start(self) -> None:
        """Start the server on its folder, and wait until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "100",
            "fsync": "off",  # nothing here outlives the tests
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        data = str(self._folder / "data")
        command = self._as_somebody("postgres", "-D", data, "-p", str(self._port), *options)
        with (self._folder / "postgresql.log").open("wb") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log)
        self._await_start()

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server; connections still open do not keep it. `at_once`: as a crash would."""
        self._server.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._server.wait(timeout=START_SECONDS)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def fresh_database(self, copy_of: str = "") -> str:
        """Make an empty database, or a copy of one nobody is connected to; give its SQLAlchemy URL."""
        name = f"t{uuid4().hex}"
        template = copy_of.rpartition("/")[2] or "template1"
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # pyright: ignore[reportArgumentType, reportCallIssue]
        return f"postgresql+psycopg://duban@127.0.0.1:{self._port}/{name}"

    def drop(self, url: str) -> None:
        """Remove a database made here, whoever is still connected."""
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')  # pyright: ignore[reportArgumentType, reportCallIssue]

    def _as_somebody(self, program: str, *arguments: str) -> list[str]:
        """Run as nobody where we are root, which PostgreSQL refuses; and never longer than the tests."""
        drop = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
        return ["setpriv", *drop, "--pdeathsig=INT", str(self._programs / program), *arguments]

    def _await_start(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self._admin, connect_timeout=2).close()
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return
