"""What leaves the system: every message goes through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


class Channel(StrEnum):
    """How a message leaves."""

    MAIL = "mail"
    DRIVE = "drive"
    CHAT = "chat"


class MessageState(StrEnum):
    """State of a message."""

    RENDERING = "rendering"  # committed, its artefacts not yet archived
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # a formal letter whose sending crashed: a person decides


@dataclass(frozen=True, slots=True)
class Attachment:
    """One artefact: its name for the receiver, its hash in the archive; `cid` for inline pictures."""

    name: str
    sha256: str
    media_type: str
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to be sent."""

    message_id: str  # fixed from the message's key
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class DrivePut:
    """One file for the shared drive. `path` is relative to the drive, with `/`."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came of sending. `refused` maps a recipient to the server's words."""

    sent: bool
    detail: str
    refused: tuple[tuple[str, str], ...] = ()
    reached: bool = True  # False: no server answered, which says nothing about the message
