"""The archive: every file duban took in or made, by the sha256 of its bytes; never changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from include.files.atomic import write_whole


class Archive:
    """A content-addressed folder: `ab/cdef…`."""

    def __init__(self, root: Path) -> None:
        """Use `root`, which is made at the first write."""
        self.root = root

    def path(self, sha256: str) -> Path:
        """Give where the bytes of a hash are kept."""
        return self.root / sha256[:2] / sha256[2:]

    def has(self, sha256: str) -> bool:
        """Tell whether the bytes are kept."""
        return self.path(sha256).exists()

    def put_bytes(self, data: bytes) -> str:
        """Keep bytes; gives their hash. Kept twice, they are written once."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.has(sha256):
            write_whole(self.path(sha256), data)
        return sha256

    def put_file(self, file: Path) -> str:
        """Keep a file's bytes."""
        return self.put_bytes(file.read_bytes())

    def read(self, sha256: str) -> bytes:
        """Give the bytes of a hash. Raises: FileNotFoundError."""
        return self.path(sha256).read_bytes()
