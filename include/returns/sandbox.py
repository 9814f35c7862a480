"""The sandbox: whatever agencies send is opened in a child process, never here.

What kills its child, or keeps it beyond the deadline, is tried once more alone in a fresh one; then it is
answered as unreadable, or with a receipt that does not give it back. What comes after it goes to the next
child.
"""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from include.records.readings import Reading, ReadOutcome
from include.returns.layout import Layout
from include.returns.process import ChildLostError, Children
from include.returns.receipt import Answer, alone
from include.returns.receipt_order import ReceiptOrder
from include.returns.rules import breach
from include.returns.wire import SECONDS_A_FILE, reading_from

What = TypeVar("What")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Expect:
    """Whose file it should be. `layouts` gives the agency's layout for a period; None if there is none."""

    plan_id: str
    agency_id: str
    agency_name: str
    file_name: str
    layouts: Callable[[str], Layout | None]


class Sandbox:
    """A context manager: one child process or a few, long-lived, asked about one file after another."""

    def __init__(self, seconds: float = SECONDS_A_FILE, children: int = 1) -> None:
        """Give a file so many seconds; threads that ask side by side have so many children at most."""
        self._seconds, self._children = seconds, Children(children)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._children.end()

    def read(self, path: Path, expect: Expect) -> Reading:
        """Read one file, whatever it does to the child.

        Raises:
            OSError: there is no such file, or it may not be read.
            ChildStartError: no child process can be started.
        """
        path.open("rb").close()
        what = f"reading {path} ({expect.file_name})"
        try:
            return _tried(what, lambda: self._read(path, expect))
        except ChildLostError as lost:
            _log.warning("%s: %s again; unreadable", what, lost)
            return self._given_up(lost)

    def is_companion(self, path: Path, file_name: str) -> bool:
        """Tell by a file's bytes whether it comes beside a return (scan, picture, document).

        Raises:
            ChildStartError: no child process can be started.
        """
        try:
            return self._ask({"glance": str(path.resolve()), "file_name": file_name})["companion"]
        except ChildLostError as lost:
            _log.warning("glancing at %s (%s): %s", path, file_name, lost)
            return False

    def answer(self, order: ReceiptOrder) -> Answer:
        """Write a receipt, whatever the workbook it gives back does to the child.

        Raises:
            ChildStartError: no child process can be started.
        """
        if not order.outcome.gives_back:
            return alone(order)
        what = f"the receipt of {order.whose} ({order.original_name})"
        try:
            answered = _tried(what, lambda: self._ask({"order": order}))
        except ChildLostError as lost:
            _log.warning("%s: %s again; the workbook is not given back", what, lost)
            return alone(order)
        return Answer(base64.b64decode(answered["workbook"]), answered["text"])

    def _read(self, path: Path, expect: Expect) -> Reading:
        job = {name: getattr(expect, name) for name in ("plan_id", "agency_id", "agency_name", "file_name")}
        return reading_from(self._ask({"path": str(path.resolve()), "job": job}, expect.layouts)["reading"])

    def _ask(
        self, question: Mapping[str, Any], layouts: Callable[[str], Layout | None] = lambda _: None
    ) -> dict[str, Any]:
        """Ask a child, which may ask back for the layout of a period. Raises: ChildLostError."""
        with self._children.lent() as child:
            until = time.monotonic() + self._seconds / 2
            child.say(question, until)
            answer = child.hear(until)
            while "period" in answer:
                asked_at = time.monotonic()
                layout = layouts(answer["period"])
                until += time.monotonic() - asked_at  # our own time, not the child's
                child.say({"layout": layout.to_json() if layout else None}, until)
                answer = child.hear(until)
            return answer

    def _given_up(self, lost: ChildLostError) -> Reading:
        why = f"超过 {self._seconds:g} 秒" if lost.overdue else "占用内存过多或内容异常"
        found = breach("file-defeats-reader", why=why, seconds=f"{self._seconds:g}")
        return Reading(ReadOutcome.UNREADABLE, None, (found,))


def _tried(what: str, ask: Callable[[], What]) -> What:
    """Ask, and once more if that cost the child. Raises: ChildLostError: the second, too."""
    try:
        return ask()
    except ChildLostError as lost:
        _log.warning("%s: %s; trying it once more alone", what, lost)
        return ask()
