"""Notices to group chats: what each service is sent, against a real HTTP server; never a name or a figure."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from include import logs
from include.delivery import chat_names, send_chat
from include.records.messages import Notice, NoticeKind, Reception

TOKEN = "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6"  # noqa: S105
SERVICES = {
    "dingtalk": (NotifyDingTalk, f"dingtalk://{TOKEN}"),
    "wecom": (NotifyWeComBot, f"wecombot://{TOKEN}"),
    "feishu": (NotifyFeishu, f"feishu://{TOKEN}"),
}


class Chat(ThreadingHTTPServer):
    """A server that keeps what it is sent and answers `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Keep)
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.answer = b'{"errcode": 0}'


class _Keep(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def tell(*urls: str) -> dict[str, tuple[Reception, str]]:
    names = chat_names(urls)
    return dict(send_chat(Notice("DIGEST"), names, names).recipients)


def leading_to(chat: Chat, service: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a chat of the service whose address leads to this server."""
    plugin, url = SERVICES[service]
    here = f"http://127.0.0.1:{chat.server_port}"
    monkeypatch.setattr(plugin, "notify_url", re.sub(r"https://[^/]+", here, plugin.notify_url))
    return url


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_sent_the_sentence_in_its_own_form(
    chat: Chat, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = leading_to(chat, service, monkeypatch)
    ((name, (reception, _)),) = tell(url).items()
    assert reception is Reception.ACCEPTED
    assert TOKEN not in name
    ((path, body),) = chat.received
    assert TOKEN in path
    assert NoticeKind.DIGEST.value in json.dumps(body, ensure_ascii=False)


def test_a_service_that_refuses_is_tried_again_and_the_other_is_told(chat: Chat) -> None:
    chat.status = 500
    here = f"json://127.0.0.1:{chat.server_port}"
    assert {r for r, _ in tell(here).values()} == {Reception.DEFERRED}
    chat.status = 200
    assert [r for r, _ in tell("nonsense", here).values()] == [Reception.REFUSED, Reception.ACCEPTED]


@pytest.mark.parametrize(
    ("service", "answer", "words"),
    [
        ("dingtalk", '{"errcode": 310000, "errmsg": "sign not match"}', "errcode 310000 sign not match"),
        (
            "wecom",
            '{"errcode": 45009, "errmsg": "api freq out of limit"}',
            "errcode 45009 api freq out of limit",
        ),
        ("feishu", '{"code": 19024, "msg": "Key Words Not Found"}', "code 19024 Key Words Not Found"),
        ("feishu", '{"StatusCode": 9499, "StatusMessage": "Bad Request"}', "StatusCode 9499 Bad Request"),
    ],
)
def test_a_service_that_takes_the_request_and_refuses_inside_is_tried_again_and_told_why(
    chat: Chat, service: str, answer: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat.answer, url = answer.encode(), leading_to(chat, service, monkeypatch)
    ((reception, detail),) = tell(url).values()
    assert (reception, detail) == (Reception.DEFERRED, f"群服务没有接收：{words}")
    chat.answer = b'{"code": 0, "StatusCode": 0, "StatusMessage": "success", "errcode": 0, "errmsg": "ok"}'
    assert [r for r, _ in tell(url).values()] == [Reception.ACCEPTED]


def test_no_sentence_has_a_place_for_a_name_or_a_figure() -> None:
    for kind in NoticeKind:
        assert not re.search(r"[{}%\d]", kind.value)


@pytest.mark.parametrize(
    "address",
    ["wecom://{}!", "dingtalk://{}!!", "https://oapi.dingtalk.com/robot/send?access_token={}", "{}"],
)
def test_an_address_that_cannot_be_used_is_repeated_in_no_log(
    address: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("apprise").setLevel(logging.NOTSET)
    logs.set_up("json")
    told = tell(address.format(TOKEN))
    assert list(told.values()) == [(Reception.REFUSED, "群地址不能识别，请检查 DUBAN_CHAT_URLS")]
    said = capsys.readouterr()
    assert TOKEN not in said.out + said.err + caplog.text + "".join(told)
