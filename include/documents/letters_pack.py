"""A .docx packed so that the same content is the same bytes."""

from __future__ import annotations

import io
import zipfile

EPOCH = (2024, 1, 1, 0, 0, 0)


def steady(data: bytes) -> bytes:
    """Pack the file again with one fixed moment on every entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
