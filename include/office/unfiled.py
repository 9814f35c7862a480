"""Work saved in 待报 or 回执 and not put into 报送: seen, told to its owner, or filed from there.

Nothing in these folders is ever moved or changed. A workbook is opened once it has looked the same for
`unfiled_after_minutes` and no program holds it. What was typed into it, not its bytes, tells whether it is
work: a workbook only opened and saved again says nothing new. Its owner is told once for each content. Where
the office set `take_from_templates`, a workbook whose cover is signed is filed: a copy of it, as of the time
it was first seen, so that nobody is late for our waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from include.files import Drive, Seen, candidates, claim_copy, hash_of
from include.files.claim import look
from include.office.desk import Office, record
from include.office.judging import expectation
from include.office.outbox import drive_put, mail
from include.office.standings import due_mark
from include.office.unfiled_words import Unfiled, note_name, note_text
from include.plan import Agency, Period
from include.records.figures import FilledForm
from include.records.submissions import SubmissionState
from include.returns.entries import entries_of
from include.returns.sandbox import Sandbox
from include.returns.wording import moment_text
from include.store import outbox, returns, unfiled
from include.store.unfiled import Look

FOLDERS = ("待报", "回执")


@dataclass(frozen=True, slots=True)
class Ripe:
    """A file that has looked the same for long enough to be opened."""

    agency: Agency
    folder: str
    seen: Seen
    look: Look


def look_over(office: Office, plan_id: str, agencies: Iterable[Agency], now: datetime) -> list[Ripe]:
    """Look at what lies in 待报 and 回执; give what should be opened. What duban wrote is passed over."""
    ripe: list[Ripe] = []
    fresh: list[tuple[str, Look]] = []
    quiet = timedelta(minutes=office.settings.unfiled_after_minutes)
    with office.store.reading() as connection:
        known = unfiled.looks(connection, plan_id)
    for agency in agencies:
        for folder, seen in _lying(office.drive_of(plan_id), agency):
            path = f"{Drive.agency_path(agency.name, folder)}/{seen.name}"
            before = known.get(path)
            if before is None or (before.size, before.changed) != (seen.size, seen.changed):
                ours = _is_ours(office, plan_id, path, seen)
                before = Look(path, seen.size, seen.changed, now, settled=ours)
                fresh.append((agency.id, before))
            if not before.settled and now - before.since >= quiet:
                ripe.append(Ripe(agency, folder, seen, before))
    if fresh:
        with office.store.writing() as connection:
            unfiled.remember(connection, plan_id, fresh)
    return ripe


def _lying(drive: Drive, agency: Agency) -> list[tuple[str, Seen]]:
    files = [(f, file) for f in FOLDERS for file in candidates(drive.agency_folder(agency.name, f))]
    return [(folder, seen) for folder, file in files if (seen := look(file)) is not None]


def _is_ours(office: Office, plan_id: str, path: str, seen: Seen) -> bool:
    with office.store.reading() as connection:
        written = outbox.last_written(connection, plan_id, [path]).get(path)
    return written is not None and hash_of(seen.path) == written


def attend(office: Office, plan_id: str, agencies: Iterable[Agency], now: datetime) -> int:
    """Open what is ripe; tell its owner, or file it. Gives how many were told or filed."""
    ripe = look_over(office, plan_id, agencies, now)
    if not ripe:
        return 0
    with Sandbox() as sandbox:
        return sum(_attend_one(office, plan_id, sandbox, one, now) for one in ripe)


def _attend_one(office: Office, plan_id: str, sandbox: Sandbox, ripe: Ripe, now: datetime) -> bool:
    found = _unfiled(office, plan_id, sandbox, ripe)
    if look(ripe.seen.path) != ripe.seen:  # somebody went on working: the next look begins anew
        return False
    taken = office.drive_of(plan_id).taken_folder(ripe.agency.name)
    if found is not None and found.taken and claim_copy(ripe.seen, taken, ripe.look.since) is None:
        return False
    with office.store.writing() as connection:
        if not unfiled.settle(connection, plan_id, ripe.look) or found is None:
            return False
        _tell(office, connection, plan_id, ripe, found, now)
    return True


def _unfiled(office: Office, plan_id: str, sandbox: Sandbox, ripe: Ripe) -> Unfiled | None:
    """Read a file; None if nothing was typed into it that was not filed before, or nothing can be filed."""
    sha256, agency = hash_of(ripe.seen.path), ripe.agency
    expect = expectation(office, plan_id, agency.id, ripe.look.since, ripe.seen.name)
    form = sandbox.read(ripe.seen.path, expect).form if sha256 else None
    if form is None or sha256 is None:
        return None
    period = Period.parse(form.identity.period)
    with office.store.reading() as connection:
        owed = returns.agency_return(connection, plan_id, agency.id, period)
        sent = returns.submissions_of(connection, plan_id, agency.id, period)
    if owed is None or (owed.locked_at is not None and not owed.late_filing):
        return None
    hashes = dict.fromkeys((owed.template_sha256, *(row.sha256 for row in sent)))
    known = [sandbox.read(office.archive.path(h), expect).form for h in hashes]
    if any(entries_of(form) == entries_of(other) for other in known if other is not None):
        return None
    accepted = any(row.state == SubmissionState.ACCEPTED for row in sent)
    signed = bool(form.filled_by.strip() and form.signed_by.strip())
    return Unfiled(
        agency=agency.name,
        folder=ripe.folder,
        file=ripe.seen.name,
        sha256=sha256,
        period=period,
        due=f"{moment_text(owed.extended_to or owed.due_at)}{due_mark(office.calendar(plan_id), owed)}",
        accepted=accepted,
        lacking=_lacking(form),
        taken=office.settings.take_from_templates and signed and not accepted,
    )


def _lacking(form: FilledForm) -> tuple[str, ...]:
    people = (("填报人", form.filled_by), ("联系电话", form.phone), ("审核签发人", form.signed_by))
    return tuple(label for label, said in people if not said.strip())


def _tell(
    office: Office, connection: Connection, plan_id: str, ripe: Ripe, found: Unfiled, now: datetime
) -> None:
    """Tell the owner by a note in 回执 and a mail, once for each content."""
    plan = office.plan(plan_id, found.period)
    text = note_text(found, demo=plan.demo, clock_note=office.clock_note(now))
    key = f"unfiled/{ripe.agency.id}/{found.sha256[:32]}"
    note = office.archive.put_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    path = f"{Drive.agency_path(ripe.agency.name, '回执')}/{note_name(found)}"
    if not outbox.queue(connection, plan_id, now, drive_put(key, path, note)):
        return
    contacts = office.people(plan_id).contacts_of(ripe.agency.id, now.date())
    subject = note_name(found).rpartition(".")[0]
    letter = mail(office, plan_id, f"{key}/mail", to=[c.email for c in contacts], subject=subject, text=text)
    if letter is not None:
        outbox.queue(connection, plan_id, now, letter)
    body = {
        "agency": ripe.agency.id,
        "period": str(found.period),
        "file": ripe.look.path,
        "sha256": found.sha256,
        "taken": found.taken,
    }
    record(connection, plan_id, now, "unfiled-noticed", ripe.look.path[-200:], body)
