"""What a rule (校验规则) is. Each room keeps the rules it checks; `include.office.rules` joins them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from include.records.figures import Cell
from include.records.findings import Finding, Severity


class RuleKind(StrEnum):
    """What a rule looks at; the value is shown to users."""

    FILE = "文件"
    STRUCTURE = "表格结构"
    COMPLETENESS = "填报完整"
    TYPE = "类型和单位"
    RANGE = "取值范围"
    CROSS_FIELD = "表内勾稽"
    CROSS_PERIOD = "跨期比较"
    CROSS_AGENCY = "跨单位比较"
    TEXT = "文字说明"


class FoundBy(StrEnum):
    """Who finds a breach: the reader (faults of file and structure) or Great Expectations (content)."""

    READER = "reader"
    GX = "gx"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `message`, `expected` and `fix` are templates for `str.format`, filled from the fault."""

    id: str  # kebab-case, stable
    severity: Severity
    kind: RuleKind
    found_by: FoundBy
    title: str
    message: str
    expected: str
    fix: str
    why: str

    def finding(self, cell: Cell | None = None, subject: str = "", **fills: object) -> Finding:
        """Make the finding of a breach; `fills` fill the templates. Raises: KeyError for one unfilled."""
        cell = cell or Cell("", "")
        return Finding(
            rule=self.id,
            severity=self.severity,
            sheet=cell.sheet,
            ref=cell.ref,
            found=cell.raw,
            expected=self.expected.format_map(fills),
            message=self.message.format_map(fills),
            fix=self.fix.format_map(fills),
            subject=subject,
        )
