"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_PIECE = 1 << 20  # bytes read at once


def write_whole(path: Path, data: bytes) -> None:
    """Write beside the place and rename over it; both file and folder are on disk before this returns."""
    make_folder(path.parent)
    with part_file(path.parent) as (part, file):
        file.write(data)
        settle(part, file, path)


def write_private(path: Path, data: bytes) -> None:
    """Write as `write_whole`; only its owner can read the file, from its first byte on."""
    make_folder(path.parent)
    with part_file(path.parent) as (part, file):
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        settle(part, file, path)


@contextlib.contextmanager
def part_file(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a hidden file for writing; whatever was not settled is gone afterwards."""
    part = folder / f".~{uuid.uuid4().hex[:12]}.part"
    try:
        with part.open("wb") as file:
            yield part, file
    finally:
        part.unlink(missing_ok=True)


def settle(part: Path, file: BinaryIO, path: Path) -> None:
    """Put a written part into its place, on disk."""
    file.flush()
    os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def poured(source: BinaryIO, to: BinaryIO) -> str:
    """Copy all that is left of an open file, whatever its size; gives the sha256 of it."""
    digest = hashlib.sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
        to.write(piece)
    return digest.hexdigest()


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; each stands on disk in the one above."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk; shares that cannot do that are left to their own keeping."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
