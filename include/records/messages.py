"""What leaves the system: every message goes through the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    DROPPED = "dropped"  # a person decided that it is not to be sent


class Reception(StrEnum):
    """What became of a message at one recipient."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # refused for now (4xx): tried again
    REFUSED = "refused"  # refused for good (5xx)
    NOT_ALLOWED = "not-allowed"  # outside the allow-list: never offered
    BOUNCED = "bounced"  # accepted, and came back


class NoticeKind(StrEnum):
    """What a group chat is told; the sentence is fixed, so that no name and no figure can get into it."""

    DIGEST = "新一期工作月报已发布，请到共享盘查看。"
    ALARM = "系统有事项需要管理员处理，请登录看板查看。"


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
class Notice:
    """A notice for the group chats. `kind` is the name of a `NoticeKind`."""

    kind: str
    mark: str = ""  # 【演示数据】, where it is a demo's


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came of sending: by recipient what became of it there, and the server's words.

    `reached` is False where no server answered, which says nothing about the message.
    """

    detail: str
    recipients: Mapping[str, tuple[Reception, str]] = field(default_factory=dict[str, tuple[Reception, str]])
    reached: bool = True
