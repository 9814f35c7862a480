"""The instants of a process at which a crash leaves something half done, and dying at one of them.

Instants stand before and after every fsync, rename, link, removal and new folder, every commit, and the text
of every mail. They are numbered as they come; nothing of duban knows of them.
"""

from __future__ import annotations

import functools
import os
import re
import signal
import smtplib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

_WATCHED: tuple[tuple[Any, str], ...] = (
    (os, "fsync"),
    (os, "replace"),
    (os, "rename"),
    (os, "link"),
    (os, "unlink"),
    (os, "mkdir"),
    (DefaultDialect, "do_commit"),
    (smtplib.SMTP, "data"),
)


@dataclass
class Instants:
    """Counts the instants of this process; at the one `die_at` it kills itself.

    That is a number (0: none), or a pattern: the first instant it is found in (`after replace .*xlsx`).

    Where it stood is written to `diary`; so is, by `close`, how many there were.
    """

    diary: Path
    die_at: int | str = 0
    _passed: int = 0
    _lock: Any = field(default_factory=threading.Lock)

    def watch(self) -> None:
        """Stand before and after everything watched, from now on to the end of the process."""
        for owner, name in _WATCHED:
            setattr(owner, name, self._around(getattr(owner, name), name))

    def close(self) -> None:
        """Say how many instants there were."""
        self.diary.write_text(f"{self._passed}", encoding="utf-8")

    def _around(self, done: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(done)
        def watched(*args: Any, **kwargs: Any) -> Any:
            about = " ".join(Path(a).name for a in args if isinstance(a, str | Path))
            self._pass(f"before {name} {about}")
            came_of_it = done(*args, **kwargs)
            self._pass(f"after {name} {about}")
            return came_of_it

        return watched

    def _pass(self, where: str) -> None:
        with self._lock:
            self._passed += 1
            if isinstance(self.die_at, str):
                reached = re.search(self.die_at, where) is not None
            else:
                reached = self._passed == self.die_at
            if not reached:
                return
            self.diary.write_text(where, encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()
