"""Looking for secrets where none should stand: in logs, in pages, in the environments of processes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import psutil

_TOKEN = re.compile(
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"
)  # a JWT: lets somebody in


def told(secrets: Mapping[str, str], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Give `what is told, where` for every secret, as it is or as in an address, and every token in texts."""
    found: list[str] = []
    for where, text in texts:
        shown = [n for n, value in secrets.items() if value in text or quote(value, safe="") in text]
        found += [f"{name}, {where}" for name in (*shown, *("a token" for _ in _TOKEN.findall(text)))]
    return found


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Give every file below a folder, by name."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file), file.read_text(encoding="utf-8", errors="replace")


def environments(pids: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Give the environment and the arguments of processes and their children, as the machine shows them."""
    for pid in pids:
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            try:
                yield f"process {process.name()}", f"{process.environ()} {process.cmdline()}"
            except psutil.NoSuchProcess:
                continue
