"""Submissions (报送件) and the returns they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from include.plan.period import Period


class SubmissionState(StrEnum):
    """What became of one file; the transitions stand in `include.returns.states`."""

    TAKEN = "taken"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    FOREIGN = "foreign"
    TOO_LATE = "too-late"
    COMPANION = "companion"
    OBJECTION = "objection"  # a 核对稿 that came back

    @property
    def gives_back(self) -> bool:
        """Whether the file goes back with its receipt; any other is not opened again, whatever its size."""
        return self in (SubmissionState.ACCEPTED, SubmissionState.RETURNED)


class Filing(StrEnum):
    """Whether a return was filed."""

    NONE = "none"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    EXEMPT = "exempt"


class Timeliness(StrEnum):
    """Whether it was filed in time; `pending` until the due moment while nothing was accepted."""

    PENDING = "pending"
    ON_TIME = "on-time"
    LATE = "late"
    MISSING = "missing"
    EXEMPT = "exempt"


class ReturnDecision(StrEnum):
    """What the office may decide about a return; the values are the ledger's names of it."""

    EXEMPT = "return-exempted"  # 免报
    EXTEND = "return-extended"  # 延期
    ALLOW_LATE = "late-filing-allowed"  # 补报: a filing is taken after the lock


@dataclass(frozen=True, slots=True)
class Submission:
    """One file an agency dropped, with what became of it. Moments are UTC-aware."""

    id: int
    plan_id: str
    agency_id: str
    period: Period | None
    number: int  # 第 n 次, within agency and period; 0 until the period is known
    claimed_name: str
    original_name: str
    sha256: str
    size: int
    arrived_at: datetime
    state: SubmissionState
    proxy_by: str = ""  # 代填: who of the office filed it
    proxy_reason: str = ""
    notes: tuple[str, ...] = ()  # how it was taken, in Chinese


@dataclass(frozen=True, slots=True)
class ReturnStanding:
    """How one agency's return for one period stands on a day: derived, never stored."""

    agency_id: str
    period: Period
    due_at: datetime
    filing: Filing
    timeliness: Timeliness
    locked: bool
    first_accepted_at: datetime | None
    last_returned_at: datetime | None
    submissions: int
    notes: tuple[tuple[str, str], ...] = ()  # 免报, 延期, 补报, 代填, each with its reason
    due_mark: str = ""  # shown behind the due moment: （暂定） where nobody has published its year yet

    @property
    def uncorrected(self) -> bool:
        """Whether a file came, was sent back, and no corrected one followed."""
        return self.filing is Filing.RETURNED

    @property
    def unfiled(self) -> bool:
        """Whether it is missing and nothing came that could be corrected."""
        return self.timeliness is Timeliness.MISSING and not self.uncorrected

    @property
    def words(self) -> str:
        """The notes without reasons, as they stand beside a figure: `补报、代填`; without 延期."""
        return "、".join(word for word, _ in self.notes if word != "延期")
