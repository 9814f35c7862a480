"""What a 核对稿 is made from: the rows about one agency as they will be published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PROOF = "核对稿"  # title of its sheet, and what its hidden sheet says it is
OBJECTION = "异议（应为多少、依据）"
RAISED_BY = "提出人"


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One indicator as it will be published; texts as readers will see them."""

    indicator_id: str
    clause_id: str
    name: str
    part: str  # 答责, 报送 or 核对: what the agency has to do with it
    value: str
    target: str
    light: str
    marks: str


@dataclass(frozen=True, slots=True)
class ProofOrder:
    """A 核对稿 to be written. Moments are aware; `period` is the label, `month` as in `2024-08`."""

    plan_id: str
    plan_title: str
    office_name: str
    agency_id: str
    agency_name: str
    period: str
    month: str
    edition: int
    filing: str  # how its return stands: `按时` …
    silent: tuple[str, ...]  # clauses it said nothing of
    rows: tuple[ProofRow, ...]
    objections_until: datetime
    sent_at: datetime
    demo: bool
    clock_note: str
    handling_mark: str
    until_mark: str = ""  # （暂定） where `objections_until` is reckoned in a year not published yet
