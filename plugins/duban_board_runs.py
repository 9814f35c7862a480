"""The last run of each of duban's DAGs, for who may see runs in Airflow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from sqlalchemy import func, select

STATES = {"success": "成功", "failed": "失败", "running": "正在运行", "queued": "排队"}
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Run:
    """The last run of a DAG; times are the real clock's, not a demo's."""

    dag_id: str
    name: str
    run_id: str
    state: str
    began_at: datetime | None
    paused: bool


def last_runs(user: BaseUser) -> list[Run]:
    """Give the last run of each DAG a user may see; none for somebody who may not see runs."""
    manager = get_auth_manager()
    if not manager.is_authorized_dag(method="GET", access_entity=DagAccessEntity.RUN, user=user):
        return []
    newest = select(func.max(DagRun.id)).group_by(DagRun.dag_id)
    query = (
        select(DagModel, DagRun)
        .outerjoin(DagRun, (DagRun.dag_id == DagModel.dag_id) & DagRun.id.in_(newest))
        .where(~DagModel.is_stale, DagModel.dag_id.in_(manager.get_authorized_dag_ids(user=user)))
        .order_by(DagModel.dag_display_name)
    )
    with create_session() as session:
        return [_run(dag, run) for dag, run in session.execute(query)]


def _run(dag: DagModel, run: DagRun | None) -> Run:
    return Run(
        dag_id=dag.dag_id,
        name=dag.dag_display_name,
        run_id=run.run_id if run else "",
        state=STATES.get(str(run.state), str(run.state)) if run else "没有运行过",
        began_at=run.start_date.astimezone(_SHANGHAI) if run and run.start_date else None,
        paused=bool(dag.is_paused),
    )
