"""The health endpoint: closed unless a token is set, wants it, and says no more than ok or fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from include.office import noted
from include.settings import Settings, settings

TOKEN = {"Authorization": "Bearer of-a-monitor"}


@pytest.fixture
def client(home: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    from duban_health import app  # noqa: PLC0415

    monkeypatch.setenv("DUBAN_HEALTH_TOKEN", "of-a-monitor")
    settings.cache_clear()
    with TestClient(app) as asking:
        yield asking


def test_without_its_token_it_says_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for headers in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Basic of-a-monitor"}):
        assert client.get("/", headers=headers).status_code == 401
    for path in ("/docs", "/openapi.json", "/redoc", "/x"):
        assert client.get(path, headers=TOKEN).status_code == 404
    assert client.post("/", headers=TOKEN).status_code == 405
    monkeypatch.delenv("DUBAN_HEALTH_TOKEN")
    settings.cache_clear()
    for headers in ({}, TOKEN, {"Authorization": "Bearer "}):
        assert client.get("/", headers=headers).status_code == 404


def test_it_says_ok_or_fail_and_nothing_else(client: TestClient, home: Settings) -> None:
    well = client.get("/", headers=TOKEN)
    assert (well.status_code, well.json()) == (200, {"status": "ok"})
    noted.failed("⑦ 送达", "deliver", RuntimeError("no route"), of=home)
    ill = client.get("/", headers=TOKEN)
    assert (ill.status_code, ill.json()) == (503, {"status": "fail"})
    assert ill.headers["cache-control"] == "no-store"
    noted.mended("⑦ 送达", "deliver", of=home)
    (home.home / "drive").rename(home.home / "away")
    assert client.get("/", headers=TOKEN).status_code == 503
    (home.home / "away").rename(home.home / "drive")
    assert client.get("/", headers=TOKEN).status_code == 200


def test_a_database_that_does_not_answer_is_a_failure_not_an_error(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, home: Settings
) -> None:
    monkeypatch.setenv("DUBAN_HOME", str(home.home / "other"))
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql+psycopg://duban:hush@127.0.0.1:1/duban")
    settings.cache_clear()
    ill = client.get("/", headers=TOKEN)
    assert (ill.status_code, ill.json()) == (503, {"status": "fail"})
