"""The words of a dropped file, as far as they are cheaply had: to look for a number in them, no more."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from include.files.names import open_regular

_MOST = 2 << 20  # bytes read of any one part
_PARTS = ("word/document.xml", "xl/sharedStrings.xml")
_TAG = re.compile(r"<[^<>]*>")


def words_in(file: Path) -> str:
    """Give the beginning of a text file's words, or of a .docx's or .xlsx's; empty for anything else.

    Never more than 2 MB is unpacked, and nothing is parsed: a hostile file is at worst not understood.
    """
    with open_regular(file) as source:
        if file.suffix.lower() == ".txt":
            return _decoded(source.read(_MOST))
        if file.suffix.lower() not in (".docx", ".xlsx"):
            return ""
        try:
            with zipfile.ZipFile(source) as package:
                names = [name for name in _PARTS if name in package.namelist()]
                return " ".join(_text(package, name) for name in names)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError):
            return ""


def _text(package: zipfile.ZipFile, name: str) -> str:
    with package.open(name) as part:
        return _TAG.sub("", part.read(_MOST).decode("utf-8", errors="replace"))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")
