"""Loopback ports: a free one, and waiting until a server answers at one."""

from __future__ import annotations

import socket
import subprocess
import time
from typing import Any

START_SECONDS = 30


def free_port() -> int:
    """Give a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port: int, server: subprocess.Popen[Any]) -> None:
    """Wait until somebody listens on a loopback port. Raises: OSError if the server ended, or is too slow."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
