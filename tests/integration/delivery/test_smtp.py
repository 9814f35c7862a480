"""Sending by SMTP: TLS before or after the greeting, logging in, what each server says kept."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from include.delivery import UncertainDeliveryError, build_message, send_smtp
from include.files import Archive
from include.records.messages import Mail, Reception, SendResult
from include.settings import Settings
from tests.mailbox import Mailbox

MAIL = Mail("<1@duban.invalid>", "duban@demo.invalid", ("a@demo.invalid",), "催报", "请报送八月报表。\n")
PASSWORD = "correct horse"  # noqa: S105


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return file


@contextmanager
def server(authority: trustme.CA, *, implicit_tls: bool = False, password: str = "") -> Iterator[Mailbox]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Mailbox(certificate=context, implicit_tls=implicit_tls, password=password) as mailbox:
        yield mailbox


def send(mailbox: Mailbox, tmp_path: Path, mail: Mail = MAIL, **settings: object) -> SendResult:
    of = Settings(home=tmp_path, smtp_port=mailbox.port, **settings)  # type: ignore[arg-type]
    return send_smtp(mail, build_message(mail, Archive(tmp_path), datetime(2024, 9, 3, tzinfo=UTC)), of)


@pytest.mark.filterwarnings(
    "ignore:Requiring AUTH:UserWarning"
)  # it does not see TLS that was there before it
@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
def test_mail_goes_by_tls_to_a_server_that_wants_a_login(
    authority: trustme.CA, ca_file: Path, tmp_path: Path, security: str, implicit: bool
) -> None:
    with server(authority, implicit_tls=implicit, password=PASSWORD) as mailbox:
        login = {"smtp_user": "duban", "smtp_password": PASSWORD}
        result = send(mailbox, tmp_path, smtp_security=security, smtp_ca_file=ca_file, **login)
    assert result.recipients == {"a@demo.invalid": (Reception.ACCEPTED, "250 OK")}
    (got,) = mailbox.received
    assert got.message.get_content().split() == MAIL.text.split()
    assert got.message.as_bytes().isascii(), "not every server on the way takes 8 bits"


def test_a_wrong_password_is_no_fault_of_the_message_which_waits(
    authority: trustme.CA, ca_file: Path, tmp_path: Path
) -> None:
    with server(authority, password=PASSWORD) as mailbox:
        login = {"smtp_user": "duban", "smtp_password": "wrong"}
        result = send(mailbox, tmp_path, smtp_security="starttls", smtp_ca_file=ca_file, **login)
    assert not result.reached
    assert "535" in result.detail
    assert mailbox.received == []


def test_nothing_is_said_to_a_server_whose_certificate_nobody_vouches_for(
    authority: trustme.CA, tmp_path: Path
) -> None:
    with server(authority) as mailbox:
        result = send(mailbox, tmp_path, smtp_security="starttls")
    assert not result.reached
    assert "对方的证书不可信" in result.detail
    assert mailbox.received == []


def test_where_tls_is_asked_for_a_server_without_gets_nothing(
    smtp_server: Mailbox, ca_file: Path, tmp_path: Path
) -> None:
    result = send(smtp_server, tmp_path, smtp_security="starttls", smtp_ca_file=ca_file)
    assert not result.reached
    assert smtp_server.received == []


def test_each_recipient_has_an_answer_of_its_own(smtp_server: Mailbox, tmp_path: Path) -> None:
    smtp_server.refuse |= {"b@demo.invalid": "550 no such user", "c@demo.invalid": "450 greylisted"}
    mail = Mail(MAIL.message_id, MAIL.sender, ("a@demo.invalid", *smtp_server.refuse), "催报", "…")
    assert send(smtp_server, tmp_path, mail, smtp_security="none").recipients == {
        "a@demo.invalid": (Reception.ACCEPTED, "250 OK"),
        "b@demo.invalid": (Reception.REFUSED, "550 no such user"),
        "c@demo.invalid": (Reception.DEFERRED, "450 greylisted"),
    }


def test_a_connection_cut_after_the_text_leaves_it_uncertain(smtp_server: Mailbox, tmp_path: Path) -> None:
    smtp_server.cut_off = True
    with pytest.raises(UncertainDeliveryError):
        send(smtp_server, tmp_path, smtp_security="none")
    assert len(smtp_server.received) == 1, "this server did take it"


def test_a_server_that_is_not_there_was_not_reached(smtp_server: Mailbox, tmp_path: Path) -> None:
    result = send(Mailbox(port=9), tmp_path, smtp_security="none")
    assert not result.reached
