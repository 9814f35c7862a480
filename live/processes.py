"""One background process: started, found again by its pid file, stopped with all its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 30.0

_children: dict[int, subprocess.Popen[bytes]] = {}  # those this very process started, to be reaped


@dataclass(frozen=True)
class Component:
    """One of Airflow's processes: its name and the arguments of the `airflow` command."""

    name: str
    arguments: tuple[str, ...]

    def pid_file(self, home: Path) -> Path:
        """Give the file with the pid and the moment the process was started."""
        return home / "pids" / self.name

    def log_file(self, home: Path) -> Path:
        """Give the file with everything the process says."""
        return home / "logs" / f"{self.name}.log"

    def start(self, home: Path, env: Mapping[str, str]) -> None:
        """Start it, in a session of its own, so that it outlives the shell and can be stopped as a group."""
        self.end_left(home)
        for folder in (self.pid_file(home).parent, self.log_file(home).parent):
            folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "airflow", *self.arguments]
        with self.log_file(home).open("ab") as log:
            child = subprocess.Popen(  # noqa: S603
                command,
                env=dict(env),
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _children[child.pid] = child
        self.pid_file(home).write_text(f"{child.pid} {_started(child.pid)}", encoding="ascii")

    def pid(self, home: Path) -> int | None:
        """Give the pid if it is running; a pid that the system gave to somebody else since does not count."""
        with suppress(OSError, ValueError):
            pid, started = self.pid_file(home).read_text(encoding="ascii").split()
            if _started(int(pid)) == started:
                return int(pid)
        return None

    def ask_to_end(self, home: Path) -> int | None:
        """Ask it to end, without waiting; give the pid for `see_end`."""
        pid = self.pid(home)
        if pid is not None:
            _signal(os.kill, pid, signal.SIGTERM)
        return pid

    def see_end(self, home: Path, pid: int | None) -> None:
        """Wait until it has ended, and kill what is left of its group."""
        if pid is not None:
            _await_end(pid, STOP_SECONDS)
            _signal(os.killpg, pid, signal.SIGKILL)
            _await_end(pid, STOP_SECONDS)
        self.pid_file(home).unlink(missing_ok=True)

    def end_left(self, home: Path) -> None:
        """Kill what one that was itself killed left of its group: a scheduler's workers wait for ever."""
        with suppress(OSError, ValueError):
            pid = int(self.pid_file(home).read_text(encoding="ascii").split()[0])
            if self.pid(home) is None and _lives_on(pid, home):
                _signal(os.killpg, pid, signal.SIGKILL)


def _lives_on(group: int, home: Path) -> bool:
    """Tell whether a group has members that were started in a home, and is not somebody else's by now."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(process.name)) == group and (process / "cwd").readlink() == home:
                return True
    return False


def _started(pid: int) -> str:
    """Give the kernel's start time of a running process; empty if there is none, or only its corpse."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        _children.pop(pid)
    try:
        # the name, in parentheses, may hold anything; fields are counted after it
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _await_end(pid: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while _started(pid) and time.monotonic() < end:
        time.sleep(0.1)


def _signal(send: Callable[[int, int], None], pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        send(pid, number)
