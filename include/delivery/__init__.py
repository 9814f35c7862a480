"""Sending what the outbox holds: mail by SMTP or as .eml files, notices to group chats; reading bounces."""

from include.delivery.bounces import Bounce, read_bounce
from include.delivery.chat import chat_names, send_chat
from include.delivery.eml import eml_file, write_eml
from include.delivery.mail import build_message
from include.delivery.smtp import UncertainDeliveryError, greet, send_smtp

__all__ = [
    "Bounce",
    "UncertainDeliveryError",
    "build_message",
    "chat_names",
    "eml_file",
    "greet",
    "read_bounce",
    "send_chat",
    "send_smtp",
    "write_eml",
]
