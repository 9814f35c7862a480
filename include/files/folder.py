"""A folder as a place, and the mark by which a shared drive is known for the installation's own."""

from __future__ import annotations

import os
from pathlib import Path

from include.errors import SettingsError
from include.files.atomic import write_whole
from include.files.names import is_regular, open_regular
from include.files.place import AwayError, parts_of

MARK = ".duban-drive"  # at the top of a shared drive: the installation it was bound to


class Folder:
    """A folder of this machine, or a share mounted into it. Bound to an installation, it must carry its mark.

    An empty mount point does not, and nothing is written into it.
    """

    def __init__(self, root: Path, installation: str = "", top: Path | None = None) -> None:
        """Use `root`, a folder below `top`, which carries the mark of the `installation` (none: unmarked)."""
        self.root, self._installation, self._top = root, installation, top or root
        self.name = str(root)

    def check(self) -> None:
        """Look whether it is there, is ours and takes files. Raises: AwayError."""
        if not self._installation:
            return
        if not self._top.is_dir() or not os.access(self._top, os.W_OK):
            raise AwayError(f"{self._top} 打不开或不能写入，请检查网络和挂载")
        found = self.mark()
        if found != self._installation:
            why = "属于另一个系统" if found else "可能没有挂载"
            raise AwayError(
                f"{self._top} {why}（标记文件 {MARK} {'不符' if found else '不在'}），没有写入；"
                "确认是本系统的共享盘后运行 duban drive bind"
            )

    def mark(self) -> str:
        """Give the installation the drive is bound to; empty for none."""
        mark = self._top / MARK
        return mark.read_text(encoding="utf-8").strip() if is_regular(mark) else ""

    def bind(self) -> None:
        """Make the drive the installation's.

        Raises:
            SettingsError: it is another's.
            OSError: it cannot be written.
        """
        if self.mark() not in ("", self._installation):
            raise SettingsError(
                f"{self._top} 属于另一个系统（见其中的 {MARK}）；请换一个文件夹，"
                "那个系统已停用的，删去该文件再试"
            )
        write_whole(self._top / MARK, f"{self._installation}\n".encode())

    def part(self, folder: str) -> Folder:
        """Give a folder of it, under the same mark."""
        return Folder(self.root / folder, self._installation, self._top)

    def file(self, path: str) -> Path:
        """Give the file of a relative path.

        Raises:
            ValueError: the path leaves the folder.
            OSError: one of its folders is a link, which could lead anywhere.
        """
        parts = parts_of(path)
        file = self.root.joinpath(*parts)
        for folder in list(file.parents)[: len(parts) - 1]:
            if folder.is_symlink():
                raise OSError(f"{folder} 是链接，应为文件夹，请删去")
        return file

    def read(self, path: str) -> bytes | None:
        """Give a regular file's bytes."""
        file = self.file(path)
        if not is_regular(file):
            return None
        with open_regular(file) as opened:
            return opened.read()

    def taken(self, path: str) -> bool:
        """Tell whether anything stands there, a link or a folder too."""
        return os.path.lexists(self.file(path))

    def write(self, path: str, data: bytes) -> None:
        """Write beside the place and rename over it."""
        write_whole(self.file(path), data)

    def remove(self, path: str) -> None:
        """Remove a file."""
        self.file(path).unlink()
