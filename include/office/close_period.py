"""Use case `close`: from the due moment on, progress computed and consolidated by edition; then the lock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from include.documents.consolidated import consolidated_name, write_consolidated
from include.office import ledger_book
from include.office.desk import Asked, Office, open_office, record
from include.office.editions import content_hash, figures_told, has_news, named_period
from include.office.month_report import month_report
from include.office.outbox import drain_drive, drive_put
from include.office.outcome import Done, each_plan
from include.office.proofs import send_proofs
from include.office.timetable import days_of
from include.plan import Period
from include.records.reports import MonthReport
from include.records.submissions import SubmissionState
from include.store import ledger, outbox, publications, returns

KIND = "consolidated"
NEWS = (  # what happens to a month, locked or not, that its report shows
    "period-locked",  # its edition follows at once, unless the process died in between
    "figure-decided",
    "figure-decision-withdrawn",
    "proxy-confirmed",
    "return-exempted",
    "objection-raised",
    "objection-answered",
)


def run(
    plan: str | None = None,
    period: str | None = None,
    as_of: date | str | None = None,
    now: datetime | str | None = None,
    *,
    office: Office | None = None,
) -> dict[str, Any]:
    """Close what is past its due moment, or the named period; see `each_plan` for the result."""
    office = office or open_office()
    asked = office.asked(as_of, now)

    def work(plan_id: str) -> Done:
        due = (
            [named_period(office, plan_id, period, asked.at)]
            if period
            else due_to_close(office, plan_id, asked.at)
        )
        closed = {p: _close(office, plan_id, p, asked) for p in due}
        return Done([p for p, what in closed.items() if what], {str(p): what for p, what in closed.items()})

    return each_plan(office, plan, work, job="close")


def due_to_close(office: Office, plan_id: str, at: datetime) -> list[Period]:
    """Give the periods past their due moment that are not locked, or changed after their last edition."""
    with office.store.reading() as connection:
        owed = returns.agency_returns(connection, plan_id)
        dropped = returns.submissions(connection, plan_id)
        editions = {row.period: row for row in publications.editions(connection, plan_id, KIND)}
        decided = ledger.last_at(connection, plan_id, NEWS)
    changed = {
        row.period: max(row.decided_at, decided.get(row.period, row.decided_at))
        for row in dropped
        if row.state == SubmissionState.ACCEPTED and row.decided_at
    }
    due = {
        row.period
        for row in owed
        if row.due_at < at
        and (
            row.locked_at is None
            or row.period not in editions
            or (decided | changed).get(row.period, row.due_at) > editions[row.period].published_at
        )
    }
    return [Period.parse(period) for period in sorted(due)]


def _close(office: Office, plan_id: str, period: Period, asked: Asked) -> list[str]:
    """Lock if the day has come, then publish what changed; gives what was done, in Chinese."""
    done = _lock(office, plan_id, period, asked)
    report = month_report(office, plan_id, period, asked.at, kind=KIND)
    if any(agency.filings for agency in report.agencies):
        if asked.at == asked.now:  # a past day is told, not sent out again
            send_proofs(office, report, asked)
        done += _publish(office, report, asked)
    drain_drive(office, plan_id, asked.now)
    return done


def _lock(office: Office, plan_id: str, period: Period, asked: Asked) -> list[str]:
    days = days_of(office.plan(plan_id, period), period, office.calendar(plan_id))
    if asked.as_of < days.locks_on:
        return []
    with office.store.writing() as connection:
        locked = returns.lock(connection, plan_id, period, asked.now)
        if not locked:
            return []
        record(connection, plan_id, asked.now, "period-locked", str(period), {"returns": locked})
    return [f"锁定{locked}份报表"]


def _publish(office: Office, report: MonthReport, asked: Asked) -> list[str]:
    """Make a new edition if there is news since the last one."""
    with office.store.reading() as connection:
        last = publications.last_edition(connection, report.plan_id, report.period, KIND)
    if not has_news(report, last):
        return []
    edition = replace(report, edition=last.edition + 1 if last else 1)
    name = consolidated_name(edition)
    sha256 = office.archive.put_bytes(write_consolidated(edition))
    digest = content_hash(report)
    values: dict[str, Any] = {
        "plan_id": report.plan_id,
        "period": str(report.period),
        "kind": KIND,
        "edition": edition.edition,
        "content_hash": digest,
        "content": {"figures": figures_told(report), "sha256": sha256, "name": name},
        "as_of": report.as_of,
        "published_at": asked.now,
    }
    path = f"{office.drive.office_path('汇总')}/{report.period}/{name}"
    key = f"{KIND}/{report.period}/{edition.edition}"
    with office.store.writing() as connection:
        publications.add_edition(connection, values)
        outbox.queue(connection, report.plan_id, asked.now, drive_put(key, path, sha256))
        outbox.queue(connection, report.plan_id, asked.now, _ledger_copy(office, edition))
        body = {"edition": edition.edition, "sha256": sha256, "content_hash": digest}
        record(connection, report.plan_id, asked.now, "consolidated-published", str(report.period), body)
    return [f"汇总报表第{edition.edition}版"]


def _ledger_copy(office: Office, edition: MonthReport) -> outbox.Outgoing:
    """Put the 台账 as it stands beside the edition: its hashes are anchors, too."""
    sha256 = office.archive.put_bytes(ledger_book.workbook(office, edition.plan_id))
    stem = Path(ledger_book.name(office, edition.plan_id)).stem
    name = f"{stem}（{edition.period}第{edition.edition}版）.xlsx"
    path = f"{office.drive.office_path('台账')}/{edition.period}/{name}"
    return drive_put(f"ledger/{edition.period}/{edition.edition}", path, sha256)
