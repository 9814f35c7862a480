"""Taking what was dropped: look twice, then claim by one atomic rename."""

from __future__ import annotations

import errno
import hashlib
import logging
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from include.files.atomic import sync_folder, write_whole
from include.files.names import is_folder, is_regular, open_regular, safe_name

_CLAIMED = re.compile(r"(\d{8}T\d{12}Z)-([0-9a-f]{8})-(.+)", re.DOTALL)
_MOMENT = "%Y%m%dT%H%M%S%fZ"
NOTE = "督办提示"  # how a note begins that duban puts where people drop files; never taken itself
_NOT_DROPPED = re.compile(rf"(?i){NOTE}|\.|~|thumbs\.db$|desktop\.ini$|.+\.(tmp|part|crdownload)$")
_IN_USE = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY}  # what a share says of a file held open

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed file: where it is, what it was called, when it was claimed (UTC)."""

    path: Path
    original_name: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """How a file looked: its size in bytes and when it was changed (ns)."""

    path: Path
    size: int
    changed: int

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.name


@dataclass
class Watch:
    """Remembers how files looked; a file is stable when two looks `seconds` apart see the same."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _since: dict[Path, dict[Seen, float]] = field(default_factory=dict[Path, dict[Seen, float]])

    def stable(self, folder: Path, idle_since: datetime | None = None) -> list[Seen]:
        """Look once; give the files that have not changed for long enough, oldest first."""
        now = self.clock()
        found = [seen for file in candidates(folder, idle_since) if (seen := look(file)) is not None]
        before = self._since.get(folder, {})
        self._since[folder] = {seen: before.get(seen, now) for seen in found}
        ready = [seen for seen in found if seen in before and now - before[seen] >= self.seconds]
        return sorted(ready, key=lambda seen: (seen.changed, seen.name))


def look(file: Path) -> Seen | None:
    """Give how a file looks now; None if it is gone or no regular file."""
    if not is_regular(file):
        return None
    try:
        status = file.lstat()
    except FileNotFoundError:
        return None
    return Seen(file, status.st_size, status.st_mtime_ns)


def candidates(folder: Path, idle_since: datetime | None = None) -> list[Path]:
    """Give the files of a folder that somebody dropped and nobody has open.

    No folders and no links, no hidden, lock or temporary files, none with a lock file beside it. A lock that,
    like the file itself, has not changed since `idle_since` is what a crashed program left: it holds nothing.
    """
    if not is_folder(folder):
        return []
    names = {file.name for file in folder.iterdir()}
    dropped = [folder / name for name in names if not _NOT_DROPPED.match(name)]
    held = {file for file in dropped if any(_newer(one, idle_since) for one in _with_locks(file, names))}
    return sorted(file for file in dropped if file not in held and is_regular(file))


def lock_beside(file: Path) -> str:
    """Give the name of a lock file beside the place of a file; empty if there is none."""
    return next((name for name in sorted(_locks(file.name)) if is_regular(file.with_name(name))), "")


def _with_locks(file: Path, names: set[str]) -> list[Path]:
    """Give a file's locks and the file itself; nothing if there is no lock."""
    locks = [file.with_name(name) for name in _locks(file.name) & names]
    return [*locks, file] if locks else []


def _newer(file: Path, moment: datetime | None) -> bool:
    seen = look(file)
    return moment is None or (seen is not None and seen.changed > moment.timestamp() * 1e9)


def _locks(name: str) -> set[str]:
    """Lock files: Excel's and WPS's, LibreOffice's, WPS's second form, Word's (it drops two letters)."""
    locks = {f"~${name}", f".~lock.{name}#", f".~{name}"}
    return locks | {f"~${name[2:]}"} if name.lower().endswith((".doc", ".docx")) else locks


def claim(seen: Seen | Path, taken: Path, at: datetime) -> Claimed | None:
    """Take a file by one rename into `taken`.

    None if another collector was first, if it no longer looks as it was seen, or if somebody holds it open:
    what stays is for the next look.
    """
    file, as_seen = (seen.path, seen) if isinstance(seen, Seen) else (seen, look(seen))
    if as_seen is None or look(file) != as_seen:
        return None
    target = _claimed_as(file.name, taken, at, uuid.uuid4().hex)
    try:
        taken.mkdir(exist_ok=True)  # and never the folders above: they are gone with the drive
        if not is_folder(taken):
            return None
        file.rename(target)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in _IN_USE:
            raise
        why, name = error.strerror, safe_name(file.name)  # as it stands, a name could forge a line of the log
        log.warning("not taken, held open or not ours to move: %s in %s (%s)", name, file.parent, why)
        return None
    sync_folder(taken)
    return Claimed(target, safe_name(file.name), at)


def claim_copy(seen: Seen, taken: Path, at: datetime) -> Claimed | None:
    """Take a copy of a file and leave the file to its owner; None if it no longer looks as it was seen."""
    with open_regular(seen.path) as source:
        data = source.read()
    if not is_folder(taken) or look(seen.path) != seen or len(data) != seen.size:
        return None
    target = _claimed_as(seen.name, taken, at, hashlib.sha256(data).hexdigest())  # taken again: the same copy
    write_whole(target, data)
    return Claimed(target, safe_name(seen.name), at)


def _claimed_as(name: str, taken: Path, at: datetime, token: str) -> Path:
    return taken / f"{at.astimezone(UTC).strftime(_MOMENT)}-{token[:8]}-{safe_name(name)}"


def claimed_files(taken: Path) -> list[Claimed]:
    """Give what was claimed into a folder, in order of claiming; anything else lying there is left alone."""
    if not is_folder(taken):
        return []
    found: list[Claimed] = []
    for file in sorted(taken.iterdir()):
        match = _CLAIMED.fullmatch(file.name)
        if match and is_regular(file):
            found.append(Claimed(file, match[3], datetime.strptime(match[1], _MOMENT).replace(tzinfo=UTC)))
    return found
