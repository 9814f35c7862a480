"""A private Redis server: Debian's program, a loopback port and a password of its own, nothing kept."""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path
from types import TracebackType

from tests.ports import START_SECONDS, await_port, free_port


class Redis:
    """A server from `__enter__` to `__exit__`."""

    def __init__(self, program: Path, folder: Path) -> None:
        """Take the program, and a folder for its log."""
        self._program, self._folder = program, folder
        self._port, self.password = free_port(), secrets.token_hex(16)

    @property
    def address(self) -> str:
        """Address of its first database, `{}` for the password."""
        return f"redis://:{{}}@127.0.0.1:{self._port}/0"

    def __enter__(self) -> Redis:
        """Start it, the password through its standard input, and wait until it answers."""
        settings = f"""
bind 127.0.0.1
port {self._port}
requirepass {self.password}
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
        await_port(self._port, self._server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._server.terminate()
        self._server.wait(timeout=START_SECONDS)
