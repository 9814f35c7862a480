"""What the DAGs share about signing: the question, its form and how it is read, how a round is sent.

A question stays open as long as its round waits, and no longer: the task looks at the office before it asks,
and from then on every `DUBAN_QUESTION_LOOK_SECONDS`. Where the letter has a newer round, or was withdrawn,
waived or signed otherwise, the task ends, the question leaves 待办操作, and the newer round is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import TaskAwaitingInput

SIGNING = "sign_letters"
LETTER = Param(None, type=["null", "integer"], title="文书", description="文书在系统中的编号")
ROUND = Param(1, type="integer", title="轮次", description="第几次送签")
_TEXT: dict[str, Any] = {"type": ["null", "string"], "format": "multiline"}
_LINE: dict[str, Any] = {"type": ["null", "string"]}

# The question: what a signer sees and fills in. The task `show` gives it: see `sign_letters.question`.
_BOARD = "/duban/plans/{{ ti.xcom_pull('show')['plan'] }}/letters/{{ params.letter_id }}"
ASK: dict[str, Any] = {
    "subject": "{{ ti.xcom_pull('show')['subject'] }}",
    "body": "{{ ti.xcom_pull('show')['text'] }}\n\n---\n"
    f"[督办看板上的全文]（{_BOARD}）　文稿指纹 `{{{{ ti.xcom_pull('show')['hash'] }}}}`",
    "options": ["签发", "退回", "免发"],
    "params": {
        "talk_on": Param("", title="事先沟通：哪天", description="如 2024-09-02 或 9月2日", **_LINE),
        "talk_with": Param("", title="事先沟通：与谁", **_LINE),
        "talk_said": Param("", title="事先沟通：对方意见", **_TEXT),
        "talk_skipped": Param("", title="没有事先沟通的，写明原因", **_TEXT),
        "number": Param("", title="文号", description="按发文登记簿填写；不填则从号段中取", **_LINE),
        "reason": Param("", title="理由（退回、免发必填）", **_TEXT),
    },
    "retries": 24,  # a lost answer: ask again
    "retry_delay": timedelta(seconds=10),
}

# A round is one run, named by the round: starting it twice is refused, and shown as skipped.
SEND: dict[str, Any] = {
    "logical_date": None,
    "skip_when_already_exists": True,
    "map_index_template": "{{ task.trigger_run_id }}",
}


class LetterHITLOperator(HITLOperator):
    """Asks who signs, for as long as the round of the run waits for an answer."""

    def execute(self, context: Any) -> Any:
        """Ask, unless there is nothing to ask (any more): a cleared task never asks for what is done."""
        self.response_timeout = self._look_again_in()
        return self._settled(context) or super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Give the answer; where none came by the next look, go on waiting for it."""
        if event.get("error_type") != "timeout":
            return super().execute_complete(context, event)
        if settled := self._settled(context):
            return settled
        raise TaskAwaitingInput(method_name="execute_complete", timeout=self._look_again_in())

    @staticmethod
    def _look_again_in() -> timedelta:
        from include.office import sign_letters  # noqa: PLC0415  loading the DAGs loads nothing of duban

        return sign_letters.looks_again_in()

    @staticmethod
    def _settled(context: Any) -> dict[str, Any] | None:
        """Give duban's own answer where the round does not wait: why it does not. It decides nothing."""
        from include.office import sign_letters  # noqa: PLC0415

        asked = context["params"]
        why = sign_letters.settled(asked["letter_id"], round=asked["round"])
        by = {"id": "duban", "name": "duban"}
        return {"chosen_options": [why], "params_input": {}, "responded_by_user": by} if why else None


def apart() -> tuple[str, ...]:
    """Give the plans whose letters are signed in a DAG of their own."""
    from include.office import installed  # noqa: PLC0415

    return installed.signing_apart()


def signing_dag(plan: str) -> str:
    """Name the DAG in which a plan's letters are signed: its own, or the one the plans share."""
    return f"{SIGNING}_{plan}" if plan in apart() else SIGNING


def asking(letters: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Turn letter rounds (`id`, `plan`, `round`, `run_id`) into the runs that ask for them."""
    return [
        {
            "trigger_dag_id": signing_dag(letter["plan"]),
            "trigger_run_id": letter["run_id"],
            "conf": {"letter_id": letter["id"], "round": letter["round"]},
        }
        for letter in letters
    ]


def decision(said: Mapping[str, Any]) -> dict[str, Any]:
    """Read an answered approval: what was chosen, by which user, and why; 事先沟通 and 文号 as filled in.

    Raises:
        ValueError: not exactly one option was chosen; Airflow's API lets none and several through.
    """
    chosen = list(said["chosen_options"])
    if len(chosen) != 1:
        raise ValueError(f"expected exactly one option, got {chosen}")
    written = {key: str(text or "").strip() for key, text in (said.get("params_input") or {}).items()}
    return {
        "decision": chosen[0],
        "user": said["responded_by_user"]["name"],
        "reason": written.get("reason", ""),
        "number": written.get("number", ""),
        "talk": {key: written.get(f"talk_{key}", "") for key in ("on", "with", "said", "skipped")},
    }
