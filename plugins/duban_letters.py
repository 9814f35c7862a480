"""What the DAGs share about signing: the form a signer fills in, how it is read, how a round is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from airflow.sdk import Param

LETTER = Param(None, type=["null", "integer"], title="文书", description="文书在系统中的编号")
ROUND = Param(1, type="integer", title="轮次", description="第几次送签")
_TEXT = {"type": ["null", "string"], "format": "multiline"}

# What a signer sees and fills in. `show` is the task that renders the draft.
FORM: dict[str, Any] = {
    "subject": "{{ ti.xcom_pull('show')['title'] }} → {{ ti.xcom_pull('show')['agency'] }}",
    "body": "{{ ti.xcom_pull('show')['text'] }}\n\n---\n文稿指纹 `{{ ti.xcom_pull('show')['hash'] }}`",
    "options": ["签发", "退回", "免发"],
    "params": {
        "reason": Param("", title="理由（退回、免发必填）", **_TEXT),
        "talk": Param("", title="事先沟通（何时、与谁、对方意见；没有沟通的写明原因）", **_TEXT),
    },
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
    """Read an answered approval: what was chosen, by which user, and why, with what was talked over before.

    Raises:
        ValueError: not exactly one option was chosen; Airflow's API lets none and several through.
    """
    chosen = list(said["chosen_options"])
    if len(chosen) != 1:
        raise ValueError(f"expected exactly one option, got {chosen}")
    written = said.get("params_input") or {}
    reason, talk = (str(written.get(key) or "").strip() for key in ("reason", "talk"))
    parts = [reason, f"事先沟通：{talk}" if talk else ""]
    return {
        "decision": chosen[0],
        "user": said["responded_by_user"]["name"],
        "reason": "；".join(part for part in parts if part),
    }
