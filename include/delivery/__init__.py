"""Sending what the outbox holds: mail by SMTP or as .eml files, files to the shared drive."""

from include.delivery.eml import write_eml
from include.delivery.mail import build_message
from include.delivery.smtp import send_smtp

__all__ = ["build_message", "send_smtp", "write_eml"]
