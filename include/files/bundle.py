"""Folders copied whole, each file known by its sha256: what a backup is made of and checked by."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from include.files.atomic import make_folder, part_file, poured, settle
from include.files.names import open_regular

Skip = Callable[[PurePosixPath], bool]


def copy_tree(source: Path, to: Path, skip: Skip = lambda _: False) -> dict[str, str]:
    """Copy a folder's regular files, whatever others do in it meanwhile; links are left out.

    Args:
        source: the folder.
        to: where it goes.
        skip: tells of a path below `source` whether it, and all below it, is left out.

    Returns:
        The sha256 of each file by its path, with `/`.

    Raises:
        OSError: a file cannot be read or written; one that is gone meanwhile is no fault.
    """
    copied: dict[str, str] = {}
    for path in files_in(source, skip):
        try:
            copied[str(path)] = copy_file(source / path, to / path)
        except FileNotFoundError:
            continue  # taken in or removed since it was listed
    return copied


def copy_file(source: Path, to: Path) -> str:
    """Copy a regular file whole, its time included; gives its sha256. Raises: OSError."""
    with open_regular(source) as original:
        make_folder(to.parent)
        with part_file(to.parent) as (part, copy):
            sha256 = poured(original, copy)
            changed = os.fstat(original.fileno())
            copy.flush()
            os.utime(part, ns=(changed.st_atime_ns, changed.st_mtime_ns))
            settle(part, copy, to)
    return sha256


def files_in(folder: Path, skip: Skip = lambda _: False) -> Iterator[PurePosixPath]:
    """Give the regular files of a folder, in order, by their paths below it."""
    for parent, folders, names in os.walk(folder):
        below = PurePosixPath(Path(parent).relative_to(folder).as_posix())
        folders[:] = sorted(name for name in folders if not skip(below / name))
        for name in sorted(names):
            file = Path(parent, name)
            if not skip(below / name) and file.is_file() and not file.is_symlink():
                yield below / name


def differing(folder: Path, expected: Mapping[str, str], beside: Collection[str] = ()) -> Iterator[str]:
    """Hold a folder against what should be in it; gives what is missing, altered, or not of it.

    Args:
        folder: the folder.
        expected: the sha256 of each file by its path.
        beside: files that may stand there too.
    """
    there = {str(path) for path in files_in(folder)} - set(beside)
    for path, sha256 in expected.items():
        if path not in there:
            yield f"{path}: missing"
        elif hash_file(folder / path) != sha256:
            yield f"{path}: altered"
    yield from (f"{path}: not of the backup" for path in sorted(there - set(expected)))


def hash_file(file: Path) -> str:
    """Give the sha256 of a regular file. Raises: OSError."""
    with open_regular(file) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
