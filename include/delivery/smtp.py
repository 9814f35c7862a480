"""Sending by SMTP, each recipient's answer kept."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from include import foreign
from include.delivery.mail import bare_address
from include.records.messages import Mail, Reception, SendResult
from include.settings import Settings

_PATIENCE = 20  # times as long for the answer to a text: ten minutes, as RFC 5321, 4.5.3.2.6 has it


class UncertainDeliveryError(Exception):
    """The connection broke after the text was handed over: it may have been sent, or not."""


def send_smtp(mail: Mail, message: EmailMessage, settings: Settings) -> SendResult:
    """Send one mail to the recipients in `mail.to`.

    Raises:
        UncertainDeliveryError: the server may have taken it.
    """
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        return SendResult(f"无法连接邮件服务器：{_words_of(error)}", reached=False)
    handed_over = False
    try:
        code, answer = server.mail(bare_address(mail.sender))
        if code != 250:
            return _all_alike(mail, code, answer)
        answers = {to: _judge(*server.rcpt(bare_address(to))) for to in mail.to}
        taken = [to for to, (reception, _) in answers.items() if reception is Reception.ACCEPTED]
        if not taken:
            return SendResult("没有收件人被接收", answers)
        handed_over = True
        if server.sock is not None:  # who gives up early on a text the server goes on with sends it twice
            server.sock.settimeout(settings.smtp_timeout_seconds * _PATIENCE)
        code, answer = server.data(message.as_bytes())
        handed_over = False
        return SendResult(_words(code, answer), answers | dict.fromkeys(taken, _judge(code, answer)))
    except smtplib.SMTPDataError as error:  # DATA itself was refused: nothing was handed over
        return _all_alike(mail, error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        if handed_over:
            raise UncertainDeliveryError(_words_of(error)) from error
        return SendResult(f"连接在提交正文前中断：{_words_of(error)}", reached=False)
    finally:
        server.close()


def greet(settings: Settings) -> None:
    """Open a session as for sending, TLS and login included, and end it; nothing is sent.

    Raises:
        OSError: no connection, or no trust in the server's certificate.
        smtplib.SMTPException: the server refuses.
    """
    server = _connect(settings)
    try:
        server.noop()
    finally:
        server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    """Open a session; where TLS is asked for and not to be had, nothing is said in the clear."""
    context = ssl.create_default_context(cafile=settings.smtp_ca_file)
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=settings.smtp_timeout_seconds, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=settings.smtp_timeout_seconds)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
            server.ehlo()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _judge(code: int, answer: bytes | str) -> tuple[Reception, str]:
    """Read a reply (RFC 5321, 4.2.1): 2xx taken, 4xx not now, anything else not at all."""
    if 200 <= code < 300:
        return Reception.ACCEPTED, _words(code, answer)
    return (Reception.DEFERRED if 400 <= code < 500 else Reception.REFUSED), _words(code, answer)


def _all_alike(mail: Mail, code: int, answer: bytes | str) -> SendResult:
    return SendResult(_words(code, answer), dict.fromkeys(mail.to, _judge(code, answer)))


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return foreign.words(error)
