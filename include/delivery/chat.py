"""Notices to group chats (钉钉, 企业微信, 飞书 …) through apprise: a nudge without names or figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from include.records.messages import Notice, NoticeKind, Reception, SendResult

if TYPE_CHECKING:
    from apprise import NotifyBase


def chat_names(urls: Iterable[str]) -> dict[str, str]:
    """Name the chats by place and service (`1 DingTalk`): the address is a secret and never written down."""
    return {f"{n} {_service(url)}": url for n, url in enumerate(urls, 1)}


def send_chat(notice: Notice, urls: dict[str, str], names: Iterable[str]) -> SendResult:
    """Tell a notice to the chats of these names.

    A service that answers with HTTP 200 counts as told; what it says inside is not looked at by apprise.

    Args:
        notice: what to tell.
        urls: the configured chats, by name.
        names: whom to tell.
    """
    text = f"{notice.mark}{NoticeKind[notice.kind].value}"
    return SendResult("群通知", {name: _tell(urls.get(name), text) for name in names})


def _tell(url: str | None, text: str) -> tuple[Reception, str]:
    if url is None:
        return Reception.REFUSED, "这个群已不在设置中"
    chat = _chat(url)
    if chat is None:
        return Reception.REFUSED, "群地址不能识别，请检查 DUBAN_CHAT_URLS"
    if chat.notify(body=text, title=""):
        return Reception.ACCEPTED, "已发送"
    return Reception.DEFERRED, "群服务没有接收"


def _service(url: str) -> str:
    chat = _chat(url)
    return str(chat.service_name) if chat else "?"


def _chat(url: str) -> NotifyBase | None:
    import apprise  # noqa: PLC0415  a second and a half, which only an office with group chats pays

    chat = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    return chat if isinstance(chat, apprise.NotifyBase) else None
