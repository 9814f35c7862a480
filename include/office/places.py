"""Where files go: the shared drive, bound to this installation; the office's outputs; the archive's copy."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from include.errors import SettingsError
from include.files import Archive, AwayError, Drive, Folder, Place, open_place
from include.files.atomic import write_whole
from include.files.place import put
from include.foreign import words
from include.settings import Settings, settings

_PROBE = ".duban-probe"  # written and removed again, to see that files are taken
_ID = "installation"  # in `DUBAN_HOME`: names this installation, as the mark on its drive does


def open_places(of: Settings) -> tuple[Archive, Drive]:
    """Open archive and drive of an installation.

    A drive in `DUBAN_HOME` itself is made and bound with it; one elsewhere is bound by a person (`bind`) who
    has seen that it is mounted.

    Raises:
        SettingsError: an address that names no place.
    """
    fresh = not (of.home / _ID).exists()
    installation = _installation(of.home)
    drive = Folder(of.drive, installation)
    if fresh and of.drive_dir is None:
        drive.bind()
    outputs, mirror = (
        open_place(url, installation) if url else None
        for url in (of.outputs_url.get_secret_value(), of.archive_url.get_secret_value())
    )
    return Archive(of.archive, mirror), Drive(drive, outputs)


def bind(of: Settings | None = None) -> list[str]:
    """Bind the drive, and outputs and archive copy where they are folders, to this installation.

    Returns:
        What was bound.

    Raises:
        SettingsError: one is not there, cannot be written, or belongs to another installation.
    """
    archive, drive = open_places(of or settings())
    bound: list[str] = []
    for place in _places(archive, drive):
        if isinstance(place, Folder):
            if not place.root.is_dir():
                raise SettingsError(f"{place.root} 不在；请先挂载共享盘")
            try:
                place.bind()
            except OSError as error:
                raise SettingsError(f"{place.root} 不能写入：{words(error)}；请检查权限和磁盘") from error
            bound.append(place.name)
    return bound


def away(archive: Archive, drive: Drive) -> Iterator[tuple[str, str]]:
    """Give the places that cannot be reached, and why."""
    for place in _places(archive, drive):
        try:
            place.check()
        except AwayError as error:
            yield place.name, str(error)


def unwritable(archive: Archive, drive: Drive) -> Iterator[tuple[str, str]]:
    """Write a file to each place, read it back, remove it; give the places that do not take it, and why."""
    for place in _places(archive, drive):
        try:
            put(place, _PROBE, uuid.uuid4().bytes)
            place.remove(_PROBE)
        except OSError as error:
            yield place.name, words(error)


def _places(archive: Archive, drive: Drive) -> list[Place]:
    elsewhere = [] if drive.outputs is drive.folder else [drive.outputs]
    return [drive.folder, *elsewhere, *([archive.mirror] if archive.mirror else [])]


def _installation(home: Path) -> str:
    """Give the installation's id; of several processes that start at once, one makes it."""
    file = home / _ID
    if not file.exists():
        mine = home / f".~{uuid.uuid4().hex}.part"
        write_whole(mine, f"{uuid.uuid4().hex}\n".encode())
        try:
            os.link(mine, file)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return file.read_text(encoding="utf-8").strip()
