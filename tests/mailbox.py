"""A real SMTP server on loopback that keeps what it was given."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.ports import free_port


@dataclass(frozen=True)
class Received:
    """One message as it came in: the envelope, and the parsed content."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass
class Mailbox:
    """An SMTP server on `host`:`port`; what it accepts stands in `received`.

    `refuse` maps an address to the reply it gets (`"550 no such user"`). With a `certificate` it speaks TLS:
    from the first byte if `implicit_tls`, else after STARTTLS, without which it takes nothing. With a
    `password` it wants `duban` to log in. While `cut_off`, it hangs up after the text instead of answering.
    """

    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    received: list[Received] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    certificate: ssl.SSLContext | None = None
    implicit_tls: bool = False
    password: str = ""
    cut_off: bool = False

    def __enter__(self) -> Mailbox:
        """Start it."""
        tls, starttls = (self.certificate, None) if self.implicit_tls else (None, self.certificate)
        self._controller = Controller(
            self,
            hostname=self.host,
            port=self.port,
            ready_timeout=30,
            ssl_context=tls,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=self._knows,
            auth_required=bool(self.password),
            auth_require_tls=starttls is not None,
        )
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._controller.stop()

    def _knows(
        self, server: Any, session: Any, envelope: Any, mechanism: str, login: LoginPassword
    ) -> AuthResult:
        """Let in who knows the password."""
        known = (login.login, login.password) == (b"duban", self.password.encode())
        return AuthResult(success=known, handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take or refuse a recipient."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep a message."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), message))
        if self.cut_off:
            server.transport.abort()
        return "250 OK"
