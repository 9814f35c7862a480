"""Sign letters: one run a letter round. The only DAG that waits for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, task
from duban_flow import CASES, DEFAULT_ARGS, LETTERS, START, TAG, asking, decision, tell

DOC = """
### 签发文书

每份文书的每一轮送签是一次运行。打开运行中的任务“签发”,或左侧“浏览 → 待办操作”,可以看到文书全文,选择:

- **签发**:当日为成文日期,随后取号、送达;
- **退回**:退回拟稿,请写明理由;
- **免发**:这次不发,请写明理由。

**事先沟通**一栏写明与对方单位何时、与谁沟通、对方意见;没有沟通的写明原因。

只有名单上有权签发的人的决定有效,别人点了会重新送签。等待期间文稿如有变动,也会重新送签。
"""

SUBJECT = "{{ ti.xcom_pull('show')['title'] }} → {{ ti.xcom_pull('show')['agency'] }}"
BODY = "{{ ti.xcom_pull('show')['text'] }}\n\n---\n文稿指纹 `{{ ti.xcom_pull('show')['hash'] }}`"
TEXT = {"type": ["null", "string"], "format": "multiline"}


@dag(
    dag_display_name="⑤ 签发文书",
    description="一份文书的一轮送签一次运行:等有权签发的人决定",
    doc_md=DOC,
    schedule=None,
    start_date=START,
    catchup=False,
    max_active_runs=1000,  # every run waits for a person
    tags=[TAG, "督办递进", "待办"],
    default_args=DEFAULT_ARGS,
    params={"letter_id": Param(None, type=["null", "integer"], title="文书"), "round": Param(1, title="轮次")},
)
def sign_letters() -> None:
    """Show the draft, wait for a person's answer, record it; ask again where the office says so."""

    @task(task_display_name="文稿", inlets=[CASES])
    def show(params: Any = None) -> dict[str, Any]:
        from include.office import sign_letters as office

        return office.show(params["letter_id"])

    ask = HITLOperator(
        task_id="ask",
        task_display_name="签发",
        subject=SUBJECT,
        body=BODY,
        options=["签发", "退回", "免发"],
        params={"reason": Param("", title="理由(退回、免发必填)", **TEXT), "talk": Param("", title="事先沟通", **TEXT)},
        response_timeout=timedelta(days=30),
        retries=24,  # a lost answer, or a month without one: ask again
        retry_delay=timedelta(seconds=10),
    )

    @task(task_display_name="登记决定", retries=6, retry_exponential_backoff=True)
    def answer(shown: dict[str, Any], said: dict[str, Any], params: Any = None) -> dict[str, Any]:
        from include.office import clock, sign_letters as office

        return office.answer(params["letter_id"], hash=shown["hash"], now=clock.now(), **decision(said))

    @task(task_display_name="登记变化", inlets=[CASES], outlets=[LETTERS])
    def register(result: dict[str, Any], outlet_events: Any = None) -> None:
        tell(outlet_events, LETTERS, result)

    @task(task_display_name="要重新送签的")
    def waiting(result: dict[str, Any]) -> list[dict[str, Any]]:
        return asking(result.get("letters", []))

    shown = show()
    shown >> ask
    answered = answer(shown, ask.output)
    register(answered)
    TriggerDagRunOperator.partial(
        task_id="ask_again", task_display_name="重新送签", trigger_dag_id="sign_letters", logical_date=None,
        skip_when_already_exists=True,
    ).expand_kwargs(waiting(answered))


sign_letters()
