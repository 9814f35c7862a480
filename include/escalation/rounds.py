"""A letter round: the n-th time a letter is put before an approver, one run of the signing flow each."""

from __future__ import annotations


def run_id(letter_id: int, round: int) -> str:
    """Give the id of a letter round's run: the same round gives the same id, so a second start is refused."""
    return f"letter-{letter_id}-round-{round}"
