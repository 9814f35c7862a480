"""The shared drive (共享盘): its folders, and writing to it without ever overwriting a person's work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from include.errors import PlanError
from include.files.folder import Folder
from include.files.names import safe_name
from include.files.place import Place, hash_at, put

AGENCY_FOLDERS = ("待报", "报送", "回执", "文书", "回复")
OFFICE_FOLDERS = ("汇总", "月报", "文书", "台账", "数据文档")
TAKEN = "已收"
_OFFICE = "食药安办"
OWNER = ".duban-plan"  # names the plan a folder of the drive belongs to


class Drive:
    """A folder laid out as `责任单位/<agency>/…` and `食药安办/…`. Paths handed in are relative, with `/`.

    Agencies drop their files into a folder; what is the office's own (`食药安办/…`) may be written elsewhere.
    """

    def __init__(self, folder: Folder | Path, outputs: Place | None = None) -> None:
        """Use a folder, and for the office's own files the place `outputs` if it is another."""
        self.folder = Folder(folder) if isinstance(folder, Path) else folder
        self.outputs = outputs or self.folder
        self.root = self.folder.root

    def part(self, folder: str) -> Drive:
        """Give a folder of the drive that is laid out the same way; the drive itself for no name."""
        if not folder:
            return self
        return Drive(self.folder.part(folder), self.outputs.part(folder) if self._elsewhere else None)

    @property
    def _elsewhere(self) -> bool:
        return self.outputs is not self.folder

    def place_of(self, path: str) -> Place:
        """Give the place a path is written to."""
        return self.outputs if PurePosixPath(path).parts[:1] == (_OFFICE,) else self.folder

    def belong_to(self, owner: str) -> None:
        """Make the drive the owner's alone: two plans in one folder would take each other's files.

        Raises:
            PlanError: it belongs to another already.
            AwayError: the drive cannot be reached.
        """
        self.folder.check()
        known = (self.folder.read(OWNER) or b"").decode(errors="replace").strip()
        if known and known != owner:
            raise PlanError(
                f"{owner}：共享盘文件夹 {self.root} 已由 {known} 使用；请在 drive_folder 另写一个"
            )
        if not known:
            self.folder.write(OWNER, f"{owner}\n".encode())

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
        return f"{_OFFICE}/{kind}"

    def agency_folder(self, name: str, kind: str) -> Path:
        """Give one of an agency's folders."""
        return self.root / self.agency_path(name, kind)

    def taken_folder(self, name: str) -> Path:
        """Give where an agency's claimed files are."""
        return self.agency_folder(name, "报送") / TAKEN

    def make_folders(self, agency_names: Iterable[str]) -> None:
        """Make every folder of the layout. Raises: AwayError: the drive cannot be reached."""
        self.folder.check()
        for name in agency_names:
            for kind in AGENCY_FOLDERS:
                self.agency_folder(name, kind).mkdir(parents=True, exist_ok=True)
            self.taken_folder(name).mkdir(exist_ok=True)
        for kind in () if self._elsewhere else OFFICE_FOLDERS:
            (self.root / self.office_path(kind)).mkdir(parents=True, exist_ok=True)

    def put(self, path: str, data: bytes) -> str:
        """Write a file whole and read it back, see `place.put`; gives the sha256 of its bytes."""
        return put(self.place_of(path), path, data)

    def put_unless_touched(self, path: str, data: bytes, last_written: str | None) -> str:
        """Write as `put`, unless what stands there is somebody's work: then under a new name.

        Args:
            path: where it should stand.
            data: its bytes.
            last_written: sha256 of what duban last wrote there; None if it never did.

        Returns:
            The path used: `name.xlsx`, or `name (2).xlsx` and so on.
        """
        wanted, place = PurePosixPath(path), self.place_of(path)
        sha256 = hashlib.sha256(data).hexdigest()
        place.check()
        for n in range(1, 1000):
            chosen = str(wanted) if n == 1 else str(wanted.with_name(f"{wanted.stem} ({n}){wanted.suffix}"))
            standing = hash_at(place, chosen)
            ours = standing == sha256 or (n == 1 and standing is not None and standing == last_written)
            if ours or not place.taken(chosen):
                self.put(chosen, data)
                return chosen
        raise OSError(f"{path} 已有一千个不同的版本，没有写入，请清理")

    def is_untouched(self, path: str, sha256: str) -> bool:
        """Tell whether what duban wrote still stands there, byte for byte. Raises: AwayError."""
        place = self.place_of(path)
        place.check()
        return hash_at(place, path) == sha256

    def remove_if_untouched(self, path: str, sha256: str) -> bool:
        """Remove what duban wrote, if these bytes still stand there; somebody's work stays."""
        if not self.is_untouched(path, sha256):
            return False
        self.place_of(path).remove(path)
        return True

    def place(self, path: str) -> Path:
        """Give the file of a relative path within the folder; see `Folder.file`."""
        return self.folder.file(path)


def dropped_into(share: Path) -> list[Path]:
    """Give every folder agencies drop files into, of every plan, as they stand on the shared drive."""
    layouts = (f"{plan}责任单位/*/{kind}" for plan in ("", "*/") for kind in ("报送", "回复"))
    return sorted(folder for layout in layouts for folder in share.glob(layout))
