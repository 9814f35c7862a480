"""Nouns of a year plan (工作要点): agencies, clauses, responsibilities, indicators. Values only, no I/O."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from include.plan.limits import Limits
from include.plan.period import Period


def _period(value: Any) -> Period:
    if isinstance(value, Period):
        return value
    try:
        return Period.parse(str(value))
    except ValueError as error:
        raise ValueError("应为月份，如 2024-08") from error


PeriodField = Annotated[Period, BeforeValidator(_period), PlainSerializer(str)]


class Relation(StrEnum):
    """How an agency stands to a clause (责任分工)."""

    SOLE = "sole"  # 负责
    LEAD = "lead"  # 牵头
    JOINT = "joint"  # 按职责分工负责
    SUPPORT = "support"  # 配合


class Standing(StrEnum):
    """What kind of body an agency is (单位性质); it caps its ladder."""

    GOVERNMENT = "government"
    PARTY = "party"
    COURT_PROCURATORATE = "court-procuratorate"
    VERTICAL = "vertical"
    BRANCH = "branch"
    HOST = "host"
    OFFICE = "office"


class Cadence(StrEnum):
    """How often a clause or an indicator is owed (填报频次)."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEAR = "half-year"
    EVENT = "event"

    def due_in(self, period: Period) -> bool:
        """Tell whether a figure or text is owed for the period; at an `event` it is welcome, never owed."""
        every = {"monthly": 1, "quarterly": 3, "half-year": 6}.get(self.value)
        return every is not None and period.month % every == 0


class Kind(StrEnum):
    """Kind of indicator (指标类型)."""

    COUNT = "count"
    STOCK = "stock"
    RATIO = "ratio"
    RATE = "rate"


class Behaviour(StrEnum):
    """How a figure moves in a year (变化方式)."""

    ACCUMULATE = "accumulate"
    NAMED = "named"
    BUILD_UP = "build-up"
    HOLD = "hold"
    CYCLE = "cycle"
    DUE_COHORT = "due-cohort"
    OUTCOME = "outcome"


class Comparator(StrEnum):
    """How a value is held against its target."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EXACTLY = "=="

    def met(self, value: Decimal, target: Decimal) -> bool:
        """Tell whether the value meets the target (both in the indicator's unit)."""
        if self is Comparator.AT_LEAST:
            return value >= target
        return value <= target if self is Comparator.AT_MOST else value == target


class Combine(StrEnum):
    """How the figures of an indicator's sources become one; ratios are never averaged."""

    SINGLE = "single"
    SUM = "sum"


class PathBasis(StrEnum):
    """What the points of a target path are."""

    VALUE = "value"  # in the indicator's unit
    TARGET_SHARE = "target-share"  # % of the target
    GAP_SHARE = "gap-share"  # % of the way from baseline to target


class Frozen(BaseModel):
    """What every value of the plan is: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Agency(Frozen):
    """A member of the commission (成员单位) that files returns, or a collective of them."""

    id: str
    name: str  # 市市场监管局, as written in the plan
    order: int  # 机构序列
    standing: Standing = Standing.GOVERNMENT
    letters: bool = True  # False: shown, never lettered
    collective: bool = False  # 各部门 and the like: every agency owes its clauses, it files nothing itself
    made_up: bool = False  # invented for the demo


class Responsibility(Frozen):
    """One agency's part in a clause (责任分工)."""

    agency: str
    relation: Relation


class Clause(Frozen):
    """One stretch of an item with one parenthesis of responsible agencies (具体任务), such as `7.2`."""

    id: str
    section: int  # 1 … 6
    item: int  # 1 … 23
    title: str  # in our own words
    text_hash: str | None  # sha256 of the normalised official text; None for a made-up clause
    responsibilities: tuple[Responsibility, ...]
    cadence: Cadence = Cadence.MONTHLY
    text: str | None = None  # official wording, once attached


class Milestone(Frozen):
    """A dated step towards a target (节点)."""

    month: int
    title: str


class TargetPath(Frozen):
    """What should have been reached by the end of each month (时序进度).

    `points` holds twelve figures, January … December, in the sense of `basis`; None where nothing is due yet.
    """

    basis: PathBasis
    points: tuple[Decimal | None, ...]
    confirmed: bool = False  # an unconfirmed path is 待确认: its lights show and open no case


class Indicator(Frozen):
    """A numeric target (指标) of a clause. `target` and `baseline` are in `unit`; a ratio's is `%`, 0–100."""

    id: str
    clause: str
    name: str
    kind: Kind
    behaviour: Behaviour
    unit: str
    comparator: Comparator
    target: Decimal
    definition: str  # 统计口径
    numerator: str = ""  # what the numerator (or the count) counts
    denominator: str = ""  # what the denominator counts
    answerable: str  # 答责单位
    sources: tuple[str, ...]  # 报送单位
    combine: Combine = Combine.SINGLE
    cross_check: tuple[str, ...] = ()  # 核对单位
    path: TargetPath
    cadence: Cadence = Cadence.MONTHLY
    baseline: Decimal | None = None  # 基期, level at the end of the year before
    population: Decimal | None = None  # fixed denominator of a rate, persons
    milestones: tuple[Milestone, ...] = ()
    definition_version: int = 1  # raised when the definition changes: no cross-period rule fires across it

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every agency that has to do with it: answerable, sources, cross-check; each once, in that order."""
        return tuple(dict.fromkeys((self.answerable, *self.sources, *self.cross_check)))

    @property
    def accumulates(self) -> bool:
        """True if the month's figure adds to a cumulative one (累计 = 上月累计 + 本月 + 调整数)."""
        return self.kind is not Kind.RATIO and self.behaviour in (Behaviour.ACCUMULATE, Behaviour.NAMED)


class Decision(Frozen):
    """A question the text leaves open, with the assumption used until the office settles it."""

    id: str
    about: str  # an indicator id, a clause id or `plan`
    question: str
    assumption: str
    status: str = "待确认"


class Plan(Frozen):
    """A year's plan of one place, resolved for one period (`PlanBook.at`)."""

    id: str
    year: int
    place: str  # 平湖市
    title: str
    office_name: str  # 平湖市食品药品安全委员会办公室
    office_short: str  # 平食药安办: the 代字 letters are numbered under
    commission_name: str
    document_no: str | None = None  # 待确认
    issued_on: date | None = None  # 待确认
    duties_from: PeriodField  # no case is opened for an earlier period
    due_workday: int = 5  # due date: this working day after the month's end, 18:00
    lock_workday: int = 15
    digest_workday: int = 10
    rank_agencies: bool = False  # show agencies ranked by their reporting; else in 机构序列 only
    drive_folder: str = ""  # its folder on the shared drive; each plan of an installation has its own
    demo: bool = False
    limits: Limits = Limits()
    sections: dict[int, str]
    items: dict[int, str]
    agencies: tuple[Agency, ...]
    clauses: tuple[Clause, ...]
    indicators: tuple[Indicator, ...]
    decisions: tuple[Decision, ...] = ()

    @cached_property
    def _agencies(self) -> dict[str, Agency]:
        return {a.id: a for a in self.agencies}

    @cached_property
    def _clauses(self) -> dict[str, Clause]:
        return {c.id: c for c in self.clauses}

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {i.id: i for i in self.indicators}

    @cached_property
    def _owners(self) -> dict[str, tuple[str, ...]]:
        return {
            c.id: tuple(
                a.id for a in self.filers if any(self._binds(r.agency, a.id) for r in c.responsibilities)
            )
            for c in self.clauses
        }

    def agency(self, agency_id: str) -> Agency:
        """Look an agency up. Raises: KeyError."""
        return self._agencies[agency_id]

    def clause(self, clause_id: str) -> Clause:
        """Look a clause up. Raises: KeyError."""
        return self._clauses[clause_id]

    def indicator(self, indicator_id: str) -> Indicator:
        """Look an indicator up. Raises: KeyError."""
        return self._indicators[indicator_id]

    @cached_property
    def filers(self) -> tuple[Agency, ...]:
        """The agencies that owe returns, in 机构序列."""
        return tuple(sorted((a for a in self.agencies if not a.collective), key=lambda a: (a.order, a.id)))

    def clauses_of(self, agency_id: str) -> tuple[Clause, ...]:
        """Give the clauses an agency has a part in, collective ones included, in plan order."""
        return tuple(
            c for c in self.clauses if any(self._binds(r.agency, agency_id) for r in c.responsibilities)
        )

    def _binds(self, responsible: str, agency_id: str) -> bool:
        return responsible == agency_id or self._agencies[responsible].collective

    def relation(self, clause_id: str, agency_id: str) -> Relation:
        """Give how the agency stands to the clause; its own part wins over a collective one.

        Raises:
            KeyError: it has no part in it.
        """
        parts = self.clause(clause_id).responsibilities
        own = [r.relation for r in parts if r.agency == agency_id]
        shared = [r.relation for r in parts if self._agencies[r.agency].collective]
        if not own + shared:
            raise KeyError(agency_id)
        return (own + shared)[0]

    def owners(self, clause_id: str) -> tuple[str, ...]:
        """Give the filing agencies that have a part in a clause, collective ones spelled out.

        Raises:
            KeyError: no such clause.
        """
        return self._owners[clause_id]

    def indicators_of(self, agency_id: str) -> tuple[Indicator, ...]:
        """Give the indicators whose figure the agency reports (it is a source or a cross-check agency)."""
        return tuple(i for i in self.indicators if agency_id in (*i.sources, *i.cross_check))
