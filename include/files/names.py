"""Names from outside never become paths."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_LONGEST = 180  # bytes; leaves room for what we put before a name within the usual 255


def safe_name(name: str) -> str:
    """Make a single file name of whatever stands there: no separators, no control signs, not too long."""
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = plain, "", ""
    room = _LONGEST - len((dot + ending).encode())
    stem = stem.encode()[:room].decode(errors="ignore")
    return (stem + dot + ending) or "未命名"
