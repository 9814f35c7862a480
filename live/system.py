"""The processes together: prepared, started until healthy, stopped in the right order."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import httpx

from include.office import clock
from include.settings import ROOT, Settings, settings
from live.env import DEFAULT_PORT, HOST, LiveError, airflow_home, environment, url
from live.forms import EMBEDDED, Form
from live.rest import Airflow
from live.roles import DAGS

Say = Callable[[str], None]


def up(of: Settings | None = None, say: Say = print, timeout: float = 180, form: Form = EMBEDDED) -> str:
    """Start the live system and wait until it is healthy; give its address. One that runs is left alone.

    Raises:
        LiveError: it cannot be prepared, a process ended, or it is not healthy within `timeout` seconds.
    """
    of = of or settings()
    home = airflow_home(of)
    if all(component.pid(home) for component in form.components):
        say(f"督办系统已在运行：{url(of)}")
        return url(of)
    down(of, lambda _: None, form)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / "port").write_text(str(_free_port()), encoding="ascii")
    env = form.environment(environment(of))
    new_users = _prepare(home, env, say)
    for component in reversed(form.components):
        component.start(home, env)
    _await_health(of, home, say, time.monotonic() + timeout, form)
    clock.resume(of)
    _tell_where(of, home, say, new_users)
    return url(of)


def down(of: Settings | None = None, say: Say = print, form: Form = EMBEDDED) -> None:
    """Stop what runs of the live system; a demo's clock stands still until the next start."""
    of = of or settings()
    home = airflow_home(of)
    running = [component for component in form.components if component.pid(home)]
    if not running:
        say("督办系统没有在运行")
    for together in (running[:1], running[1:]):
        asked = [(component, component.ask_to_end(home)) for component in together]
        for component, pid in asked:
            component.see_end(home, pid)
            say(f"  {component.name} 已停止")
    for component in form.components:
        component.end_left(home)
    if running:
        clock.stop(of)
        say("督办系统已停止")


def status(of: Settings | None = None, form: Form = EMBEDDED) -> dict[str, int | None]:
    """Give the pid of each process, None where it is not running."""
    home = airflow_home(of or settings())
    return {component.name: component.pid(home) for component in form.components}


def _free_port() -> int:
    """Give the port asked for (`DUBAN_PORT`), or the first free one of the default. Raises: LiveError."""
    wanted = os.environ.get("DUBAN_PORT", "")
    if wanted and not wanted.isdecimal():
        raise LiveError("DUBAN_PORT 写得不对；应为端口号，如 8080")
    for number in [int(wanted)] if wanted else range(DEFAULT_PORT, DEFAULT_PORT + 100):
        with socket.socket() as probe:
            # as the server will bind: a port that only lingers from the last stop is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, number))
            except OSError:
                continue
            return number
    raise LiveError(f"端口 {wanted or DEFAULT_PORT} 已被占用；请把 DUBAN_PORT 设为空闲的端口")


def _prepare(home: Path, env: dict[str, str], say: Say) -> list[str]:
    """Bring Airflow's database to its schema and make the users; give the lines of new users' passwords."""
    stamp = home / "migrated"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != version("apache-airflow"):
        say("  准备 Airflow 数据库……")
        run_logged([sys.executable, "-m", "airflow", "db", "migrate"], home, env)
        stamp.write_text(version("apache-airflow"), encoding="ascii")
    before = _lines(home / "passwords.txt")
    say("  准备用户……")
    run_logged([sys.executable, "-m", "live.accounts"], home, env)
    return [
        line for line in _lines(home / "passwords.txt") if line not in before and not line.startswith("#")
    ]


def run_logged(command: list[str], home: Path, env: dict[str, str]) -> None:
    """Run a command to its end, its words in a log. Raises: LiveError with the end of the log."""
    log = home / "logs" / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        ended = subprocess.run(command, env=env, cwd=ROOT, stdout=out, stderr=out, check=False)  # noqa: S603
    if ended.returncode:
        raise LiveError(f"{' '.join(command[1:])} 没有成功；{log} 的末尾：\n{_tail(log)}")


def _await_health(of: Settings, home: Path, say: Say, end: float, form: Form) -> None:
    """Wait for every component to say it is healthy, and for the DAGs. Raises: LiveError."""
    begun, told = time.monotonic(), ""
    while True:
        _see_all_alive(home, form)  # before asking: on our port somebody else's server could answer
        waiting = _unhealthy(of) or _unseen_dags(of)
        if not waiting:
            say(f"  全部就绪（{time.monotonic() - begun:.0f} 秒）")
            return
        if waiting != told:
            say(f"  {time.monotonic() - begun:3.0f} 秒 等待：{waiting}")
            told = waiting
        if time.monotonic() > end:
            raise LiveError(f"没有就绪：{waiting}；请看 {home / 'logs'} 里的日志")
        time.sleep(1)


def _see_all_alive(home: Path, form: Form) -> None:
    """Look whether every process is still there. Raises: LiveError with the end of its log."""
    for component in form.components:
        if component.pid(home) is None:
            raise LiveError(f"{component.name} 已退出；日志末尾：\n{_tail(component.log_file(home))}")


def _unhealthy(of: Settings) -> str:
    """Name what is not healthy yet; empty if all is."""
    try:
        health = httpx.get(f"{url(of)}/api/v2/monitor/health", timeout=10, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return "api-server"
    parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    return "、".join(part for part in parts if (health.get(part) or {}).get("status") != "healthy")


def _unseen_dags(of: Settings) -> str:
    """Name the DAGs that Airflow does not show yet. Raises: LiveError if one cannot be loaded."""
    with Airflow(of) as airflow:
        seen = {dag["dag_id"] for dag in airflow.call("GET", "/dags", params={"limit": 100})["dags"]}
        if errors := airflow.call("GET", "/importErrors")["import_errors"]:
            raise LiveError(
                "\n".join(f"{error['filename']} 不能载入：{error['stack_trace']}" for error in errors)
            )
    return "、".join(dag for dag in DAGS if dag not in seen)


def _tell_where(of: Settings, home: Path, say: Say, new_users: list[str]) -> None:
    say(f"督办系统已启动：{url(of)}")
    say(f"  看板：{url(of)}/plugin/duban    待办操作：{url(of)}/required_actions")
    say(f"  共享盘：{of.drive}    日志：{home / 'logs'}")
    if new_users:
        say(f"  新建的用户（只显示这一次；另存于 {home / 'passwords.txt'}）：")
        for line in new_users:
            name, password, title = line.split("\t")
            say(f"    {name:14} {password:18} {title}")
    else:
        say(f"  用户名和密码：{home / 'passwords.txt'}")
    say("  停止：make down")


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _tail(file: Path, lines: int = 20) -> str:
    return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
