"""What travels between the sandbox and its child: JSON behind its length. What both keep to: time and memory.

Not pickle: the child reads hostile files, and what it says must not run in the parent.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from include.records.figures import (
    Cell,
    ClauseStatus,
    Figure,
    FigureState,
    FilledForm,
    Identity,
    NamedEntry,
    Role,
    Statement,
)
from include.records.findings import Finding, Severity
from include.records.readings import ProofReply, Reading, ReadOutcome
from include.records.submissions import SubmissionState
from include.returns.receipt_order import ReceiptOrder

SECONDS_A_FILE = 10.0  # for both tries together, so that whatever arrives is answered within them
MEMORY = 512 << 20  # bytes of the child's address space, all told
LENGTH_BYTES = 4
LONGEST = 32 << 20  # bytes; a reading is some hundred KB at most


def framed(message: Mapping[str, Any]) -> bytes:
    """Give a message with its length before it; records become objects, decimals text."""
    body = json.dumps(message, ensure_ascii=False, default=_plain).encode()
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """Read one message; None at the end of the stream. Blocks: the child has nothing else to do."""
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    return json.loads(stream.read(int.from_bytes(head, "big")))


def reading_from(raw: Mapping[str, Any]) -> Reading:
    """Make the reading of what `framed` made of one."""
    return Reading(
        ReadOutcome(raw["outcome"]),
        _form(raw["form"]) if raw["form"] else None,
        _findings(raw["findings"]),
        raw["companion_kind"],
        _proof(raw["proof"]) if raw["proof"] else None,
    )


def order_from(raw: Mapping[str, Any]) -> ReceiptOrder:
    """Make the order of a receipt of what `framed` made of one."""
    pairs = ("companions", "understood", "joint")
    typed = {
        "original": base64.b64decode(raw["original"]),
        "outcome": SubmissionState(raw["outcome"]),
        "findings": _findings(raw["findings"]),
        "notes": tuple(raw["notes"]),
        **{name: tuple((first, second) for first, second in raw[name]) for name in pairs},
        "due_at": datetime.fromisoformat(raw["due_at"]) if raw["due_at"] else None,
        "decided_at": datetime.fromisoformat(raw["decided_at"]),
        "form": _form(raw["form"]) if raw["form"] else None,
        "template": Path(raw["template"]) if raw["template"] else None,
    }
    return ReceiptOrder(**{**raw, **typed})


def _findings(raw: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(**{**f, "severity": Severity(f["severity"])}) for f in raw)


def _proof(raw: Mapping[str, Any]) -> ProofReply:
    objections = tuple((indicator, words) for indicator, words in raw["objections"])
    return ProofReply(raw["period"], raw["raised_by"], objections)


def _plain(value: Any) -> Any:
    if isinstance(value, (Decimal, Path)):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return {name: getattr(value, name) for name in type(value).__slots__}


def _form(raw: Mapping[str, Any]) -> FilledForm:
    typed = {
        "identity": Identity(**raw["identity"]),
        "figures": tuple(_figure(f) for f in raw["figures"]),
        "names": tuple(NamedEntry(**_with_cells(n, ("cell",))) for n in raw["names"]),
        "statements": tuple(_statement(s) for s in raw["statements"]),
        "notes": tuple(raw["notes"]),
        "explanations": {indicator: Cell(**cell) for indicator, cell in raw["explanations"].items()},
        "cover": {field: Cell(**cell) for field, cell in raw["cover"].items()},
    }
    return FilledForm(**{**raw, **typed})


def _figure(raw: Mapping[str, Any]) -> Figure:
    typed = {
        "role": Role(raw["role"]),
        "state": FigureState(raw["state"]),
        "value": None if raw["value"] is None else Decimal(raw["value"]),
    }
    return Figure(**{**_with_cells(raw, ("cell",)), **typed})


def _statement(raw: Mapping[str, Any]) -> Statement:
    status = ClauseStatus(raw["status"]) if raw["status"] else None
    return Statement(**{**_with_cells(raw, ("cell", "text_cell", "explanation_cell")), "status": status})


def _with_cells(raw: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {**raw, **{name: Cell(**raw[name]) for name in names}}
