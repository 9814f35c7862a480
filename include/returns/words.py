"""Comparing words as people write them: full width, stray spaces, brackets and quotes make no difference."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ASIDE = re.compile(r"\([^()]*\)")
_LONGEST_WORD = 80  # longer texts are sentences, never a header or a label


def plain(text: str) -> str:
    """Give the NFKC form without white space and invisible signs."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in _INVISIBLE
    )


_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Give what two ways of writing one label have in common: its letters and digits."""
    if len(text) > _LONGEST_WORD:
        return ""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def heading_keys(text: str) -> tuple[str, ...]:
    """Give the keys a header may be known by: with and without what stands in brackets (`分子(个)`)."""
    if len(text) > _LONGEST_WORD:
        return ()
    bare = _ASIDE.sub("", unicodedata.normalize("NFKC", text))
    return tuple(dict.fromkeys(k for k in (key(text), key(bare)) if k))
