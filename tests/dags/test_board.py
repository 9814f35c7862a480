"""The board as it is served by Airflow: who is let in where, what is recorded, how it reads in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from demo.setting import CARELESS, LATE, PLAN, SILENT
from include.office.board import returns
from include.settings import settings
from include.store import ledger
from tests.board import JANUARY, OTHER, USERS, Board, set_two_places

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    f"/plans/{PLAN}/",
    f"/plans/{PLAN}/returns/{CARELESS}/2024-01",
    f"/plans/{PLAN}/indicators",
    f"/plans/{PLAN}/indicators/demo-lessons",
    f"/plans/{PLAN}/cases",
    f"/plans/{PLAN}/letters",
    f"/plans/{PLAN}/health",
    f"/plans/{PLAN}/decisions/extend?agency={SILENT}&period=2024-01",
    "/api/v1/docs",
)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    office = set_two_places(tmp_path_factory.mktemp("board"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_HOME", str(office.settings.home))
        patch.setenv("DUBAN_PLANS_DIR", str(office.settings.plans_dir))
        settings.cache_clear()
        with Board(office) as served:
            yield served
        settings.cache_clear()


@pytest.fixture(scope="module")
def clients(board: Board) -> Iterator[dict[str, httpx.Client]]:
    """One browser session a user, and one of nobody."""
    made = {user: board.client(user) for user in ("", *USERS)}
    yield made
    for client in made.values():
        client.close()


@pytest.fixture(scope="module")
def browser(need: Callable[[str], Path]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


def receipt(board: Board) -> Any:
    """Give the receipt of the careless agency's first submission."""
    detail = returns.detail(board.office, PLAN, CARELESS, JANUARY, board.office.now())
    return detail.submission_list[0].receipt


def routes(board: Board) -> list[tuple[str, str]]:
    """Give method and a real address of every route of the app."""
    found = [route for route in board.app.routes if isinstance(route, APIRoute)]
    assert len(found) == len(board.app.routes), "a mount or a plain route is not covered by the app's guard"
    real = {
        "plan": PLAN, "agency": CARELESS, "period": "2024-01", "indicator": "demo-lessons",
        "sha256": receipt(board).sha256, "name": "board.css", "decision": "hold",
    }  # fmt: skip
    wants_month = ("/api/v1/plans/{plan}/indicators",)
    return [
        (
            method,
            route.path.format(**real) + ("?period=2024-01" if route.path.startswith(wants_month) else ""),
        )
        for route in found
        for method in route.methods
    ]


def statuses(client: httpx.Client, asked: list[tuple[str, str]]) -> dict[str, int]:
    return {f"{method} {path}": client.request(method, path).status_code for method, path in asked}


def of_plan(asked: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(method, path) for method, path in asked if f"/plans/{PLAN}" in path]


def test_nobody_in_particular_is_let_in_anywhere(board: Board, clients: dict[str, httpx.Client]) -> None:
    assert set(statuses(clients[""], routes(board)).values()) == {401}


def test_a_user_of_airflow_without_a_place_is_let_in_nowhere(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    assert set(statuses(clients["stranger"], routes(board)).values()) == {403}


def test_a_user_of_another_place_sees_nothing_of_this_one(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    neighbour = clients["neighbour"]
    assert set(statuses(neighbour, of_plan(routes(board))).values()) == {403}
    assert [plan["id"] for plan in neighbour.get("/api/v1/plans").json()] == [OTHER]
    assert neighbour.get("/").headers["location"] == f"/duban/plans/{OTHER}/"
    assert neighbour.get(f"/plans/{OTHER}/").status_code == 200
    assert PLAN not in neighbour.get(f"/plans/{OTHER}/").text


def test_a_leader_reads_everything_of_the_place_and_decides_nothing(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    answered = statuses(clients["reader"], routes(board))
    deciding = {route for route in answered if "/decisions/" in route}
    assert {answered[route] for route in deciding} == {403}
    assert {answered[route] for route in answered.keys() - deciding} == {200, 303}
    for page in PAGES[:-2]:
        assert "/decisions/" not in clients["reader"].get(page).text


@pytest.mark.parametrize("user", ["clerk", "boss"])
def test_an_administrator_reads_everything_and_only_forms_decide(
    user: str, board: Board, clients: dict[str, httpx.Client]
) -> None:
    answered = statuses(clients[user], routes(board))
    posts = {route for route in answered if route.startswith("POST")}
    assert {answered[route] for route in answered.keys() - posts} <= {200, 303}
    assert {answered[route] for route in posts} == {403}  # sent from nowhere, without a form's token


def test_a_route_somebody_forgets_to_guard_is_closed_all_the_same(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    board.app.add_api_route("/plans/{plan}/forgotten", lambda plan: plan, methods=["GET", "POST", "DELETE"])
    try:
        path = f"/plans/{PLAN}/forgotten"
        assert [clients[user].get(path).status_code for user in ("", "stranger", "neighbour")] == [
            401,
            403,
            403,
        ]
        assert clients["reader"].post(path).status_code == 403
        assert clients["boss"].delete(path).status_code == 403
    finally:
        board.app.routes.pop()


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect", "/static/../x"]
)
def test_the_pages_fastapi_would_add_are_not_there(path: str, clients: dict[str, httpx.Client]) -> None:
    assert clients["boss"].get(path).status_code == 404


def test_nothing_from_elsewhere_is_allowed_and_no_copy_kept(clients: dict[str, httpx.Client]) -> None:
    headers = clients["reader"].get(f"/plans/{PLAN}/").headers
    assert headers["content-security-policy"].startswith("default-src 'self'; object-src 'none'")
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


# What a decision needs


def form_of(client: httpx.Client, decision: str, **given: str) -> dict[str, str]:
    """Open a form and give its fields."""
    text = client.get(f"/plans/{PLAN}/decisions/{decision}", params=given).text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))


def send(
    client: httpx.Client, decision: str, said: dict[str, str], origin: str | None = None
) -> httpx.Response:
    own = f"http://{client.base_url.netloc.decode()}"
    return client.post(
        f"/plans/{PLAN}/decisions/{decision}",
        data=said,
        headers={"Origin": own if origin is None else origin},
    )


def events(board: Board, event: str) -> list[Any]:
    with board.office.store.reading() as connection:
        return list(ledger.of_kinds(connection, PLAN, [event]))


def test_a_decision_is_recorded_under_the_users_name_and_shown(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    clerk = clients["clerk"]
    said = form_of(clerk, "extend", agency=LATE, period="2024-01")
    answered = send(clerk, "extend", said | {"to": "2024-02-20T18:00", "reason": "系统<迁移>"})
    assert answered.status_code == 303
    (event,) = events(board, "return-extended")
    assert (event.actor, event.body["agency"], event.body["reason"]) == ("clerk", LATE, "系统<迁移>")
    shown = clerk.get(answered.headers["location"].removeprefix("/duban")).text
    assert "已登记：延期。" in shown
    assert "系统&lt;迁移&gt;" in shown
    assert "2024-02-20 18:00（已延期）" in shown


def test_a_decision_that_is_refused_comes_back_with_what_was_said(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    said = form_of(clients["clerk"], "extend", agency=SILENT, period="2024-01")
    answered = send(clients["clerk"], "extend", said | {"to": "2024-01-01T18:00", "reason": "早了"})
    assert answered.status_code == 409
    assert "没有登记" in answered.text
    assert "早了" in answered.text
    without_reason = send(clients["clerk"], "exempt", said | {"reason": "  "})
    assert without_reason.status_code == 409
    assert not [e for e in events(board, "return-exempted") if e.actor == "clerk"]


def test_what_another_page_sends_in_a_users_name_is_refused(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    clerk, boss = clients["clerk"], clients["boss"]
    said = form_of(clerk, "hold", period="2024-01") | {"reason": "冒名"}
    foreign = form_of(boss, "hold", period="2024-01")["token"]
    with board.client("clerk") as other_browser:
        other_session = form_of(other_browser, "hold", period="2024-01")["token"]
    for origin, token in [
        ("", said["token"]),
        ("null", said["token"]),
        ("http://evil.invalid", said["token"]),
        (None, ""),
        (None, said["token"] + "x"),
        (None, foreign),
        (None, other_session),
    ]:
        assert send(clerk, "hold", said | {"token": token}, origin).status_code == 403
    assert events(board, "digest-held") == []
    assert send(clerk, "hold", said).status_code == 303
    assert [event.actor for event in events(board, "digest-held")] == ["clerk"]
    assert send(clerk, "release", form_of(clerk, "release", period="2024-01")).status_code == 303


# What is shown


def test_a_receipt_is_saved_under_its_name_and_never_shown(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    kept = receipt(board)
    answered = clients["reader"].get(f"/plans/{PLAN}/files/{kept.sha256}")
    assert answered.content == board.office.archive.read(kept.sha256)
    disposition = answered.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''2024-01%20")
    assert disposition.isascii()
    assert answered.headers["content-type"] == "application/octet-stream"
    assert answered.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_file_is_found_only_through_the_place_it_belongs_to(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    for plan, sha256 in ((OTHER, receipt(board).sha256), (PLAN, "0" * 64), (PLAN, "..%2f..%2fduban.db")):
        assert clients["boss"].get(f"/plans/{plan}/files/{sha256}").status_code == 404


def test_the_heat_map_says_each_state_in_words(clients: dict[str, httpx.Client]) -> None:
    text = clients["reader"].get(f"/plans/{PLAN}/").text
    for word in ("按时", "退回", "未报", "免报", "暂未启动", "演示时钟", "演示数据", "截至"):
        assert word in text
    assert text.index("市市场监管局") < text.index("市教育局") < text.index("演示甲局")


def test_a_return_shows_its_findings_by_cell(clients: dict[str, httpx.Client]) -> None:
    text = clients["reader"].get(f"/plans/{PLAN}/returns/{CARELESS}/2024-01").text
    for part in ("封面 C11", "错误", "没有填", "回执 第1次", "原件："):
        assert part in text


def test_what_is_not_there_is_said_in_chinese(clients: dict[str, httpx.Client]) -> None:
    for path in (f"/plans/{PLAN}/returns/nobody/2024-01", f"/plans/{PLAN}/indicators/none"):
        answered = clients["reader"].get(path, headers={"Accept": "text/html"})
        assert answered.status_code == 404
        assert "没有找到" in answered.text
    answered = clients[""].get("/", headers={"Accept": "text/html"})
    assert "请先登录" in answered.text


def test_the_api_takes_a_bearer_token_and_gives_numbers(board: Board) -> None:
    headers = {"Authorization": f"Bearer {board.token('reader')}"}
    with httpx.Client(base_url=f"{board.address}/duban/api/v1", headers=headers, trust_env=False) as api:
        facts = api.get(f"/plans/{PLAN}/facts", params={"limit": 3, "agency": "education"}).json()
        assert (len(facts["items"]), facts["limit"]) == (3, 3)
        assert facts["total"] > 3
        rest = api.get(f"/plans/{PLAN}/facts", params={"offset": 3, "agency": "education"}).json()
        assert len(rest["items"]) == facts["total"] - 3
        detail = api.get(f"/plans/{PLAN}/indicators/demo-lessons?period=2024-01").json()
        assert (detail["target"], detail["path_value"], detail["path"][:2]) == (120, 10, [10, 20])
        assert api.get(f"/plans/{PLAN}/returns?period=2024-13").status_code == 404
        assert api.post(f"/plans/{PLAN}/facts").status_code in (403, 405)


def test_every_field_of_the_api_is_described_and_the_page_needs_no_network(
    clients: dict[str, httpx.Client],
) -> None:
    described = clients["reader"].get("/api/v1/openapi.json").json()
    assert {path.split("/")[3] for path in described["paths"]} == {"plans"}
    shown = clients["reader"].get("/api/v1/docs").text
    for name, schema in described["components"]["schemas"].items():
        if "Error" in name or "properties" not in schema:
            continue
        assert all(prop.get("description") for prop in schema["properties"].values()), name
        assert f'id="{name}"' in shown
    assert not re.search(r'(?:src|href)="https?://', shown)


# In a browser


def context(browser: Browser, board: Board, user: str, width: int, scheme: str = "light") -> BrowserContext:
    made = browser.new_context(
        base_url=board.address,
        locale="zh-CN",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=False,
    )
    made.add_cookies([{"name": "_token", "value": board.token(user), "url": board.address}])
    return made


def watched(page: Page, board: Board) -> list[str]:
    """Note what the console complains of, and whatever is fetched from elsewhere."""
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: complaints.append(r.url) if not r.url.startswith(board.address) else None)
    return complaints


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_usable_by_everybody(width: int, scheme: str, browser: Browser, board: Board) -> None:
    opened = context(browser, board, "clerk", width, scheme)
    page = opened.new_page()
    complaints = watched(page, board)
    for path in PAGES:
        assert page.goto(f"/duban{path}").ok  # type: ignore[union-attr]
        assert complaints == []
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.evaluate(AXE)  # evaluated by the debugger, which no policy of the page forbids
        found = page.evaluate("axe.run()")["violations"]
        grave = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert grave == [], json.dumps(grave, ensure_ascii=False)
    opened.close()


def test_the_heat_map_is_walked_with_the_keyboard(browser: Browser, board: Board) -> None:
    opened = context(browser, board, "reader", 1440)
    page = opened.new_page()
    page.goto(f"/duban/plans/{PLAN}/")
    assert page.locator(".heat tbody a[tabindex='0']").count() == 1
    first = page.locator(".heat tbody a").first
    first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):  # nothing is open to the right: focus stays
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('tr').cells[0].innerText") == "市教育局"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="市教育局").wait_for()
    opened.close()


def test_an_administrator_records_a_late_filing_in_the_browser(browser: Browser, board: Board) -> None:
    opened = context(browser, board, "clerk", 390)
    page = opened.new_page()
    complaints = watched(page, board)
    page.goto(f"/duban/plans/{PLAN}/returns/{SILENT}/2024-01")
    page.get_by_role("link", name="补报").click()
    page.get_by_label("理由").fill("系统故障，同意补报")
    page.get_by_role("button", name="登记补报").click()
    page.get_by_role("status").get_by_text("已登记：补报。").wait_for()
    page.reload()  # a page reached by a redirect can be fetched again without sending again
    assert [event.body["reason"] for event in events(board, "late-filing-allowed")] == ["系统故障，同意补报"]
    assert complaints == []
    opened.close()
