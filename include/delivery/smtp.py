"""Sending by SMTP, each recipient's answer kept."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from include.records.messages import Mail, SendResult
from include.settings import Settings

_TIMEOUT_SECONDS = 30


class UncertainDeliveryError(Exception):
    """The connection broke after the text was handed over: it may have been sent, or not."""


def send_smtp(mail: Mail, message: EmailMessage, settings: Settings) -> SendResult:
    """Send one mail.

    Raises:
        UncertainDeliveryError: the server may have taken it.
    """
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        return SendResult(False, f"无法连接邮件服务器：{error}", reached=False)
    handed_over = False
    try:
        server.mail(mail.sender.rpartition("<")[2].rstrip("> "))
        refused = _offer(server, mail.to)
        if len(refused) == len(mail.to):
            return SendResult(False, "收件人全部被拒收", tuple(refused.items()))
        handed_over = True
        code, answer = server.data(message.as_bytes())
        handed_over = False
        detail = f"{code} {answer.decode(errors='replace')}"
        return SendResult(code == 250, detail, tuple(refused.items()))
    except (OSError, smtplib.SMTPException) as error:
        if handed_over:
            raise UncertainDeliveryError(str(error)) from error
        return SendResult(False, f"发送失败: {error}")
    finally:
        server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_SECONDS)
    server.ehlo_or_helo_if_needed()
    if settings.smtp_security == "starttls":
        server.starttls(context=context)
        server.ehlo()
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    return server


def _offer(server: smtplib.SMTP, recipients: tuple[str, ...]) -> dict[str, str]:
    refused: dict[str, str] = {}
    for recipient in recipients:
        code, answer = server.rcpt(recipient.rpartition("<")[2].rstrip("> "))
        if code not in (250, 251):
            refused[recipient] = f"{code} {answer.decode(errors='replace')}"
    return refused
