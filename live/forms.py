"""The two forms of the live system: what processes it is, and what of Airflow's settings differs.

Embedded is one machine, SQLite, tasks in the scheduler's own processes. Production is the same processes with
PostgreSQL, Redis and Celery workers, as `docker-compose.yaml` has them; here on loopback, to be tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from live.env import HOST
from live.processes import Component

# Started and stopped one by one: `airflow standalone` opens log servers to the network and orphans its
# children. `--skip-serve-logs`: on one machine the UI reads logs from the same disk. The first is stopped
# before the others: a scheduler whose api-server is gone hangs.
COMPONENTS = (
    Component("scheduler", ("scheduler", "--skip-serve-logs")),
    Component("triggerer", ("triggerer", "--skip-serve-logs")),
    Component("dag-processor", ("dag-processor",)),
    Component("api-server", ("api-server", "--host", HOST)),
)


@dataclass(frozen=True)
class Form:
    """A form of the live system: its processes, the first to be stopped first; its own Airflow settings."""

    components: tuple[Component, ...] = COMPONENTS
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


EMBEDDED = Form()
# A worker that is gone is noticed within a minute, not five: its task is tried again on another.
LOST_WORKER = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "120",
}


def production(database: str, broker: str, *, workers: int = 2) -> Form:
    """Give the production form: Airflow's `database` (PostgreSQL, psycopg2), the `broker` (Redis)."""
    return Form(
        (*COMPONENTS, *(_worker(number) for number in range(1, workers + 1))),
        {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
            "AIRFLOW__CELERY__BROKER_URL": broker,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{database}",
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
            **LOST_WORKER,
        },
    )


def _worker(number: int) -> Component:
    name = f"worker-{number}"
    own = ("--celery-hostname", name, "--pid", f"{name}.pid")  # several on one machine
    return Component(name, ("celery", "worker", "--skip-serve-logs", *own))
