"""Building a mail as bytes from its frozen content."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from include.files import Archive
from include.records.messages import Attachment, Mail


def build_message(mail: Mail, archive: Archive, at: datetime) -> EmailMessage:
    """Make the MIME message: text, HTML with inline pictures beside it, attachments from the archive.

    Raises:
        FileNotFoundError: an attachment is not in the archive.
    """
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))  # not every server on the way takes 8 bits
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(at)
    message["Subject"] = _one_line(mail.subject)
    message["From"] = _address(mail.sender)
    message["To"] = [_address(to) for to in mail.to]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        body = message.get_payload()[1]  # type: ignore[index]
        for picture in (a for a in mail.attachments if a.cid):
            kind, _, sub = picture.media_type.partition("/")
            data = archive.read(picture.sha256)
            body.add_related(data, maintype=kind, subtype=sub, cid=f"<{picture.cid}>", filename=picture.name)  # type: ignore[union-attr]
    for attachment in (a for a in mail.attachments if not a.cid):
        _attach(message, attachment, archive)
    return message


def _attach(message: EmailMessage, attachment: Attachment, archive: Archive) -> None:
    kind, _, sub = attachment.media_type.partition("/")
    message.add_attachment(
        archive.read(attachment.sha256), maintype=kind, subtype=sub, filename=attachment.name
    )


def bare_address(text: str) -> str:
    """Give the address of `name <address>`."""
    return text.rpartition("<")[2].rstrip("> ").strip()


def _address(text: str) -> Address:
    return Address(display_name=text.rpartition("<")[0].strip(), addr_spec=bare_address(text))


def _one_line(text: str) -> str:
    """Put a subject on one line: a break in it could smuggle in another header."""
    return " ".join(text.split())
