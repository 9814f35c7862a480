"""The receipt (回执): the answer to one submission, as a file beside a mail of three lines."""

from __future__ import annotations

from include.plan.period import Period
from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.marking import Mark, is_cell
from include.returns.receipt_order import ReceiptOrder
from include.returns.receipt_sheet import receipt_sheet
from include.returns.receipt_words import SEVERITIES, mail_text, name_part
from include.returns.splice import sheet_titles, splice, watch
from include.returns.wording import clean
from include.returns.workbook_parts import UnfitError

__all__ = ["ReceiptOrder", "receipt_name", "receipt_text", "write_receipt"]


def receipt_name(period: Period, number: int, outcome: SubmissionState, findings: tuple[Finding, ...]) -> str:
    """Give the file's name in 回执/: `2024-08 回执 第1次 退回(3处).xlsx`."""
    time = f"第{number}次 " if number else ""
    return f"{period} 回执 {time}{name_part(outcome, findings)}.xlsx"


def receipt_text(order: ReceiptOrder) -> str:
    """Give the mail's three lines: what became of the file, what to do now, where to look."""
    return mail_text(order, own=_own_sheets(order) is not None)


def write_receipt(order: ReceiptOrder) -> bytes:
    """Write the receipt: the agency's own workbook with a first sheet 回执, or that sheet alone."""
    titles = _own_sheets(order)
    if titles is None:
        return receipt_sheet(order)
    placed = [f for f in order.shown if f.sheet in titles and is_cell(f.ref)]
    try:
        watched = watch(order.original, [(f.sheet, f.ref) for f in placed])
        sheet = receipt_sheet(order, titles, watched)
        return splice(order.original, sheet, tuple(map(_mark, placed)))
    except UnfitError:
        return receipt_sheet(order)


def _own_sheets(order: ReceiptOrder) -> frozenset[str] | None:
    """Give the titles of the agency's own sheets if its workbook goes back, else None.

    Only what the reader has read in its own process is opened here; all else is answered with a sheet alone.
    """
    if order.outcome not in (SubmissionState.ACCEPTED, SubmissionState.RETURNED):
        return None
    try:
        return sheet_titles(order.original)
    except UnfitError:
        return None


def _mark(finding: Finding) -> Mark:
    lines = [f"{SEVERITIES[finding.severity]}：{finding.message}"]
    labelled = (("应当是", finding.expected), ("怎么改", finding.fix))
    lines += [f"{label}：{text}" for label, text in labelled if text]
    return Mark(finding.sheet, finding.ref, finding.severity is Severity.ERROR, clean("\n".join(lines)))
