"""The outbox: mail through a real SMTP server, files for a drive that comes and goes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from demo.setting import LATE, PLAN, SILENT
from include.errors import AlarmError, DubanError
from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    housekeeping,
    open_period,
    sign_letters,
)
from include.office import (
    outbox as office_outbox,
)
from include.office.desk import open_office
from include.records.messages import MessageState
from include.records.submissions import Filing, Timeliness
from include.store import outbox
from tests.integration.office.conftest import JANUARY, Played, Stage, settings_for
from tests.mailbox import Mailbox

DATABASES = ("sqlite",)  # nothing here asks the database for more than the others do


@pytest.fixture
def by_smtp(played_january: Played, tmp_path: Path, smtp_server: Mailbox) -> Iterator[Stage]:
    """January played, mail going to a real server; the receipts' mails have not left yet."""
    shutil.copytree(played_january.home, tmp_path / "home")
    with played_january.copy() as url:
        office = open_office(_settings(tmp_path / "home", url, smtp_server.port))
        yield Stage(office)
        office.store.close()


def _settings(home: Path, url: str, port: int) -> Any:
    smtp = {
        "mail_mode": "smtp",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "duban@demo.invalid",
    }
    return settings_for(home, url).model_copy(update=smtp)


def deliver(stage: Stage) -> dict[str, int]:
    counts: dict[str, int] = deliver_outbox.run(office=stage.office)["plans"][PLAN]
    return counts


def wait(stage: Stage, minutes: int) -> None:
    stage.at((stage.office.now() + timedelta(minutes=minutes)).isoformat())


def with_state(stage: Stage, state: MessageState) -> list[Any]:
    with stage.office.store.reading() as connection:
        return list(outbox.in_state(connection, PLAN, state))


def signed(stage: Stage) -> int:
    """Have the silent agency's reminder signed; give its id."""
    stage.at("2024-02-07T09:10")
    escalate_overdue.run(office=stage.office)
    letter = stage.letter(SILENT)
    shown = sign_letters.show(letter.id, office=stage.office)["hash"]
    who = {"user": "office-deputy", "talk": {"skipped": "联系不上"}}
    sign_letters.answer(letter.id, decision="签发", hash=shown, office=stage.office, **who)
    return int(letter.id)


def two_contacts(stage: Stage, second: str = "b@demo.invalid") -> None:
    """Give the silent agency a second contact."""
    file = stage.office.settings.people_file
    people = YAML().load(file.read_text(encoding="utf-8"))
    people[PLAN]["contacts"][SILENT].append({"name": "B岗", "email": second})
    with file.open("w", encoding="utf-8") as out:
        YAML().dump(people, out)


# mail


def test_each_mail_leaves_once_under_its_own_fixed_id(by_smtp: Stage, smtp_server: Mailbox) -> None:
    waiting = by_smtp.messages("receipt/")
    mails = [row for row in waiting if row.key.endswith("/mail")]
    assert deliver(by_smtp)["sent"] == len(mails) == 22
    assert deliver(by_smtp)["sent"] == 0
    got = [str(received.message["Message-ID"]) for received in smtp_server.received]
    assert got == [office_outbox.message_id(PLAN, row.key) for row in mails], "in the order they were queued"
    assert len(set(got)) == len(got)
    assert all("演示数据" in str(received.message["Subject"]) for received in smtp_server.received)
    assert {row.state for row in by_smtp.messages("receipt/")} == {MessageState.SENT}


def test_a_refused_recipient_is_recorded_and_the_other_gets_it(by_smtp: Stage, smtp_server: Mailbox) -> None:
    two_contacts(by_smtp)
    smtp_server.refuse["b@demo.invalid"] = "550 no such user"
    letter = signed(by_smtp)
    deliver(by_smtp)
    (got,) = [r for r in smtp_server.received if "提醒敦促函" in str(r.message["Subject"])]
    assert got.recipients == (f"{SILENT}@demo.invalid",)
    (event,) = [e for e in by_smtp.events("mail-sent") if e.subject == f"letter/{letter}/mail"]
    assert "550" in event.body["refused"]["b@demo.invalid"]


def test_a_mail_refused_for_good_fails_at_once_and_is_shown_to_a_person(
    by_smtp: Stage, smtp_server: Mailbox
) -> None:
    deliver(by_smtp)
    smtp_server.refuse[f"{SILENT}@demo.invalid"] = "550 no such user"
    letter = signed(by_smtp)
    assert deliver(by_smtp)["failed"] == 2
    given_up = with_state(by_smtp, MessageState.FAILED)
    assert [row.key for row in given_up] == [f"letter/{letter}/mail", f"letter/{letter}/served/mail"]
    wait(by_smtp, 10 * 60)
    assert deliver(by_smtp)["failed"] == 0
    with pytest.raises(AlarmError, match="550 no such user"):
        housekeeping.run(office=by_smtp.office)


def test_a_mail_refused_for_now_is_tried_again_and_given_up_in_the_end(
    by_smtp: Stage, smtp_server: Mailbox
) -> None:
    deliver(by_smtp)
    smtp_server.refuse[f"{SILENT}@demo.invalid"] = "450 greylisted"
    letter = signed(by_smtp)
    for _ in range(office_outbox.MAX_ATTEMPTS):
        assert with_state(by_smtp, MessageState.FAILED) == []
        assert deliver(by_smtp)["failed"] == 2
        wait(by_smtp, 10 * 60)
    given_up = with_state(by_smtp, MessageState.FAILED)
    assert [row.key for row in given_up] == [f"letter/{letter}/mail", f"letter/{letter}/served/mail"]


def test_only_who_could_not_take_it_then_gets_it_later(by_smtp: Stage, smtp_server: Mailbox) -> None:
    two_contacts(by_smtp)
    smtp_server.refuse["b@demo.invalid"] = "450 greylisted"
    letter = signed(by_smtp)
    deliver(by_smtp)
    smtp_server.refuse.clear()
    wait(by_smtp, 2)
    deliver(by_smtp)
    first, second = [r for r in smtp_server.received if "提醒敦促函" in str(r.message["Subject"])]
    assert first.recipients == (f"{SILENT}@demo.invalid",)
    assert second.recipients == ("b@demo.invalid",)
    assert first.message["Message-ID"] == second.message["Message-ID"]
    (event,) = [e for e in by_smtp.events("mail-sent") if e.subject == f"letter/{letter}/mail"]
    assert event.body["to"] == [f"{SILENT}@demo.invalid", "b@demo.invalid"]


def test_an_address_outside_the_allow_list_gets_nothing_and_a_person_is_told(
    by_smtp: Stage, smtp_server: Mailbox
) -> None:
    two_contacts(by_smtp, "b@elsewhere.invalid")
    letter = signed(by_smtp)
    deliver(by_smtp)
    (got,) = [r for r in smtp_server.received if "提醒敦促函" in str(r.message["Subject"])]
    assert got.recipients == (f"{SILENT}@demo.invalid",)
    assert "elsewhere" not in str(got.message["To"])
    assert "内部资料" in got.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (row,) = by_smtp.messages(f"letter/{letter}/mail")
    assert "b@elsewhere.invalid（不在允许收信的名单里" in row.attention


def test_while_the_server_is_down_mail_waits_longer_each_time_and_then_leaves_once_in_order(
    by_smtp: Stage, smtp_server: Mailbox
) -> None:
    port = by_smtp.office.settings.smtp_port
    by_smtp.office.settings.smtp_port = 9  # nobody listens there
    assert deliver(by_smtp)["failed"] == 22
    assert deliver(by_smtp)["failed"] == 0, "not before two minutes have passed"
    wait(by_smtp, 2)
    assert deliver(by_smtp)["failed"] == 22
    wait(by_smtp, 2)
    assert deliver(by_smtp)["failed"] == 0, "the second wait is twice the first"
    by_smtp.office.settings.smtp_port = port
    wait(by_smtp, 2)
    assert deliver(by_smtp)["sent"] == 22
    got = [str(received.message["Message-ID"]) for received in smtp_server.received]
    keys = [row.key for row in by_smtp.messages("receipt/") if row.key.endswith("/mail")]
    assert got == [office_outbox.message_id(PLAN, key) for key in keys]


def test_a_formal_letter_whose_sending_was_cut_off_is_shown_to_a_person_and_never_sent_by_guess(
    by_smtp: Stage, smtp_server: Mailbox
) -> None:
    deliver(by_smtp)
    letter = signed(by_smtp)
    (row,) = by_smtp.messages(f"letter/{letter}/mail")
    with by_smtp.office.store.writing() as connection:  # as the process left it that died while sending
        outbox.move(connection, row.id, MessageState.PENDING, MessageState.SENDING, attempts=1)
    assert deliver(by_smtp)["uncertain"] == 1
    wait(by_smtp, 24 * 60)
    deliver(by_smtp)
    assert [r for r in smtp_server.received if "提醒敦促函" in str(r.message["Subject"])] == []
    assert [r.key for r in with_state(by_smtp, MessageState.UNCERTAIN)] == [row.key]
    with pytest.raises(AlarmError, match=rf"编号{row.id}）：【演示数据】提醒敦促函"):
        housekeeping.run(office=by_smtp.office)


def test_any_other_mail_that_was_cut_off_is_sent_again_under_the_same_id(
    by_smtp: Stage, smtp_server: Mailbox
) -> None:
    row = next(r for r in by_smtp.messages("receipt/") if r.key.endswith("/mail"))
    with by_smtp.office.store.writing() as connection:
        outbox.move(connection, row.id, MessageState.PENDING, MessageState.SENDING, attempts=1)
    assert deliver(by_smtp)["sent"] == 22
    ids = [str(received.message["Message-ID"]) for received in smtp_server.received]
    assert ids.count(office_outbox.message_id(PLAN, row.key)) == 1


# the drive


@pytest.fixture
def away(january: Stage) -> Stage:
    """The drive is away: a file stands in its place. `back` brings it back."""
    root = january.office.drive.root
    root.rename(root.with_name("drive.away"))
    root.write_text("a file where the drive should be")
    return january


def back(stage: Stage) -> None:
    root = stage.office.drive.root
    root.unlink()
    root.with_name("drive.away").rename(root)


def test_while_the_drive_is_away_files_wait_however_long_and_catch_up_in_order(away: Stage) -> None:
    away.at("2024-02-06T18:10")
    close_period.run(office=away.office)
    for _ in range(2 * office_outbox.MAX_ATTEMPTS):
        wait(away, 60)
        assert deliver(away)["drive"] == 0
    away.at("2024-02-19T10:00")
    with pytest.raises(AlarmError, match="共享盘不可用"):
        housekeeping.run(office=away.office)
    back(away)
    waiting = [m for m in away.messages("") if (m.channel, m.state) == ("drive", MessageState.PENDING)]
    assert "consolidated/2024-01/1" in {m.key for m in waiting}
    assert deliver(away)["drive"] == len(waiting)
    assert len(away.office_files("汇总")) == 1
    assert deliver(away)["drive"] == 0
    assert with_state(away, MessageState.FAILED) == []


def test_nobody_becomes_missing_while_the_drive_is_away(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    root = stage.office.drive.root
    root.rename(root.with_name("drive.away"))
    root.write_text("a file where the drive should be")
    stage.at("2024-02-06T18:05")
    assert collect_returns.pending(office=stage.office) == []
    assert collect_returns.run(office=stage.office)["touched"] == []
    assert stage.standing(SILENT).timeliness is Timeliness.PENDING
    back(stage)
    stage.agency(LATE).file(JANUARY)
    collect_returns.run(office=stage.office)
    assert stage.standing(LATE).filing is Filing.ACCEPTED
    assert stage.standing(LATE).timeliness is Timeliness.ON_TIME


def test_a_month_opened_while_the_drive_is_away_gets_its_templates_once_it_is_back(
    stage: Stage,
) -> None:
    root = stage.office.drive.root
    root.rename(root.with_name("drive.away"))
    root.write_text("a file where the drive should be")
    stage.at("2024-01-31T08:30")
    assert open_period.run(office=stage.office)["touched"] == [{"plan": PLAN, "period": "2024-01"}]
    back(stage)
    stage.at("2024-02-01T08:30")
    open_period.run(office=stage.office)
    assert stage.names("education", "待报") == ["2024-01 填报模板.xlsx"]
    assert stage.folder("education", "报送").is_dir()


def test_one_file_that_cannot_be_written_holds_up_no_other(january: Stage) -> None:
    """A link stands where the silent agency's 文书 folder should be."""
    folder = january.folder(SILENT, "文书")
    folder.rmdir()
    folder.symlink_to(january.office.settings.home)
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    for letter in january.letters():
        shown = sign_letters.show(letter.id, office=january.office)["hash"]
        who = {"user": "office-deputy", "talk": {"skipped": "联系不上"}}
        sign_letters.answer(letter.id, decision="签发", hash=shown, office=january.office, **who)
    assert january.letter(LATE).state == "served"
    assert january.letter(SILENT).state == "numbered"
    assert len(january.office_files("文书")) == 6
    folder.unlink()
    january.at("2024-02-07T12:00")
    deliver(january)
    assert january.letter(SILENT).state == "served"
    assert len(january.names(SILENT, "文书")) == 3  # the letter twice, the note of its service


def test_a_second_plan_that_cannot_be_loaded_stops_no_other(stage: Stage, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    shutil.copytree(stage.office.settings.plans_dir, plans)
    broken = plans / "broken-2024"
    broken.mkdir()
    (broken / "plan.yaml").write_text("id: broken-2024\nyear: [\n", encoding="utf-8")
    office = open_office(stage.office.settings.model_copy(update={"plans_dir": plans}))
    named = pytest.raises(DubanError, match=r"broken-2024/plan\.yaml")
    stage.at("2024-01-31T08:30")
    with named:
        open_period.run(office=office)
    assert stage.names("education", "待报") == ["2024-01 填报模板.xlsx"]
    stage.at("2024-02-02T11:00")
    stage.agency("education").file(JANUARY)
    looked = collect_returns.pending(office=office)
    assert looked == [{"plan": "broken-2024", "agencies": None}, {"plan": PLAN, "agencies": ["education"]}]
    with named:
        collect_returns.run(office=office)
    assert stage.standing("education").filing is Filing.ACCEPTED
    assert collect_returns.pending(office=office) == [{"plan": "broken-2024", "agencies": None}]
    office.store.close()
