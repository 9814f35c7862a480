"""A person's decision as the office takes it: who, why, on what evidence, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from include.office.desk import Moment, Office
from include.office.evidence import kept, reason_given


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided, why, on what evidence (a file), when; `now` None is the office clock's moment."""

    user: str
    reason: str
    evidence: Path | str | None = None
    now: Moment = None

    def taken(self, office: Office) -> tuple[datetime, dict[str, Any]]:
        """Keep the evidence; gives the moment, and what the ledger says of the decision.

        Raises:
            RefusedError: no reason, or no such file.
        """
        why = reason_given(self.reason)
        return office.now(self.now), {"reason": why, **kept(office, self.evidence)}
