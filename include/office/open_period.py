"""Use case `open`: templates into the agencies' folders, returns owed."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from include.office.desk import Office, open_office, record
from include.office.memory import figures_before, lists_before
from include.office.outbox import drain_drive, drive_put
from include.office.outcome import Done, each_plan
from include.office.timetable import PeriodDays, days_of, periods_of
from include.plan import Agency, Period, Plan, plan_hash, plan_json
from include.records.figures import Role
from include.records.submissions import ReturnDecision
from include.returns.template import NamedSoFar, Prefill, TemplateOrder, template_name, write_template
from include.store import outbox, returns
from include.store import schema as t

NOTHING_DUE = "本月没有应报事项"


def run(
    plan: str | None = None,
    period: str | None = None,
    now: datetime | str | None = None,
    *,
    office: Office | None = None,
) -> dict[str, Any]:
    """Open what is due to be opened, or the named period; see `each_plan` for the result."""
    office = office or open_office()
    moment = office.now(now)

    def work(plan_id: str) -> Done:
        due = [office.period(plan_id, period)] if period else due_to_open(office, plan_id, moment)
        made = {p: _open(office, plan_id, p, moment) for p in due}
        return Done([p for p, n in made.items() if n], {"templates": {str(p): n for p, n in made.items()}})

    return each_plan(office, plan, work, job="open")


def owes(plan: Plan, agency_id: str, period: Period) -> bool:
    """Tell whether an agency has anything due in a period; if not, its return starts out as 免报."""
    clauses = any(clause.cadence.due_in(period) for clause in plan.clauses_of(agency_id))
    return clauses or any(
        agency_id in indicator.sources and indicator.cadence.due_in(period) for indicator in plan.indicators
    )


def due_to_open(office: Office, plan_id: str, now: datetime) -> list[Period]:
    """Give the periods whose opening day has come and whose lock day has not passed."""
    book, calendar = office.book(plan_id), office.calendar(plan_id)
    periods: list[Period] = []
    for period in periods_of(book.year, book.at(Period(book.year, 1)).duties_from):
        days = days_of(book.at(period), period, calendar)
        if days.opens_on <= now.date() <= days.locks_on:
            periods.append(period)
    return periods


def _open(office: Office, plan_id: str, period: Period, now: datetime) -> int:
    """Make what is missing of one period; a return that is there already is left as it is."""
    plan, drive = office.plan(plan_id, period), office.drive_of(plan_id)
    days = days_of(plan, period, office.calendar(plan_id))
    with suppress(OSError):  # the drive is away: what is for it waits in the outbox, housekeeping alarms
        drive.belong_to(plan_id)
        drive.make_folders(agency.name for agency in plan.filers)
    with office.store.reading() as connection:
        open_already = {row.agency_id for row in returns.agency_returns(connection, plan_id, period)}
    missing = [agency for agency in plan.filers if agency.id not in open_already]
    if missing:
        prefills = prefills_for(office, plan, period)
        templates = {a.id: _template(office, plan, a, days, prefills[a.id], now) for a in missing}
        _commit(office, plan, days, missing, templates, now)
    drain_drive(office, plan_id, now)
    return len(missing)


def _template(
    office: Office, plan: Plan, agency: Agency, days: PeriodDays, prefill: Prefill, now: datetime
) -> str:
    order = TemplateOrder(
        plan=plan,
        agency_id=agency.id,
        period=days.period,
        due_at=days.due_at,
        prefill=prefill,
        plan_hash=plan_hash(plan),
        handling_mark=office.settings.handling_mark,
        demo=plan.demo,
        clock_note=office.clock_note(now),
        due_mark=office.calendar(plan.id).mark(days.due_at.date()),
    )
    return office.archive.put_bytes(write_template(order))


def _commit(
    office: Office,
    plan: Plan,
    days: PeriodDays,
    agencies: list[Agency],
    templates: dict[str, str],
    now: datetime,
) -> None:
    period, digest = days.period, plan_hash(plan)
    rows: list[dict[str, Any]] = []
    for agency in agencies:
        path = f"{office.drive.agency_path(agency.name, '待报')}/{template_name(period)}"
        rows.append(
            {
                "plan_id": plan.id,
                "agency_id": agency.id,
                "period": str(period),
                "plan_hash": digest,
                "due_at": days.due_at,
                "opened_at": now,
                "template_path": path,
                "template_sha256": templates[agency.id],
            }
        )
    with office.store.writing() as connection:
        keep_snapshot(connection, plan, now)
        connection.execute(insert(t.agency_return), rows)
        for agency in agencies:
            if not owes(plan, agency.id, period):
                owed = (plan.id, agency.id, str(period))
                returns.decide(connection, owed, ReturnDecision.EXEMPT, NOTHING_DUE, "duban", now)
        for row in rows:
            put = drive_put(
                f"template/{period}/{row['agency_id']}", row["template_path"], row["template_sha256"]
            )
            outbox.queue(connection, plan.id, now, put)
        body = {
            "period": str(period),
            "plan_hash": digest,
            "agencies": [a.id for a in agencies],
            "due_at": days.due_at.isoformat(),
            "calendar": office.calendar(plan.id).source(days.due_at.year),
        }
        record(connection, plan.id, now, "period-opened", str(period), body)


def keep_snapshot(connection: Any, plan: Plan, now: datetime) -> None:
    """Keep the resolved plan a return was opened with, once for each hash."""
    digest, s = plan_hash(plan), t.plan_snapshot
    known = connection.execute(s.select().where(s.c.plan_id == plan.id, s.c.plan_hash == digest)).first()
    if known is None:
        content = plan_json(plan)
        connection.execute(
            insert(s).values(plan_id=plan.id, plan_hash=digest, content=content, first_used_at=now)
        )


def prefills_for(office: Office, plan: Plan, period: Period) -> dict[str, Prefill]:
    """Give each agency what it reported before: newest figures, last month's texts, the year's names."""
    figures: dict[str, dict[tuple[str, Role], Decimal]] = defaultdict(dict)
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    names: dict[str, list[NamedSoFar]] = defaultdict(list)
    since: dict[str, dict[str, Period]] = defaultdict(dict)
    if period.month > 1:
        with office.store.reading() as connection:
            earlier = returns.facts(connection, plan.id, period.previous)
            said = returns.statements(connection, plan.id, period.previous)
            listed = lists_before(connection, plan.id, period)
        for agency_id, before in figures_before(office, plan.id, period, earlier).items():
            figures[agency_id], since[agency_id] = before.figures, before.since
        for row in said:
            texts[row.agency_id][row.clause_id] = row.text
        for agency_id, newest in listed.items():
            names[agency_id] = [NamedSoFar(n.indicator_id, n.since, n.name, n.detail) for n in newest.names]
    return {
        agency.id: Prefill(
            figures=figures[agency.id],
            texts=texts[agency.id],
            names=tuple(names[agency.id]),
            since=since[agency.id],
        )
        for agency in plan.filers
    }
