"""`duban doctor`: a line for each thing the system stands on; what is broken hides nothing else."""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
import trustme
from sqlalchemy import text, update

from demo.setting import PLAN, set_stage
from include.cli import main
from include.office import alarms, clock, doctor, noted, open_period
from include.office.doctor import FAIL, OK, WARN, Line, examine
from include.settings import ROOT, Settings, settings
from include.store import schema as t
from include.store.engine import Store
from tests.integration.office.conftest import Stage, settings_for
from tests.mailbox import Mailbox
from tests.ports import free_port

DATABASES = ("sqlite",)


def told(lines: list[Line], check: str) -> list[tuple[str, str, str]]:
    return [(line.state, line.text, line.mend) for line in lines if line.check == check]


def only(lines: list[Line], check: str) -> tuple[str, str, str]:
    (line,) = told(lines, check)
    return line


def test_where_all_is_well_every_check_says_so(stage: Stage) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    (stage.office.settings.home / "duban.env").chmod(0o600)
    stage.office.settings.people_file.chmod(0o600)
    lines = examine(stage.office.settings)
    assert list(dict.fromkeys(line.check for line in lines)) == list(doctor.CHECKS)
    assert [line for line in lines if line.state != OK] == [
        Line(
            "clock",
            "时钟",
            WARN,
            "演示时钟 2024-01-31 08:30",
            "正式使用前删去 DUBAN_CLOCK_START 和 DUBAN_HOME/clock.json",
        )
    ]
    assert [text for _, text, _ in told(lines, "fonts")][1].startswith("仿宋_GB2312 用 ")
    assert not list(stage.office.drive.root.glob(".duban-probe"))


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_hidden(stage: Stage, tmp_path: Path) -> None:
    office, of = stage.office, stage.office.settings
    stage.at("2024-01-31T08:30")
    open_period.run(office=office)
    with office.store.writing() as connection:
        connection.execute(update(t.ledger).where(t.ledger.c.seq == 1).values(actor="somebody else"))
        connection.execute(update(t.message).values(state="pending", attempts=99, detail="断开"))
    plans = tmp_path / "plans"
    (plans / "broken-2024").mkdir(parents=True)
    (plans / "broken-2024" / "plan.yaml").write_text("id: [", encoding="utf-8")
    (plans / PLAN).symlink_to(ROOT / "plans" / PLAN)
    noted.failed("⑦ 送达", "deliver", RuntimeError("no route"), of=of)
    (of.home / "duban.env").write_text("DUBAN_SMPT_HOST=mail\n", encoding="utf-8")
    (of.home / "duban.env").chmod(0o644)
    office.drive.root.rename(tmp_path / "away")
    broken = of.model_copy(
        update={
            "plans_dir": plans,
            "least_free_mb": 1 << 40,
            "mail_mode": "smtp",
            "smtp_port": free_port(),
            "airflow_url": f"http://127.0.0.1:{free_port()}",
        }
    )
    lines = examine(broken, "2024-01-30T08:30")
    assert list(dict.fromkeys(line.check for line in lines)) == list(doctor.CHECKS)
    assert all(line.mend for line in lines if line.state != OK)
    for check, state, words in (
        ("config", WARN, "没有 DUBAN_SMPT_HOST 这项设置"),
        ("drive", FAIL, "打不开或不能写入"),
        ("mail", FAIL, "连不上"),
        ("disk", FAIL, "磁盘空间不足"),
        ("clock", FAIL, "时钟被拨回"),
        ("airflow", FAIL, "没有应答"),
        ("plans", FAIL, "broken-2024"),
        ("flows", FAIL, "“deliver”失败：no route"),
        ("ledger", FAIL, "broken-2024 没有查成"),
        ("ledger", FAIL, f"{PLAN} 台账第1条"),  # beside a broken plan
        ("outbox", WARN, "多次送达不成"),
        ("secrets", WARN, f"{of.home / 'duban.env'} 别的用户也能读"),
    ):
        found = told(lines, check)
        assert any(state == s and words in said for s, said, _ in found), (check, found)
    assert only(lines, "database")[0] == OK
    (plans / "broken-2024" / "plan.yaml").unlink()
    lines = examine(broken, "2024-01-30T08:30", only=["ledger", "outbox"])
    assert "第1条" in only(lines, "ledger")[1]
    assert all("多次送达不成" in said for _, said, _ in told(lines, "outbox"))
    assert len(told(lines, "outbox")) > 20


def test_doctor_and_alarms_say_the_same_of_the_same(stage: Stage) -> None:
    stage.office.settings.least_free_mb = 1 << 40
    alarms.watch(stage.office, stage.office.now())
    (alarm,) = alarms.standing(PLAN, office=stage.office)
    now = only(examine(stage.office.settings, only=["disk"]), "disk")[1]
    assert _apart_from_the_space_left(now) == _apart_from_the_space_left(alarm["text"])


def test_a_drive_on_another_disk_is_looked_at_too(home: Settings) -> None:
    with TemporaryDirectory(dir="/dev/shm") as another:  # a disk of its own
        drive = Path(another, "drive")
        drive.mkdir()
        of = home.model_copy(update={"drive_dir": drive})
        assert str(drive) in only(examine(of, only=["disk"]), "disk")[1]
        full = of.model_copy(update={"least_free_mb": 1 << 40})
        assert {folder for folder in (of.home, drive) if _is_told_full(full, folder)} == {of.home, drive}


def _is_told_full(of: Settings, folder: Path) -> bool:
    found = told(examine(of, only=["disk"]), "disk")
    return any(state == FAIL and f"：{folder} 只剩" in said for state, said, _ in found)


def _apart_from_the_space_left(text: str) -> str:
    return re.sub(r"\d+ MiB", "… MiB", text)


def test_an_empty_an_older_and_a_newer_database_are_told_and_left_alone(home: Settings) -> None:
    set_stage(home).store.close()
    older = home.model_copy(update={"database_url": f"sqlite:///{home.home / 'older.db'}"})
    assert "还是空的" in only(examine(older, only=["database"]), "database")[1]
    store = Store(older.database)
    store.migrate("0001")
    state, said, mend = only(examine(older, only=["database"]), "database")
    assert (state, "结构 0001，最新是" in said, "duban backup" in mend) == (WARN, True, True)
    assert store.revisions()[0] == "0001"
    store.migrate()
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    state, said, _ = only(examine(older, only=["database"]), "database")
    assert (state, "结构 9999 比程序新" in said) == (FAIL, True)


def test_a_database_that_is_away_leaves_the_other_checks(home: Settings) -> None:
    set_stage(home).store.close()
    url = f"postgresql+psycopg://duban:hush@127.0.0.1:{free_port()}/duban"
    lines = examine(home.model_copy(update={"database_url": url}), only=["database", "drive", "plans"])
    state, said, mend = only(lines, "database")
    assert (state, "数据库打不开" in said, "DUBAN_DATABASE_URL" in mend) == (FAIL, True, True)
    assert only(lines, "drive")[0] == OK
    assert only(lines, "plans")[0] == FAIL, "it needs the database, and says so"
    assert "hush" not in repr(lines)


def test_clocks_are_held_against_the_database_server(postgresql: Any, tmp_path: Path) -> None:
    url = postgresql.fresh_database()
    of = settings_for(tmp_path / "home", url)
    set_stage(of).store.close()
    (of.home / "clock.json").unlink()
    assert only(examine(of, only=["clock"]), "clock")[0] == OK
    postgresql.drop(url)


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize(
    ("password", "ca", "state", "words"),
    [
        ("right", True, OK, "已登录，没有发信"),
        ("wrong", True, FAIL, "不接受用户名或密码"),
        ("right", False, FAIL, "连不上：对方的证书不可信"),
    ],
)
def test_the_mail_server_is_greeted_and_sent_nothing(
    stage: Stage, tmp_path: Path, password: str, ca: bool, state: str, words: str
) -> None:
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with Mailbox(certificate=context, password="right") as mailbox:  # noqa: S106
        of = stage.office.settings.model_validate(
            stage.office.settings.model_dump()
            | {
                "mail_mode": "smtp",
                "smtp_port": mailbox.port,
                "smtp_user": "duban",
                "smtp_password": password,
                "smtp_ca_file": tmp_path / "ca.pem" if ca else None,
            }
        )
        lines = examine(of, only=["mail"])
        assert mailbox.received == []
    found = only(lines, "mail")
    assert (found[0], words in found[1]) == (state, True), found


@contextmanager
def airflow(health: dict[str, Any]) -> Iterator[int]:
    """A server that says how Airflow's parts are; gives its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/api/v2/monitor/health"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(health).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("scheduler", "state", "words"), [("healthy", OK, "都正常"), ("ill", FAIL, "scheduler 不正常")]
)
def test_airflow_is_asked_for_its_parts(stage: Stage, scheduler: str, state: str, words: str) -> None:
    parts = {part: {"status": "healthy"} for part in ("metadatabase", "triggerer", "dag_processor")}
    folder = stage.office.settings.home / "airflow"
    folder.mkdir()
    with airflow({**parts, "scheduler": {"status": scheduler}}) as port:
        (folder / "port").write_text(str(port), encoding="ascii")
        found = only(examine(stage.office.settings, only=["airflow"]), "airflow")
    assert (found[0], words in found[1]) == (state, True), found


@pytest.fixture
def duban(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str]]:
    """Run a command line; gives its exit code and what it printed."""

    def run(*arguments: str) -> tuple[Any, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        return ended.value.code, capsys.readouterr().out

    return run


def test_from_a_shell_the_exit_code_tells_and_json_is_for_programs(
    home: Settings, duban: Callable[..., tuple[Any, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_stage(home).store.close()
    code, out = duban("doctor")
    assert (code, "正常  数据库：" in out, "注意  时钟：演示时钟" in out) == (0, True, True)
    clock.start(home, clock.parse("2026-12-02T09:00"), stopped=True)
    code, out = duban("doctor", "calendar", "--json")
    (line,) = [line for line in json.loads(out) if line["check"] == "calendar"]
    assert (code, line["state"]) == (0, "warn")
    monkeypatch.setenv("DUBAN_SMTP_PORT", "hush-hush")
    settings.cache_clear()
    code, out = duban("doctor")
    assert (code, "有误  设置：DUBAN_SMTP_PORT" in out, "hush" in out) == (1, True, False)
    assert os.environ["DUBAN_HOME"] == str(home.home)
