"""Breaches → findings: one fault, one message; and no message repeated without end."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from include.expectations.catalogue import CHECKS, READER, SUPPRESSES
from include.expectations.checks import Check
from include.expectations.rows import Row, fills
from include.records.figures import Cell
from include.records.findings import Finding, Severity

MOST_ALIKE = 100  # equal faults on one sheet told one by one; what is beyond is named in one finding

_ORDER = {check.rule.id: number for number, check in enumerate(CHECKS)}
_NOWHERE = Cell("", "")
_REF = re.compile(r"([A-Z]+)(\d+)")


def findings(breaches: Iterable[tuple[Check, Row]], known: Sequence[Finding]) -> tuple[Finding, ...]:
    """Tell the breaches of one form, without what the reader returned already and without consequences.

    Args:
        breaches: frame by frame, so that their sheets come in the order of the tabs.
        known: what the reader found.
    """
    told = [
        check.rule.finding(row.cells.get(check.at, _NOWHERE), row.subject, **fills(row))
        for check, row in breaches
    ]
    returned = [f for f in known if f.severity is Severity.ERROR]
    return tuple(_as_read(_grouped(_without_consequences(_not_at(told, returned), returned))))


def _not_at(told: Iterable[Finding], returned: Sequence[Finding]) -> list[Finding]:
    """Leave out the cells the reader named; and what has no cell at all, if the reader returned the file."""
    cells = {(f.sheet, f.ref) for f in returned}
    return [f for f in told if (f.sheet, f.ref) not in cells and (f.ref or not returned)]


def _without_consequences(told: Sequence[Finding], returned: Iterable[Finding]) -> list[Finding]:
    """Leave out what another fault about the same subject brings with it (`SUPPRESSES`)."""
    causes = {(f.rule, f.subject) for f in told} | {(READER, f.subject) for f in returned if f.subject}
    hidden = {(rule, subject) for cause, subject in causes for rule in SUPPRESSES.get(cause, ())}
    return [f for f in told if (f.rule, f.subject) not in hidden]


def _grouped(told: Iterable[Finding]) -> Iterator[Finding]:
    """Tell the first equal faults of a sheet one by one and the rest in one finding, at the first of them."""
    alike: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in told:
        alike[finding.rule, finding.sheet].append(finding)
    for same in alike.values():
        yield from same[:MOST_ALIKE]
        rest = same[MOST_ALIKE:]
        if len(rest) == 1:
            yield from rest
        elif rest:
            places = "、".join(f.ref for f in rest)
            yield replace(
                rest[0], message=f"同样的问题还有 {len(rest)} 处：{places}。第一处：{rest[0].message}"
            )


def _as_read(told: Iterable[Finding]) -> list[Finding]:
    """Order findings as their places are read: sheet by sheet, row by row, from left to right."""
    ordered = list(told)
    sheets = list(dict.fromkeys(f.sheet for f in ordered))

    def place(finding: Finding) -> tuple[int, int, str]:
        at = _REF.fullmatch(finding.ref)
        return sheets.index(finding.sheet), int(at[2]) if at else 0, at[1] if at else ""

    return sorted(ordered, key=place)
