"""Where the modules that read a form put what they find: findings, and notes grouped by what was done."""

from __future__ import annotations

from dataclasses import dataclass, field

from include.records.figures import Cell
from include.records.findings import Finding
from include.returns.rules import breach

_MOST_PLACES = 12  # named in one note


@dataclass
class Gathering:
    """Grows while a form is read, then is read out once."""

    findings: list[Finding] = field(default_factory=list[Finding])
    _notes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def find(self, rule: str, cell: Cell, subject: str = "", **fills: str | int) -> None:
        """Add the finding of one breach."""
        self.findings.append(breach(rule, cell, subject, **fills))

    def note(self, said: str, *places: str) -> None:
        """Add a note; the same said of several places is said once."""
        self._notes.setdefault(said, []).extend(places)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes, each with its places."""
        return tuple(f"{_joined(places)}：{said}" if places else said for said, places in self._notes.items())


def _joined(places: list[str]) -> str:
    named = list(dict.fromkeys(places))
    rest = f"等 {len(named)} 处" if len(named) > _MOST_PLACES else ""
    return "、".join(named[:_MOST_PLACES]) + rest
