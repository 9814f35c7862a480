"""Escalate what is overdue: cases and drafts of letters, as the ladder says. Proposes only; people sign."""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import AssetOrTimeSchedule, chain, dag, task

from duban_flow import AS_OF, CASES, DEFAULT_ARGS, EACH_PLAN, PLAN, PROGRESS, START, TAG, as_of, scope, tell
from duban_letters import SEND, asking
from duban_timetable import working_days

DOC = """
### 督办递进

每个工作日 09:10，以及完成进度有变化时，按**递进措施**
（催报 → 提醒敦促函 → 整改通知书 → 约谈通知书 → 挂牌督办）查看：

1. 哪些督办事项要新开、升一步或销号；
2. 需要发文的，**只拟稿**，不发出；
3. 每份待签发的文书启动一次“⑤ 签发文书”，等有权签发的人决定。

同一份文书的同一轮只会启动一次：再次启动显示为“跳过”，属正常情况。
"""


@dag(
    dag_display_name="④ 督办递进",
    description="工作日早上：按递进措施提出督办事项，拟稿待签",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(assets=PROGRESS, timetable=working_days("09:10")),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    tags=[TAG, "督办递进"],
    default_args=DEFAULT_ARGS,
    params={"plan": PLAN, "as_of": AS_OF},
)
def escalate_overdue() -> None:
    """Propose, plan by plan; then start one run of `sign_letters` for each letter round that waits.

    What waits is asked for whichever plan failed: a place's letters do not wait for its neighbour's. The run
    is red all the same.
    """

    @task(
        task_display_name="提出督办事项、拟稿",
        map_index_template=EACH_PLAN,
        inlets=[PROGRESS],
        outlets=[CASES],
    )
    def propose(target: dict[str, Any]) -> dict[str, Any]:
        from include.office import escalate_overdue as office

        return tell(CASES, office.run(target["plan"], as_of()))

    @task(task_display_name="待签发的文书", trigger_rule="all_done")
    def waiting(targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
        from include.office import escalate_overdue as office

        return asking(office.waiting([target["plan"] for target in targets]))

    everywhere = EmptyOperator(
        task_id="everywhere", task_display_name="各地都已办", trigger_rule="none_failed"
    )
    targets = scope()
    proposed = propose.expand(target=targets)
    asked_for = waiting(targets)  # pyright: ignore[reportArgumentType]
    send = TriggerDagRunOperator.partial(task_id="send", task_display_name="送签", **SEND)
    send.expand_kwargs(asked_for)  # pyright: ignore[reportArgumentType]
    chain(proposed, [asked_for, everywhere])


escalate_overdue()
