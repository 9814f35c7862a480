"""Retention: copies leave the drive and the mail folder after a time; what they are copies of stays."""

from __future__ import annotations

import pytest

from demo.setting import PLAN, SILENT
from include.office import deliver_outbox, retention
from include.office.retention import clear_drive, clear_mails, rules
from tests.integration.office.conftest import Stage

DATABASES = ("sqlite",)


@pytest.mark.parametrize("days", [0, 30])
def test_templates_and_receipts_leave_the_drive_after_a_time_if_nobody_worked_on_them(
    january: Stage, days: int
) -> None:
    january.office.settings.keep_on_drive_days = days
    now = january.at("2024-03-20T07:30")
    somebodys = january.folder(SILENT, "待报") / "2024-01 填报模板.xlsx"
    somebodys.write_bytes(b"filled in by hand")
    removed = clear_drive(january.office, PLAN, now)
    assert somebodys.read_bytes() == b"filled in by hand"
    assert bool(removed) == bool(days)
    assert bool(january.names("education", "待报")) != bool(days)
    assert clear_drive(january.office, PLAN, now) == 0
    if days:
        (event,) = january.events("drive-cleared")
        assert len(event.body["removed"]) == removed


def test_what_is_due_is_told_before_anything_leaves(january: Stage) -> None:
    of = january.office.settings
    assert retention.due(office=january.office)[PLAN] == retention.Due((), ()), "unless set, nothing gets old"
    deliver_outbox.run(office=january.office)
    of.keep_on_drive_days = of.keep_mail_days = 30
    assert retention.due(office=january.office)[PLAN] == retention.Due((), ()), "nothing is old yet"
    now = january.at("2024-03-20T07:30")
    (january.folder(SILENT, "待报") / "2024-01 填报模板.xlsx").write_bytes(b"filled in by hand")
    due = retention.due(office=january.office)[PLAN]
    root, mail = january.office.drive.root, of.home / "mail"
    assert all((root / path).is_file() for path in due.drive)
    assert {file.name for file in mail.glob("*.eml")} == set(due.mails) != set()
    assert january.name(SILENT) not in {path.split("/")[1] for path in due.drive}
    assert (clear_drive(january.office, PLAN, now), clear_mails(january.office, PLAN, now)) == (
        len(due.drive),
        len(due.mails),
    )
    assert not any((root / path).exists() for path in due.drive)
    assert list(mail.glob("*.eml")) == []
    (event,) = january.events("mails-cleared")
    assert len(event.body["messages"]) == len(due.mails)
    assert retention.due(office=january.office)[PLAN] == retention.Due((), ())


def test_everything_there_is_has_its_rule(january: Stage) -> None:
    told = {rule.what.split("：")[0]: rule.kept for rule in rules(january.office.settings)}
    assert told["档案"] == told["数据库"] == told["台账"] == "永久"
    january.office.settings.keep_mail_days = 90
    assert "90 天" in [rule.kept for rule in rules(january.office.settings)]
