"""Places files are put whole: a folder, an SMB share, a bucket, each by its address (URL).

Paths are relative to the place, with `/`.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import unquote, urlsplit

from include.errors import SettingsError
from include.files.atomic import write_whole
from include.files.names import is_regular, open_regular

MARK = ".duban-drive"  # at the top of a shared drive: the installation it was bound to


class AwayError(OSError):
    """A place cannot be reached: what is for it waits."""


class Place(Protocol):
    """Somewhere files are put."""

    name: str  # for people, without a password

    def check(self) -> None:
        """Look whether the place is there. Raises: AwayError, in words for the administrator."""
        ...

    def part(self, folder: str) -> Place:
        """Give a folder of the place."""
        ...

    def read(self, path: str) -> bytes | None:
        """Give a file's bytes, None if no file stands there. Raises: OSError."""
        ...

    def taken(self, path: str) -> bool:
        """Tell whether anything stands there. Raises: OSError."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Write a file whole, in place of what stood there. Raises: OSError."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file. Raises: OSError."""
        ...


def put(place: Place, path: str, data: bytes) -> str:
    """Write a file and read it back; unchanged bytes are left alone.

    Returns:
        The sha256 of the bytes.

    Raises:
        ValueError: the path leaves the place.
        AwayError: the place cannot be reached.
        OSError: it does not take the file, or gives back other bytes.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    place.check()
    if hash_at(place, path) != sha256:
        place.write(path, data)
        if hash_at(place, path) != sha256:
            raise OSError(f"{path}: {place.name} gave back other bytes than were written")
    return sha256


def hash_at(place: Place, path: str) -> str | None:
    """Give the sha256 of a file's bytes, None if no file stands there."""
    data = place.read(path)
    return None if data is None else hashlib.sha256(data).hexdigest()


def parts_of(path: str) -> tuple[str, ...]:
    """Take a relative path apart. Raises: ValueError if it leaves the place."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        raise ValueError(f"{path!r} is not a path within the drive")
    return parts


class Folder:
    """A folder of this machine, or a share mounted into it. Bound to an installation, it must carry its mark.

    An empty mount point does not, and nothing is written into it.
    """

    def __init__(self, root: Path, installation: str = "", top: Path | None = None) -> None:
        """Use `root`, a folder below `top`, which carries the mark of the `installation` (none: unmarked)."""
        self.root, self._installation, self._top = root, installation, top or root
        self.name = str(root)

    def check(self) -> None:
        """Look whether it is there, is ours and takes files. Raises: AwayError."""
        if not self._installation:
            return
        if not self._top.is_dir() or not os.access(self._top, os.W_OK):
            raise AwayError(f"{self._top} 打不开或不能写入，请检查网络和挂载")
        found = self.mark()
        if found != self._installation:
            why = "属于另一个系统" if found else "可能没有挂载"
            raise AwayError(
                f"{self._top} {why}（标记文件 {MARK} {'不符' if found else '不在'}），没有写入；"
                "确认是本系统的共享盘后运行 duban drive bind"
            )

    def mark(self) -> str:
        """Give the installation the drive is bound to; empty for none."""
        mark = self._top / MARK
        return mark.read_text(encoding="utf-8").strip() if is_regular(mark) else ""

    def bind(self) -> None:
        """Make the drive the installation's.

        Raises:
            SettingsError: it is another's.
            OSError: it cannot be written.
        """
        if self.mark() not in ("", self._installation):
            raise SettingsError(
                f"{self._top} belongs to another installation of duban (see {MARK} there); give this one a "
                "drive of its own, or remove that file if the other one is gone"
            )
        write_whole(self._top / MARK, f"{self._installation}\n".encode())

    def part(self, folder: str) -> Folder:
        """Give a folder of it, under the same mark."""
        return Folder(self.root / folder, self._installation, self._top)

    def file(self, path: str) -> Path:
        """Give the file of a relative path.

        Raises:
            ValueError: the path leaves the folder.
            OSError: one of its folders is a link, which could lead anywhere.
        """
        parts = parts_of(path)
        file = self.root.joinpath(*parts)
        for folder in list(file.parents)[: len(parts) - 1]:
            if folder.is_symlink():
                raise OSError(f"{folder}: a link stands where a folder should be; remove it")
        return file

    def read(self, path: str) -> bytes | None:
        """Give a regular file's bytes."""
        file = self.file(path)
        if not is_regular(file):
            return None
        with open_regular(file) as opened:
            return opened.read()

    def taken(self, path: str) -> bool:
        """Tell whether anything stands there, a link or a folder too."""
        return os.path.lexists(self.file(path))

    def write(self, path: str, data: bytes) -> None:
        """Write beside the place and rename over it."""
        write_whole(self.file(path), data)

    def remove(self, path: str) -> None:
        """Remove a file."""
        self.file(path).unlink()


def open_place(url: str, installation: str = "") -> Place:
    """Open the place of an address; a folder must then carry the installation's mark.

    `file:///srv/duban`, `smb://user:password@host:445/share/folder`,
    `s3://key:secret@bucket/folder?endpoint=https://…`; special characters are percent-encoded.

    Raises:
        SettingsError: an address that is not of these forms.
    """
    address = urlsplit(url)
    if address.scheme == "file" and address.path:
        return Folder(Path(unquote(address.path)), installation)
    if address.scheme == "smb" and address.hostname and address.path.strip("/"):
        from include.files.share import Share  # noqa: PLC0415  only who uses it pays for it

        return Share.of(address)
    if address.scheme == "s3" and address.hostname:
        from include.files.bucket import Bucket  # noqa: PLC0415

        return Bucket.of(address)
    raise SettingsError(
        f"an address of kind {address.scheme!r} does not name a place; expected file:///folder, "
        "smb://user:password@host/share or s3://key:secret@bucket"
    )
