"""What came of reading one file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from include.records.figures import FilledForm
from include.records.findings import Finding


class ReadOutcome(StrEnum):
    """What kind of file it turned out to be."""

    FORM = "form"  # a return of the right layout; findings of structure may still be errors
    FOREIGN = "foreign"  # another agency's, period's or plan's workbook
    COMPANION = "companion"  # scan, picture, Word, PDF, zip: archived, never parsed
    PROOF = "proof"  # a 核对稿 that came back
    UNREADABLE = "unreadable"  # encrypted, corrupt, empty, not a template, hostile


@dataclass(frozen=True, slots=True)
class ProofReply:
    """A 核对稿 that came back."""

    period: str  # 2024-08
    raised_by: str  # name as written, empty if none
    objections: tuple[tuple[str, str], ...]  # (indicator id, words); none: no objection


@dataclass(frozen=True, slots=True)
class Reading:
    """Result of reading one file. `form` is None unless the outcome is FORM or FOREIGN."""

    outcome: ReadOutcome
    form: FilledForm | None
    findings: tuple[Finding, ...] = ()
    companion_kind: str = ""  # 扫描件, 图片 or 佐证材料
    proof: ProofReply | None = None  # where the outcome is PROOF
