"""Plans on the board: how each month of a plan stands."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from include.errors import DubanError
from include.office import alarms
from include.office.board.views import PeriodView, PlanView
from include.office.desk import Office
from include.office.publish_digest import KIND as DIGEST
from include.office.standings import YearStandings, year_standings
from include.office.year_progress import YearProgress, year_progress
from include.plan import Period
from include.records.escalation import CaseState, LetterState
from include.records.submissions import Filing, Timeliness
from include.store import cases, publications
from include.workdays import SHANGHAI

_log = logging.getLogger(__name__)


def several(
    office: Office, plan_ids: Iterable[str], now: datetime
) -> tuple[tuple[PlanView, ...], dict[str, str]]:
    """Give the plans that can be shown, and of the others why not: a broken plan hides no other."""
    shown: list[PlanView] = []
    broken: dict[str, str] = {}
    for plan_id in plan_ids:
        try:
            shown.append(one(office, plan_id, now))
        except DubanError as error:
            broken[plan_id] = error.for_users
            _log.warning("plan %s cannot be shown: %s", plan_id, error)
    return tuple(shown), broken


def one(office: Office, plan_id: str, now: datetime) -> PlanView:
    """Give a plan with its months that were opened, the oldest first."""
    standings = year_standings(office, plan_id, now)
    periods = sorted({period for _, period in standings})
    newest = periods[-1] if periods else Period(office.book(plan_id).year, 1)
    plan = office.plan(plan_id, newest)
    progress = year_progress(office, plan_id, newest, now) if periods else {}
    with office.store.reading() as connection:
        waiting = cases.letters(connection, plan_id, LetterState.WAITING)
        open_cases = [row for row in cases.cases(connection, plan_id) if row.state == CaseState.OPEN]
        held = {
            period: row.reason
            for period in periods
            if (row := publications.held(connection, plan_id, period, DIGEST)) is not None
        }
        published = {
            Period.parse(row.period): f"第{row.edition}版，{row.published_at.astimezone(SHANGHAI):%Y-%m-%d}"
            for row in publications.editions(connection, plan_id, DIGEST)
        }
    return PlanView(
        id=plan_id,
        title=plan.title,
        year=plan.year,
        place=plan.place,
        demo=plan.demo,
        clock_note=office.clock_note(now),
        as_of=now.replace(microsecond=0),
        calendar_provisional=office.calendar(plan_id).is_provisional(now.year),
        handling_mark=office.settings.handling_mark,
        periods=tuple(
            _period(p, standings, progress, (published.get(p, ""), held.get(p)), now) for p in periods
        ),
        waiting_letters=len(waiting),
        open_cases=len(open_cases),
        alarms=len(alarms.standing(plan_id, office=office)),
    )


def _period(
    period: Period,
    standings: YearStandings,
    progress: YearProgress,
    digest: tuple[str, str | None],
    now: datetime,
) -> PeriodView:
    here = [s for (_, p), s in standings.items() if p == period and s.filing is not Filing.EXEMPT]
    due = min((s.due_at for s in here), default=now).astimezone(SHANGHAI)  # extensions aside
    lights = Counter(p.light.value for p in progress.get(period, {}).values()) if due < now else {}
    timely = Counter(s.timeliness for s in here)
    return PeriodView(
        period=str(period),
        label=period.label,
        state="已锁定" if here and all(s.locked for s in here) else "已截止" if due < now else "填报中",
        due_at=due,
        due_provisional=any(s.due_mark for s in here),
        owed=len(here),
        accepted=sum(s.filing is Filing.ACCEPTED for s in here),
        on_time=timely[Timeliness.ON_TIME],
        late=timely[Timeliness.LATE],
        returned=sum(s.filing is Filing.RETURNED for s in here),
        missing=sum(s.unfiled for s in here),
        lights=dict(lights),
        digest=digest[0],
        digest_held=digest[1],
    )
