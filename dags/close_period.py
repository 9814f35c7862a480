"""Close a period: missing and late marked, progress computed, figures consolidated, at last locked."""

from __future__ import annotations

from typing import Any

from airflow.sdk import AssetOrTimeSchedule, dag, task

from duban_flow import (
    AS_OF,
    DEFAULT_ARGS,
    EACH_PLAN,
    FACTS,
    PERIOD,
    PLAN,
    PROGRESS,
    START,
    TAG,
    as_of,
    scope,
    tell,
)
from duban_timetable import working_days

DOC = """
### 汇总本月数据

从报送截止时间到锁定日，每个工作日 18:10，以及有新的数据项时：

1. 标出**未报**和**迟报**的单位；
2. 计算各项指标的**完成进度**和亮灯；
3. 数据有变化时生成新一版**汇总报表**（第1版、第2版……），放入共享盘 `食药安办/汇总/`；
4. 到锁定日，锁定该月。

数据没有变化时不产生新的版本，任务显示为“跳过”。

**重算某个月**：点右上角“触发”，填写“报送月份”。
"""


@dag(
    dag_display_name="③ 汇总本月数据",
    description="截止后每个工作日：计算完成进度，生成汇总报表",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(assets=FACTS, timetable=working_days("18:10")),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=[TAG, "汇总"],
    default_args=DEFAULT_ARGS,
    params={"plan": PLAN, "period": PERIOD, "as_of": AS_OF},
)
def close_period() -> None:
    """Ask the office which periods are between their due moment and their lock, and compute them."""

    @task(
        task_display_name="计算进度、生成汇总报表",
        map_index_template=EACH_PLAN,
        inlets=[FACTS],
        outlets=[PROGRESS],
    )
    def compute(target: dict[str, Any]) -> dict[str, Any]:
        from include.office import close_period as office

        return tell(PROGRESS, office.run(target["plan"], target["period"], as_of()))

    compute.expand(target=scope())


close_period()
