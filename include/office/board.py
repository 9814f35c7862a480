"""What the board shows: how each plan stands, by month; what waits for a signature."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from include.office.desk import Office, open_office, selected
from include.office.escalate_overdue import waiting
from include.office.standings import YearStandings, year_standings
from include.office.year_progress import YearProgress, year_progress
from include.plan import Period
from include.records.submissions import Filing, Timeliness
from include.store import cases
from include.workdays import SHANGHAI


def overview(plan: str | None = None, *, office: Office | None = None) -> dict[str, Any]:
    """Give `clock` and `plans`: for each its title, its periods (newest first) and the letters that wait."""
    office = office or open_office()
    now = office.now()
    clock = office.clock_note(now) or f"截至 {now:%Y-%m-%d %H:%M}"
    return {"clock": clock, "plans": [_plan(office, plan_id, now) for plan_id in selected(office, plan)]}


def _plan(office: Office, plan_id: str, now: datetime) -> dict[str, Any]:
    standings = year_standings(office, plan_id, now)
    periods = sorted({period for _, period in standings}, reverse=True)
    newest = periods[0] if periods else Period(office.book(plan_id).year, 1)
    plan = office.plan(plan_id, newest)
    progress = year_progress(office, plan_id, newest, now) if periods else {}
    return {
        "title": plan.title + ("（演示数据）" if plan.demo else ""),
        "periods": [_period(p, standings, progress, now) for p in periods],
        "waiting_letters": _waiting(office, plan_id),
    }


def _period(
    period: Period, standings: YearStandings, progress: YearProgress, now: datetime
) -> dict[str, Any]:
    here = [s for (_, p), s in standings.items() if p == period and s.filing is not Filing.EXEMPT]
    due = min((s.due_at for s in here), default=now)
    lights = Counter(p.light.value for p in progress.get(period, {}).values()) if due < now else {}
    return {
        "period": period.label,
        "due_at": f"{due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "owed": len(here),
        "accepted": sum(s.filing is Filing.ACCEPTED for s in here),
        "late": sum(s.timeliness is Timeliness.LATE for s in here),
        "missing": sum(s.timeliness is Timeliness.MISSING for s in here),
        "lights": dict(lights),
    }


def _waiting(office: Office, plan_id: str) -> list[dict[str, Any]]:
    with office.store.reading() as connection:
        rows = {row.id: row for row in cases.letters(connection, plan_id)}
    return [
        {
            "title": rows[letter["id"]].content["title"],
            "agency": office.plan(plan_id, Period.parse(rows[letter["id"]].period))
            .agency(rows[letter["id"]].agency_id)
            .name,
            "run_id": letter["run_id"],
        }
        for letter in waiting(office, plan_id)
    ]
