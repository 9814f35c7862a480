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
from include.office.board import cases as board_cases
from include.office.board import returns
from include.office.reconciling import differences
from include.office.wording import sentences
from include.settings import settings
from include.store import ledger
from tests.board import JANUARY, OTHER, USERS, Board, set_two_places

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MOST_BYTES = 20 << 20  # as the guard has it
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    f"/plans/{PLAN}/",
    f"/plans/{PLAN}/returns/{CARELESS}/2024-01",
    f"/plans/{PLAN}/indicators",
    f"/plans/{PLAN}/indicators/sunshine-delivery",
    f"/plans/{PLAN}/checks",
    f"/plans/{PLAN}/cases",
    f"/plans/{PLAN}/cases/1",
    f"/plans/{PLAN}/letters",
    f"/plans/{PLAN}/letters/1",
    f"/plans/{PLAN}/digest",
    f"/plans/{PLAN}/health",
    f"/plans/{PLAN}/decisions/extend?agency={SILENT}&period=2024-01",
    f"/plans/{PLAN}/decisions/instruct",
    "/api/v1/docs",
)
# A signer is called office-deputy; a run is named by its plan, pinghu-2024.
KNOWN_WORDS = {*USERS, "office", "deputy", "pinghu", "PDF", "Word", "MB", "GiB"}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    office = set_two_places(tmp_path_factory.mktemp("board"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_HOME", str(office.settings.home))
        patch.setenv("DUBAN_PLANS_DIR", str(office.settings.plans_dir))
        patch.setenv("DUBAN_SIGNS_APART", office.settings.signs_apart)
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
        "sha256": receipt(board).sha256, "name": "board.css", "decision": "hold", "case": 1, "letter": 1,
    }  # fmt: skip
    wants_month = tuple(f"/api/v1/plans/{{plan}}/{what}" for what in ("indicators", "checks", "digest"))
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
    for page in (p for p in PAGES if "/decisions/" not in p):
        assert "/decisions/" not in clients["reader"].get(page).text


@pytest.mark.parametrize("user", ["clerk", "boss"])
def test_an_administrator_reads_everything_and_only_forms_decide(
    user: str, board: Board, clients: dict[str, httpx.Client]
) -> None:
    answered = statuses(clients[user], routes(board))
    posts = {route for route in answered if route.startswith("POST")}
    assert {answered[route] for route in answered.keys() - posts} <= {200, 303}
    assert {answered[route] for route in posts} == {403}  # sent from nowhere, without a form's token


OWN, SHARED_DAG = f"sign_letters_{PLAN}", "sign_letters"
OWN_PEOPLE, OTHERS = ("boss", "reader", "clerk", "signer"), ("neighbour", "stranger", "signer-next-door")


@pytest.mark.parametrize("user", OWN_PEOPLE + OTHERS)
def test_the_dag_of_a_place_that_signs_apart_is_seen_by_its_own_people(user: str, board: Board) -> None:
    sees = user in OWN_PEOPLE
    with board.airflow(user) as airflow:
        listed = {dag["dag_id"] for dag in airflow.get("/dags").json()["dags"]}
        assert SHARED_DAG in listed
        assert (OWN in listed) is sees
        for part in ("", "/details", "/dagRuns", "/dagRuns/~/hitlDetails"):
            assert airflow.get(f"/dags/{OWN}{part}").status_code == (200 if sees else 403)
            assert airflow.get(f"/dags/{SHARED_DAG}{part}").status_code == 200


@pytest.mark.parametrize(
    ("user", "own", "shared"),
    [("signer", 404, 404), ("signer-next-door", 403, 404), ("reader", 403, 403), ("neighbour", 403, 403)],
)
def test_only_a_signer_of_the_place_answers_where_it_signs_apart(
    user: str, own: int, shared: int, board: Board
) -> None:
    """There is no such round: who may answer is told so, anybody else is refused before."""
    with board.airflow(user) as airflow:
        for dag, expected in ((OWN, own), (SHARED_DAG, shared)):
            path = f"/dags/{dag}/dagRuns/letter-1-round-9/taskInstances/ask/-1/hitlDetails"
            said = {"chosen_options": ["签发"], "params_input": {}}
            assert airflow.patch(path, json=said).status_code == expected


def test_a_letter_is_read_on_the_board_of_its_place_only(clients: dict[str, httpx.Client]) -> None:
    page = clients["signer"].get(f"/plans/{PLAN}/letters/1")
    assert page.status_code == 200
    assert "文稿指纹" in page.text
    assert "<h3>督办事项</h3>" in page.text
    assert clients["neighbour"].get(f"/plans/{PLAN}/letters/1").status_code == 403
    assert clients["neighbour"].get(f"/plans/{OTHER}/letters/1").status_code == 404
    waits = clients["signer"].get(f"/plans/{PLAN}/letters").text
    (waiting, *_) = re.findall(rf"/plans/{PLAN}/letters/(\d+)", waits)
    assert (
        f"/dags/{OWN}/runs/letter-{waiting}-"
        in clients["signer"].get(f"/plans/{PLAN}/letters/{waiting}").text
    )


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


@pytest.mark.parametrize(
    ("address", "secure"), [("https://duban.example", True), ("http://127.0.0.1", False)]
)
def test_the_cookie_of_a_form_is_for_tls_alone_where_people_come_by_tls(
    address: str, secure: bool, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", address)
    with board.client("reader") as browser:
        given = browser.get(f"/plans/{PLAN}/").headers["set-cookie"]
    assert ("duban_session" in given, "; Secure" in given, "HttpOnly" in given) == (True, secure, True)


# What a decision needs


def form_of(client: httpx.Client, decision: str, **given: str) -> dict[str, str]:
    """Open a form and give its fields."""
    text = client.get(f"/plans/{PLAN}/decisions/{decision}", params=given).text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))


def send(
    client: httpx.Client,
    decision: str,
    said: dict[str, Any],
    origin: str | None = None,
    evidence: tuple[str, bytes] | None = None,
) -> httpx.Response:
    own = f"http://{client.base_url.netloc.decode()}"
    return client.post(
        f"/plans/{PLAN}/decisions/{decision}",
        data=said,
        files={"evidence": evidence} if evidence else None,
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
    released = form_of(clerk, "release", period="2024-01") | {"reason": "已核实"}
    assert send(clerk, "release", released).status_code == 303


def test_a_figure_of_record_is_decided_on_the_board_and_withdrawn(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    clerk, figure = clients["clerk"], "sunshine-delivery:denominator"
    shown = clerk.get(f"/plans/{PLAN}/checks?period=2024-01").text
    assert "市教育局</a> 150" in shown
    assert "待核定" in shown
    said = form_of(clerk, "reconcile", period="2024-01", figure=figure)
    proof = ("..\\名录.pdf", b"%PDF register")
    answered = send(clerk, "reconcile", said | {"value": "160", "reason": "以名录为准"}, evidence=proof)
    assert answered.headers["location"].endswith("/checks?period=2024-01&done=reconcile")
    (event,) = events(board, "figure-decided")
    assert (event.actor, event.body["value"], event.body["evidence"]["name"]) == ("clerk", "160", "名录.pdf")
    assert board.office.archive.read(event.body["evidence"]["sha256"]) == b"%PDF register"
    passport = clients["reader"].get(f"/plans/{PLAN}/indicators/sunshine-delivery?period=2024-01").text
    for part in ("按核定数160计：以名录为准", "审签", "更正.xlsx", "历次版本", "汇总报表第1版"):
        assert part in passport
    refused = send(clerk, "reconcile", said | {"value": "很多", "reason": "x"})
    assert (refused.status_code, "没有登记" in refused.text) == (409, True)
    assert send(clerk, "withdraw-figure", said | {"reason": "名录有误"}).status_code == 303
    (one,) = [d for d in differences(PLAN, "2024-01", office=board.office) if d["figure"] == figure]
    assert one["settlement"] == "待核定"


def test_a_digest_is_held_worded_otherwise_looked_at_and_released(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    clerk, reader, page = clients["clerk"], clients["reader"], f"/plans/{PLAN}/digest?period=2024-01"
    said = {"place": "overall-1", "reason": "语气"}
    (first, *_) = sentences(PLAN, "2024-01", office=board.office)
    text = f"{first['rule'].removesuffix('。')}，请继续抓紧。"
    given = form_of(clerk, "reword", period="2024-01", place="overall-1") | said
    assert "先暂缓" in send(clerk, "reword", given | {"text": text}).text
    held = form_of(clerk, "hold", period="2024-01") | {"reason": "再核一遍"}
    assert send(clerk, "hold", held).headers["location"] == f"/duban{page}&done=hold"
    refused = send(clerk, "reword", given | {"text": f"{first['rule']}另有999项。"})
    assert (refused.status_code, "数据须与原句一致：多出999" in refused.text) == (409, True)
    assert send(clerk, "reword", given | {"place": "overall-9", "text": text}).status_code == 404
    assert send(clerk, "reword", given | {"text": text}).status_code == 303
    assert f"原句：{first['rule']}" in clerk.get(page).text
    draft = clerk.get(f"/plans/{PLAN}/decisions/digest/2024-01")
    assert text in draft.text
    assert "cid:" not in draft.text
    assert draft.headers["content-security-policy"].endswith("sandbox")
    shown = reader.get(page).text
    assert "再核一遍（clerk）" in shown
    assert text not in shown, "a draft is nobody's but the office's"
    released = form_of(clerk, "release", period="2024-01")
    assert send(clerk, "release", released | {"reason": ""}).status_code == 409
    assert send(clerk, "release", released | {"reason": "核过了"}).status_code == 303
    done = [events(board, f"digest-{what}")[-1] for what in ("edited", "released")]
    assert [(e.actor, e.body["reason"]) for e in done] == [("clerk", "语气"), ("clerk", "核过了")]


def test_what_was_published_of_a_month_is_fetched_by_its_readers(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    told = clients["reader"].get(f"/api/v1/plans/{PLAN}/digest?period=2024-01").json()
    assert (told["publishes_on"], told["held"]) == ("2024-02-19", None)
    (edition,) = told["editions"]
    (kept,) = edition["files"]
    assert (edition["kind_name"], kept["name"]) == ("汇总报表", "2024-01 汇总报表 第1版.xlsx")
    assert clients["reader"].get(f"/plans/{PLAN}/files/{kept['sha256']}").content[:2] == b"PK"
    assert clients["boss"].get(f"/plans/{OTHER}/files/{kept['sha256']}").status_code == 404


def test_an_instruction_has_a_day_of_its_own_and_ends_on_evidence(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    clerk = clients["clerk"]
    said = form_of(clerk, "instruct") | {
        "agencies": ["education", SILENT], "words": "一月底前摸清底数", "leader": "某副市长",
        "given_on": "2024-02-01", "due_on": "2024-02-05", "reason": "领导批示",
    }  # fmt: skip
    assert send(clerk, "instruct", said | {"due_on": "2月5日"}).status_code == 409
    assert send(clerk, "instruct", said | {"agencies": []}).status_code == 409
    assert send(clerk, "instruct", said).status_code == 303
    views = board_cases.instructions(board_cases.listed(board.office, PLAN, board.office.now()))
    assert [(v.raised_by, v.overdue) for v in views] == [("某副市长", True)] * 2
    text = clients["reader"].get(f"/plans/{PLAN}/cases").text
    assert text.index("一月底前摸清底数") < text.index("提醒敦促函")
    given = form_of(clerk, "fulfil", case_id=str(views[0].id)) | {"reason": "已办结"}
    assert "佐证材料" in send(clerk, "fulfil", given).text
    assert send(clerk, "fulfil", given, evidence=("报告.docx", b"done")).status_code == 303
    detail = clients["reader"].get(f"/api/v1/plans/{PLAN}/cases/{views[0].id}").json()
    assert detail["state_name"] == "已销号"
    sha256 = detail["events"][-1]["evidence"]["sha256"]
    assert clients["reader"].get(f"/plans/{PLAN}/files/{sha256}").content == b"done"
    assert clients["boss"].get(f"/plans/{OTHER}/files/{sha256}").status_code == 404


@pytest.mark.parametrize(
    ("decision", "more"),
    [
        ("extend-case", {"until": "2024-03-01"}),
        ("accept-reason", {}),
        ("withdraw-reason", {}),
        ("take-plan", {"received_on": "2024-02-07"}),
        ("refuse-plan", {}),
        ("add-co-owner", {"agency": "education"}),
        ("drop-co-owner", {"agency": "education"}),
        ("waive", {}),
    ],
)
def test_each_decision_about_a_case_stands_in_its_history_under_the_users_name(
    decision: str, more: dict[str, str], board: Board, clients: dict[str, httpx.Client]
) -> None:
    clerk, reason = clients["clerk"], f"理由{sum(map(ord, decision))}"
    mine = next(
        c for c in board_cases.listed(board.office, PLAN, board.office.now()) if c.agency_id == SILENT
    )
    said = form_of(clerk, decision, case_id=str(mine.id)) | more | {"reason": reason}
    answered = send(clerk, decision, said)
    assert answered.headers["location"] == f"/duban/plans/{PLAN}/cases/{mine.id}?done={decision}"
    shown = clerk.get(f"/plans/{PLAN}/cases/{mine.id}").text
    assert f"（clerk）：{reason}" in shown


def test_what_came_back_to_a_letter_is_accepted(board: Board, clients: dict[str, httpx.Client]) -> None:
    clerk = clients["clerk"]
    (found,) = [v for v in board_cases.letters(board.office, PLAN) if v.state == "answered"]
    assert f"letter_id={found.id}" in clerk.get(f"/plans/{PLAN}/letters").text
    views = board_cases.listed(board.office, PLAN, board.office.now())
    (of,) = [case.id for case in views if found.id in {step.letter_id for step in case.steps}]
    assert f"accept-letter?letter_id={found.id}" in clerk.get(f"/plans/{PLAN}/cases/{of}").text
    assert "accept-letter" not in clients["reader"].get(f"/plans/{PLAN}/cases/{of}").text
    said = form_of(clerk, "accept-letter", letter_id=str(found.id)) | {"reason": "属实"}
    assert send(clerk, "accept-letter", said).status_code == 303
    assert [e.actor for e in events(board, "letter-accepted")] == ["clerk"]
    assert send(clerk, "refuse-letter", said).status_code == 409, "accepted already"


def test_an_agency_stands_by_what_was_filed_for_it_and_objects_by_phone(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    clerk, reader = clients["clerk"], clients["reader"]
    page = f"/plans/{PLAN}/returns/{LATE}/2024-01"
    assert "clerk 代填，单位尚未确认" in reader.get(page).text
    said = form_of(clerk, "confirm-proxy", agency=LATE, period="2024-01") | {"reason": "来电确认"}
    assert send(clerk, "confirm-proxy", said).status_code == 303
    assert "来电确认" in reader.get(page).text
    of = {"agency": "education", "indicator": "sunshine-delivery", "reason": "应为151家"}
    assert send(clerk, "object", form_of(clerk, "object", period="2024-01") | of).status_code == 303
    (one,) = reader.get(f"/api/v1/plans/{PLAN}/checks?period=2024-01").json()["objections"]
    assert (one["words"], one["answer"]) == ("应为151家", "")
    todo = f"/api/v1/plans/{PLAN}/waiting"
    assert "objections" in {w["kind"] for w in reader.get(todo).json()}
    given = form_of(clerk, "answer-objection", period="2024-01", objection=str(one["id"]))
    assert send(clerk, "answer-objection", given | {"reason": "已核实，维持"}).status_code == 303
    assert "已核实，维持（clerk）" in reader.get(f"/plans/{PLAN}/checks?period=2024-01").text
    assert "objections" not in {w["kind"] for w in reader.get(todo).json()}


def test_what_is_another_places_is_as_unknown_as_what_never_was(
    board: Board, clients: dict[str, httpx.Client]
) -> None:
    boss = clients["boss"]  # may decide in both places, and still not in one about the other's
    (theirs,) = board_cases.listed(board.office, OTHER, board.office.now())
    token = form_of(boss, "hold", period="2024-01")["token"]
    said = {"token": token, "reason": "越界", "until": "2024-03-01"}
    for case in (str(theirs.id), "999", "x", "-1", ""):
        assert send(boss, "extend-case", said | {"case_id": case}).status_code in (404, 409)
    assert send(boss, "accept-letter", said | {"letter_id": "999"}).status_code == 404
    assert boss.get(f"/plans/{PLAN}/cases/{theirs.id}").status_code == 404
    (same,) = board_cases.listed(board.office, OTHER, board.office.now())
    assert same == theirs


def test_what_is_too_large_is_refused_before_it_is_read(clients: dict[str, httpx.Client]) -> None:
    clerk = clients["clerk"]
    said = form_of(clerk, "exempt", agency=SILENT, period="2024-01") | {"reason": "大"}
    answered = send(clerk, "exempt", said, evidence=("大.pdf", b"0" * (MOST_BYTES + 1)))
    assert answered.status_code == 413
    own = {"Origin": f"http://{clerk.base_url.netloc.decode()}", "Transfer-Encoding": "chunked"}
    path = f"/plans/{PLAN}/decisions/exempt"
    assert clerk.post(path, content=iter([b"token=x"]), headers=own).status_code == 413


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
    table = text[text.index('<table class="heat">') :]
    assert table.index("市市场监管局") < table.index("市教育局") < table.index("演示甲局")


def test_the_first_page_says_who_did_not_file_and_leads_to_what_waits(
    clients: dict[str, httpx.Client],
) -> None:
    page = clients["clerk"].get(f"/plans/{PLAN}/").text
    (missing,) = re.findall(r'<span class="swatch s-missing">未报</span>(<a.*?)</p>', page)
    assert re.findall(r'href="returns/(.+?)/2024-01"', missing) == [SILENT]
    todo = page[page.index('id="todo"') : page.index('class="now"')]
    told = re.findall(r'href="(.+?)"><strong>(\d+)</strong>(.+?)</a>', todo)
    assert {("letters", "份文书待签发"), ("checks?period=2024-01", "处报数不一致待核定")} <= {
        (page, what) for page, _, what in told
    }
    for address, *_ in told:
        assert clients["clerk"].get(f"/plans/{PLAN}/{address}").is_success
    api = clients["clerk"].get(f"/api/v1/plans/{PLAN}/waiting").json()
    assert [(w["page"], str(w["count"]), w["what"]) for w in api] == told


def test_a_return_shows_its_findings_by_cell(clients: dict[str, httpx.Client]) -> None:
    text = clients["reader"].get(f"/plans/{PLAN}/returns/{CARELESS}/2024-01").text
    for part in ("封面 C11", "错误", "没有填", "回执 第1次", "原件："):
        assert part in text


def test_what_is_not_there_is_said_in_chinese(clients: dict[str, httpx.Client]) -> None:
    for path in (f"/plans/{PLAN}/returns/nobody/2024-01", f"/plans/{PLAN}/indicators/none"):
        answered = clients["reader"].get(path, headers={"Accept": "text/html"})
        assert answered.status_code == 404
        assert "没有找到" in answered.text
    for path, said in (("/nowhere", "没有这个页面"), (f"/plans/{PLAN}/cases/x", "编号应为数字")):
        answered = clients["reader"].get(path, headers={"Accept": "text/html"})
        assert (answered.status_code, said in answered.text) == (404, True)
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


def latin(text: str) -> list[str]:
    """Give the Latin words of a text, but for users, units, formats, names of files and hashes."""
    bare = re.sub(r"[^\s：]+\.(?:xlsx|docx|pdf|txt|html)|\b[0-9a-f]{12,}\b", "", text)
    words = re.findall(r"[A-Za-z]{2,}", bare)
    return sorted(set(words) - KNOWN_WORDS)


def watched(page: Page, board: Board) -> list[str]:
    """Note what the console complains of, and whatever is fetched from elsewhere."""
    complaints: list[str] = []
    own = (board.address, "data:")  # a mail's pictures come with it
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(own) else complaints.append(r.url))
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
        if "/api/" not in path:  # which names the fields of the data
            assert latin(page.inner_text("body")) == [], path
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
    page.get_by_label("佐证材料").set_input_files(
        {"name": "申请.pdf", "mimeType": "application/pdf", "buffer": b"%PDF asked"}
    )
    page.get_by_role("button", name="登记补报").click()
    page.get_by_role("status").get_by_text("已登记：补报。").wait_for()
    page.reload()  # a page reached by a redirect can be fetched again without sending again
    (event,) = events(board, "late-filing-allowed")
    assert (event.body["reason"], event.body["evidence"]["name"]) == ("系统故障，同意补报", "申请.pdf")
    with page.expect_download() as kept:
        page.get_by_role("link", name="申请.pdf").click()
    assert kept.value.path().read_bytes() == b"%PDF asked"
    assert complaints == []
    opened.close()
