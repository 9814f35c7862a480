"""Reading what mail servers send back: delivery status notifications (退信, RFC 3464)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back: its Message-ID, and by recipient what the server said."""

    message_id: str
    recipients: dict[str, str]


def read_bounce(data: bytes) -> Bounce | None:
    """Read a mail as a bounce; None if it is none, or does not say which mail failed for whom."""
    message = message_from_bytes(data, policy=policy.default)
    failed = dict(_failed(message))
    message_id = _original(message)
    return Bounce(message_id, failed) if failed and message_id else None


def _failed(message: Message) -> Iterator[tuple[str, str]]:
    """Give the recipients reported as failed; one only delayed (`Action: delayed`) may still arrive."""
    reports = (part for part in message.walk() if part.get_content_type() == "message/delivery-status")
    for block in (block for report in reports for block in _blocks(report)):
        recipient = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
        if str(block.get("Action", "")).strip().lower() == "failed" and recipient:
            words = f"{block.get('Status', '')} {block.get('Diagnostic-Code', '')}"
            yield recipient.rpartition(";")[2].strip(), " ".join(words.split())


def _blocks(report: Message) -> list[Message]:
    content = report.get_payload()
    return [block for block in content if isinstance(block, Message)] if isinstance(content, list) else []


def _original(message: Message) -> str:
    """Give the Message-ID of the mail that came back, from the copy or the headers enclosed."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            (enclosed,) = part.get_payload() if isinstance(part.get_payload(), list) else (None,)
            if isinstance(enclosed, Message) and enclosed["Message-ID"]:
                return str(enclosed["Message-ID"]).strip()
        if part.get_content_type() == "text/rfc822-headers" and isinstance(part, EmailMessage):
            headers = message_from_bytes(part.get_content().encode(), policy=policy.default)
            if headers["Message-ID"]:
                return str(headers["Message-ID"]).strip()
    return str(message["In-Reply-To"] or "").strip()
