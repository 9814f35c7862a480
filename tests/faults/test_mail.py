"""Mail servers that hang: before a word, after the text, for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from include.office import deliver_outbox, mailroom
from include.office.sending import MAX_DOUBTS
from tests.faults.conftest import Found
from tests.faults.county import FARMS, MARKET, PLAN, SCHOOLS, County
from tests.faults.steps import STEPS
from tests.mailbox import Mailbox

PATIENCE = 0.05  # seconds; twenty times that for the answer to a text


class Hanging:
    """An SMTP server that at some point says nothing more; what it took stands in `texts`."""

    def __init__(self, *, speaks: bool) -> None:
        self.speaks, self.connections, self.texts = speaks, 0, list[bytes]()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._hang, args=(connection,), daemon=True).start()

    def _hang(self, connection: socket.socket) -> None:
        with connection, suppress(OSError), connection.makefile("rb") as said:
            if not self.speaks:
                said.read()
                return
            connection.sendall(b"220 here\r\n")
            for line in said:
                if line.upper().startswith(b"DATA"):
                    connection.sendall(b"354 go on\r\n")
                    text = iter(said.readline, b".\r\n")
                    self.texts.append(b"".join(text))
                    said.read()  # took it, and never says so
                    return
                connection.sendall(b"250 yes\r\n")


@contextmanager
def hanging(county: County, *, speaks: bool) -> Iterator[Hanging]:
    """Let the county's mail go to a server that hangs."""
    of, server = county.office.settings, Hanging(speaks=speaks)
    usual = of.smtp_port, of.smtp_timeout_seconds
    of.smtp_port, of.smtp_timeout_seconds = server.port, PATIENCE
    try:
        yield server
    finally:
        of.smtp_port, of.smtp_timeout_seconds = usual
        server.close()


def deliver(county: County, moment: str) -> dict[str, Any]:
    county.at(moment)
    return deliver_outbox.run(office=county.office)["plans"][PLAN]


@pytest.fixture
def county(found: Found) -> County:
    """Three have filed; their receipts' mails wait to be sent."""
    county = found()
    county.at("2024-01-31T08:30")
    STEPS["open"](county.office)
    county.at("2024-02-02T11:00")
    for agency in (MARKET, SCHOOLS, FARMS):
        county.file(agency)
    STEPS["collect"](county.office)
    return county


def test_a_server_that_never_answers_costs_one_wait_and_all_mail_leaves_once_later(
    county: County, smtp_server: Mailbox
) -> None:
    with hanging(county, speaks=False) as server:
        begun = time.monotonic()
        assert deliver(county, "2024-02-02T11:01") == {"drive": 0, "letters": 0} | {
            "sent": 0,
            "failed": 3,
            "uncertain": 0,
        }
        assert server.connections == 1, "the others are not tried on a server that hangs"
        assert time.monotonic() - begun < 100 * PATIENCE
    assert deliver(county, "2024-02-02T12:00")["sent"] == 3
    assert len({str(received.message["Message-ID"]) for received in smtp_server.received}) == 3


def test_a_text_nobody_acknowledged_is_sent_a_few_times_under_one_id_and_then_a_person_looks(
    county: County,
) -> None:
    with hanging(county, speaks=True) as server:
        for n in range(MAX_DOUBTS + 2):
            deliver(county, f"2024-02-02T{11 + n}:05")
        first, *_ = mailroom.overview(PLAN, ["uncertain"], office=county.office)
        same = [text for text in server.texts if _id(text) == _id(server.texts[0])]
        assert len(same) == MAX_DOUBTS
        assert len(server.texts) == MAX_DOUBTS + 2, "one text a run: the others wait"
    assert first["formal"] is False


def _id(text: bytes) -> bytes:
    return next(line for line in text.splitlines() if line.lower().startswith(b"message-id:"))


def test_a_formal_letter_nobody_acknowledged_goes_to_a_person_at_once(
    county: County, smtp_server: Mailbox
) -> None:
    deliver(county, "2024-02-02T11:01")
    county.at("2024-02-06T18:10")
    STEPS["collect"](county.office)
    county.at("2024-02-07T09:10")
    STEPS["escalate"](county.office)
    county.at("2024-02-07T15:00")
    STEPS["sign"](county.office)
    before = len(smtp_server.received)
    with hanging(county, speaks=True) as server:
        assert deliver(county, "2024-02-07T15:01")["uncertain"] == 1
        assert len(server.texts) == 1
    (letter,) = mailroom.overview(PLAN, ["uncertain"], office=county.office)
    assert letter["formal"] is True
    deliver(county, "2024-02-07T15:30")
    deliver(county, "2024-02-08T15:30")
    ids = [str(received.message["Message-ID"]) for received in smtp_server.received[before:]]
    assert ids
    assert _id(server.texts[0]).split()[-1].decode() not in ids, "never again by guess"
    assert len(set(ids)) == len(ids)
