"""The receipt (回执): the answer to one submission, as a file beside a mail of three lines."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from include.plan.period import Period
from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.marking import Mark, is_cell
from include.returns.receipt_order import ReceiptOrder
from include.returns.receipt_sheet import receipt_sheet
from include.returns.receipt_words import SEVERITIES, Back, mail_text, name_part
from include.returns.refilling import refilled
from include.returns.splice import GivenBack
from include.returns.wording import clean
from include.returns.workbook_parts import UnfitError

__all__ = ["Answer", "ReceiptOrder", "alone", "answer", "receipt_name"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt as it goes out: the workbook, and the mail's three lines."""

    workbook: bytes
    text: str


def receipt_name(period: Period, number: int, outcome: SubmissionState, findings: tuple[Finding, ...]) -> str:
    """Give the file's name in 回执/: `2024-08 回执 第1次 退回(3处).xlsx`."""
    time = f"第{number}次 " if number else ""
    return f"{period} 回执 {time}{name_part(outcome, findings)}.xlsx"


def answer(order: ReceiptOrder) -> Answer:
    """Write the receipt, its sheet 回执 in front of what can be corrected in place.

    That is the agency's own workbook, opened once; of one that cannot be marked, the month's template filled
    with what was read of it. Hostile ground, for the sandbox's child. Whatever is not given back is answered
    with the sheet alone.
    """
    if order.outcome.gives_back:
        for give_back in (_own, _fresh):
            with suppress(UnfitError):
                return give_back(order)
    return alone(order)


def alone(order: ReceiptOrder) -> Answer:
    """Write the receipt as the sheet alone; nothing of what was sent is opened."""
    return Answer(receipt_sheet(order), mail_text(order, Back.NONE))


def _own(order: ReceiptOrder) -> Answer:
    return _spliced(order, GivenBack.of(order.original), Back.OWN)


def _fresh(order: ReceiptOrder) -> Answer:
    if order.form is None or order.template is None:
        raise UnfitError("nothing was read that could be filled in, or there is nothing to fill in")
    try:
        fresh = refilled(order.template.read_bytes(), order.form)
    except OSError as error:
        raise UnfitError(f"the template cannot be read: {error}") from error
    moved = replace(order, findings=tuple(map(fresh.placed, order.findings)))
    return _spliced(moved, fresh.workbook, Back.FRESH)


def _spliced(order: ReceiptOrder, workbook: GivenBack, back: Back) -> Answer:
    placed = [f for f in order.shown if f.sheet in workbook.sheets and is_cell(f.ref)]
    watched = workbook.unchanged((f.sheet, f.ref) for f in placed)
    sheet = receipt_sheet(order, back, workbook.sheets, watched)
    return Answer(workbook.with_receipt(sheet, tuple(map(_mark, placed))), mail_text(order, back))


def _mark(finding: Finding) -> Mark:
    lines = [f"{SEVERITIES[finding.severity]}：{finding.message}"]
    labelled = (("应当是", finding.expected), ("怎么改", finding.fix))
    lines += [f"{label}：{text}" for label, text in labelled if text]
    return Mark(finding.sheet, finding.ref, finding.severity is Severity.ERROR, clean("\n".join(lines)))
