"""The archive: every file duban took in or made, by the sha256 of its bytes; never changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from include.files.atomic import make_folder, part_file, settle, write_whole
from include.files.names import open_regular

_PIECE = 1 << 20  # bytes read at once


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
        """Keep a file's bytes, whatever its size. Raises: OSError, also for a link or no regular file."""
        make_folder(self.root)
        digest = hashlib.sha256()
        with open_regular(file) as source, part_file(self.root) as (part, copy):
            while piece := source.read(_PIECE):
                digest.update(piece)
                copy.write(piece)
            sha256 = digest.hexdigest()
            if not self.has(sha256):
                make_folder(self.path(sha256).parent)
                settle(part, copy, self.path(sha256))
        return sha256

    def read(self, sha256: str) -> bytes:
        """Give the bytes of a hash. Raises: FileNotFoundError; OSError if they are no longer those kept."""
        data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise OSError(f"archive: {self.path(sha256)} is damaged; restore it from the backup")
        return data
