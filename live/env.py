"""The environment of every Airflow process of the embedded form: one place for `up`, the demo and tests."""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from pathlib import Path

from include.errors import DubanError
from include.office import clock
from include.settings import ROOT, Settings, settings

HOST = "127.0.0.1"
DEFAULT_PORT = 8080


class LiveError(DubanError):
    """The live system cannot be started, stopped or asked."""


def airflow_home(of: Settings) -> Path:
    """Give the folder of Airflow's own state: database, secrets, passwords, logs."""
    return of.home.resolve() / "airflow"


def port(of: Settings) -> int:
    """Give the port of the UI: the one chosen at the last start, or the default."""
    file = airflow_home(of) / "port"
    return int(file.read_text(encoding="ascii")) if file.exists() else DEFAULT_PORT


def url(of: Settings) -> str:
    """Give the address of the UI."""
    return f"http://{HOST}:{port(of)}"


def environment(of: Settings | None = None) -> dict[str, str]:
    """Give the environment variables of an Airflow process, on top of the caller's own.

    Makes the folder and the secrets if they are not there yet.
    """
    of = of or settings()
    home = airflow_home(of)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.environ | _duban(of) | _airflow(of, home) | _secret(home)


def _duban(of: Settings) -> dict[str, str]:
    """Give what duban's own code needs inside a task."""
    here = str(Path(sys.executable).parent)
    return {
        "DUBAN_HOME": str(of.home.resolve()),
        "DUBAN_PLANS_DIR": str(of.plans_dir.resolve()),
        "PYTHONPATH": str(ROOT),
        "PATH": os.pathsep.join([here, os.environ.get("PATH", os.defpath)]),
        "NO_PROXY": f"{HOST},localhost",  # tasks talk to the api-server; no proxy may come between
        "no_proxy": f"{HOST},localhost",
    }


def _airflow(of: Settings, home: Path) -> dict[str, str]:
    """Give Airflow's settings; what is not here is Airflow's default."""
    address = url(of)
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port(of)),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__INSTANCE_NAME": "督办（演示时钟）" if clock.is_shifted(of) else "督办",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        # How often what a killed scheduler left is looked for; by default that stands for five minutes.
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        # A slot stays busy a whole heartbeat after its task; at the default of 5 s a dropped file waits.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    }


def _secret(home: Path) -> dict[str, str]:
    """Give the secrets of this installation: made once, readable by its owner only."""
    file = home / "secrets.json"
    if not file.exists():
        made = {
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
            "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(48),
            "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
        }
        write_private(file, json.dumps(made, indent=1))
    return json.loads(file.read_text(encoding="utf-8"))


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    part = file.with_suffix(file.suffix + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    part.replace(file)
