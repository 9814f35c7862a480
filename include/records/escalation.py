"""Cases, letters and what decides them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from include.plan.model import Standing
from include.plan.period import Period


class Track(StrEnum):
    """The two tracks of the ladder, major risks with their listing, and what stands outside the ladder."""

    REPORTING = "reporting"  # returns
    PROGRESS = "progress"  # indicators
    MAJOR_RISK = "major-risk"  # 重大风险隐患, recorded by the office
    INSTRUCTION = "instruction"  # a leader's 批示, outside the ladder, with a date of its own


class CaseState(StrEnum):
    """State of a case (督办事项)."""

    OPEN = "open"
    FULFILLED = "fulfilled"  # 销号
    WAIVED = "waived"
    MERGED = "merged"


class LetterState(StrEnum):
    """State of a letter (文书)."""

    DRAFT = "draft"  # 拟稿, returned with a reason
    WAITING = "waiting"  # 待签发
    SIGNED = "signed"  # 签发
    NUMBERED = "numbered"  # 取号
    SEALED = "sealed"  # 用印
    SERVED = "served"  # 送达
    ANSWERED = "answered"  # 已回复
    ACCEPTED = "accepted"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"  # 撤回 before issue
    REVOKED = "revoked"  # 撤销 after issue
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step a case has taken, and how its clock stands. None where it has not happened."""

    step: str
    round: int
    proposed_on: date
    letter_state: LetterState
    served_on: date | None
    reply_due_on: date | None
    answered_on: date | None
    accepted_on: date | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All that `decide` may know of one matter of one agency."""

    case_id: int | None  # None: no open case
    agency_id: str
    track: Track
    matter: str  # `reporting` or the indicator id
    standing: Standing  # caps the ladder
    letters: bool  # False: the agency's matters are shown, never lettered
    opened_on: date | None
    steps: tuple[StepTaken, ...]
    extension_until: date | None
    accepted_reason: bool  # 正当理由
    carried_step: str | None  # the step a closed case had, if the matter comes back in the next period
    plan_on: date | None = None  # the day a 整改方案 was received that was not sent back
    # reporting track
    overdue: tuple[tuple[Period, date], ...] = ()  # periods whose return is missing, with due date
    uncorrected: tuple[tuple[Period, date], ...] = ()  # past due, not corrected; the day it was returned
    late_running: int = 0  # periods running that were late or missing, up to now
    joint_clauses: tuple[str, ...] = ()  # duties it shares with others and is silent about in those periods
    # progress track
    lights: tuple[tuple[Period, str], ...] = ()  # light by period, oldest first
    path_confirmed: bool = True
    fulfilled: bool = False  # what the case asked for is done


@dataclass(frozen=True, slots=True)
class Proposal:
    """What `decide` proposes for one case today."""

    action: str  # `open-step`, `close`, `show`: what they mean stands in `include.escalation.names.Action`
    agency_id: str
    track: Track
    matter: str
    case_id: int | None
    step: str
    round: int
    reasons: tuple[str, ...]  # Chinese, each naming facts, rule and day
    rule: str  # id of the ladder condition that fired
    automatic: bool
    approver: str  # role id
    provisional: bool = False  # the day's year is not published: a draft may be made, not signed


@dataclass(frozen=True, slots=True)
class LetterContent:
    """Frozen content of a letter: everything its document shows, nothing computed at rendering.

    `paragraphs` are body paragraphs; `annexes` are (title, header row, rows).
    """

    step: str
    kind_name: str  # 提醒敦促函
    letter_form: bool  # 信函格式
    office_name: str
    number: str | None  # 平食药安办函〔2024〕3号; None while a draft; empty for a chaser, which has none
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    requirements: tuple[str, ...]
    legal_basis: str
    signed_on: date | None
    signatory: str
    contact: str
    copies_to: tuple[str, ...]
    handling_mark: str
    demo: bool
    annexes: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = ()
