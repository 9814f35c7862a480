"""The board: closed to nobody-in-particular, readable to those who are let in."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from duban_board import HEADERS, LIGHTS, app, page
from include.records.facts import Light

OVERVIEW: dict[str, Any] = {
    "clock": "演示时钟 2024-09-03 09:00",
    "plans": [
        {
            "title": "2024年工作要点（演示数据）",
            "periods": [
                {
                    "period": "2024年8月", "due_at": "2024-09-06 18:00", "owed": 20, "accepted": 17,
                    "late": 1, "missing": 3, "lights": {"green": 9, "red": 2},
                }
            ],
            "waiting_letters": [
                {"title": "提醒<敦促>函", "agency": "演示单位", "run_id": "letter-1 round/1"}
            ],
        },
        {"title": "空的", "periods": [], "waiting_letters": []},
    ],
}  # fmt: skip


def _paths() -> list[tuple[str, str]]:
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(routes) == len(app.routes), "a mount or a plain route is not covered by the app's guard"
    return [(method, route.path) for route in routes for method in route.methods]


@pytest.mark.parametrize(("method", "path"), _paths())
def test_no_route_answers_somebody_who_is_not_logged_in(method: str, path: str) -> None:
    client = TestClient(app, raise_server_exceptions=False)
    answered = client.request(method, path)
    assert answered.status_code in {401, 403}
    assert "工作要点" not in answered.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect", "/static/x"])
def test_the_pages_fastapi_would_add_are_not_there(path: str) -> None:
    assert TestClient(app, raise_server_exceptions=False).get(path).status_code == 404


def test_the_board_only_reads() -> None:
    assert {method for method, _ in _paths()} == {"GET"}


def test_every_answer_forbids_scripts_and_copies() -> None:
    answered = TestClient(app, raise_server_exceptions=False).get("/")
    assert {name: answered.headers[name] for name in HEADERS} == HEADERS


def test_the_page_names_the_clock_the_months_and_what_waits() -> None:
    text = page(OVERVIEW)
    for part in ("演示时钟 2024-09-03 09:00", "2024年8月", "绿 9", "红 2", "演示单位", "还没有开启任何月份"):
        assert part in text
    assert "<script" not in text


def test_what_others_wrote_cannot_become_markup() -> None:
    text = page(OVERVIEW)
    assert "提醒<敦促>函" not in text
    assert "提醒&lt;敦促&gt;函" in text
    assert "letter-1%20round/1" in text


def test_every_light_has_its_chinese_name() -> None:
    assert {light.value for light in Light} == set(LIGHTS)


def test_a_failure_is_said_in_chinese_without_the_rest_of_the_page() -> None:
    text = page({"error": "数据库不能打开"})
    assert "看板暂时打不开：数据库不能打开" in text
    assert "<table" not in text
