"""The open office: settings, database, archive, drive and plans in one hand, for the use cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DatabaseError

from include.errors import PlanError, RefusedError, SettingsError
from include.escalation import Ladder, load_ladder
from include.files import Archive, Drive
from include.foreign import words
from include.office import clock
from include.office.places import open_places
from include.plan import Agency, People, Plan, PlanBook, list_plans, load_people, load_plan
from include.plan.period import Period
from include.settings import Settings, settings
from include.store import ledger
from include.store.engine import Store
from include.workdays import SHANGHAI, WorkCalendar, load_calendar, moment

Read = TypeVar("Read")
Moment = datetime | str | None  # as a use case is given one: None is the office clock's


@dataclass(frozen=True, slots=True)
class Asked:
    """The moment something is done, and the moment it is asked about. Both aware, Asia/Shanghai."""

    now: datetime
    at: datetime

    @property
    def as_of(self) -> date:
        """The day asked about."""
        return self.at.date()


@dataclass
class Office:
    """Everything a use case needs. Plans are loaded once; a broken one is named, and stops no other."""

    settings: Settings
    store: Store
    archive: Archive
    drive: Drive
    _books: dict[str, PlanBook] = field(default_factory=dict[str, PlanBook])
    _read: dict[tuple[Path, str], tuple[tuple[int, int], Any]] = field(
        default_factory=dict[tuple[Path, str], tuple[tuple[int, int], Any]]
    )

    def drive_of(self, plan_id: str) -> Drive:
        """Give a plan's own part of the shared drive. Raises: PlanError."""
        book = self.book(plan_id)
        return self.drive.part(book.at(Period(book.year, 1)).drive_folder)

    def book(self, plan_id: str) -> PlanBook:
        """Load a plan with its amendments. Raises: PlanError."""
        if plan_id not in self._books:
            if plan_id not in self.plan_ids:
                raise PlanError(_no_plan(plan_id, self.plan_ids))
            self._books[plan_id] = load_plan(
                self.settings.plans_dir / plan_id, self.settings.plan_home(plan_id)
            )
        return self._books[plan_id]

    def period(self, plan_id: str, text: str) -> Period:
        """Read a period of a plan's year. Raises: RefusedError."""
        year = self.book(plan_id).year
        try:
            period = Period.parse(text)
        except ValueError as error:
            raise RefusedError(f"“{text}”不是月份；应如 2024-08") from error
        if period.year != year:
            raise RefusedError(f"{period}不是{plan_id}的月份；应为{year}年的某月，如 {year}-08")
        return period

    def plan(self, plan_id: str, period: Period) -> Plan:
        """Give the plan in force in a period. Raises: PlanError."""
        return self.book(plan_id).at(period)

    def agency(self, plan_id: str, agency_id: str, period: Period) -> Agency:
        """Give an agency as it stands in a period; one that is not there (yet, any more) as it stood nearest.

        Raises:
            KeyError: no plan of the year knows it.
        """
        book = self.book(plan_id)
        month = period.month if period.year == book.year else 12
        for other in (*range(month, 0, -1), *range(month + 1, 13)):
            plan = book.at(Period(book.year, other))
            if any(agency.id == agency_id for agency in plan.agencies):
                return plan.agency(agency_id)
        raise KeyError(agency_id)

    @cached_property
    def plan_ids(self) -> tuple[str, ...]:
        """The plans of this installation."""
        return tuple(list_plans(self.settings.plans_dir))

    def calendar(self, plan_id: str) -> WorkCalendar:
        """Give the working days of a plan's place."""
        return self.once(self.calendar_file(plan_id), "calendar", load_calendar)

    def calendar_file(self, plan_id: str) -> Path:
        """Give the file an office settles days in; its own in `DUBAN_HOME` wins over the plan folder's."""
        return self._own(plan_id, "overrides.yaml")

    def ladder(self, plan_id: str) -> Ladder:
        """Give the ladder of a plan; an office's own in `DUBAN_HOME` wins over the plan folder's."""
        return self.once(self.ladder_file(plan_id), "ladder", load_ladder)

    def ladder_file(self, plan_id: str) -> Path:
        """Give the file the ladder of a plan is read from."""
        return self._own(plan_id, "ladder.yaml")

    def people(self, plan_id: str) -> People:
        """Give contacts, leaders and approvers of a plan; nobody where the file does not name it."""
        return self.once(self.settings.people_file, plan_id, lambda file: load_people(file, plan_id))

    def _own(self, plan_id: str, name: str) -> Path:
        own = self.settings.plan_home(plan_id) / name
        return own if own.exists() else self.settings.plans_dir / plan_id / name

    def once(self, file: Path, what: str, load: Callable[[Path], Read]) -> Read:
        """Read a file, which need not be there, again only after somebody changed it."""
        status = file.stat() if file.exists() else None
        looks = (status.st_mtime_ns, status.st_size) if status else (0, 0)
        known = self._read.get((file, what))
        if known is None or known[0] != looks:
            known = self._read[file, what] = (looks, load(file))
        return known[1]

    def now(self, given: Moment = None) -> datetime:
        """Give the moment asked about, or the office clock's."""
        if given is None:
            return clock.now(self.settings)
        given = clock.parse(given) if isinstance(given, str) else given
        return given.astimezone(SHANGHAI)

    def asked(self, as_of: date | str | None = None, now: Moment = None) -> Asked:
        """Settle the two times of a call: a past day is asked about as of its end, today as of now.

        Raises:
            RefusedError: the day has not come yet.
        """
        moment_now = self.now(now)
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        if day is not None and day > moment_now.date():
            raise RefusedError(f"截至日期{day}还没有到；今天是{moment_now.date()}，请写今天或以前的日期")
        is_today = day is None or day == moment_now.date()
        return Asked(moment_now, moment_now if is_today else moment(day, time(23, 59, 59)))  # type: ignore[arg-type]

    def clock_note(self, moment: datetime) -> str:
        """Say that the clock is a demo's, or nothing."""
        return clock.note(self.settings, moment)


def open_office(of: Settings | None = None, *, migrate: bool = True) -> Office:
    """Open the office of an installation.

    Args:
        of: the installation; the environment's if none is given.
        migrate: bring the database to the newest schema; without, it is not even opened.

    Raises:
        SettingsError: `DUBAN_HOME` cannot be written, or the database cannot be opened.
    """
    of = of or settings()
    try:
        of.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"DUBAN_HOME {of.home} 不能建立：{words(error)}；请改正路径或权限") from error
    try:
        store = Store(of.database)
        if migrate:
            store.migrate()
    except CommandError as error:
        raise SettingsError(
            f"{of.home} 的数据库比程序新：{words(error)}；请升级程序，或恢复升级以前的备份（docs/upgrade.md）"
        ) from error
    except (ArgumentError, DatabaseError, ImportError, OSError) as error:
        why = f"{of.home} 的数据库打不开：{words(error)}"
        raise SettingsError(f"{why}；请核对 DUBAN_DATABASE_URL，再运行 duban doctor database") from error
    archive, drive = open_places(of)
    return Office(of, store, archive, drive)


def demo_mark(demo: bool) -> str:
    """Give what every mail and note of a demo begins with; nothing otherwise."""
    return "【演示数据】" if demo else ""


def record(
    connection: Connection,
    plan_id: str,
    at: datetime,
    event: str,
    subject: str,
    body: Mapping[str, Any],
    actor: str = "duban",
) -> None:
    """Write one ledger event inside the caller's transaction."""
    ledger.append(connection, plan_id, at, ledger.Event(event, subject, dict(body), actor))


def selected(office: Office, plan: str | None) -> Iterator[str]:
    """Give the plans a call is about: the one named, or all. Raises: PlanError for an unknown one."""
    if plan is not None and plan not in office.plan_ids:
        raise PlanError(_no_plan(plan, office.plan_ids))
    yield from ([plan] if plan else office.plan_ids)


def _no_plan(plan_id: str, there_are: Sequence[str]) -> str:
    return f"没有工作要点“{plan_id}”；现有：{'、'.join(there_are) or '无'}"
