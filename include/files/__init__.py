"""Files: the archive, the shared drive's layout, claiming what was dropped, atomic writes."""

from include.files.archive import Archive
from include.files.claim import (
    Claimed,
    Seen,
    Watch,
    candidates,
    claim,
    claim_copy,
    claimed_files,
    lock_beside,
)
from include.files.drive import AGENCY_FOLDERS, OFFICE_FOLDERS, Drive, dropped_into
from include.files.folder import MARK, Folder
from include.files.left import clear_left
from include.files.names import hash_of, safe_name
from include.files.place import AwayError, Place
from include.files.places import open_place

__all__ = [
    "AGENCY_FOLDERS",
    "MARK",
    "OFFICE_FOLDERS",
    "Archive",
    "AwayError",
    "Claimed",
    "Drive",
    "Folder",
    "Place",
    "Seen",
    "Watch",
    "candidates",
    "claim",
    "claim_copy",
    "claimed_files",
    "clear_left",
    "dropped_into",
    "hash_of",
    "lock_beside",
    "open_place",
    "safe_name",
]
