"""Dry run: a mail becomes an .eml file that any mail program opens."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from include.files import safe_name
from include.files.atomic import write_whole
from include.records.messages import Mail, Reception, SendResult


def write_eml(mail: Mail, message: EmailMessage, folder: Path) -> SendResult:
    """Write one mail into a folder; its name comes from its Message-ID, so sent twice it is one file."""
    file = eml_file(folder, mail.message_id)
    write_whole(file, message.as_bytes())
    detail = f"演练模式，已写入 {file.name}"
    return SendResult(detail, dict.fromkeys(mail.to, (Reception.ACCEPTED, detail)))


def eml_file(folder: Path, message_id: str) -> Path:
    """Give where a mail is written to."""
    return folder / f"{safe_name(message_id.strip('<>').partition('@')[0])}.eml"
