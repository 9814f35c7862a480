"""`python -m benchmarks.board`: the heat map of 200 agencies × 12 months, from the click to the painted page.

Served by Airflow's own api-server with a real login, painted by Chromium. The yardstick is a bare page of the
same server (`/api/v2/monitor/health`), asked for in turn with it. Fails if the page takes a second or more.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright
from ruamel.yaml import YAML
from sqlalchemy import insert

from demo.setting import PLAN, set_stage
from include.office import clock
from include.office.desk import Office, open_office
from include.settings import Settings, settings
from include.store import schema
from include.workdays import SHANGHAI
from live.env import environment
from tests.needs import find

AGENCIES, MONTHS, ROUNDS = 200, 12, 10
LIMIT = 1.0  # seconds
AMENDMENT = "2024-01-more.yaml"
PAINTED = """() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const {loadEventEnd} = performance.getEntriesByType("navigation")[0];
  return paint && loadEventEnd && [paint.startTime, loadEventEnd];
}"""
CHROMIUM = ["--no-sandbox", "--disable-gpu"]


def main() -> int:
    """Measure, print one table, and give 1 if the aim is missed."""
    with tempfile.TemporaryDirectory() as folder:
        office = fill(Path(folder))
        os.environ |= {k: v for k, v in environment(office.settings).items() if k.startswith("AIRFLOW")}
        os.environ["DUBAN_HOME"] = str(office.settings.home)
        settings.cache_clear()
        from tests.board import Board  # noqa: PLC0415 - imports Airflow, whose settings must stand first

        with Board(office) as board:
            served, bare, busy, size = ask(board)
            painted, loaded = paint(board)
    print(
        f"| {AGENCIES} agencies × {MONTHS} months, {size / 1024:.0f} KiB of HTML | median of {ROUNDS}, ms |"
    )
    print("| --- | --- |")
    print(f"| server, heat map | {served * 1000:.0f} |")
    print(f"| server, CPU a page | {busy * 1000:.0f} |")
    print(f"| server, bare page | {bare * 1000:.0f} |")
    print(f"| first paint | {painted * 1000:.0f} |")
    print(f"| loaded, scripts run | {loaded * 1000:.0f} |")
    return int(loaded >= LIMIT)


def fill(folder: Path) -> Office:
    """Make a plan of 200 agencies and a year of returns, every seventh late, every eleventh missing."""
    of = Settings(home=folder / "home", stable_seconds=0)
    set_stage(of).store.close()
    known = 24
    added = [{"id": f"more-{n}", "name": f"演示第{n}局", "order": 400 + n} for n in range(AGENCIES - known)]
    with (of.plan_home(PLAN) / "amendments" / AMENDMENT).open("w", encoding="utf-8") as file:
        YAML().dump({"from": "2024-01", "reason": "benchmark", "agencies": {"add": added}}, file)
    office = open_office(of)
    filers = [agency.id for agency in office.plan(PLAN, office.period(PLAN, "2024-12")).filers]
    owed, dropped = _rows(filers)
    with office.store.writing() as connection:
        connection.execute(insert(schema.agency_return), owed)
        connection.execute(insert(schema.submission), dropped)
        swept = datetime(2025, 1, 20, tzinfo=SHANGHAI)
        sweeps = [{"plan_id": PLAN, "agency_id": agency, "ended_at": swept} for agency in filers]
        connection.execute(insert(schema.sweep), sweeps)
    clock.start(of, datetime(2025, 1, 20, 9, tzinfo=SHANGHAI), stopped=True)
    return office


def _rows(filers: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    owed: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    for month in range(1, MONTHS + 1):
        due = datetime(2024, month, 1, 18, tzinfo=SHANGHAI) + timedelta(days=37)
        for n, agency in enumerate(filers):
            key = {"plan_id": PLAN, "agency_id": agency, "period": f"2024-{month:02d}"}
            owed.append(
                key
                | {"plan_hash": "", "due_at": due, "opened_at": due - timedelta(days=9)}
                | {"template_path": "", "template_sha256": ""}
            )
            if (n + month) % 11:
                late = (n + month) % 7 == 0
                arrived = due + timedelta(days=1 if late else -1)
                dropped.append(
                    key
                    | {"number": 1, "claimed_name": f"{agency}-{month}", "original_name": "a.xlsx"}
                    | {"sha256": f"{n:032d}{month:032d}", "size": 1, "arrived_at": arrived, "notes": []}
                    | {"state": "accepted", "counts_on_time": not late}
                )
    return owed, dropped


def ask(board: Any) -> tuple[float, float, float, int]:
    """Ask for the page and for a bare one in turn.

    Gives the medians in seconds, the processor's time for a page in seconds (server and client are this one
    process: what others do to the machine is not in it), and the page's bytes.
    """
    served, bare, busy = [], [], []
    with board.client("boss") as client:
        client.get(f"/plans/{PLAN}/")
        for _ in range(ROUNDS):
            before = time.process_time()
            served.append(_timed(client, f"/plans/{PLAN}/"))
            busy.append(time.process_time() - before)
            bare.append(_timed(client, "/../api/v2/monitor/health"))
        size = len(client.get(f"/plans/{PLAN}/").content)
    return statistics.median(served), statistics.median(bare), statistics.median(busy), size


def _timed(client: httpx.Client, path: str) -> float:
    begun = time.perf_counter()
    client.get(path)
    return time.perf_counter() - begun


def paint(board: Any) -> tuple[float, float]:
    """Open the page in Chromium; gives first contentful paint and end of loading, medians in seconds."""
    first, loaded = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find("chromium"), args=CHROMIUM)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "_token", "value": board.token("boss"), "url": board.address}])
        for _ in range(ROUNDS):
            page = context.new_page()
            page.goto(f"{board.address}/duban/plans/{PLAN}/", wait_until="load")
            said = page.wait_for_function(PAINTED, polling=50).json_value()
            first.append(said[0] / 1000)
            loaded.append(said[1] / 1000)
            page.close()
        browser.close()
    return statistics.median(first), statistics.median(loaded)


if __name__ == "__main__":
    sys.exit(main())
