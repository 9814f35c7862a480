"""How the opening modules say that a file cannot be read; caught in one place, `include.returns.reading`."""

from __future__ import annotations

from include.errors import DubanError
from include.records.findings import Finding
from include.returns.rules import breach


class UnreadableFileError(DubanError):
    """A file nothing can be read from; `finding` is what its owner is told."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.rule}: {finding.message}")
        self.finding = finding


def unreadable(rule: str, **fills: str | int) -> UnreadableFileError:
    """Make the exception for a breach of a rule of the file as a whole."""
    return UnreadableFileError(breach(rule, None, "", **fills))
