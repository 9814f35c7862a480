"""What a receipt is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from include.records.figures import FilledForm
from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.wording import moment_text


@dataclass(frozen=True, slots=True)
class ReceiptOrder:
    """A receipt to be written. Moments are aware; `period` is a label (`2024年8月`) or empty."""

    original: bytes
    original_name: str
    agency_name: str
    period: str
    number: int  # 第 n 次; 0 if unknown
    outcome: SubmissionState
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]  # what was converted or left aside
    companions: tuple[tuple[str, str], ...]  # (kind, file name)
    understood: tuple[tuple[str, str], ...]  # (label, value)
    due_at: datetime | None
    decided_at: datetime
    same_as: int | None  # number of the submission a duplicate repeats
    on_time: bool
    demo: bool
    clock_note: str
    handling_mark: str
    proxy: str = ""  # why the office filed it for the agency (代填); empty if the agency did
    late_filing: str = ""  # why the office takes it after the lock (补报); empty if it came before
    joint: tuple[tuple[str, str], ...] = ()  # (clause several agencies share, who of them has filed)
    due_mark: str = ""  # （暂定） where the due day is reckoned in a year not published yet
    form: FilledForm | None = None  # what was read
    template: Path | None = None  # the month's template, for where what was sent cannot go back

    @property
    def due(self) -> str:
        """The due moment as it is shown; empty if there is none."""
        return f"{moment_text(self.due_at)}{self.due_mark}" if self.due_at else ""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings the agency sees, errors first; what informs the office only is left out."""
        return self.errors + self.warnings

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that return a submission."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that ask for an explanation."""
        return tuple(f for f in self.findings if f.severity is Severity.WARNING)

    @property
    def whose(self) -> str:
        """Whose and which submission it answers: `市教育局2024年8月第2次报送`."""
        return f"{self.agency_name}{self.period}" + (f"第{self.number}次报送" if self.number else "报送")
