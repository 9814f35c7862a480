"""What the DAGs share: the assets that join them, their parameters, and what a run was started for.

The database decides, events nudge: an asset event tells a later step that an earlier one did something, and
for which plan and period. The nudged step then asks the office what is due in those plans. It does not take
the period from the event: naming a period is an administrator's order to do that month again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import (
    Asset,
    AssetWatcher,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowSkipException

import duban_metrics
from duban_drop import FolderDropTrigger
from include.errors import PlanError

START = datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def _failed(context: Any) -> None:
    """Leave a note for the alarms; no database is needed for it."""
    from include.office import noted  # noqa: PLC0415  loading the DAGs loads nothing of duban

    noted.failed(*_of(context), context.get("exception"))


def _mended(context: Any) -> None:
    """Take back the note a task left when it failed."""
    from include.office import noted  # noqa: PLC0415

    noted.mended(*_of(context))


def _of(context: Any) -> tuple[str, str]:
    return context["dag"].dag_display_name, context["ti"].task_id


# A plan that cannot be read is not tried again: somebody has to mend it, and the others would wait.
_NOT_AGAIN = RetryRule(exception=PlanError, action=RetryAction.FAIL, reason="工作要点有误，改正后再运行")
DEFAULT_ARGS = {
    "owner": "食药安办",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_policy": ExceptionRetryPolicy(rules=[_NOT_AGAIN]),
    "on_failure_callback": _failed,
    "on_success_callback": _mended,
    "on_skipped_callback": _mended,
}
TAG = "督办"


def _asset(name: str, uri: str, *watchers: AssetWatcher) -> Asset:
    return Asset(name=name, uri=f"x-duban://{uri}", group=TAG, watchers=list(watchers))


TEMPLATES = _asset("填报模板", "templates")
RETURNS = _asset("报送件", "returns", AssetWatcher(name="报送文件夹", trigger=FolderDropTrigger()))
FACTS = _asset("数据项", "facts")
PROGRESS = _asset("完成进度", "progress")
CASES = _asset("督办事项", "cases")
LETTERS = _asset("文书", "letters")
DIGEST = _asset("工作月报", "digest")
OUTBOX = _asset("送达记录", "outbox")
FLOW = (TEMPLATES, RETURNS, FACTS, PROGRESS, CASES, LETTERS, DIGEST, OUTBOX)

PLAN = Param(None, type=["null", "string"], title="工作要点", description="如 pinghu-2024；不填则为全部")
PERIOD = Param(
    None,
    type=["null", "string"],
    pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
    title="报送月份",
    description="如 2024-08，填写后只办这个月（可重办以前的月份）；不填则办当前该办的",
)
AS_OF = Param(
    None,
    type=["null", "string"],
    format="date",
    title="截至日期",
    description="按哪一天的情况计算，如 2024-09-10；不填则为今天",
)


def targets(
    params: Mapping[str, Any], events: Iterable[Mapping[str, Any]], plans: Sequence[str]
) -> list[dict[str, Any]]:
    """Say what a run is for: an entry of `plan` and `period` for each plan; the period None for what is due.

    What an administrator typed in comes first; else the plans named by the `events` (the extras of all asset
    events that started the run); else all `plans` there are, which is also what an event without a plan is
    about. One entry a plan: a place that fails is a task of its own, named and red, and stops no other.
    """
    if params.get("plan"):
        chosen = [str(params["plan"])]
    elif params.get("period"):
        chosen = list(plans)
    else:
        touched = [entry for extra in events for entry in extra.get("touched") or [{}]]
        named = {str(entry.get("plan") or "") for entry in touched} or {""}
        chosen = list(plans) if "" in named else sorted(named)
    return [{"plan": plan, "period": params.get("period") or None} for plan in chosen]


EACH_PLAN = "{{ task.op_kwargs['target']['plan'] }}"  # what the UI calls a task mapped over `scope`


def given() -> Mapping[str, Any]:
    """Give the parameters of the running task's run."""
    return get_current_context().get("params") or {}


@task(task_display_name="确定范围")
def scope() -> list[dict[str, Any]]:
    """Task: what the run is for, one entry a plan, to map the next task over; see `targets`."""
    return started_for()


def started_for() -> list[dict[str, Any]]:
    """Say what the running task's run is for: see `targets`."""
    from include.office import installed  # noqa: PLC0415  loading the DAGs loads nothing of duban

    events = get_current_context().get("triggering_asset_events") or {}
    extras = [event.extra or {} for group in events.values() for event in group]
    return targets(given(), extras, installed.plans())


def as_of() -> date | None:
    """Give the as-of date the run was given, or None for today."""
    text = given().get("as_of")
    return date.fromisoformat(text) if text else None


def tell(asset: Asset, result: dict[str, Any]) -> dict[str, Any]:
    """Count what was done, nudge what comes after if anything changed, and give the result back.

    A result with an empty `touched` did nothing: the task is shown as skipped, with the office's `note`, and
    nudges nobody.

    Raises:
        AirflowSkipException: there was nothing to do.
    """
    duban_metrics.emit(result)
    if not result.get("touched", True):
        raise AirflowSkipException(result.get("note") or "没有要办的")
    return nudge(asset, result)


def nudge(asset: Asset, result: dict[str, Any]) -> dict[str, Any]:
    """Name the plans and periods that changed in the task's asset event, and give the result back."""
    events: Any = get_current_context().get("outlet_events")
    events[asset].extra = {"touched": result.get("touched") or []}
    return result
