"""The audit of packages: a known vulnerability fails, an explained one passes till its day."""

from __future__ import annotations

import runpy
from datetime import date
from typing import Any

import pytest

from include.settings import ROOT

AUDIT: dict[str, Any] = runpy.run_path(str(ROOT / ".ci" / "audit.py"))
TODAY = date(2026, 11, 28)
BAD = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": ["CVE-2019-10906"]}],
}
GOOD = {"name": "attrs", "version": "25.1.0", "vulns": []}


def test_a_known_vulnerability_fails_and_is_named() -> None:
    code, told = AUDIT["verdict"]({"dependencies": [BAD, GOOD]}, set())
    assert code == 1
    assert "jinja2 2.4.1: PYSEC-2019-217" in told[-1]


@pytest.mark.parametrize("name", ["PYSEC-2019-217", "CVE-2019-10906"])
def test_an_explained_one_passes_until_its_day(name: str) -> None:
    until = AUDIT["allowed"]([f"{name} 2026-12-31 not reached by us"], TODAY)
    assert AUDIT["verdict"]({"dependencies": [BAD]}, until)[0] == 0
    past = AUDIT["allowed"]([f"{name} 2026-11-01 not reached by us"], TODAY)
    assert AUDIT["verdict"]({"dependencies": [BAD]}, past)[0] == 1


def test_one_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="a reason"):
        AUDIT["allowed"](["PYSEC-2019-217 2026-12-31"], TODAY)


def test_what_could_not_be_looked_up_is_told_and_no_failure() -> None:
    skipped = {"name": "typst", "skip_reason": "not found"}
    code, told = AUDIT["verdict"]({"dependencies": [GOOD, skipped]}, set())
    assert (code, told[0]) == (0, "1 of 2 packages looked up")
    assert "not looked up" in told[1]
    assert AUDIT["verdict"]({"dependencies": [GOOD, skipped]}, set(), every=True)[0] == 1
    assert AUDIT["verdict"]({"dependencies": [GOOD]}, set(), every=True)[0] == 0


def test_the_list_that_is_kept_can_be_read() -> None:
    AUDIT["allowed"]((ROOT / ".ci" / "audit-allowed.txt").read_text(encoding="utf-8").splitlines(), TODAY)
