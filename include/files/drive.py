"""The shared drive (共享盘): its folders, and writing to it without ever overwriting a person's work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from include.files.atomic import write_whole
from include.files.names import safe_name

AGENCY_FOLDERS = ("待报", "报送", "回执", "文书", "回复")
OFFICE_FOLDERS = ("汇总", "月报", "文书", "台账")
TAKEN = "已收"


class Drive:
    """A folder laid out as `责任单位/<agency>/…` and `食药安办/…`. Paths handed in are relative, with `/`."""

    def __init__(self, root: Path) -> None:
        """Use `root`."""
        self.root = root

    @staticmethod
    def agency_path(name: str, kind: str) -> str:
        """Give the relative path of one of an agency's folders; `kind` is one of AGENCY_FOLDERS."""
        if kind not in AGENCY_FOLDERS:
            raise ValueError(f"{kind!r} is not a folder of an agency: {AGENCY_FOLDERS}")
        return f"责任单位/{safe_name(name)}/{kind}"

    @staticmethod
    def office_path(kind: str) -> str:
        """Give the relative path of one of the office's folders; `kind` is one of OFFICE_FOLDERS."""
        if kind not in OFFICE_FOLDERS:
            raise ValueError(f"{kind!r} is not a folder of the office: {OFFICE_FOLDERS}")
        return f"食药安办/{kind}"

    def agency_folder(self, name: str, kind: str) -> Path:
        """Give one of an agency's folders."""
        return self.root / self.agency_path(name, kind)

    def taken_folder(self, name: str) -> Path:
        """Give where an agency's claimed files are."""
        return self.agency_folder(name, "报送") / TAKEN

    def dropped_into(self) -> list[Path]:
        """Give every folder agencies drop files into, as they stand on the drive."""
        agencies = self.root / "责任单位"
        return sorted(folder for kind in ("报送", "回复") for folder in agencies.glob(f"*/{kind}"))

    def make_folders(self, agency_names: Iterable[str]) -> None:
        """Make every folder of the layout."""
        for name in agency_names:
            for kind in AGENCY_FOLDERS:
                self.agency_folder(name, kind).mkdir(parents=True, exist_ok=True)
            self.taken_folder(name).mkdir(exist_ok=True)
        for kind in OFFICE_FOLDERS:
            (self.root / self.office_path(kind)).mkdir(parents=True, exist_ok=True)

    def put(self, path: str, data: bytes) -> str:
        """Write a file, temporary then replace, and read it back; unchanged bytes are left alone. Gives the hash.

        Raises:
            ValueError: the path leaves the drive.
            OSError: the drive does not take it, or gives back other bytes.
        """
        file = self.place(path)
        sha256 = hashlib.sha256(data).hexdigest()
        if hash_of(file) != sha256:
            write_whole(file, data)
            if hash_of(file) != sha256:
                raise OSError(f"{path}: the drive gave back other bytes than were written")
        return sha256

    def put_unless_touched(self, path: str, data: bytes, last_written: str | None) -> str:
        """Write as `put`, unless a person changed what stands there: then a new name. Gives the path used."""
        wanted = PurePosixPath(path)
        sha256 = hashlib.sha256(data).hexdigest()
        for n in range(1, 1000):
            chosen = str(wanted) if n == 1 else str(wanted.with_name(f"{wanted.stem} ({n}){wanted.suffix}"))
            standing = hash_of(self.place(chosen))
            if standing in (None, sha256) or (n == 1 and standing == last_written):
                self.put(chosen, data)
                return chosen
        raise OSError(f"{path}: a thousand versions stand there already")

    def place(self, path: str) -> Path:
        """Give the file of a relative path. Raises: ValueError if it leaves the drive."""
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts:
            raise ValueError(f"{path!r} is not a path within the drive")
        return self.root.joinpath(*parts)


def hash_of(file: Path) -> str | None:
    """Give the sha256 of a file's bytes, None if there is no such regular file."""
    if file.is_symlink() or not file.is_file():
        return None
    return hashlib.sha256(file.read_bytes()).hexdigest()
