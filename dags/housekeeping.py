"""Housekeeping: backup, ledger check, a watch on disk and calendar."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from duban_flow import DEFAULT_ARGS, OUTBOX, START, TAG
from duban_timetable import working_days

DOC = """
### 日常维护

每个工作日 07:30：

1. **备份**数据库；
2. **核对台账**，确认历史记录没有被改动；
3. 查看磁盘空间、共享盘是否可用、下一年的工作日历是否已经公布。

发现问题时任务失败并显示为红色，请打开任务日志查看原因和处理办法。
"""


@dag(
    dag_display_name="⑧ 日常维护",
    description="备份、核对台账、查看磁盘和工作日历",
    doc_md=DOC,
    schedule=working_days("07:30"),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=[TAG, "维护"],
    default_args=DEFAULT_ARGS | {"retries": 1},
)
def housekeeping() -> None:
    """Look after the installation."""

    @task(task_display_name="备份、核对、查看", inlets=[OUTBOX])
    def look_after() -> dict[str, Any]:
        from include.office import housekeeping as office

        return office.run()

    look_after()


housekeeping()
