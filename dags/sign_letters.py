"""Sign letters: one run a letter round. The only DAG that waits for a person."""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import chain, dag, task

from duban_flow import CASES, DEFAULT_ARGS, LETTERS, START, TAG, given, nudge
from duban_letters import ASK, LETTER, ROUND, SEND, LetterHITLOperator, apart, asking, decision, signing_dag

DOC = """
### 签发文书

每份文书的每一轮送签是一次运行。打开任务“签发”，或左侧“浏览 → 待办操作”（多地共用时全文在督办看板），选择：

- **签发**：当日为成文日期，随后取号、送达；**退回**（退回拟稿）或**免发**（这次不发）：写明理由。
签发前须登记**事先沟通**（哪天、与谁、对方意见），没有沟通的写明原因。**文号**不填则从号段中取。
只有名单上有权签发的人的决定有效，别人点了会重新送签。等待期间文稿有变动、任务中断，也会重新送签，写明变动；
已被新稿取代、撤回或已在别处办理的，旧的待办在十分钟内自行撤下；有新稿的，接着为新稿送签。
"""


def signing(plan: str) -> None:
    """Make the DAG of one plan that signs apart, or the one the others share (`plan` empty)."""

    @dag(
        dag_id=signing_dag(plan),
        dag_display_name=f"⑤ 签发文书 {plan}".strip(),
        description="一份文书的一轮送签一次运行：等有权签发的人决定",
        doc_md=DOC,
        schedule=None,
        start_date=START,
        catchup=False,
        max_active_runs=1000,  # every run waits for a person
        tags=[TAG, "督办递进", "待办"],
        default_args=DEFAULT_ARGS,
        params={"letter_id": LETTER, "round": ROUND},
    )
    def sign_letters() -> None:
        """Show the draft, wait for a person's answer, record it; ask again where the office says so."""

        @task(task_display_name="文稿", inlets=[CASES])
        def show() -> dict[str, Any]:
            from include.office import sign_letters as office

            return office.question(given()["letter_id"], apart=plan)

        ask = LetterHITLOperator(task_id="ask", task_display_name="签发", **ASK)

        @task(task_display_name="登记决定", retries=6, retry_exponential_backoff=True, outlets=[LETTERS])
        def answer(shown: dict[str, Any], said: dict[str, Any]) -> list[dict[str, Any]]:
            from include.office import clock
            from include.office import sign_letters as office

            asked, said_so = {"round": given()["round"], "now": clock.now()}, decision(said)
            result = office.answer(given()["letter_id"], hash=shown["hash"], **asked, **said_so)
            return asking(nudge(LETTERS, result)["letters"])

        @task(task_display_name="送签中断", trigger_rule="one_failed", retries=6)
        def lost() -> list[dict[str, Any]]:
            from include.office import sign_letters as office

            return asking(office.lost(given()["letter_id"], round=given()["round"])["letters"])

        shown = show()
        answered = answer(shown, ask.output)  # pyright: ignore[reportArgumentType]
        chain(shown, ask)
        for name, again in (("ask_again", answered), ("ask_anew", asked_for := lost())):
            send = TriggerDagRunOperator.partial(task_id=name, task_display_name="重新送签", **SEND)
            send.expand_kwargs(again)
        chain([ask, answered], asked_for)

    sign_letters()


[signing(plan) for plan in ("", *apart())]
