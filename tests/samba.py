"""A private SMB server: Debian's smbd, a folder and a loopback port of its own."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.ports import free_port

START_SECONDS = 30
PASSWORD = "p@ss/word"  # noqa: S105  it has to be percent-encoded in an address
SHARE = "duban"
_ONE_SHARE = """[global]
server role = standalone server
disable netbios = yes
load printers = no
map to guest = never

[{share}]
path = {folder}
read only = no
"""


class Samba:
    """A server from `__enter__` to `__exit__`, by default with one share, seen from this side as `folder`."""

    def __init__(
        self, smbd: Path, home: Path, conf: str = "", logins: Mapping[str, str] | None = None
    ) -> None:
        """Take the program and an empty folder for everything it keeps.

        `conf` are settings to serve instead of the one share, `logins` the passwords of users that need not
        exist on this machine.
        """
        self._smbd, self._home = smbd, home
        self.port = free_port()
        self.folder = home / "share"
        self._settings = conf or _ONE_SHARE.format(share=SHARE, folder=self.folder)
        self._made_up = logins or {}

    @property
    def url(self) -> str:
        """Address of the share, with its login."""
        return f"smb://{getpass.getuser()}:p%40ss%2Fword@127.0.0.1:{self.port}/{SHARE}"

    def __enter__(self) -> Samba:
        """Write its settings, make its users, start it, wait until it answers."""
        self.folder.mkdir(exist_ok=True)
        state = "\n".join(
            f"{name} directory = {self._folder(name)}"
            for name in ("private", "lock", "state", "cache", "pid")
        )
        here = f"""[global]
{state}
ncalrpc dir = {self._folder("ncalrpc")}
log file = {self._home}/smbd.log
smb ports = {self.port}
interfaces = lo
bind interfaces only = yes
"""
        self._conf.write_text(self._settings.replace("[global]\n", here, 1), encoding="utf-8")
        for user, password in (self._made_up or {getpass.getuser(): PASSWORD}).items():
            subprocess.run(
                [*self._as_root(), "pdbedit", f"--configfile={self._conf}", "-a", "-t", "-u", user],
                input=f"{password}\n{password}\n",
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
                [*self._as_root(), *die_with_us, *command],
                stdout=log,
                stderr=log,
                start_new_session=True,  # when it stops, it ends its whole process group: not ours
            )
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
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

    def _as_root(self) -> list[str]:
        """Samba changes to whoever logs in, which only root may; made-up users stand in files of ours."""
        root = [] if os.getuid() == 0 else ["sudo", "--non-interactive"]
        if not self._made_up:
            return root
        users, groups = self._home / "passwd", self._home / "group"
        known = [f"{u.pw_name}:x:{u.pw_uid}:{u.pw_gid}::/:/bin/false" for u in pwd.getpwall()]
        added = [f"{name}:x:{60001 + n}:60001::/:/bin/false" for n, name in enumerate(self._made_up)]
        users.write_text("\n".join([*known, *added, ""]), encoding="ascii")
        groups.write_text(
            "".join(f"{g.gr_name}:x:{g.gr_gid}:\n" for g in grp.getgrall()) + "agencies:x:60001:\n"
        )
        wrapped = {
            "LD_PRELOAD": "libnss_wrapper.so",
            "NSS_WRAPPER_PASSWD": users,
            "NSS_WRAPPER_GROUP": groups,
        }
        return [*root, "env", *(f"{name}={value}" for name, value in wrapped.items())]
