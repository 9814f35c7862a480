"""Notices to group chats (钉钉, 企业微信, 飞书 …) through apprise: a nudge without names or figures."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from include.records.messages import Notice, NoticeKind, Reception, SendResult

if TYPE_CHECKING:
    from apprise import NotifyBase

_CODES = ("errcode", "code", "StatusCode")  # DingTalk and WeCom; Feishu, new and old
_WORDS = ("errmsg", "msg", "StatusMessage")
_one_at_a_time = Lock()
_NOTHING = logging.CRITICAL + 1


def chat_names(urls: Iterable[str]) -> dict[str, str]:
    """Name the chats by place and service (`1 DingTalk`): the address is a secret and never written down."""
    return {f"{n} {_service(url)}": url for n, url in enumerate(urls, 1)}


def send_chat(notice: Notice, urls: dict[str, str], names: Iterable[str]) -> SendResult:
    """Tell a notice to the chats of these names.

    A service that takes the request and says inside that it did not post it (DingTalk and WeCom `errcode`,
    Feishu `code` or `StatusCode`, anything but 0) has not told anybody: it is asked again.

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
    with _listening(chat) as heard:
        taken = chat.notify(body=text, title="")
    refused = _refusal(heard[-1]) if heard else ""
    if taken and not refused:
        return Reception.ACCEPTED, "已发送"
    return Reception.DEFERRED, f"群服务没有接收{refused and f'：{refused}'}"


@contextmanager
def _listening(chat: NotifyBase) -> Iterator[list[bytes]]:
    """Keep the bodies a plugin is answered with: apprise looks at the status alone and offers no hook.

    A plugin calls `requests.post` of its module; for the length of one notice that is one that listens.
    """
    import requests  # noqa: PLC0415

    heard: list[bytes] = []

    def post(*args: Any, **kwargs: Any) -> requests.Response:
        answer = requests.post(*args, **kwargs)  # noqa: S113 - the plugin says how long to wait
        heard.append(answer.content)
        return answer

    module: Any = import_module(type(chat).__module__)
    with _one_at_a_time:
        module.requests = SimpleNamespace(**{**vars(requests), "post": post})
        try:
            yield heard
        finally:
            module.requests = requests


def _refusal(body: bytes) -> str:
    """Say what an answer calls wrong; empty where it calls nothing so, or is no JSON object."""
    try:
        said: Any = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    told = cast("dict[str, Any]", said)
    wrong = [f"{key} {told[key]}" for key in _CODES if str(told.get(key, 0)) != "0"]
    words = next((str(told[key]) for key in _WORDS if told.get(key)), "")
    return f"{wrong[0]} {words[:200]}".strip() if wrong else ""


def _service(url: str) -> str:
    chat = _chat(url)
    return str(chat.service_name) if chat else "?"


def _chat(url: str) -> NotifyBase | None:
    import apprise  # noqa: PLC0415  a second and a half, which only an office with group chats pays

    # What it cannot use it would log, and with it the address, all of which is secret; we say what is wrong.
    logging.getLogger("apprise").setLevel(_NOTHING)
    chat = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    return chat if isinstance(chat, apprise.NotifyBase) else None
