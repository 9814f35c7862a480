"""Evidence (佐证): a file behind a decision, kept in the archive and named in the ledger."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from include.errors import RefusedError
from include.files import safe_name
from include.office.desk import Office


def kept(office: Office, evidence: Path | str | None) -> dict[str, Any]:
    """Keep a file; gives what the ledger says of it: `{"evidence": {"name", "sha256"}}`, empty without one.

    Raises:
        RefusedError: there is no such file.
    """
    if evidence is None:
        return {}
    file = Path(evidence)
    if not file.is_file():
        raise RefusedError(f"佐证材料{file}不存在，或者不是文件")
    return {"evidence": {"name": file.name, "sha256": office.archive.put_file(file)}}


def laid_down(folder: Path, given_name: str, content: BinaryIO) -> Path:
    """Lay an upload into a folder under its own name, whatever path a browser put before it."""
    file = folder / safe_name(PurePosixPath(given_name.replace("\\", "/")).name)
    with file.open("wb") as to:
        shutil.copyfileobj(content, to)
    return file


def reason_given(reason: str) -> str:
    """Give a decision's reason. Raises: RefusedError if there is none."""
    if not reason.strip():
        raise RefusedError("须写明理由")
    return reason.strip()
