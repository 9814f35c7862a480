"""A private SMB server: Debian's smbd, a folder and a loopback port of its own."""

from __future__ import annotations

import getpass
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tests.ports import free_port

START_SECONDS = 30
PASSWORD = "p@ss/word"  # noqa: S105  it has to be percent-encoded in an address
SHARE = "duban"


class Samba:
    """A server from `__enter__` to `__exit__` with one share, seen from this side as `folder`."""

    def __init__(self, smbd: Path, home: Path) -> None:
        """Take the program and an empty folder for everything it keeps."""
        self._smbd, self._home = smbd, home
        self._port = free_port()
        self.folder = home / "share"

    @property
    def url(self) -> str:
        """Address of the share, with its login."""
        return f"smb://{getpass.getuser()}:p%40ss%2Fword@127.0.0.1:{self._port}/{SHARE}"

    def __enter__(self) -> Samba:
        """Write its settings, make its one user, start it, wait until it answers."""
        self.folder.mkdir(exist_ok=True)
        state = "\n".join(
            f"{name} directory = {self._folder(name)}"
            for name in ("private", "lock", "state", "cache", "pid")
        )
        (self._home / "smb.conf").write_text(
            f"""[global]
server role = standalone server
{state}
ncalrpc dir = {self._folder("ncalrpc")}
log file = {self._home}/smbd.log
smb ports = {self._port}
interfaces = lo
bind interfaces only = yes
disable netbios = yes
load printers = no
passdb backend = tdbsam:{self._home}/private/passdb.tdb
map to guest = never

[{SHARE}]
path = {self.folder}
read only = no
"""
        )
        subprocess.run(
            [*_as_root(), "pdbedit", f"--configfile={self._conf}", "-a", "-t", "-u", getpass.getuser()],
            input=f"{PASSWORD}\n{PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    def start(self) -> None:
        """Start the server."""
        die_with_us = ["setpriv", "--pdeathsig=TERM"]
        command = [str(self._smbd), "--foreground", "--no-process-group", f"--configfile={self._conf}"]
        with (self._home / "out.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*_as_root(), *die_with_us, *command],
                stdout=log,
                stderr=log,
                start_new_session=True,  # when it stops, it ends its whole process group: not ours
            )
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                if self._server.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server: whoever is connected is cut off."""
        self._server.send_signal(signal.SIGTERM)
        self._server.wait(timeout=START_SECONDS)

    @property
    def _conf(self) -> Path:
        return self._home / "smb.conf"

    def _folder(self, name: str) -> Path:
        folder = self._home / name
        folder.mkdir(mode=0o755, exist_ok=True)
        return folder


def _as_root() -> list[str]:
    """Samba changes to whoever logs in, which only root may."""
    return [] if os.getuid() == 0 else ["sudo", "--non-interactive"]
