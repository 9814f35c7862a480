"""Deliver the outbox: mail and shared drive, each message once, retried, recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from duban_flow import CASES, DEFAULT_ARGS, DIGEST, EACH_PLAN, LETTERS, OUTBOX, PLAN, START, TAG, scope, tell

DOC = """
### 送达

所有对外发出的邮件和文件先登记，再由这里发出：每 10 分钟一次，以及有新的催报、文书、月报时。

- 每一件**只发一次**，结果逐件记录；
- 邮件服务器或共享盘不通时自动重试，恢复后按顺序补发；
- 正式文书是否已经发出无法确定时，不会重发，列入“待核实”由人决定。

演示和试用时邮件不真正发出，而是写成 .eml 文件。没有待发的，任务显示为“跳过”。
"""


@dag(
    dag_display_name="⑦ 送达",
    description="发出已登记的邮件和文件：每件一次，失败重试，逐件记录",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        assets=CASES | LETTERS | DIGEST,
        timetable=CronTriggerTimetable("5-59/10 * * * *", timezone="Asia/Shanghai"),
    ),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=[TAG, "送达"],
    default_args=DEFAULT_ARGS
    | {"retries": 3, "retry_delay": timedelta(minutes=1), "retry_exponential_backoff": True},
    params={"plan": PLAN},
)
def deliver_outbox() -> None:
    """Send what waits, plan by plan."""

    @task(
        task_display_name="发出",
        map_index_template=EACH_PLAN,
        inlets=[CASES, LETTERS, DIGEST],
        outlets=[OUTBOX],
    )
    def deliver(target: dict[str, Any]) -> dict[str, Any]:
        from include.office import deliver_outbox as office

        return tell(OUTBOX, office.run(target["plan"]))

    deliver.expand(target=scope())


deliver_outbox()
