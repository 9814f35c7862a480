"""What the DAGs share about signing: the form a signer fills in, how it is read, how a round is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import Param

LETTER = Param(None, type=["null", "integer"], title="文书", description="文书在系统中的编号")
ROUND = Param(1, type="integer", title="轮次", description="第几次送签")
_TEXT: dict[str, Any] = {"type": ["null", "string"], "format": "multiline"}
_LINE: dict[str, Any] = {"type": ["null", "string"]}

# The question: what a signer sees and fills in. `show` is the task that renders the draft.
ASK: dict[str, Any] = {
    "subject": "{{ ti.xcom_pull('show')['title'] }} → {{ ti.xcom_pull('show')['agency'] }}",
    "body": "{{ ti.xcom_pull('show')['text'] }}\n\n---\n文稿指纹 `{{ ti.xcom_pull('show')['hash'] }}`",
    "options": ["签发", "退回", "免发"],
    "params": {
        "talk_on": Param("", title="事先沟通：哪天", description="如 2024-09-02 或 9月2日", **_LINE),
        "talk_with": Param("", title="事先沟通：与谁", **_LINE),
        "talk_said": Param("", title="事先沟通：对方意见", **_TEXT),
        "talk_skipped": Param("", title="没有事先沟通的，写明原因", **_TEXT),
        "number": Param("", title="文号", description="按发文登记簿填写；不填则从号段中取", **_LINE),
        "reason": Param("", title="理由（退回、免发必填）", **_TEXT),
    },
    "response_timeout": timedelta(days=30),
    "retries": 24,  # a lost answer, or a month without one: ask again
    "retry_delay": timedelta(seconds=10),
}

# A round is one run, named by the round: starting it twice is refused, and shown as skipped.
SEND: dict[str, Any] = {
    "trigger_dag_id": "sign_letters",
    "logical_date": None,
    "skip_when_already_exists": True,
    "map_index_template": "{{ task.trigger_run_id }}",
}


def asking(letters: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Turn letter rounds (`id`, `round`, `run_id`) into the runs of `sign_letters` that ask for them."""
    return [
        {"trigger_run_id": letter["run_id"], "conf": {"letter_id": letter["id"], "round": letter["round"]}}
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
