"""Publish the digest: the leaders' monthly summary, on its own day."""

from __future__ import annotations

from typing import Any

from airflow.sdk import AssetOrTimeSchedule, dag, task

from duban_flow import (
    AS_OF,
    DEFAULT_ARGS,
    DIGEST,
    EACH_PLAN,
    LETTERS,
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
### 发布工作月报

工作月报在自己的发布日（默认为次月第 10 个工作日）自动发布，除非管理员暂缓。每个工作日 10:00 查看是否到期：

1. 由当月数据写出**工作月报**（PDF、可编辑的 docx、附表）；
2. 放入共享盘 `食药安办/月报/`；
3. 登记发给领导的邮件，由“⑦ 送达”发出。

到发布日仍未签发的文书在月报中列为“待签发”。内容没有变化时不产生新的一版，任务显示为“跳过”。

**重出某个月**：点右上角“触发”，填写“报送月份”。
"""


@dag(
    dag_display_name="⑥ 发布工作月报",
    description="发布日：写出当月工作月报，放入共享盘并登记邮件",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(assets=LETTERS, timetable=working_days("10:00")),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=[TAG, "月报"],
    default_args=DEFAULT_ARGS,
    params={"plan": PLAN, "period": PERIOD, "as_of": AS_OF},
)
def publish_digest() -> None:
    """Ask the office which digests are due, and publish them."""

    @task(
        task_display_name="写出工作月报",
        map_index_template=EACH_PLAN,
        inlets=[PROGRESS, LETTERS],
        outlets=[DIGEST],
    )
    def publish(target: dict[str, Any]) -> dict[str, Any]:
        from include.office import publish_digest as office

        return tell(DIGEST, office.run(target["plan"], target["period"], as_of()))

    publish.expand(target=scope())


publish_digest()
