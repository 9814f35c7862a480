"""The shared drive (共享盘): its folders, and writing to it without ever overwriting a person's work."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from include.errors import PlanError
from include.files.atomic import write_whole
from include.files.names import is_regular, open_regular, safe_name

AGENCY_FOLDERS = ("待报", "报送", "回执", "文书", "回复")
OFFICE_FOLDERS = ("汇总", "月报", "文书", "台账", "数据文档")
TAKEN = "已收"
OWNER = ".duban-plan"  # names the plan a folder of the drive belongs to


class Drive:
    """A folder laid out as `责任单位/<agency>/…` and `食药安办/…`. Paths handed in are relative, with `/`."""

    def __init__(self, root: Path) -> None:
        """Use `root`."""
        self.root = root

    def part(self, folder: str) -> Drive:
        """Give a folder of the drive that is laid out the same way; the drive itself for no name."""
        return Drive(self.root / folder) if folder else self

    def belong_to(self, owner: str) -> None:
        """Make the drive the owner's alone: two plans in one folder would take each other's files.

        Raises:
            PlanError: it belongs to another already.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        mark = self.place(OWNER)
        if is_regular(mark):
            known = mark.read_text(encoding="utf-8").strip()
            if known != owner:
                raise PlanError(
                    f"{owner}: the folder {self.root} of the shared drive belongs to plan {known}; "
                    "give the plan a drive_folder of its own in its plan.yaml"
                )
        else:
            write_whole(mark, f"{owner}\n".encode())

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

    def make_folders(self, agency_names: Iterable[str]) -> None:
        """Make every folder of the layout."""
        for name in agency_names:
            for kind in AGENCY_FOLDERS:
                self.agency_folder(name, kind).mkdir(parents=True, exist_ok=True)
            self.taken_folder(name).mkdir(exist_ok=True)
        for kind in OFFICE_FOLDERS:
            (self.root / self.office_path(kind)).mkdir(parents=True, exist_ok=True)

    def put(self, path: str, data: bytes) -> str:
        """Write a file, temporary then replace, and read it back. Unchanged bytes are left alone.

        Returns:
            The sha256 of the bytes.

        Raises:
            ValueError: the path leaves the drive.
            OSError: the drive does not take it, gives back other bytes, or a link stands on the way.
        """
        file = self.place(path)
        sha256 = hashlib.sha256(data).hexdigest()
        if hash_of(file) != sha256:
            write_whole(file, data)
            if hash_of(file) != sha256:
                raise OSError(f"{path}: the drive gave back other bytes than were written")
        return sha256

    def put_unless_touched(self, path: str, data: bytes, last_written: str | None) -> str:
        """Write as `put`, unless what stands there is somebody's work: then under a new name.

        Args:
            path: where it should stand.
            data: its bytes.
            last_written: sha256 of what duban last wrote there; None if it never did.

        Returns:
            The path used: `name.xlsx`, or `name (2).xlsx` and so on.
        """
        wanted = PurePosixPath(path)
        sha256 = hashlib.sha256(data).hexdigest()
        for n in range(1, 1000):
            chosen = str(wanted) if n == 1 else str(wanted.with_name(f"{wanted.stem} ({n}){wanted.suffix}"))
            file = self.place(chosen)
            standing = hash_of(file)
            ours = standing == sha256 or (n == 1 and standing is not None and standing == last_written)
            if ours or not os.path.lexists(file):
                self.put(chosen, data)
                return chosen
        raise OSError(f"{path}: a thousand versions stand there already")

    def place(self, path: str) -> Path:
        """Give the file of a relative path.

        Raises:
            ValueError: the path leaves the drive.
            OSError: one of its folders is a link, which could lead anywhere.
        """
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts:
            raise ValueError(f"{path!r} is not a path within the drive")
        file = self.root.joinpath(*parts)
        for folder in list(file.parents)[: len(parts) - 1]:
            if folder.is_symlink():
                raise OSError(f"{folder}: a link stands where a folder should be; remove it")
        return file


def dropped_into(share: Path) -> list[Path]:
    """Give every folder agencies drop files into, of every plan, as they stand on the shared drive."""
    layouts = (f"{plan}责任单位/*/{kind}" for plan in ("", "*/") for kind in ("报送", "回复"))
    return sorted(folder for layout in layouts for folder in share.glob(layout))


def hash_of(file: Path) -> str | None:
    """Give the sha256 of a file's bytes, None if there is no such regular file."""
    if not is_regular(file):
        return None
    with open_regular(file) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
