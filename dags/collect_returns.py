"""Collect returns: take what agencies dropped, read, validate, accept or return it, answer with a receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from duban_flow import DEFAULT_ARGS, FACTS, PLAN, RETURNS, START, TAG, TEMPLATES, started_for, tell

DOC = """
### 收取报送件

成员单位把填好的表放进共享盘 `责任单位/<单位>/报送/` 后，约一分钟内自动办理：

1. 取走文件（移入 `报送/已收/`），原件存档；
2. 读取并**校验**；
3. 合格的登记数据项，不合格的退回；两种情况都在 `回执/` 放一份**回执**，有问题的单元格在原表上标出。

放入文件即触发；另每 10 分钟巡查一遍，停机期间放入的文件不会遗漏。没有新文件时任务显示为“跳过”。
一个文件有问题不影响其他文件：读不了的也有回执。
"""


@dag(
    dag_display_name="② 收取报送件",
    description="有文件放入报送文件夹即办理：收取、校验、回执",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        assets=RETURNS | TEMPLATES, timetable=CronTriggerTimetable("*/10 * * * *", timezone="Asia/Shanghai")
    ),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=[TAG, "报送"],
    default_args=DEFAULT_ARGS | {"retry_delay": timedelta(seconds=15)},
    params={"plan": PLAN},
)
def collect_returns() -> None:
    """Map over chunks of whole agencies: a task costs a third of a second, loading the validator five."""

    @task(task_display_name="查看报送文件夹")
    def look() -> list[dict[str, Any]]:
        from include.office import collect_returns as office

        return office.pending([target["plan"] for target in started_for()])

    @task(
        task_display_name="收取、校验、回执",
        map_index_template="{{ task.op_kwargs['chunk']['plan'] }}",
        inlets=[TEMPLATES, RETURNS],
        outlets=[FACTS],
    )
    def collect(chunk: dict[str, Any]) -> dict[str, Any]:
        from include.office import collect_returns as office

        return tell(FACTS, office.run(chunk["plan"], chunk["agencies"]))

    collect.expand(chunk=look())


collect_returns()
