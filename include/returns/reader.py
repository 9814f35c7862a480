"""Reading what agencies send, on the parent's side: every file is opened in a child process, never here.

A file that kills its child, or keeps it beyond the deadline, is tried once more alone in a fresh one and then
answered as unreadable; the files after it are read by the next child.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from include.errors import DubanError
from include.records.readings import Reading, ReadOutcome
from include.returns.layout import Layout
from include.returns.process import Child, ChildLostError
from include.returns.rules import breach
from include.returns.wire import SECONDS_A_FILE, reading_from

SECONDS_TO_START = 30.0  # of a fresh child, beside the file's own
_log = logging.getLogger(__name__)


class ReaderStartError(DubanError):
    """The child process does not start: our fault, not a file's; what was taken waits for the next run."""


@dataclass(frozen=True, slots=True)
class Expect:
    """Whose file it should be. `layouts` gives the agency's layout for a period; None if there is none."""

    plan_id: str
    agency_id: str
    agency_name: str
    file_name: str
    layouts: Callable[[str], Layout | None]


class Reader:
    """A context manager that reads files one after another in one long-lived child process."""

    def __init__(self, seconds: float = SECONDS_A_FILE) -> None:
        self._seconds = seconds
        self._child: Child | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_child()

    def read(self, path: Path, expect: Expect) -> Reading:
        """Read one file, whatever it does to the child.

        Raises:
            OSError: there is no such file, or it may not be read.
            ReaderStartError: no child process can be started.
        """
        path.open("rb").close()
        try:
            return self._read(path, expect)
        except ChildLostError as lost:
            _log.warning("reading %s (%s): %s; trying it once more alone", path, expect.file_name, lost)
        try:
            return self._read(path, expect)
        except ChildLostError as lost:
            _log.warning("reading %s (%s): %s again; unreadable", path, expect.file_name, lost)
            return self._given_up(lost)

    def is_companion(self, path: Path, file_name: str) -> bool:
        """Tell by a file's bytes whether it comes beside a return (scan, picture, document).

        Raises:
            ReaderStartError: no child process can be started.
        """
        try:
            child = self._living_child()
            child.say({"glance": str(path.resolve()), "file_name": file_name})
            return child.hear(time.monotonic() + self._seconds / 2)["companion"]
        except ChildLostError as lost:
            _log.warning("glancing at %s (%s): %s", path, file_name, lost)
            self._end_child()
            return False

    def _read(self, path: Path, expect: Expect) -> Reading:
        try:
            return self._ask(path, expect)
        except BaseException:
            self._end_child()  # whatever it was saying must not answer the next file
            raise

    def _ask(self, path: Path, expect: Expect) -> Reading:
        child = self._living_child()
        job = {name: getattr(expect, name) for name in ("plan_id", "agency_id", "agency_name", "file_name")}
        until = time.monotonic() + self._seconds / 2
        child.say({"path": str(path.resolve()), "job": job})
        answer = child.hear(until)
        while "reading" not in answer:
            asked_at = time.monotonic()
            layout = expect.layouts(answer["period"])
            until += time.monotonic() - asked_at  # our own time, not the child's
            child.say({"layout": layout.to_json() if layout else None})
            answer = child.hear(until)
        return reading_from(answer["reading"])

    def _living_child(self) -> Child:
        """Give the child, a fresh one if there is none; its start is neither a file's time nor its fault."""
        if self._child is None:
            self._child = Child()
            try:
                self._child.hear(time.monotonic() + SECONDS_TO_START)
            except ChildLostError as lost:
                raise ReaderStartError("读取程序没有启动，文件没有读取；检查内存和磁盘后再试") from lost
        return self._child

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _given_up(self, lost: ChildLostError) -> Reading:
        why = f"超过 {self._seconds:g} 秒" if lost.overdue else "占用内存过多或内容异常"
        found = breach("file-defeats-reader", why=why, seconds=f"{self._seconds:g}")
        return Reading(ReadOutcome.UNREADABLE, None, (found,))
