"""Airflow's REST API, as far as the demo and the tests use it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx

from include.foreign import words
from include.settings import Settings, settings
from live.accounts import passwords
from live.env import LiveError, airflow_home, url
from live.roles import DAGS

DONE = ("success", "failed")
TRIES, BUSY = 5, "Database error"


class Airflow:
    """The API as one user of this installation. A context manager."""

    def __init__(self, of: Settings | None = None, user: str = "admin") -> None:
        self.of = of or settings()
        self.user = user
        self._token = ""
        # trust_env: a proxy of the machine must not come between us and loopback
        self.http = httpx.Client(base_url=url(self.of), timeout=60, trust_env=False)

    def __enter__(self) -> Airflow:
        return self

    def __exit__(self, *error: object) -> None:
        self.http.close()

    @property
    def token(self) -> str:
        """What lets this user in, asked for once. Raises: LiveError."""
        self._token = self._token or self._log_in()
        return self._token

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Call the API (`path` after `/api/v2`) and give the JSON of its answer. Raises: LiveError."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            response = self._ask(method, f"/api/v2{path}", headers=headers, **options)
        except httpx.HTTPError as error:
            raise LiveError(f"{method} {path}：{url(self.of)} 的 Airflow 没有应答：{words(error)}") from error
        if response.is_error:
            raise LiveError(f"{method} {path}：{response.status_code} {response.text[:500]}")
        return response.json() if response.content else None

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask; again where the database was busy: SQLite under many tasks, and nothing was taken."""
        for _ in range(TRIES - 1):
            response = self.http.request(method, path, **options)
            if response.status_code != 500 or BUSY not in response.text:
                return response
            time.sleep(2)
        return self.http.request(method, path, **options)

    def _log_in(self) -> str:
        word = passwords(airflow_home(self.of)).get(self.user)
        if word is None:
            raise LiveError(
                f"{airflow_home(self.of)}/passwords.txt 里没有用户“{self.user}”的密码；请运行 make up 建立"
            )
        answered = self.http.post("/auth/token", json={"username": self.user, "password": word})
        if answered.is_error:
            raise LiveError(
                f"Airflow 不接受用户“{self.user}”：{answered.status_code}；请核对 passwords.txt 里的密码"
            )
        return answered.json()["access_token"]

    def run_dag(self, dag_id: str, conf: dict[str, Any] | None = None) -> str:
        """Start a run with parameters and give its run id. Raises: LiveError."""
        body = {"logical_date": None, "conf": conf or {}}
        return self.call("POST", f"/dags/{dag_id}/dagRuns", json=body)["dag_run_id"]

    def wait(self, dag_id: str, run_id: str, timeout: float = 300) -> str:
        """Wait until a run has succeeded; give its state.

        Raises:
            LiveError: it failed (naming the tasks) or took longer than `timeout` seconds.
        """
        end = time.monotonic() + timeout
        while (state := self.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}")["state"]) not in DONE:
            if time.monotonic() > end:
                raise LiveError(f"{dag_id} {run_id} 过了 {timeout:.0f} 秒仍是 {state}")
            time.sleep(0.5)
        if state == "failed":
            names = ", ".join(
                task["task_id"] for task in self.tasks(dag_id, run_id) if task["state"] == "failed"
            )
            raise LiveError(f"{dag_id} {run_id} 的 {names} 失败；请看 {airflow_home(self.of)}/logs 里的日志")
        return state

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Give the task instances of a run (`task_id`, `map_index`, `state`, …)."""
        return self.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]

    def settle(self, timeout: float = 180) -> None:
        """Wait until nothing but `sign_letters` runs or is about to. Raises: LiveError after `timeout` s."""
        end = time.monotonic() + timeout
        while busy := self._under_way():
            if time.monotonic() > end:
                raise LiveError(f"过了 {timeout:.0f} 秒仍在运行：{'、'.join(sorted(busy))}")
            time.sleep(0.5)

    def _under_way(self) -> set[str]:
        """Name the DAGs with a run under way, or nudged to one that the scheduler has not begun yet."""
        runs = self.call("GET", "/dags/~/dagRuns", params={"state": ["running", "queued"], "limit": 100})
        running = {run["dag_id"] for run in runs["dag_runs"]} - {"sign_letters"}
        return running or {dag for dag in DAGS if self._nudged(dag)}

    def _nudged(self, dag_id: str) -> bool:
        return bool(self.call("GET", f"/dags/{dag_id}/assets/queuedEvents")["total_entries"])

    def await_question(self, run_id: str, timeout: float = 60) -> None:
        """Wait until a run of `sign_letters` asks its question. Raises: LiveError after `timeout` seconds."""
        end = time.monotonic() + timeout
        while not any(t["state"] == "awaiting_input" for t in self.tasks("sign_letters", run_id)):
            if time.monotonic() > end:
                raise LiveError(f"sign_letters {run_id} 过了 {timeout:.0f} 秒没有送签")
            time.sleep(0.5)

    def answer(
        self, run_id: str, choice: str, reason: str = "", talk: Mapping[str, str] | None = None
    ) -> None:
        """Answer an approval of `sign_letters` as this user: 签发, 退回 or 免发. Raises: LiveError.

        `talk` is 事先沟通: `on`, `with`, `said`, or `skipped`.
        """
        said = {f"talk_{key}": (talk or {}).get(key, "") for key in ("on", "with", "said", "skipped")}
        written = {"reason": reason, "number": "", **said}  # all fields of the form, or the answer is lost
        body = {"chosen_options": [choice], "params_input": written}
        self.call("PATCH", f"/dags/sign_letters/dagRuns/{run_id}/taskInstances/ask/-1/hitlDetails", json=body)


def run_dag(dag_id: str, conf: dict[str, Any] | None = None, of: Settings | None = None) -> str:
    """Start a run as administrator and give its run id. Raises: LiveError."""
    with Airflow(of) as airflow:
        return airflow.run_dag(dag_id, conf)


def wait(dag_id: str, run_id: str, timeout: float = 300, of: Settings | None = None) -> str:
    """Wait until a run has succeeded. Raises: LiveError if it failed or took longer than `timeout` s."""
    with Airflow(of) as airflow:
        return airflow.wait(dag_id, run_id, timeout)


def answer(
    run_id: str,
    choice: str,
    user: str,
    reason: str = "",
    talk: Mapping[str, str] | None = None,
    of: Settings | None = None,
) -> None:
    """Answer an approval as a user. Raises: LiveError."""
    with Airflow(of, user) as airflow:
        airflow.answer(run_id, choice, reason, talk)
