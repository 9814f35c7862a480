"""The live system, for real: four processes of Airflow, a folder watched, letters signed in a browser."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from demo.agencies import SimulatedAgency
from demo.setting import PLAN, SILENT, set_stage
from include.office import clock, collect_returns, escalate_overdue, letters, open_period
from include.office.decided import Decided
from include.office.desk import Office
from include.office.exceptions import exempt
from include.plan import Period
from include.records.escalation import LetterState
from include.settings import Settings, settings_of
from include.store import cases
from include.workdays import SHANGHAI
from live import Airflow, LiveError, down, status, up
from live.accounts import passwords
from live.env import airflow_home, environment, url
from live.forms import COMPONENTS
from live.history import LARGEST_LOG, prune
from live.roles import DAGS
from tests import leaks
from tests.faults.flows import clear, kill
from tests.mailbox import Mailbox
from tests.ports import free_port
from tests.production.compare import Told, results, verified

# One boot, several checks, in this order: the tests of a file are run by one worker.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # of a mail server on loopback
JULY, AUGUST = Period(2024, 7), Period(2024, 8)
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


WORDS = {"the SMTP password": "spoken-to-the-server-only", "the monitor's token": "of-a-monitor-and-nobody"}


@dataclass(frozen=True)
class System:
    """A running installation."""

    office: Office
    address: str
    mailbox: Mailbox

    @property
    def secrets(self) -> dict[str, str]:
        """Everything that should be said nowhere, by what it is."""
        home = airflow_home(self.office.settings)
        return {**WORDS, **json.loads((home / "secrets.json").read_text()), **passwords(home)}

    def password(self, user: str) -> str:
        return passwords(airflow_home(self.office.settings))[user]

    def letter_of(self, agency_id: str) -> Any:
        with self.office.store.reading() as connection:
            (row,) = [r for r in cases.letters(connection, PLAN) if r.agency_id == agency_id]
        return row


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mail server that wants a login."""
    with Mailbox(password=WORDS["the SMTP password"]) as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[System]:
    """The demo's plan on 2024-09-03: one silent about July and its letter drafted, August open; then `up`."""
    of = settings_of(tmp_path_factory.mktemp("live") / "home")
    office = set_stage(of.model_copy(update={"stable_seconds": 0.0}))
    _at(office, "2024-07-31T08:30")
    open_period.run(office=office)
    for agency in office.plan(PLAN, JULY).filers:
        if agency.id != SILENT:
            exempt(PLAN, agency.id, str(JULY), Decided("admin", "演示"), office=office)
    _at(office, "2024-08-08T09:00")
    collect_returns.run(office=office)  # a sweep after the due moment: what is not there is missing
    _at(office, "2024-08-09T09:10")
    escalate_overdue.run(office=office)
    _at(office, "2024-08-30T08:30")
    open_period.run(office=office)
    _at(office, "2024-09-03T09:00", stopped=False)
    _set(of, mailbox)
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("DUBAN_PORT", str(free_port()))  # others may be starting on this machine too
    monkeypatch.setenv("DUBAN_QUESTION_LOOK_SECONDS", "20")
    try:
        up(of)
        yield System(office, url(of), mailbox)
    finally:
        down(of)
        monkeypatch.undo()


@pytest.fixture(scope="module")
def browser(need: Callable[[str], Path]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


def _set(of: Settings, mailbox: Mailbox) -> None:
    """Set what an office sets in its `duban.env`: a monitor let in, mail really sent."""
    given = {
        "HEALTH_TOKEN": WORDS["the monitor's token"],
        "MAIL_MODE": "smtp",
        "SMTP_PORT": mailbox.port,
        "SMTP_SECURITY": "none",
        "SMTP_USER": "duban",
        "SMTP_PASSWORD": mailbox.password,
    }
    with (of.home / "duban.env").open("a", encoding="utf-8") as file:
        file.writelines(f"DUBAN_{name}={value}\n" for name, value in given.items())


def _at(office: Office, moment: str, *, stopped: bool = True) -> None:
    clock.start(office.settings, datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI), stopped=stopped)


def _until(what: str, found: Callable[[], Any], seconds: float = 120) -> Any:
    """Wait until something is found; that it comes at all is the test, how fast is measured elsewhere."""
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, f"{what} did not come within {seconds:.0f} s"
        time.sleep(0.5)
    return result


def _page(system: System, browser: Browser, user: str) -> Page:
    """Log in as a person in China would: a Chinese browser, the login page, name and password."""
    context = browser.new_context(
        base_url=system.address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1400, "height": 1600},
    )
    page = context.new_page()
    page.goto("/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", system.password(user))
    page.click("input[type=submit], button[type=submit]")
    page.get_by_text("督办看板").wait_for()  # what every role sees; the menu “浏览” is not for all
    return page


def test_every_user_made_at_the_start_can_log_in(system: System) -> None:
    users = passwords(airflow_home(system.office.settings))
    assert set(users) == {"admin", "office-deputy", "office-head", "commission", "leader", "engineer", "root"}
    for user in users:
        with Airflow(system.office.settings, user) as airflow:
            assert airflow.call("GET", "/dags", params={"limit": 1})["total_entries"] == 8


def test_nothing_listens_to_the_network(system: System) -> None:
    pids = [pid for pid in status(system.office.settings).values() if pid]
    processes = [
        p for pid in pids for p in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))
    ]
    assert {address for process in processes for address in _listening(process)} == {"127.0.0.1"}


def _listening(process: psutil.Process) -> list[str]:
    """Give the addresses a process listens on; a task that ended meanwhile listens on none."""
    try:
        return [c.laddr.ip for c in process.net_connections("inet") if c.status == "LISTEN"]
    except psutil.NoSuchProcess:
        return []


def test_secrets_are_readable_by_their_owner_only(system: System) -> None:
    home = airflow_home(system.office.settings)
    for file in (home / "secrets.json", home / "passwords.txt"):
        assert file.stat().st_mode & 0o077 == 0
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer no"}, {"Cookie": "_token=no"}])
def test_nobody_in_particular_is_kept_from_the_board(system: System, headers: dict[str, str]) -> None:
    answered = httpx.get(f"{system.address}/duban/", headers=headers, trust_env=False)
    assert answered.status_code in {401, 403}
    assert "工作要点" not in answered.text


def test_a_leader_reads_the_board_in_a_browser_in_chinese(system: System, browser: Browser) -> None:
    page = _page(system, browser, "leader")
    page.get_by_text("督办看板").click()
    board = page.frame_locator("iframe")
    board.get_by_role("heading", name="各单位报送").wait_for()
    text = board.locator("body").inner_text()
    for part in ("截至 2024-09-03", "演示时钟", "2024年8月", "未报", "演示数据", "（只读）"):
        assert part in text
    board.get_by_role("navigation", name="看板").get_by_role("link", name="文书").click()
    board.get_by_role("link", name="提醒敦促函").first.click()
    # Airflow takes the frame's address over once the frame is loaded, and a click before that is lost to it.
    page.wait_for_url("**/plugin/duban/**/letters/*")
    board.get_by_role("link", name="去签发").click()  # leads the whole window, out of the frame
    page.wait_for_url("**/dags/sign_letters/runs/**")
    page.goto("/dags")
    page.get_by_text("① 开启报送月份").wait_for()
    page.context.close()


def test_a_workbook_dropped_in_a_folder_is_answered_by_a_receipt(system: System) -> None:
    office = system.office
    agency = office.plan(PLAN, AUGUST).agency("education")
    receipts = office.drive.agency_folder(agency.name, "回执")
    before = {file.name for file in receipts.glob("*.xlsx")}
    SimulatedAgency(office, agency).file(AUGUST)
    new = _until("the receipt", lambda: {file.name for file in receipts.glob("*.xlsx")} - before)
    (name,) = new
    assert name.startswith("2024-08 回执")
    assert "已接收" in name


def test_a_file_dropped_while_others_are_collected_is_taken_by_the_next_run(system: System) -> None:
    """A flow has one run at a time: what comes meanwhile starts another, without waiting for a sweep."""
    office = system.office
    agencies = [office.plan(PLAN, AUGUST).agency(a) for a in ("public-security", "civil-affairs")]
    for agency in agencies:
        dropped = SimulatedAgency(office, agency).file(AUGUST)
        _until(f"the taking of {dropped.name}", lambda dropped=dropped: not dropped.exists())
    for agency in agencies:
        receipts = office.drive.agency_folder(agency.name, "回执")
        _until(f"the receipt of {agency.id}", lambda folder=receipts: list(folder.glob("2024-08 回执*.xlsx")))


def test_the_new_figures_travel_on_by_themselves(system: System) -> None:
    """close_period is nudged by the figures, escalate_overdue by the progress; each says what it did."""
    with Airflow(system.office.settings) as airflow:
        for dag in ("collect_returns", "close_period"):
            path = f"/dags/{dag}/dagRuns"
            _until(
                f"a run of {dag} started by an asset",
                lambda path=path: [
                    run
                    for run in airflow.call("GET", path)["dag_runs"]
                    if run["run_type"] == "asset_triggered" and run["state"] == "success"
                ],
            )


def test_every_line_about_a_return_says_which_in_the_tasks_log(system: System) -> None:
    folder = airflow_home(system.office.settings) / "logs" / "dag_id=collect_returns"
    lines = [json.loads(line) for file in folder.rglob("*.log") for line in file.read_text().splitlines()]
    judged = [line for line in lines if line["event"].startswith("submission ")]
    told = {(line["plan"], line["period"], line["agency"], line["job"]) for line in judged}
    assert (PLAN, str(AUGUST), "education", "collect") in told
    filers = {agency.id for agency in system.office.plan(PLAN, AUGUST).filers}
    assert told <= {(PLAN, str(AUGUST), agency, "collect") for agency in filers}


def test_a_monitor_is_told_whether_the_installation_is_well(system: System) -> None:
    asked = f"{system.address}/duban-health/"
    monitor = {"Authorization": "Bearer " + WORDS["the monitor's token"]}
    well = httpx.get(asked, headers=monitor, trust_env=False, timeout=60)
    assert (well.status_code, well.json()) == (200, {"status": "ok"})
    with Airflow(system.office.settings) as admin:
        for headers in ({}, {"Authorization": "Bearer no"}, {"Authorization": f"Bearer {admin.token}"}):
            assert httpx.get(asked, headers=headers, trust_env=False).status_code == 401


@pytest.mark.parametrize(("told", "by_tls"), [({"X-Forwarded-Proto": "https"}, True), ({}, False)])
def test_behind_a_proxy_that_ends_tls_a_login_is_for_tls_alone(
    system: System, told: dict[str, str], by_tls: bool
) -> None:
    """What a TLS proxy of the house on this machine says of who came is believed."""
    login = {"username": "leader", "password": system.password("leader")}
    here = system.address.replace("http", "https") if by_tls else system.address
    with httpx.Client(base_url=system.address, headers=told, trust_env=False, timeout=60) as person:
        page = person.get("/auth/login/").text
        (form,) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        came_from = {"Referer": f"{here}/auth/login/"}  # asked for where people come by TLS
        came_in = person.post("/auth/login/", data=login | {"csrf_token": form}, headers=came_from)
        assert came_in.status_code == 302
        given = {c.partition("=")[0]: c for c in came_in.headers.get_list("set-cookie")}
        assert ("; secure" in given["_token"].lower()) == by_tls
        token = given["_token"].partition("=")[2].partition(";")[0]
        board = person.get("/duban/", headers={"Authorization": f"Bearer {token}"})
        assert ("; secure" in board.headers["set-cookie"].lower()) == by_tls


def test_a_question_is_asked_again_when_lost_closed_when_superseded_and_never_doubles(system: System) -> None:
    letter = system.letter_of(SILENT)
    with Airflow(system.office.settings) as admin:
        admin.wait("escalate_overdue", admin.run_dag("escalate_overdue"))
        first, second, third = (f"letter-{letter.id}-round-{n}" for n in (1, 2, 3))
        _until_asked(admin, first)
        _clear(admin, first)
        _until_asked(admin, first)
        assert (_open_questions(admin), system.letter_of(SILENT).asks) == ({first}, 1), (
            "cleared: the same round"
        )
        ask = f"/dags/sign_letters/dagRuns/{first}/taskInstances/ask"
        admin.call("PATCH", ask, json={"new_state": "failed"})
        _until_asked(admin, second)
        assert (_open_questions(admin), system.letter_of(SILENT).asks) == ({second}, 2), (
            "failed: the next round"
        )
        letters.edit(
            letter.id,
            places=[("以收到的回执为准", "以系统回执为准")],
            reason="按签发人意见",
            user="office-clerk",
            office=system.office,
        )
        admin.wait("sign_letters", second)  # nobody answers it: it sees that its draft was superseded
        _until_asked(admin, third)
        _clear(admin, second)
        admin.wait("sign_letters", second)
        assert (_open_questions(admin), system.letter_of(SILENT).asks) == ({third}, 3), "superseded: closed"


def _clear(airflow: Airflow, run_id: str) -> None:
    body = {"dag_run_id": run_id, "task_ids": ["ask"], "dry_run": False, "only_failed": False}
    airflow.call("POST", "/dags/sign_letters/clearTaskInstances", json=body)


def _open_questions(airflow: Airflow) -> set[str]:
    """Give the runs whose question stands among the required actions, as the page asks for them."""
    waiting = {"response_received": False, "state": ["deferred", "awaiting_input"]}
    asked = airflow.call("GET", "/dags/~/dagRuns/~/hitlDetails", params=waiting)["hitl_details"]
    return {detail["task_instance"]["dag_run_id"] for detail in asked}


def test_a_letter_is_signed_by_who_may_and_by_nobody_else(system: System, browser: Browser) -> None:
    office = system.office
    letter = system.letter_of(SILENT)
    assert (letter.state, letter.approver) == (LetterState.WAITING, "office-deputy")
    with Airflow(office.settings) as admin:
        first, second = (f"letter-{letter.id}-round-{n}" for n in (letter.asks, letter.asks + 1))
        _until_asked(admin, first)
        for user in ("leader", "admin", "engineer"):
            with Airflow(office.settings, user) as reader, pytest.raises(LiveError, match="403"):
                reader.answer(first, "签发")
        with Airflow(office.settings, "office-head") as head:  # a signer, but not of this letter
            head.answer(first, "签发")
        _until_asked(admin, second)
        assert system.letter_of(SILENT).state == LetterState.WAITING
        _sign_in_browser(_page(system, browser, "office-deputy"), second)
        admin.wait("sign_letters", second)
    signed = system.letter_of(SILENT)
    assert signed.state in {LetterState.SIGNED, LetterState.NUMBERED, LetterState.SERVED}
    assert signed.number == "演示〔2024〕1号"
    folder = office.drive.agency_folder(office.plan(PLAN, JULY).agency(SILENT).name, "文书")
    assert [file.suffix for file in folder.glob("演示〔2024〕1号*")]


def _until_asked(airflow: Airflow, run_id: str) -> None:
    """Wait for a round to ask, and some seconds more: an answer at once can reach a task not yet parked."""

    def asked() -> bool:
        try:
            tasks = airflow.tasks("sign_letters", run_id)
        except LiveError:
            return False
        return any(task["task_id"] == "ask" and task["state"] == "awaiting_input" for task in tasks)

    _until(f"the question of {run_id}", asked)
    time.sleep(3)


def _sign_in_browser(page: Page, run_id: str) -> None:
    def opened() -> bool:  # grey while the question looks whether it still waits, until read anew
        page.goto(f"/dags/sign_letters/runs/{run_id}/tasks/ask/required_actions")
        page.get_by_text("文稿指纹").wait_for()
        return page.locator("#element_talk_on").is_enabled()

    _until("the form", opened)
    for field, words in (("on", "2024-09-02"), ("with", "办公室某某（演示）"), ("said", "无异议")):
        page.locator(f"#element_talk_{field}").fill(words)
    with page.expect_response(lambda r: "hitlDetails" in r.url and r.request.method == "PATCH") as answered:
        page.get_by_role("button", name="签发", exact=True).click()
    assert answered.value.ok
    page.context.close()


def test_finished_tasks_that_are_cleared_and_run_again_change_nothing(system: System) -> None:
    """With the scheduler killed in the middle of them: `make fault-test`."""
    with Airflow(system.office.settings) as airflow:
        airflow.settle(400)
        airflow.wait(
            "deliver_outbox", airflow.run_dag("deliver_outbox")
        )  # what would leave in the next minutes
        before = _came_to(system.office)
        for flow in ("collect_returns", "close_period", "escalate_overdue", "deliver_outbox"):
            runs = airflow.call("GET", f"/dags/{flow}/dagRuns", params={"state": "success"})["dag_runs"]
            assert clear(airflow, flow, runs[-1]["dag_run_id"])
        airflow.settle(400)
    assert _came_to(system.office) == before
    assert verified(system.office)[1] == []


def _came_to(office: Office) -> dict[str, Told]:
    """Give what the office has come to; a consolidated workbook says when it was made."""
    return {
        name: told
        for name, told in results(office, office.drive_of(PLAN).root).items()
        if name != "consolidated"
    }


def test_a_killed_scheduler_is_started_again_and_takes_what_came_meanwhile_once(system: System) -> None:
    office, scheduler, home = system.office, COMPONENTS[0], airflow_home(system.office.settings)
    workers = _workers(home)
    assert workers
    kill(scheduler, home, alone=True)
    agency = office.plan(PLAN, AUGUST).agency("agriculture")
    SimulatedAgency(office, agency).file(AUGUST)
    scheduler.start(home, environment(office.settings))
    receipts = office.drive.agency_folder(agency.name, "回执")
    _until("the receipt", lambda: list(receipts.glob("2024-08 回执*.xlsx")), 400)
    with Airflow(office.settings) as airflow:
        airflow.settle(400)
    assert len(list(receipts.glob("2024-08 回执*.xlsx"))) == 1
    assert _workers(home).isdisjoint(workers), "those of the killed one would wait for ever"


def _workers(home: Path) -> set[psutil.Process]:
    """Give the scheduler's own processes, and what killed ones left."""
    ours: set[psutil.Process] = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(home) and "LocalExecutor" in " ".join(process.cmdline()):
                ours.add(process)
    return ours


def test_a_months_work_said_no_secret_in_any_log_or_page(system: System) -> None:
    _until("mail, sent by a login", lambda: system.mailbox.received)
    logs = list(leaks.files(airflow_home(system.office.settings) / "logs"))
    assert {"collect_returns", "deliver_outbox", "sign_letters"} <= {
        dag for dag in DAGS if any(f"dag_id={dag}/" in file for file, _ in logs)
    }
    pages = [page for user in ("admin", "engineer", "root") for page in _pages(system, user)]
    read = {where for where, _ in pages}
    assert f"admin /duban/plans/{PLAN}/health" in read
    assert len(read) > 80
    assert leaks.told({"what is no secret": PLAN}, logs), "it is looked for"
    assert leaks.told({"what is no secret": PLAN}, pages)
    assert leaks.told(system.secrets, [*logs, *pages]) == []


def _pages(system: System, user: str) -> Iterator[tuple[str, str]]:
    """Give what a user can read: Airflow's API, `~` for all of a kind, and every page of the board."""
    with Airflow(system.office.settings, user) as airflow:
        headers = {"Authorization": f"Bearer {airflow.token}"}
        described = airflow.http.get("/openapi.json", headers=headers).json()["paths"]
        waiting = [re.sub(r"\{\w+\}", "~", path) for path, ways in described.items() if "get" in ways]
        waiting = [path for path in waiting if "logout" not in path] + ["/duban/", "/ui/config"]
        known = set(waiting)
        while waiting:
            path = waiting.pop()
            answer = airflow.http.get(path, headers=headers, follow_redirects=True)
            if answer.is_success:
                yield f"{user} {path}", answer.text
            found = set(re.findall(r'href="(/duban/[^"#?]*)', answer.text)) - known
            waiting += found
            known |= found


def test_airflows_own_history_is_thinned_out_while_it_runs(system: System) -> None:
    of = system.office.settings
    logs = airflow_home(of) / "logs"
    tasks = [file for file in logs.rglob("attempt=*.log") if "dag_id=collect_returns" in str(file)]
    kept, *old = sorted(tasks)
    for file in old:
        os.utime(file, (0, 0))
    long = b"x" * LARGEST_LOG + b"\n"
    (logs / "triggerer.log").write_bytes(long)  # whose process goes on writing behind it
    before = _came_to(system.office)
    with Airflow(of) as airflow:
        airflow.settle()
        prune(30, of)
        assert kept.exists()
        assert [file for file in old if file.exists()] == []
        assert (logs / "triggerer.log.1").read_bytes().startswith(long)
        assert (logs / "triggerer.log").stat().st_size < LARGEST_LOG
        runs = len(_runs(airflow))
        prune(0, of)
        assert 0 < len(_runs(airflow)) < runs, "the last of each flow stays"
    assert _came_to(system.office) == before
    finance = system.office.plan(PLAN, AUGUST).agency("finance")
    dropped = SimulatedAgency(system.office, finance).file(AUGUST)
    _until("a file dropped afterwards to be seen and taken", lambda: not dropped.exists())
    with Airflow(of) as airflow:
        airflow.settle()


def _runs(airflow: Airflow) -> list[Any]:
    return airflow.call("GET", "/dags/~/dagRuns", params={"limit": 100})["dag_runs"]


def test_it_stops_without_leaving_a_process_behind(system: System) -> None:
    pids = [pid for pid in status(system.office.settings).values() if pid]
    assert len(pids) == 4
    family = [p for pid in pids for p in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    down(system.office.settings)
    alive = [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    assert alive == []
    assert set(status(system.office.settings).values()) == {None}
