"""`python -m tests.pictures`: picture the board of the demo's home (`DUBAN_HOME`) into `docs/pictures/`.

At 1440 and at 390 pixels, as the administrator sees it; one picture in the dark. Needs a home that
`python -m demo` has made, and Chromium.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from demo.setting import CARELESS, LAGGING, PLAN
from include.office.desk import open_office
from include.settings import ROOT, settings
from live.env import environment
from tests.needs import need

PICTURES = ROOT / "docs" / "pictures"
WIDE, NARROW = 1440, 390
OF_PLAN = f"/duban/plans/{PLAN}"
# name, address, width, height (None: the whole page), light or dark
SHOTS = (
    ("board-returns", f"{OF_PLAN}/", WIDE, None, "light"),
    ("board-return", f"{OF_PLAN}/returns/{CARELESS}/2024-01", WIDE, None, "light"),
    ("board-indicators", f"{OF_PLAN}/indicators", WIDE, 1100, "light"),
    ("board-indicator-dark", f"{OF_PLAN}/indicators/demo-stalls", WIDE, None, "dark"),
    ("board-passport", f"{OF_PLAN}/indicators/sunshine-delivery?period=2024-07", WIDE, None, "light"),
    ("board-checks", f"{OF_PLAN}/checks?period=2024-07", WIDE, None, "light"),
    ("board-cases", f"{OF_PLAN}/cases", WIDE, None, "light"),
    ("board-case", f"{OF_PLAN}/cases/2", WIDE, None, "light"),
    ("board-letters", f"{OF_PLAN}/letters", WIDE, None, "light"),
    ("board-digest", f"{OF_PLAN}/digest?period=2024-07", WIDE, None, "light"),
    ("board-decision", f"{OF_PLAN}/decisions/extend?agency={LAGGING}&period=2024-08", WIDE, 760, "light"),
    ("board-health", f"{OF_PLAN}/health", WIDE, None, "light"),
    ("board-api", "/duban/api/v1/docs", WIDE, 1000, "light"),
    ("board-returns-phone", f"{OF_PLAN}/", NARROW, 1200, "light"),
    ("board-indicators-phone", f"{OF_PLAN}/indicators", NARROW, 1200, "light"),
    ("board-passport-phone", f"{OF_PLAN}/indicators/sunshine-delivery?period=2024-07", NARROW, 1200, "light"),
    ("board-checks-phone", f"{OF_PLAN}/checks?period=2024-07", NARROW, 1200, "light"),
    ("board-digest-phone", f"{OF_PLAN}/digest?period=2024-07", NARROW, 1200, "light"),
    ("board-cases-phone", f"{OF_PLAN}/cases", NARROW, 1200, "light"),
)


def main() -> int:
    """Take every picture."""
    of = settings()
    os.environ |= {k: v for k, v in environment(of).items() if k.startswith("AIRFLOW")}
    from tests.board import Board  # noqa: PLC0415 - imports Airflow, whose settings must stand first

    with Board(open_office(of)) as board, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        for name, address, width, height, scheme in SHOTS:
            context = browser.new_context(
                locale="zh-CN",
                viewport={"width": width, "height": height or 900},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            context.add_cookies([{"name": "_token", "value": board.token("boss"), "url": board.address}])
            _take(context.new_page(), board.address + address, PICTURES / f"{name}.png", whole=height is None)
            context.close()
        browser.close()
    return 0


def _take(page: Page, address: str, to: Path, *, whole: bool) -> None:
    page.goto(address)
    for frame in page.locator("iframe").all():  # a frame nobody has scrolled to is not painted yet
        frame.scroll_into_view_if_needed()
        for shown in page.frames:
            shown.wait_for_load_state()
        page.wait_for_timeout(1000)
    if not whole:  # a picture of all of it takes what is painted, wherever the window stands
        page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=to, full_page=whole)
    print(to.name)


if __name__ == "__main__":
    sys.exit(main())
