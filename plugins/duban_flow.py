"""What the DAGs share: the assets that join them, their parameters, and what a run was started for.

The database decides, events nudge: an asset event tells a later step that an earlier one did something, and for
which plan and period. The nudged step then asks the office what is due in those plans. It does not take the period
from the event: naming a period is an administrator's order to do that month again, which an event never gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, AssetWatcher, Param
from airflow.sdk.exceptions import AirflowSkipException
from duban_drop import FolderDropTrigger

START = datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
DEFAULT_ARGS = {"owner": "食药安办", "retries": 2, "retry_delay": timedelta(seconds=30)}
TAG = "督办"


def _asset(name: str, uri: str, **more: Any) -> Asset:
    return Asset(name=name, uri=f"x-duban://{uri}", group="督办", **more)


TEMPLATES = _asset("填报模板", "templates")
RETURNS = _asset("报送件", "returns", watchers=[AssetWatcher(name="报送文件夹", trigger=FolderDropTrigger())])
FACTS = _asset("数据项", "facts")
PROGRESS = _asset("完成进度", "progress")
CASES = _asset("督办事项", "cases")
LETTERS = _asset("文书", "letters")
DIGEST = _asset("工作月报", "digest")
OUTBOX = _asset("送达记录", "outbox")
FLOW = (TEMPLATES, RETURNS, FACTS, PROGRESS, CASES, LETTERS, DIGEST, OUTBOX)

PLAN = Param(None, type=["null", "string"], title="工作要点", description="如 pinghu-2024;不填则为全部")
PERIOD = Param(
    None,
    type=["null", "string"],
    pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
    title="报送月份",
    description="如 2024-08,填写后只办这个月(可重办以前的月份);不填则办当前该办的",
)
AS_OF = Param(
    None,
    type=["null", "string"],
    format="date",
    title="截至日期",
    description="按哪一天的情况计算,如 2024-09-10;不填则为今天",
)


def targets(params: Mapping[str, Any], events: Mapping[Any, Iterable[Any]] | None) -> list[dict[str, Any]]:
    """Say what a run is for: one entry of `plan` and `period` (either may be None: all, what is due).

    What an administrator typed in comes first; else the plans that all triggering asset events name; else everything.
    """
    plan, period = params.get("plan"), params.get("period")
    if plan or period:
        return [{"plan": plan, "period": period}]
    touched = [t for group in (events or {}).values() for event in group for t in _touched(event)]
    plans = {entry.get("plan") for entry in touched} or {None}
    return [{"plan": name, "period": None} for name in ([None] if None in plans else sorted(plans))]


def _touched(event: Any) -> Sequence[Mapping[str, Any]]:
    """Read one event; one without a list (a folder drop, a person's click) is about everything."""
    return (event.extra or {}).get("touched") or [{"plan": None, "period": None}]


def day(params: Mapping[str, Any]) -> date | None:
    """Read the as-of date a run was given, or None for today."""
    return date.fromisoformat(params["as_of"]) if params.get("as_of") else None


def tell(outlet_events: Any, asset: Asset, result: dict[str, Any]) -> dict[str, Any]:
    """Nudge what comes after, naming the plans and periods that changed, and give the result back.

    A result with an empty `touched` did nothing: the task is shown as skipped, with the office's `note`, and nudges
    nobody.

    Raises:
        AirflowSkipException: there was nothing to do.
    """
    touched = result.get("touched", [{"plan": None, "period": None}])
    if not touched:
        raise AirflowSkipException(result.get("note") or "没有要办的")
    outlet_events[asset].extra = {"touched": touched}
    return result


def asking(letters: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Turn letter rounds (`id`, `round`, `run_id`) into the runs of `sign_letters` that ask for them."""
    return [
        {"trigger_run_id": letter["run_id"], "conf": {"letter_id": letter["id"], "round": letter["round"]}}
        for letter in letters
    ]


def decision(said: Mapping[str, Any]) -> dict[str, str]:
    """Read an answered approval: what was chosen, by which user, and why, with what was talked over beforehand.

    Raises:
        ValueError: not exactly one option was chosen (Airflow lets none and several through).
    """
    chosen = list(said["chosen_options"])
    if len(chosen) != 1:
        raise ValueError(f"expected exactly one option, got {chosen}")
    written = said.get("params_input") or {}
    reason, talk = (str(written.get(key) or "").strip() for key in ("reason", "talk"))
    parts = [reason, f"事先沟通:{talk}" if talk else ""]
    return {
        "decision": chosen[0],
        "user": said["responded_by_user"]["name"],
        "reason": ";".join(part for part in parts if part),
    }
