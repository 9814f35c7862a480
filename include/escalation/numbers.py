"""The number of a letter (文号): `平食药安办函〔2024〕3号`. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from include.errors import RefusedError

_BRACKETS = str.maketrans("〔〕[]【】", "()()()")
_NUMBER = re.compile(r"(?P<prefix>[^\s()]*?)\((?P<year>\d{4})\)第?(?P<n>\d+)号")


def plain(text: str) -> str:
    """Give a text in one width, with one kind of brackets and no spaces, to be compared."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())


@dataclass(frozen=True, slots=True, order=True)
class LetterNumber:
    """代字, year and number; written with 〔〕, without 第 and leading zeros (GB/T 9704-2012, 7.2.5)."""

    prefix: str
    year: int
    n: int

    def __str__(self) -> str:
        """Write it as it stands on the letter."""
        return f"{self.prefix}〔{self.year}〕{self.n}号"


def read_number(text: str) -> LetterNumber:
    """Read a number somebody typed, in any brackets and width. Raises: RefusedError."""
    found = _NUMBER.fullmatch(plain(text))
    if found is None or not found["prefix"] or int(found["n"]) == 0:
        raise RefusedError(f"“{text}”不是文号；应如 平食药安办函〔2024〕3号")
    return LetterNumber(found["prefix"], int(found["year"]), int(found["n"]))


def mentioned(text: str) -> set[tuple[str, int, int]]:
    """Give the numbers a text names: what stands before the year (other words too), year, number."""
    return {(m["prefix"], int(m["year"]), int(m["n"])) for m in _NUMBER.finditer(plain(text))}


def gaps(first: int, used: Iterable[int]) -> list[range]:
    """Give the stretches of numbers from `first` to the highest used one that nobody used."""
    missing: list[range] = []
    expected = first
    for n in sorted({n for n in used if n >= first}):
        if n > expected:
            missing.append(range(expected, n))
        expected = n + 1
    return missing
