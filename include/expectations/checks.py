"""What a check is: a rule, the frame it looks at, and the Great Expectations expectation that holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from include.expectations.rows import Frame
from include.records.findings import Severity
from include.records.rules import FoundBy, Rule, RuleKind

_WORD = re.compile(r"[a-z_]+")
_EXPLAINING_FRAMES = frozenset([Frame.FIGURES, Frame.INDICATORS, Frame.STATEMENTS])
EXPLAIN = "请核对后改正；如果属实，请在本行{explain_at}写明原因。"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule as Great Expectations holds it.

    `expect` is the class name of an expectation, `given` its arguments, `when` a pandas query
    choosing the rows it looks at (all if empty), `at` the place in the row (`Row.cells`) a finding points to.
    """

    rule: Rule
    frame: Frame
    expect: str
    given: Mapping[str, object] = field(default_factory=dict[str, object])
    when: str = ""
    at: str = "value"

    @property
    def condition(self) -> str:
        """The rows it looks at; a warning is silent where the row explains itself."""
        explains = self.rule.severity is Severity.WARNING and self.frame in _EXPLAINING_FRAMES
        parts = [f"({self.when})"] * bool(self.when) + ["not explained"] * explains
        return " and ".join(parts)

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the frame it looks at."""
        named = " ".join(str(value) for key, value in self.given.items() if key.startswith("column"))
        return frozenset(_WORD.findall(f"{named} {self.condition}"))


def rule(
    id: str,
    severity: Severity,
    kind: RuleKind,
    title: str,
    message: str,
    expected: str,
    fix: str,
    why: str,
) -> Rule:
    """Make a rule of content."""
    return Rule(id, severity, kind, FoundBy.GX, title, message, expected, fix, why)
