"""`python -m tests.digest_pictures`: picture the mail at phone and desktop width into docs/pictures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from include.documents.digest import Digest, digest_of
from include.documents.digest_html import digest_html
from include.settings import ROOT
from tests.needs import need
from tests.reports import sample_report

PHONE, DESKTOP = (390, 844), (1024, 900)
INSTRUCTION = "演示副市长2024年9月2日批示：拿出点位建设补进度方案（市演示二局承办，2024年9月14日前办结）"


def digest_with_an_instruction() -> Digest:
    """Give the invented month with one open instruction."""
    return digest_of(replace(sample_report(), instructions=((INSTRUCTION, "还有1个工作日"),)))


@contextmanager
def opened(digest: Digest, size: tuple[int, int]) -> Iterator[Page]:
    """Show the mail of a digest in a browser window of that size, its pictures in place."""
    page, pictures = digest_html(digest)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        for picture in pictures:
            (Path(folder) / f"{picture.cid}.png").write_bytes(picture.png)
            page = page.replace(f"cid:{picture.cid}", f"{picture.cid}.png")
        file = Path(folder) / "mail.html"
        file.write_text(page, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": size[0], "height": size[1]})
        shown.goto(file.as_uri())
        yield shown
        browser.close()


def main() -> int:
    """Take every picture."""
    for name, size, whole in (
        ("phone", PHONE, False),
        ("phone-whole", PHONE, True),
        ("desktop", DESKTOP, False),
    ):
        with opened(digest_with_an_instruction(), size) as page:
            page.screenshot(path=ROOT / "docs" / "pictures" / f"digest-{name}.png", full_page=whole)
    return 0


if __name__ == "__main__":
    sys.exit(main())
