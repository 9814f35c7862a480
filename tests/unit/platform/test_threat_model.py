"""The threat model names only what is there."""

from __future__ import annotations

import re

from include.settings import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_every_threat_has_a_control_and_a_test_that_exists() -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", tests, re.M))
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 15
    for threat, _, control, shown in rows:
        named = re.findall(r"`(test_\w+)`", shown)
        assert control, threat
        assert named, threat
        assert set(named) <= there, threat


def test_every_file_it_names_is_there() -> None:
    for name in re.findall(r"`([\w.]+/[\w./-]+)`", PAGE):
        assert (ROOT / name).exists(), name
