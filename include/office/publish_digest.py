"""Use case `digest`: the leaders' monthly summary, on its own day unless an administrator holds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from include.documents.digest import Digest, digest_name, digest_of
from include.documents.digest_docx import digest_docx
from include.documents.digest_html import Picture, digest_html, digest_text
from include.documents.digest_pdf import digest_pdf
from include.documents.digest_wording import reworded, standing
from include.documents.fonts import cjk_fonts
from include.errors import RefusedError
from include.office.close_period import KIND as CONSOLIDATED
from include.office.desk import Asked, Office, demo_mark, open_office, record
from include.office.editions import content_hash, figures_told, has_news, named_period
from include.office.month_report import month_report
from include.office.outbox import drain_drive, drive_put, mail, notice
from include.office.outcome import Done, each_plan
from include.office.proofs import still_open
from include.office.timetable import days_of
from include.office.wording import KIND, wordings
from include.plan import Period
from include.records.messages import DOCX, PDF, XLSX, Attachment, NoticeKind
from include.records.reports import MonthReport, Wording
from include.store import outbox, publications, returns
from include.workdays import SHANGHAI

__all__ = ["KIND", "due_to_publish", "preview", "run"]


def run(
    plan: str | None = None,
    period: str | None = None,
    as_of: date | str | None = None,
    now: datetime | str | None = None,
    *,
    office: Office | None = None,
) -> dict[str, Any]:
    """Publish the digests whose day has come, or the named period's; see `each_plan` for the result."""
    office = office or open_office()
    asked = office.asked(as_of, now)

    def work(plan_id: str) -> Done:
        due = [_named(office, plan_id, period, asked)] if period else due_to_publish(office, plan_id, asked)
        published = {p: _publish(office, plan_id, p, asked) for p in due}
        return Done([p for p, n in published.items() if n], {str(p): n or "" for p, n in published.items()})

    return each_plan(office, plan, work, job="digest")


def _named(office: Office, plan_id: str, text: str, asked: Asked) -> Period:
    period = named_period(office, plan_id, text, asked.at)
    until = still_open(office, plan_id, period, asked.now)
    if until is not None:
        local = until.astimezone(SHANGHAI)
        raise RefusedError(f"{plan_id} {period}：核对期至{local:%Y-%m-%d %H:%M}，之后再发布")
    return period


def due_to_publish(office: Office, plan_id: str, asked: Asked) -> list[Period]:
    """Give the opened periods whose digest day has come and which have no digest yet.

    While an agency may still object to what it was shown, the digest waits.
    """
    with office.store.reading() as connection:
        opened = {row.period for row in returns.agency_returns(connection, plan_id)}
        published = {row.period for row in publications.editions(connection, plan_id, KIND)}
    periods = [Period.parse(p) for p in sorted(opened - published)]
    calendar = office.calendar(plan_id)
    return [
        p
        for p in periods
        if days_of(office.plan(plan_id, p), p, calendar).digest_on <= asked.as_of
        and still_open(office, plan_id, p, asked.now) is None
    ]


def preview(
    plan: str, period: str, *, now: datetime | str | None = None, office: Office | None = None
) -> tuple[str, tuple[Picture, ...]]:
    """Give the mail a month's digest would be if it went out now, with its pictures; nothing is kept.

    Raises:
        RefusedError: the month is not the plan's, is not open, or is not due yet.
    """
    office = office or open_office()
    asked = office.asked(now=now)
    _, digest, words = _draft(office, plan, named_period(office, plan, period, asked.at), asked)
    return digest_html(reworded(digest, words))


def _draft(
    office: Office, plan_id: str, period: Period, asked: Asked
) -> tuple[MonthReport, Digest, tuple[Wording, ...]]:
    """Make what would be published next, by the rules, and the office's words that still fit it."""
    report = month_report(office, plan_id, period, asked.at, kind=KIND)
    with office.store.reading() as connection:
        last = publications.last_edition(connection, plan_id, period, KIND)
    digest = digest_of(replace(report, edition=last.edition + 1 if last else 1))
    return report, digest, standing(digest, wordings(office, plan_id, period))


def _publish(office: Office, plan_id: str, period: Period, asked: Asked) -> str:
    """Publish a new edition if there is something new to say; gives its name, empty if not."""
    with office.store.reading() as connection:
        held = publications.held(connection, plan_id, period, KIND)
        last = publications.last_edition(connection, plan_id, period, KIND)
    report, digest, words = _draft(office, plan_id, period, asked)
    filed = any(agency.filings for agency in report.agencies)
    if not filed or held is not None or not has_news(report, last, words):
        return ""
    digest = reworded(digest, words)
    made = _render(office, digest)
    _commit(office, report, digest, made, words, asked)
    drain_drive(office, plan_id, asked.now)
    return digest_name(digest)


def _render(office: Office, digest: Digest) -> tuple[str, tuple[Attachment, ...]]:
    """Render a digest into the archive: the HTML of the mail, and pictures and files as attachments."""
    html, pictures = digest_html(digest)
    name = digest_name(digest)
    fonts = cjk_fonts(office.settings.home)
    pdf = office.archive.put_bytes(digest_pdf(digest, fonts.folders))
    docx = office.archive.put_bytes(digest_docx(digest))
    return html, (
        *(Attachment(f"{p.cid}.png", office.archive.put_bytes(p.png), "image/png", p.cid) for p in pictures),
        Attachment(f"{name}.pdf", pdf, PDF),
        Attachment(f"{name}.docx", docx, DOCX),
    )


def _commit(
    office: Office,
    report: MonthReport,
    digest: Digest,
    made: tuple[str, tuple[Attachment, ...]],
    words: tuple[Wording, ...],
    asked: Asked,
) -> None:
    html, attachments = made
    digest_hash = content_hash(report, words)
    plan_id, key = report.plan_id, f"{KIND}/{report.period}/{digest.edition}"
    files = [a for a in attachments if not a.cid]
    leaders = office.people(plan_id).leaders
    name = digest_name(digest)
    with office.store.reading() as connection:
        table = publications.last_edition(connection, plan_id, report.period, CONSOLIDATED)
    enclosed = (Attachment(table.content["name"], table.content["sha256"], XLSX),) if table else ()
    letter = mail(
        office,
        plan_id,
        f"{key}/mail",
        to=[p.email for p in leaders if p.serves(asked.now.date())],
        subject=f"{demo_mark(report.demo)}{report.handling_mark} {name}",
        text=digest_text(digest),
        html=html,
        attachments=(*attachments, *enclosed),
    )
    folder = f"{office.drive.office_path('月报')}/{report.period}"
    told = notice(office, f"{key}/chat", NoticeKind.DIGEST, mark=demo_mark(report.demo))
    values: dict[str, Any] = {
        "plan_id": plan_id,
        "period": str(report.period),
        "kind": KIND,
        "edition": digest.edition,
        "content_hash": digest_hash,
        "as_of": report.as_of,
        "published_at": asked.now,
        "content": {
            "figures": figures_told(report),
            "files": {a.name: a.sha256 for a in files},
            "wordings": [
                {"place": w.place, "original": w.original, "text": w.text, "by": w.by} for w in words
            ],
        },
    }
    with office.store.writing() as connection:
        publications.add_edition(connection, values)
        for file in (*files, *enclosed):
            put = drive_put(f"{key}/{file.name}", f"{folder}/{file.name}", file.sha256)
            outbox.queue(connection, plan_id, asked.now, put)
        for message in filter(None, (letter, told)):
            outbox.queue(connection, plan_id, asked.now, message)
        body = {
            "edition": digest.edition,
            "content_hash": digest_hash,
            "files": {a.name: a.sha256 for a in files},
        }
        record(connection, plan_id, asked.now, "digest-published", str(report.period), body)
