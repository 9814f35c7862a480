"""A 核对稿 that came back: which figures the agency objects to, in its own words."""

from __future__ import annotations

from include.records.readings import ProofReply, Reading, ReadOutcome
from include.returns.identity import Claim, fields_of
from include.returns.layout import Field
from include.returns.proof_order import OBJECTION, PROOF, RAISED_BY
from include.returns.sheets import Book, Sheet
from include.returns.unreadable import unreadable
from include.returns.words import key

_DEPTH = 40  # rows in which the header is looked for
_LONGEST = 1000  # characters of an objection that are kept
_RAISED_BY = (Field("raised_by", RAISED_BY, ("异议提出人", "联系人"), 0, True),)


def is_proof(claim: Claim) -> bool:
    """Tell whether a workbook is a 核对稿 by its hidden sheet."""
    return claim.identity is not None and claim.identity.template_version == PROOF


def read_proof(book: Book, claim: Claim) -> Reading:
    """Read what was objected to; rows may have moved, each is known by its hidden id.

    Raises:
        UnreadableFileError: the table with the column to object in is gone.
    """
    for sheet in book.sheets:
        place = _header(sheet)
        if place is not None:
            said = fields_of(sheet, _RAISED_BY, _DEPTH).get("raised_by")
            reply = ProofReply(claim.period, said.raw if said else "", _objections(sheet, *place))
            return Reading(ReadOutcome.PROOF, None, proof=reply)
    raise unreadable("file-not-a-return")


def _header(sheet: Sheet) -> tuple[int, int, int] | None:
    """Give row, column to object in, and column of the ids."""
    for row in range(min(_DEPTH, len(sheet.rows))):
        labels = {key(sheet.text(row, column)): column for column in range(len(sheet.rows[row]))}
        words, ids = labels.get(key(OBJECTION)), labels.get(key("系统编号"))
        if words is not None and ids is not None:
            return row, words, ids
    return None


def _objections(sheet: Sheet, header: int, words: int, ids: int) -> tuple[tuple[str, str], ...]:
    lines = ((sheet.text(row, ids), sheet.text(row, words)) for row in range(header + 1, len(sheet.rows)))
    return tuple((indicator, said[:_LONGEST]) for indicator, said in lines if indicator and said)
