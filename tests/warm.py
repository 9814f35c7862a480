"""The `duban` command kept warm: a program of that name, done by forks of a process that has imported it all.

Importing takes two seconds, a guide has twenty commands. Each runs in a process of its own, with the caller's
arguments, folder, environment and streams, through the same entry.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from include.settings import ROOT

_SERVER = """
import json, os, socket, sys
from include.cli import main
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print("ready", flush=True)
while True:
    asking, _ = server.accept()
    said, streams, _, _ = socket.recv_fds(asking, 1 << 20, 3)
    if os.fork() == 0:
        server.close()
        asked = json.loads(said)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        code = 0
        try:
            main(asked["arguments"])
        except SystemExit as ended:
            code = ended.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        asking.send(bytes([int(code)]))
        os._exit(0)
    for stream in streams:
        os.close(stream)
    asking.close()
"""
_CLIENT = """#!{python} -SE
import json, os, socket, sys
asking = socket.socket(socket.AF_UNIX)
asking.connect({address!r})
asked = {{"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}}
socket.send_fds(asking, [json.dumps(asked).encode()], [0, 1, 2])
answer = asking.recv(1)
sys.exit(answer[0] if answer else 70)
"""


class WarmDuban:
    """From `__enter__` to `__exit__` the folder holds the program."""

    def __init__(self, folder: Path) -> None:
        """Take an empty folder; put it first on PATH."""
        self.folder = folder

    def __enter__(self) -> WarmDuban:
        """Import everything, once."""
        address = self.folder / "socket"
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._server = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(address)], env=environment, stdout=subprocess.PIPE
        )
        assert self._server.stdout is not None
        assert self._server.stdout.readline() == b"ready\n"
        program = self.folder / "duban"
        program.write_text(_CLIENT.format(python=sys.executable, address=str(address)), encoding="utf-8")
        program.chmod(0o755)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._server.kill()
        self._server.communicate()
