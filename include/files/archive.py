"""The archive: every file duban took in or made, by the sha256 of its bytes; never changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from include.files.atomic import make_folder, part_file, poured, settle, write_whole
from include.files.names import open_regular
from include.files.place import Place, put

_COPIED = ".copied"
_SLACK = 3600  # seconds a file may have been written before it was put into its place


class Archive:
    """A content-addressed folder: `ab/cdef…`; a copy of it may be kept at another place, the mirror."""

    def __init__(self, root: Path, mirror: Place | None = None) -> None:
        """Use `root`, which is made at the first write."""
        self.root, self.mirror = root, mirror

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
        with open_regular(file) as source, part_file(self.root) as (part, copy):
            sha256 = poured(source, copy)
            if not self.has(sha256):
                make_folder(self.path(sha256).parent)
                settle(part, copy, self.path(sha256))
        return sha256

    def read(self, sha256: str) -> bytes:
        """Give the bytes of a hash; lost or damaged ones are fetched back from the mirror.

        Raises:
            FileNotFoundError: they are not kept.
            OSError: they are no longer those kept.
        """
        try:
            return _whole(self.path(sha256).read_bytes(), sha256, self.path(sha256))
        except OSError:
            data = self.mirror.read(_relative(sha256)) if self.mirror else None
            if data is None:
                raise
        write_whole(self.path(sha256), _whole(data, sha256, self.path(sha256)))
        return data

    def copy_out(self) -> int:
        """Copy to the mirror what it lacks, oldest first; gives how many.

        Nothing is copied twice: a hidden file carries the time of the newest one copied.

        Raises:
            AwayError: the mirror cannot be reached; what was copied until then stays copied.
        """
        if self.mirror is None:
            return 0
        self.mirror.check()
        mark, copied = self.root / _COPIED, 0
        since = mark.stat().st_mtime - _SLACK if mark.exists() else 0
        kept = (
            (file.stat().st_mtime, file) for file in self.root.glob("??/*") if not file.name.startswith(".")
        )
        for changed, file in sorted(entry for entry in kept if entry[0] >= since):
            relative = f"{file.parent.name}/{file.name}"
            if not self.mirror.taken(relative):
                put(self.mirror, relative, self.read(file.parent.name + file.name))
                copied += 1
            mark.touch()
            os.utime(mark, (changed, changed))
        return copied


def _relative(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:]}"


def _whole(data: bytes, sha256: str, file: Path) -> bytes:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise OSError(f"档案 {file} 已损坏，请从备份恢复")
    return data
