"""An SMB share, spoken to directly: no mount, no rights of root."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, unquote

import smbclient
import smbclient.path
from smbprotocol.exceptions import SMBException, SMBOSError

from include.files.place import AwayError, parts_of
from include.foreign import words

_TIMEOUT_SECONDS = 20


class Share:
    """A folder of an SMB share."""

    def __init__(self, root: str, login: dict[str, Any], top: str = "") -> None:
        """Use the folder `root` below `top`, which must be there; UNC paths, and a login for `smbclient`."""
        self._root, self._login, self._top = root, login, top or root
        self.name = root

    @classmethod
    def of(cls, address: SplitResult) -> Share:
        """Open the share of an address."""
        host = address.hostname or ""
        login = {
            "username": unquote(address.username or "") or None,
            "password": unquote(address.password or "") or None,
            "port": address.port or 445,
            "connection_timeout": _TIMEOUT_SECONDS,
            "connection_cache": {},  # of its own: a broken connection is dropped with it
        }
        folders = [unquote(part) for part in address.path.split("/") if part]
        return cls("\\".join(["", "", host, *folders]), login)

    def check(self) -> None:
        """Look whether the folder is there. Raises: AwayError."""
        try:
            with self._told("打不开"):
                there = smbclient.path.isdir(self._top, **self._login)
        except OSError as error:
            raise AwayError(str(error)) from error
        if not there:
            raise AwayError(f"{self._top} 不在，请检查共享和路径")

    def part(self, folder: str) -> Share:
        """Give a folder of it."""
        return Share(self._path(folder), self._login, self._top) if folder else self

    def read(self, path: str) -> bytes | None:
        """Give a file's bytes."""
        file = self._path(path)
        with self._told("不能读取"):
            if not smbclient.path.isfile(file, **self._login):
                return None
            with smbclient.open_file(file, mode="rb", share_access="r", **self._login) as opened:
                return bytes(opened.read())

    def taken(self, path: str) -> bool:
        """Tell whether anything stands there."""
        file = self._path(path)
        with self._told("打不开"):
            return smbclient.path.lexists(file, **self._login)

    def write(self, path: str, data: bytes) -> None:
        """Write beside the place and replace (a plain rename is refused where a file stands)."""
        file = self._path(path)
        folder = file.rpartition("\\")[0]
        part = f"{folder}\\.~{uuid.uuid4().hex[:12]}.part"
        with self._told("不能写入"):
            smbclient.makedirs(folder, exist_ok=True, **self._login)
            try:
                with smbclient.open_file(part, mode="xb", **self._login) as opened:
                    opened.write(data)
                smbclient.replace(part, file, **self._login)
            except BaseException:
                with contextlib.suppress(SMBException, OSError, ValueError):
                    smbclient.remove(part, **self._login)
                raise

    def remove(self, path: str) -> None:
        """Remove a file."""
        file = self._path(path)
        with self._told("不能删除"):
            smbclient.remove(file, **self._login)

    def _path(self, path: str) -> str:
        return "\\".join([self._root, *parts_of(path)])

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Tell what went wrong as an OSError; where it is no single file's fault, the share is away."""
        try:
            yield
        except SMBOSError as error:
            raise OSError(f"{self.name} {what}：{words(error)}") from error
        except (SMBException, OSError, ValueError) as error:  # ValueError: smbprotocol's for no connection
            smbclient.reset_connection_cache(
                fail_on_error=False, connection_cache=self._login["connection_cache"]
            )
            raise AwayError(f"{self.name} {what}，请检查网络、账号和密码：{words(error)}") from error
