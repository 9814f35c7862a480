"""Metrics, sent with Airflow's own by OpenTelemetry (`[metrics] otel_on`).

A use case gives figures with its result; here they become metrics, since nothing under `include/` knows
Airflow. Every one carries the tag `plan`; none names a person or an agency. StatsD, Airflow's other
way, knows no tags by itself: the figures of all places would run together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow.sdk.observability import stats

COUNTERS = {
    "files": "duban.returns.taken",
    "accepted": "duban.returns.accepted",
    "returned": "duban.returns.returned",
    "sent": "duban.outbox.sent",
    "failed": "duban.outbox.failed",
    "uncertain": "duban.outbox.uncertain",
}
TIMERS = {"slowest_s": "duban.returns.drop_to_receipt"}  # of a chunk, its slowest file, in milliseconds
GAUGES = {
    "outbox waiting": "duban.outbox.waiting",
    "outbox stuck": "duban.outbox.stuck",
    "letters waiting": "duban.letters.waiting",
}


def emit(result: Mapping[str, Any]) -> None:
    """Send the figures of a use case's result; what is not a figure of ours is passed over."""
    for plan_id, name, value in _figures(result.get("plans")):
        if name in COUNTERS:
            stats.incr(COUNTERS[name], int(value), tags={"plan": plan_id})
        elif name in TIMERS:
            stats.timing(TIMERS[name], 1000 * value, tags={"plan": plan_id})
    for plan_id, name, value in _figures(result.get("standing")):
        if name in GAUGES:
            stats.gauge(GAUGES[name], value, tags={"plan": plan_id})


def _figures(by_plan: Mapping[str, Mapping[str, Any]] | None) -> Iterator[tuple[str, str, float]]:
    for plan_id, details in (by_plan or {}).items():
        for name, value in details.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                yield plan_id, name, value
