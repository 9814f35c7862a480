"""A private Redis server: Debian's program, a loopback port and a password of its own, nothing kept."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tests.ports import free_port

START_SECONDS = 30


class Redis:
    """A server from `__enter__` to `__exit__`."""

    def __init__(self, program: Path, folder: Path) -> None:
        """Take the program, and a folder for its log."""
        self._program, self._folder = program, folder
        self._port, self._password = free_port(), secrets.token_hex(16)

    @property
    def url(self) -> str:
        """Address of its first database."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def __enter__(self) -> Redis:
        """Start it, the password through its standard input, and wait until it answers."""
        settings = f"""
bind 127.0.0.1
port {self._port}
requirepass {self._password}
save ""
appendonly no
dir {self._folder}
"""
        command = ["setpriv", "--pdeathsig=TERM", str(self._program), "-"]
        with (self._folder / "redis.log").open("wb") as log:
            self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        assert self._server.stdin is not None
        self._server.stdin.write(settings.encode())
        self._server.stdin.close()
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                if self._server.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._server.terminate()
        self._server.wait(timeout=START_SECONDS)
