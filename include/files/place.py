"""What a place is that files are put whole, and putting one there. Paths are relative to it, with `/`."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Protocol


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
            raise OSError(f"{place.name}：写入 {path} 后读回的内容不同，请检查磁盘")
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
