"""Files of the archive a plan's readers may fetch: those its own rows name, and no others."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from include.errors import RefusedError
from include.office.desk import Office
from include.store import cases, ledger, publications, replies, returns


def kept(office: Office, plan_id: str, sha256: str) -> tuple[str, Path]:
    """Give name and place of a file by the hash of its bytes.

    Raises:
        RefusedError: no row of this plan names it; another plan's file is as unknown as one there never was.
    """
    with office.store.reading() as connection:
        name = (
            returns.name_of_file(connection, plan_id, sha256)
            or replies.name_of_file(connection, plan_id, sha256)
            or cases.name_of_file(connection, plan_id, sha256)
            or ledger.name_of_evidence(connection, plan_id, sha256)
            or publications.name_of_file(connection, plan_id, sha256)
        )
    if name is None or not office.archive.has(sha256):
        raise RefusedError("没有这个文件")
    return PurePosixPath(name).name, office.archive.path(sha256)
