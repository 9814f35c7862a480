"""What a person does about mail that failed, is uncertain or came back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from demo.setting import PLAN, SILENT
from include.errors import RefusedError
from include.office import deliver_outbox, escalate_overdue, mailroom, sign_letters
from include.office.desk import open_office
from tests.integration.office.conftest import Played, Stage, settings_for
from tests.mailbox import Mailbox

DATABASES = ("sqlite",)
ADDRESS = f"{SILENT}@demo.invalid"
WHO = {"reason": "已电话核实", "user": "office-clerk"}


@pytest.fixture
def stage(played_january: Played, tmp_path: Path, smtp_server: Mailbox) -> Iterator[Stage]:
    """The silent agency's reminder is signed; nothing else waits."""
    shutil.copytree(played_january.home, tmp_path / "home")
    smtp = {"mail_mode": "smtp", "smtp_port": smtp_server.port, "smtp_security": "none"}
    smtp |= {"bounces_dir": tmp_path / "bounces", "mail_from": "duban@demo.invalid"}
    with played_january.copy() as url:
        stage = Stage(open_office(settings_for(tmp_path / "home", url).model_copy(update=smtp)))
        deliver(stage)
        stage.at("2024-02-07T09:10")
        escalate_overdue.run(office=stage.office)
        letter = stage.letter(SILENT).id
        shown = sign_letters.show(letter, office=stage.office)["hash"]
        who = {"user": "office-deputy", "talk": {"skipped": "联系不上"}}
        sign_letters.answer(letter, decision="签发", hash=shown, office=stage.office, **who)
        yield stage
        stage.office.store.close()


def deliver(stage: Stage) -> dict[str, Any]:
    counts: dict[str, Any] = deliver_outbox.run(office=stage.office)["plans"][PLAN]
    return counts


def row(stage: Stage) -> Any:
    (found,) = stage.messages(f"letter/{stage.letter(SILENT).id}/mail")
    return found


def letters_received(server: Mailbox) -> list[str]:
    return [r.recipients[0] for r in server.received if "提醒敦促函" in str(r.message["Subject"])]


def listed(stage: Stage) -> list[dict[str, Any]]:
    return list(mailroom.overview(PLAN, office=stage.office))


def test_a_letter_cut_off_while_sending_is_listed_and_leaves_again_only_when_a_person_says_so(
    stage: Stage, smtp_server: Mailbox
) -> None:
    smtp_server.cut_off = True
    assert deliver(stage)["uncertain"] == 1  # what comes after it waits
    smtp_server.cut_off = False
    deliver(stage)
    assert letters_received(smtp_server) == [ADDRESS]
    (entry,) = listed(stage)
    assert (entry["state"], entry["formal"]) == ("uncertain", True)
    mailroom.resend(entry["id"], **WHO, office=stage.office)
    assert deliver(stage)["sent"] == 1
    assert letters_received(smtp_server) == [ADDRESS, ADDRESS]
    assert listed(stage) == []
    (event,) = stage.events("message-resent")
    assert (event.actor, event.body["was"]) == (WHO["user"], "uncertain")
    assert event.body["reason"] == WHO["reason"]


def test_an_uncertain_letter_that_arrived_is_settled_and_never_leaves_again(
    stage: Stage, smtp_server: Mailbox
) -> None:
    smtp_server.cut_off = True
    deliver(stage)
    smtp_server.cut_off = False
    mailroom.settle(row(stage).id, outcome="sent", **WHO, office=stage.office)
    assert deliver(stage)["sent"] == 0
    assert row(stage).state == "sent"
    assert listed(stage) == []
    assert stage.events("message-settled")[0].actor == "office-clerk"


def test_a_mail_refused_for_good_goes_to_a_mended_address(stage: Stage, smtp_server: Mailbox) -> None:
    smtp_server.refuse[ADDRESS] = "550 no such user"
    deliver(stage)
    mailroom.resend(row(stage).id, **WHO, to=["new@demo.invalid"], office=stage.office)
    deliver(stage)
    assert letters_received(smtp_server) == ["new@demo.invalid"]
    assert row(stage).recipients == {"new@demo.invalid": ["accepted", "250 OK"]}


def test_a_mended_address_must_be_allowed_too(stage: Stage, smtp_server: Mailbox) -> None:
    smtp_server.refuse[ADDRESS] = "550 no such user"
    deliver(stage)
    mailroom.resend(row(stage).id, **WHO, to=["new@elsewhere.invalid"], office=stage.office)
    deliver(stage)
    assert letters_received(smtp_server) == []
    assert "不在允许收信的名单里" in listed(stage)[0]["attention"]


def bounce(of: str, recipient: str = ADDRESS, action: str = "failed") -> bytes:
    """Write a delivery status notification as Postfix does."""
    return f"""From: MAILER-DAEMON@mail.invalid
To: duban@demo.invalid
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.invalid.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.invalid

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 mailbox unknown

--b
Content-Type: text/rfc822-headers

Subject: x
Message-ID: {of}

--b--
""".encode()


def put(stage: Stage, data: bytes, name: str = "1.eml") -> Path:
    folder = stage.office.settings.bounces_dir
    assert folder is not None
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return folder


def test_a_bounce_in_the_folder_is_noted_once_and_shown_to_a_person(stage: Stage) -> None:
    deliver(stage)
    for name in ("1.eml", "again.eml"):
        folder = put(stage, bounce(row(stage).payload["message_id"], ADDRESS.upper()), name)
    deliver(stage)
    assert list(folder.glob("*.eml")) == []
    assert row(stage).recipients[ADDRESS] == ["bounced", "5.1.1 smtp; 550 5.1.1 mailbox unknown"]
    assert row(stage).attention.count("退信") == 1
    assert len(stage.events("mail-bounced")) == 1
    mailroom.resend(row(stage).id, **WHO, to=["new@demo.invalid"], office=stage.office)
    deliver(stage)
    assert row(stage).recipients == {"new@demo.invalid": ["accepted", "250 OK"]}


@pytest.mark.parametrize(
    "data",
    [
        bounce("<somebody-elses@mail.invalid>"),
        bounce("<x@duban.invalid>", action="delayed"),
        EmailMessage().as_bytes(),
        b"\xff\xfe no mail at all",
    ],
)
def test_whatever_else_lies_there_is_moved_out_of_the_way(stage: Stage, data: bytes) -> None:
    deliver(stage)
    folder = put(stage, data)
    deliver(stage)
    assert [file.name for file in folder.rglob("*.eml")] == ["1.eml"]
    assert list(folder.glob("*.eml")) == []
    assert stage.events("mail-bounced") == []


def test_a_bounce_a_person_saw_is_recorded(stage: Stage) -> None:
    deliver(stage)
    mailroom.bounced(row(stage).id, ADDRESS, **WHO, office=stage.office)
    assert row(stage).recipients[ADDRESS] == ["bounced", "已电话核实"]
    assert listed(stage)[0]["attention"] == f"退信：{ADDRESS}（已电话核实）"


def test_what_cannot_be_decided_is_refused(stage: Stage) -> None:
    waiting = row(stage).id
    with pytest.raises(RefusedError, match="还没有结果"):
        mailroom.resend(waiting, **WHO, office=stage.office)
    deliver(stage)
    with pytest.raises(RefusedError, match="已送达全部收件人"):
        mailroom.resend(waiting, **WHO, office=stage.office)
    with pytest.raises(RefusedError, match="理由"):
        mailroom.settle(waiting, outcome="sent", reason=" ", user="x", office=stage.office)
    with pytest.raises(RefusedError, match="不是处理结果"):
        mailroom.settle(waiting, outcome="lost", **WHO, office=stage.office)
    with pytest.raises(RefusedError, match="没有发给"):
        mailroom.bounced(waiting, "other@demo.invalid", **WHO, office=stage.office)
    with pytest.raises(RefusedError, match="没有99999号"):
        mailroom.settle(99999, outcome="sent", **WHO, office=stage.office)
    with pytest.raises(RefusedError, match="不是状态"):
        list(mailroom.overview(PLAN, ["gone"], office=stage.office))
