"""The receipt (回执): the answer to one submission, as a file beside a mail of three lines."""

from __future__ import annotations

from include.plan.period import Period
from include.records.findings import Finding
from include.records.submissions import SubmissionState
from include.returns.receipt_order import ReceiptOrder
from include.returns.receipt_sheet import receipt_sheet
from include.returns.receipt_words import mail_text, name_part

__all__ = ["ReceiptOrder", "receipt_name", "receipt_text", "write_receipt"]


def receipt_name(period: Period, number: int, outcome: SubmissionState, findings: tuple[Finding, ...]) -> str:
    """Give the file's name in 回执/: `2024-08 回执 第1次 退回(3处).xlsx`."""
    time = f"第{number}次 " if number else ""
    return f"{period} 回执 {time}{name_part(outcome, findings)}.xlsx"


def receipt_text(order: ReceiptOrder) -> str:
    """Give the mail's three lines: what became of the file, what to do now, where to look."""
    return mail_text(order)


def write_receipt(order: ReceiptOrder) -> bytes:
    """Write the receipt's workbook."""
    return receipt_sheet(order, linked=lambda finding: False)
