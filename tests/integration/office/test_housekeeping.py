"""Housekeeping: backup, ledger, disk, drive and calendar; it is silent only when all is well."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from demo.setting import PLAN
from include.errors import AlarmError
from include.office import (
    close_period,
    deliver_outbox,
    escalate_overdue,
    housekeeping,
    letters,
    publish_digest,
    sign_letters,
)
from include.office.backup import KEEP_COPIES
from include.office.desk import Office
from include.office.ledger_book import verify
from include.store import ledger
from include.store import schema as t
from tests.integration.office.conftest import Stage


def backups(stage: Stage) -> list[Path]:
    return sorted((stage.office.settings.home / "backup").glob("*.db"))


def sign_all(*, office: Office) -> None:
    """Have every waiting letter signed by who may."""
    for letter in letters.overview(office=office):
        shown = sign_letters.show(letter["id"], office=office)["hash"]
        who = {"user": letter["approver"], "hash": shown, "talk": {"skipped": "情况简单"}}
        sign_letters.answer(letter["id"], decision="签发", **who, office=office)


def test_after_a_whole_month_the_ledger_verifies_and_nothing_needs_a_person(january: Stage) -> None:
    for moment, job in (
        ("2024-02-06T18:10", close_period.run),
        ("2024-02-07T09:10", escalate_overdue.run),
        ("2024-02-08T09:00", sign_all),
        ("2024-02-19T10:00", publish_digest.run),
        ("2024-02-19T10:10", deliver_outbox.run),
        ("2024-02-26T18:10", close_period.run),
    ):
        january.at(moment)
        job(office=january.office)
    assert "正常" in housekeeping.run(office=january.office)["note"]
    checked = verify(PLAN, office=january.office)[PLAN]
    assert (checked.breaks, checked.anchors) == ((), 1)
    assert checked.entries > 60


def test_an_entry_changed_behind_its_back_is_found(january: Stage) -> None:
    with january.office.store.writing() as connection:
        changed = update(t.ledger).where(t.ledger.c.event == "period-opened").values(actor="somebody else")
        assert connection.execute(changed).rowcount == 1
    with pytest.raises(AlarmError, match="台账第"):
        housekeeping.run(office=january.office)
    assert verify(PLAN, office=january.office)[PLAN].breaks


def test_the_backup_opens_as_a_database_and_holds_the_rows(january: Stage) -> None:
    if not january.office.settings.database.startswith("sqlite"):
        housekeeping.run(office=january.office)
        assert backups(january) == [], "a database server is backed up by its own means"
        return
    january.at("2024-02-07T07:30")
    housekeeping.run(office=january.office)
    (file,) = backups(january)
    assert file.name == "duban-20240207.db"
    with closing(sqlite3.connect(file)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM submission WHERE state = 'accepted'").fetchone() == (22,)


def test_the_newest_fortnight_of_backups_is_kept(january: Stage) -> None:
    if not january.office.settings.database.startswith("sqlite"):
        return  # see above
    for day in range(1, 21):
        january.at(f"2024-03-{day:02}T07:30")
        housekeeping.run(office=january.office)
    names = [file.name for file in backups(january)]
    assert len(names) == KEEP_COPIES
    assert (names[0], names[-1]) == ("duban-20240307.db", "duban-20240320.db")


def test_a_next_year_whose_holidays_are_not_published_alarms_from_december_on(january: Stage) -> None:
    january.at("2026-11-30T07:30")
    housekeeping.run(office=january.office)
    january.at("2026-12-01T07:30")
    with pytest.raises(AlarmError, match="2027年工作日历尚未公布"):
        housekeeping.run(office=january.office)
    january.at("2027-01-04T07:30")
    with pytest.raises(AlarmError, match="2027年工作日历仍为暂定"):
        housekeeping.run(office=january.office)


def test_a_drive_that_is_away_is_told_and_the_rest_is_done_all_the_same(january: Stage) -> None:
    root = january.office.drive.root
    root.rename(root.with_name("drive.away"))
    with pytest.raises(AlarmError, match="共享盘不可用"):
        housekeeping.run(office=january.office)
    if january.office.settings.database.startswith("sqlite"):
        assert len(backups(january)) == 1


def test_a_ledger_whose_end_was_cut_off_is_found_by_what_was_published(january: Stage) -> None:
    housekeeping.run(office=january.office)
    (file,) = january.office.drive.root.glob("食药安办/台账/台账校验值.txt")
    kept = file.read_bytes()
    with january.office.store.writing() as connection:
        end = list(ledger.entries(connection, PLAN))[-1].seq
        connection.execute(t.ledger.delete().where(t.ledger.c.seq > end - 3))
        assert ledger.verify(connection, PLAN) == [], "the chain alone cannot tell"
    (cut,) = verify(PLAN, office=january.office)[PLAN].breaks
    assert (cut.seq, "台账止于" in cut.why) == (end, True)
    with pytest.raises(AlarmError, match=f"台账第{end}条"):
        housekeeping.run(office=january.office)
    assert file.read_bytes() == kept, "no anchor is set on a ledger that does not hold"
    file.unlink()
    copy = january.office.settings.home / "copy.txt"
    copy.write_bytes(kept)
    assert verify(PLAN, office=january.office)[PLAN].breaks == ()
    assert verify(PLAN, against=copy, office=january.office)[PLAN].breaks == (cut,)
