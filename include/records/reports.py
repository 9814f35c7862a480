"""Content of a month's report: what consolidated workbook and digest show, computed before rendering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from include.plan.period import Period
from include.records.facts import Fact, Progress
from include.records.submissions import ReturnStanding


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator in a report. `series` and `path` hold twelve figures in the unit, January … December."""

    progress: Progress
    clause_id: str
    name: str
    unit: str
    comparator: str
    answerable: str  # agency name
    sources: tuple[str, ...]  # agency names
    series: tuple[Decimal | None, ...]
    path: tuple[Decimal | None, ...]
    explanation: str  # what the agency wrote
    office_action: str  # what the office did: letters, cases; empty if nothing
    change: str = ""  # which agency's figure moved it since last month
    remark: str = ""  # e.g. below 200 samples 99.5 % means no failure
    marks: tuple[str, ...] = ()  # 代填, 待认定 3, 核对异议 …
    last_light: str = ""  # the light a month ago, empty if there was none


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency in a report: its filings of the year so far, its open cases, its silences."""

    agency_id: str
    name: str
    filings: tuple[ReturnStanding, ...]
    lights: tuple[tuple[str, str], ...]  # (indicator id, light) it answers for
    open_cases: tuple[str, ...]  # one line each
    silent_clauses: tuple[str, ...]  # joint clauses it said nothing about
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """What one agency said on one clause."""

    clause_id: str
    title: str
    agency: str
    status: str  # 未填 where it said nothing
    text: str
    problems: str
    next_steps: str
    explanation: str = ""  # its answer to what validation asked


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A figure already published that changed since (更正)."""

    period: Period
    what: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """Two agencies that report one thing differently, and what the office decided."""

    indicator_id: str
    name: str
    figures: tuple[tuple[str, str], ...]  # (agency name, figure)
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """What an agency objected to in its 核对稿, beside the figure it is about."""

    indicator_id: str
    name: str
    figure: str  # as it stands
    agency: str  # agency name
    words: str
    raised_at: datetime
    in_time: bool  # within the working day given
    answer: str  # the office's; empty while it is open


@dataclass(frozen=True, slots=True)
class JointDutyRow:
    """A clause several agencies share (共同任务): how each of them stands, in plan order."""

    clause_id: str
    title: str
    agency_ids: tuple[str, ...]
    states: tuple[tuple[str, str], ...]  # (agency name, status it gave, else 未填, 未报 or 免报)

    @property
    def silent(self) -> tuple[str, ...]:
        """The names of those that said nothing."""
        return self._names("未填", "未报")

    @property
    def exempt(self) -> tuple[str, ...]:
        """The names of those the office exempted: neither filed nor silent."""
        return self._names("免报")

    @property
    def filed(self) -> tuple[str, ...]:
        """The names of those that said how they stand."""
        return tuple(name for name, _ in self.states if name not in self.silent + self.exempt)

    def _names(self, *states: str) -> tuple[str, ...]:
        return tuple(name for name, state in self.states if state in states)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter in the ledger of letters."""

    kind_name: str
    number: str
    agency: str
    summary: str
    state: str  # Chinese
    drafted_on: date | None
    signed_on: date | None
    served_on: date | None
    reply_due_on: date | None
    matters: str
    code: str = ""  # 编码 in the ledger
    issuer: str = ""  # 制发单位
    issued_on: date | None = None  # 印发
    received_on: date | None = None  # 接收时间
    rectification: str = ""  # 整改情况
    review: str = ""  # 审核意见
    filed: str = ""  # 归档
    reply_due_mark: str = ""  # （暂定） behind 答复期限 in a year whose working days are not published


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in the ledger of cases (督办事项)."""

    id: int
    agency: str
    track: str  # Chinese
    name: str
    state: str  # Chinese
    opened_on: date
    why: str
    steps: str  # the letters it has got, with number and state
    extension_until: date | None  # or an instruction's own date
    closed_on: date | None
    closed_because: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One accepted figure with its lineage, for pivoting."""

    fact: Fact
    agency: str
    indicator: str
    file: str  # original name
    submission_number: int
    arrived_at: datetime
    signed_by: str
    marks: str = ""  # 代填, 补报 …


@dataclass(frozen=True, slots=True)
class Wording:
    """The office's words for one sentence of a digest; `original` is the rule's sentence they stand for."""

    place: str  # `overall-1`
    original: str
    text: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class MonthReport:
    """All there is to show of one period of one plan at one day.

    `completeness` and `timeliness` are (numerator, denominator) counts of returns.
    """

    plan_id: str
    plan_title: str
    place: str
    office_name: str
    period: Period
    as_of: date
    edition: int
    issue_number: int  # of the digest within the year
    locked: bool
    demo: bool
    clock_note: str  # `演示时钟 2024-09-03 09:00` or empty
    handling_mark: str
    completeness: tuple[int, int]
    timeliness: tuple[int, int]
    indicators: tuple[IndicatorRow, ...]
    agencies: tuple[AgencyRow, ...]
    clauses: tuple[ClauseRow, ...]
    corrections: tuple[CorrectionRow, ...]
    reconciliations: tuple[ReconciliationRow, ...]
    letters: tuple[LetterRow, ...]
    decisions: tuple[tuple[str, str, str], ...]  # (about, question, assumption)
    facts: tuple[FactRow, ...]
    next_dates: tuple[tuple[date, str], ...]  # (day, what is due)
    remarks: tuple[tuple[str, str, str], ...] = ()  # (agency, title, message) of rules that inform the office
    instructions: tuple[tuple[str, str], ...] = ()  # open 批示: (what, how its clock stands)
    objections: tuple[ObjectionRow, ...] = ()
    joint_duties: tuple[JointDutyRow, ...] = ()
    ranked: bool = False  # agencies may be ranked by their reporting


LIGHT_NAMES = {"green": "绿", "yellow": "黄", "red": "红", "grey": "灰", "done": "已完成"}
