"""What the Samba container runs (`samba.sh`), run here: a login an agency from `shares.txt`, and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import smbclient
from smbprotocol.exceptions import SMBException

from include.files.smb_conf import AgencyShare, smb_conf
from tests.needs import ROOT, need_library
from tests.ports import free_port

AGENCIES = {"a-2024.education": "pass one", "a-2024.health": "pass-two"}
WITHIN_SECONDS = 30


@pytest.fixture
def port(need: Callable[[str], Path], tmp_path: Path) -> Iterator[int]:
    """The port of a server started by the script, all its state in a folder."""
    smbd = need("smbd")
    need_library("libnss_wrapper.so")
    port, state = free_port(), tmp_path / "state"
    state.mkdir()
    shared = []
    for user in AGENCIES:
        (tmp_path / "drive" / user).mkdir(parents=True)
        shared.append(AgencyShare(user, user, tmp_path / "drive" / user, user))
    kinds = ("private", "lock", "state", "cache", "pid")
    places = "".join(f"{kind} directory = {state}\n" for kind in kinds) + f"ncalrpc dir = {state}/rpc\n"
    here = f"smb ports = {port}\ninterfaces = lo\nbind interfaces only = yes\n"
    (tmp_path / "smb.conf").write_text(smb_conf(shared, "root", places + here), encoding="utf-8")
    lines = [f"{user}\t{password}\t单位\n" for user, password in AGENCIES.items()]
    (tmp_path / "shares.txt").write_text("# 用户名\t密码\t单位\n" + "".join(lines), encoding="utf-8")
    where = {
        "SAMBA_FROM": str(tmp_path),
        "SAMBA_OWN": str(state),
        "PATH": f"{smbd.parent}:{os.environ['PATH']}",
    }
    root = [] if os.getuid() == 0 else ["sudo", "--non-interactive"]
    command = [*root, "env", *(f"{k}={v}" for k, v in where.items()), "sh", str(ROOT / "samba.sh")]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    yield port
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=WITHIN_SECONDS)


def _listing(port: int, share: str, user: str, password: str) -> list[str]:
    """List a share as one of its users, waiting for the server to be there."""
    end = time.monotonic() + WITHIN_SECONDS
    while True:
        login = {"username": user, "password": password, "port": port, "connection_cache": {}}
        try:
            return smbclient.listdir(f"\\\\127.0.0.1\\{share}", **login)
        except ValueError:  # nobody listens yet
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_each_agency_enters_its_share_with_its_password_and_no_other(port: int, tmp_path: Path) -> None:
    (mine, password), (theirs, _) = AGENCIES.items()
    name = f"{uuid4().hex}.xlsx"
    (tmp_path / "drive" / mine / name).touch()
    assert _listing(port, mine, mine, password) == [name]
    for share, user, said in ((theirs, mine, password), (mine, mine, "wrong"), (mine, theirs, password)):
        with pytest.raises(SMBException):
            _listing(port, share, user, said)
