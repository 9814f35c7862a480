"""Real runs of the DAGs, in this process: Airflow's database brought up, tasks run to the end."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import select


class Ran:
    """A run that has ended: its state, and its tasks by id and by the name the UI shows of a mapped one."""

    def __init__(self, run: Any) -> None:
        self.state = str(run.state)
        self.run_id = run.run_id
        self.tasks = {
            (ti.task_id, ti.rendered_map_index or ""): str(ti.state) for ti in run.get_task_instances()
        }


def set_up_airflow() -> dict[str, Any]:
    """Bring Airflow's database up and tell it of the DAGs as the settings make them now; gives them by id."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager  # noqa: PLC0415
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db  # noqa: PLC0415
    from airflow.utils.db import initdb  # noqa: PLC0415

    initdb()
    DagBundlesManager().sync_bundles_to_db()
    bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    assert bag.import_errors == {}
    sync_bag_to_db(bag, "dags-folder", None)
    return dict(bag.dags)


def rows(columns: Any, *conditions: Any) -> list[Any]:
    """Read from Airflow's database."""
    from airflow.utils.session import create_session  # noqa: PLC0415

    with create_session() as session:
        return list(session.execute(select(*columns).where(*conditions)))
