"""The services tests rely on are real."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest
from sqlalchemy import create_engine, text

from include.settings import Settings, settings
from tests import needs
from tests.mailbox import Mailbox


@pytest.mark.parametrize("again", [1, 2])
def test_every_test_gets_an_empty_database(database_url: str, again: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE trace (x INTEGER)"))
        assert connection.execute(text("SELECT count(*) FROM trace")).scalar() == 0
    engine.dispose()


def test_mail_sent_over_smtp_arrives_and_a_refused_address_is_refused(smtp_server: Mailbox) -> None:
    smtp_server.refuse["nobody@county.example"] = "550 no such user"
    message = EmailMessage()
    message["Subject"] = "督办 演示"
    message.set_content("正文")
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=10) as client:
        refused = client.send_message(
            message, "duban@county.example", ["who@county.example", "nobody@county.example"]
        )
    assert set(refused) == {"nobody@county.example"}
    (received,) = smtp_server.received
    assert received.recipients == ("who@county.example",)
    assert received.message["Subject"] == "督办 演示"


def test_the_home_of_a_test_is_the_home_of_the_program(home: Settings) -> None:
    assert settings() is home
    assert home.database == f"sqlite:///{home.home}/duban.db"


def test_a_missing_program_skips_the_test_or_fails_it_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_TEST_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program"):
        needs.need("no-such-program")
    monkeypatch.setenv("DUBAN_TEST_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program"):
        needs.need("no-such-program")


def test_a_missing_file_beside_the_checkout_never_fails_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TEST_ALL", "1")
    with pytest.raises(pytest.skip.Exception, match="to compare"):
        needs.need_file("../no-such-folder/file", "to compare")
    with pytest.raises(pytest.fail.Exception, match="to compare"):
        needs.need_file("no-such-file", "to compare")
