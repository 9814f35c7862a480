"""`python -m tests.live_pictures`: picture Airflow's own pages of a running demo into `docs/pictures/`.

Needs Chromium, and `make demo` then `make up`: a letter has to wait for its signature. Each page is seen by
who works with it, logged in as that person.
"""

from __future__ import annotations

import sys

from playwright.sync_api import Browser, Page, sync_playwright

from include.settings import settings
from live import Airflow
from live.accounts import passwords
from live.env import airflow_home, url
from tests.needs import ROOT, need

PICTURES = ROOT / "docs" / "pictures"
ADMINISTRATOR, SIGNER = "admin", "office-head"
STAMP = """() => {
  const mark = document.createElement("div");
  mark.textContent = "演示数据";
  mark.style.cssText = "position:fixed;bottom:8px;right:12px;z-index:9999;font:bold 20px serif;color:red";
  document.body.append(mark);
}"""


def main() -> int:
    """Log in as each, and picture what they look at."""
    with sync_playwright() as playwright, Airflow(settings()) as airflow:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        admin, signer = (_logged_in(browser, user) for user in (ADMINISTRATOR, SIGNER))
        closed, waits = _run(airflow, "close_period", "success"), _run(airflow, "sign_letters", "running")
        (asset,) = (a["id"] for a in airflow.call("GET", "/assets")["assets"] if a["name"] == "完成进度")
        _picture(admin, "ui-dags", "/dags", "① 开启报送月份")
        _picture(admin, "ui-assets", f"/assets/{asset}", "完成进度")
        _picture(admin, "ui-run", f"/dags/close_period/runs/{closed}", "计算进度、生成汇总报表")
        _picture(admin, "ui-board", "/plugin/duban", "督办看板")
        asked = f"/dags/sign_letters/runs/{waits}/tasks/ask/required_actions"
        _picture(signer, "ui-sign", asked, "演示数据，不具有公文效力")
        browser.close()
    return 0


def _run(airflow: Airflow, dag: str, state: str) -> str:
    """Give the newest run of a flow in a state."""
    asked = {"order_by": "-run_after", "limit": 1, "state": state}
    return airflow.call("GET", f"/dags/{dag}/dagRuns", params=asked)["dag_runs"][0]["dag_run_id"]


def _logged_in(browser: Browser, user: str) -> Page:
    context = browser.new_context(
        base_url=url(settings()),
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 800},
    )
    page = context.new_page()
    page.goto("/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", passwords(airflow_home(settings()))[user])
    page.click("input[type=submit], button[type=submit]")
    page.get_by_text("首页").first.wait_for()
    return page


def _picture(page: Page, name: str, path: str, shows: str) -> None:
    page.goto(path)
    page.get_by_text(shows).first.wait_for()
    page.wait_for_timeout(3000)  # frames and tables that fill later
    page.evaluate(STAMP)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
