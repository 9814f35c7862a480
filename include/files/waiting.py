"""Waiting for disks and shares: for many small files at once, not for one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

One = TypeVar("One")
What = TypeVar("What")
AT_ONCE = 8


def side_by_side(work: Callable[[One], What], of: Iterable[One]) -> list[What]:
    """Do the same with each, several at once; results in order. Raises: whatever the first to fail raised."""
    items = list(of)
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(AT_ONCE, len(items))) as pool:
        return list(pool.map(work, items))
