"""Names from outside never become paths, and links from outside are never followed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from io import BufferedReader
from pathlib import Path

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control and direction signs, halves of surrogates, line separators
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")  # devices to Windows, also behind a share
_LONGEST = 180  # bytes; leaves room for what we put before a name within the usual 255
_LONGEST_ENDING = 10  # characters


def safe_name(name: str) -> str:
    """Make a single file name of whatever stands there: no separators, nothing unseen, not too long."""
    seen = "".join("_" if unicodedata.category(sign) in _UNSEEN else sign for sign in name)
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", seen)).strip(" .")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _cut(plain) or "未命名"


def _cut(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = _LONGEST - len((dot + ending).encode())
    return (stem.encode()[:room].decode(errors="ignore") + dot + ending).strip(" .")


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder itself, not a link to one."""
    return stat.S_ISDIR(_mode(path))


def is_regular(path: Path) -> bool:
    """Tell whether a path is a regular file itself, not a link to one."""
    return stat.S_ISREG(_mode(path))


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading. Raises: OSError, also if it is a link or something else."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe must not make us wait
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{path} 不是普通文件，没有读取")
    return os.fdopen(handle, "rb")


def hash_of(file: Path) -> str | None:
    """Give the sha256 of a file's bytes, None if there is no such regular file."""
    if not is_regular(file):
        return None
    with open_regular(file) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0
