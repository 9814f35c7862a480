"""Metrics: what a use case did, sent by Airflow's own means to a collector that speaks OpenTelemetry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from demo.setting import CARELESS, PLAN
from include.office import collect_returns, deliver_outbox, open_period
from include.settings import ROOT
from tests.integration.office.conftest import JANUARY, Stage
from tests.integration.office.conftest import stage as stage  # noqa: PLC0414

FILERS = ("education", CARELESS)


@pytest.fixture
def database_url() -> str:
    """SQLite in the home."""
    return ""


class Collector:
    """An OTLP collector on loopback: what it was sent, by metric and plan."""

    def __init__(self) -> None:
        received = self.received = dict[tuple[str, str], float]()

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                for name, plan, value in points(ExportMetricsServiceRequest.FromString(body)):
                    received[name, plan] = value
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Take)
        Thread(target=self.server.serve_forever, daemon=True).start()


def points(request: ExportMetricsServiceRequest) -> Iterator[tuple[str, str, float]]:
    """Give name, plan and value (of a histogram, its sum) of every data point."""
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                data = getattr(metric, str(metric.WhichOneof("data")))
                for point in data.data_points:
                    tags = {tag.key: tag.value.string_value for tag in point.attributes}
                    value = point.sum if hasattr(point, "sum") else point.as_double or float(point.as_int)
                    yield metric.name, tags.get("plan", ""), value


@pytest.fixture
def collector() -> Iterator[Collector]:
    taking = Collector()
    yield taking
    taking.server.shutdown()
    taking.server.server_close()


# What Airflow does when a task's process starts; at its end it sends what was counted.
TASK = """
import json, sys
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils
stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)
from duban_metrics import emit
for result in json.load(sys.stdin):
    emit(result)
"""


def test_what_is_taken_waits_and_took_long_reaches_a_collector(stage: Stage, collector: Collector) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    for agency in FILERS:
        stage.agency(agency).file(JANUARY, careless=agency == CARELESS)
    collected = collect_returns.run(office=stage.office)
    delivered = deliver_outbox.run(office=stage.office)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "plugins")]),
        "AIRFLOW__METRICS__OTEL_ON": "True",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server.server_port}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "NO_PROXY": "127.0.0.1",
    }
    said = json.dumps([collected, delivered])
    subprocess.run(
        [sys.executable, "-c", TASK], env=environment, input=said, text=True, check=True, timeout=120
    )
    told = {
        name.removeprefix("airflow."): value
        for (name, plan), value in collector.received.items()
        if plan == PLAN
    }
    assert told.pop("duban.returns.drop_to_receipt") == 1000 * collected["plans"][PLAN]["slowest_s"] > 0
    assert told.pop("duban.outbox.sent") == delivered["plans"][PLAN]["sent"] == 2
    assert told == {
        "duban.returns.taken": 2,
        "duban.returns.accepted": 1,
        "duban.returns.returned": 1,
        "duban.outbox.failed": 0,
        "duban.outbox.uncertain": 0,
        "duban.outbox.waiting": 0,
        "duban.outbox.stuck": 0,
        "duban.letters.waiting": 0,
    }
