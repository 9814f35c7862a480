"""The parent's hold on its child processes: ask, wait no longer than agreed, kill."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from typing import Any

from include.errors import DubanError
from include.returns.wire import LENGTH_BYTES, LONGEST, framed

SECONDS_TO_START = 30.0  # of a fresh child, beside the time of what it is asked
_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")  # no secrets go into hostile ground


class ChildStartError(DubanError):
    """No child starts: our fault, not a file's; what was taken waits for the next run."""


class ChildLostError(DubanError):
    """The child died, or did not answer in time and was killed; `overdue` tells which."""

    def __init__(self, *, overdue: bool) -> None:
        super().__init__("the child process " + ("did not answer in time" if overdue else "died"))
        self.overdue = overdue


class Child:
    """One running child process."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "include.returns.child"],
            cwd=_ROOT,
            env={**environment, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._questions, self._answers = self._process.stdin, self._process.stdout
        os.set_blocking(self._questions.fileno(), False)
        self._ready, self._room = selectors.DefaultSelector(), selectors.DefaultSelector()
        self._ready.register(self._answers, selectors.EVENT_READ)
        self._room.register(self._questions, selectors.EVENT_WRITE)

    def say(self, message: Mapping[str, Any], until: float) -> None:
        """Send a message, to a moment of `time.monotonic`. Raises: ChildLostError."""
        left = memoryview(framed(message))
        while left:
            if not self._room.select(max(0.0, until - time.monotonic())):
                raise ChildLostError(overdue=True)
            try:
                left = left[os.write(self._questions.fileno(), left) :]
            except (BrokenPipeError, ConnectionResetError) as error:
                raise ChildLostError(overdue=False) from error

    def hear(self, until: float) -> dict[str, Any]:
        """Wait for a message, to a moment of `time.monotonic`. Raises: ChildLostError."""
        length = int.from_bytes(self._take(LENGTH_BYTES, until), "big")
        if length > LONGEST:
            raise ChildLostError(overdue=False)
        return json.loads(self._take(length, until))

    def _take(self, size: int, until: float) -> bytes:
        taken = b""
        while len(taken) < size:
            if not self._ready.select(max(0.0, until - time.monotonic())):
                raise ChildLostError(overdue=True)
            piece = os.read(self._answers.fileno(), size - len(taken))
            if not piece:
                raise ChildLostError(overdue=False)
            taken += piece
        return taken

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._ready.close()
        self._room.close()
        self._process.kill()
        self._questions.close()
        self._answers.close()
        self._process.wait()


class Children:
    """Child processes, started as they are wanted and lent to one asker at a time."""

    def __init__(self, most: int = 1) -> None:
        """Have at most so many at once; an asker beyond waits for one to be free."""
        self._free: LifoQueue[Child | None] = LifoQueue()  # what was given back last is lent first
        for _ in range(most):
            self._free.put(None)  # one that is not started yet

    @contextmanager
    def lent(self) -> Iterator[Child]:
        """Lend one. If the block fails the child is ended: what it was saying must not answer the next.

        Raises:
            ChildStartError: none can be started.
        """
        child = self._free.get()
        try:
            child = child or _started()
            yield child
        except BaseException:
            if child is not None:
                child.end()
                child = None
            raise
        finally:
            self._free.put(child)

    def end(self) -> None:
        """End them all; none may be lent."""
        all_of_them = [self._free.get() for _ in range(self._free.qsize())]
        for child in filter(None, all_of_them):
            child.end()
        for _ in all_of_them:
            self._free.put(None)


def _started() -> Child:
    """Start one and wait until it is ready: that is neither the time nor the fault of what it is asked."""
    child = Child()
    try:
        child.hear(time.monotonic() + SECONDS_TO_START)
    except ChildLostError as lost:
        child.end()
        raise ChildStartError("读取程序没有启动，文件没有办理；检查内存和磁盘后再试") from lost
    return child
