"""Open a period: templates into the agencies' folders, returns owed."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from duban_flow import DEFAULT_ARGS, EACH_PLAN, PERIOD, PLAN, START, TAG, TEMPLATES, scope, tell
from duban_timetable import working_days

DOC = """
### 开启报送月份

每个工作日 08:30 查看有没有该开启的月份（默认为当月最后一个工作日）。开启时：

1. 为每个成员单位生成该月的**填报模板**，放入共享盘 `责任单位/<单位>/待报/`；
2. 登记每个单位该月应报的报表和截止时间。

已经开启的月份不会重复开启；单位改动过的文件不会被覆盖。没有该开启的月份时，任务显示为“跳过”，属正常情况。

**重办某个月**：点右上角“触发”，填写“报送月份”。
"""


@dag(
    dag_display_name="① 开启报送月份",
    description="工作日早上：为该开启的月份发放填报模板",
    doc_md=DOC,
    schedule=working_days("08:30"),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=[TAG, "报送"],
    default_args=DEFAULT_ARGS,
    params={"plan": PLAN, "period": PERIOD},
)
def open_period() -> None:
    """Ask the office what to open, and open it."""

    @task(task_display_name="发放填报模板", map_index_template=EACH_PLAN, outlets=[TEMPLATES])
    def hand_out(target: dict[str, Any]) -> dict[str, Any]:
        from include.office import open_period as office

        return tell(TEMPLATES, office.run(target["plan"], target["period"]))

    hand_out.expand(target=scope())


open_period()
