"""The two forms of the live system: what processes it is, and what of Airflow's settings differs.

Embedded is one machine, SQLite, tasks in the scheduler's own processes. Production is the same processes with
PostgreSQL, Redis and Celery workers, as `docker-compose.yaml` has them; here on loopback, to be tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from include.settings import ROOT
from live.env import HOST
from live.processes import Component

# Started and stopped one by one: `airflow standalone` opens log servers to the network and orphans its
# children. `--skip-serve-logs`: on one machine the UI reads logs from the same disk. The first is stopped
# before the others: a scheduler whose api-server is gone hangs.
COMPONENTS = (
    Component("scheduler", ("scheduler", "--skip-serve-logs")),
    Component("triggerer", ("triggerer", "--skip-serve-logs")),
    Component("dag-processor", ("dag-processor",)),
    # Who came, and whether by TLS, a proxy of the house says; uvicorn believes this machine alone.
    Component("api-server", ("api-server", "--host", HOST, "--proxy-headers")),
)


@dataclass(frozen=True)
class Form:
    """A form of the live system: its processes, the first to be stopped first; its own environment.

    A variable that is None is taken out of the embedded form's.
    """

    components: tuple[Component, ...] = COMPONENTS
    settings: Mapping[str, str | None] = field(default_factory=dict[str, str | None])

    def environment(self, embedded: Mapping[str, str]) -> dict[str, str]:
        """Give the environment of its processes, from that of the embedded form."""
        return {name: value for name, value in {**embedded, **self.settings}.items() if value is not None}


EMBEDDED = Form()
SECRET = ROOT / "secret.sh"  # says a secret; in the image it is called `secret`
# A worker that is gone is noticed within a minute, not five: its task is tried again on another.
LOST_WORKER = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "120",
}


def production(secrets: Path, database: str, broker: str, *, workers: int = 2) -> Form:
    """Give the production form.

    Args:
        secrets: folder of the secrets, a file each, named as in `docker-compose.yaml`.
        database: address of Airflow's (PostgreSQL, psycopg2), `{}` for the password.
        broker: address of Redis, `{}` for the password.
        workers: how many Celery workers.
    """
    return Form(
        (*COMPONENTS, *(_worker(number) for number in range(1, workers + 1))),
        {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
            **LOST_WORKER,
            "SECRETS": str(secrets),
            **_told("DATABASE__SQL_ALCHEMY_CONN", f"duban_database_password {database}"),
            **_told("CELERY__RESULT_BACKEND", f"duban_database_password db+{database}"),
            **_told("CELERY__BROKER_URL", f"redis_password {broker}"),
            **_told("CORE__FERNET_KEY", "airflow_fernet_key"),
            **_told("API__SECRET_KEY", "airflow_secret_key"),
            **_told("API_AUTH__JWT_SECRET", "airflow_jwt_secret"),
        },
    )


def _told(option: str, secret: str) -> dict[str, str | None]:
    """Let a program tell Airflow an option that holds a secret, instead of the environment."""
    return {f"AIRFLOW__{option}": None, f"AIRFLOW__{option}_CMD": f"{SECRET} {secret}"}


def _worker(number: int) -> Component:
    name = f"worker-{number}"
    own = ("--celery-hostname", name, "--pid", f"{name}.pid")  # several on one machine
    return Component(name, ("celery", "worker", "--skip-serve-logs", *own))
