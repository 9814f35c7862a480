"""`requirements.txt` is what `requirements.in` asks for, pinned, hashed, no addresses; checked offline."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
ASKED = (ROOT / "requirements.in").read_text(encoding="utf-8")
LOCKED = (ROOT / "requirements.txt").read_text(encoding="utf-8")

LEAST_PYTHON = {"python_full_version": "3.11.0"}  # what the compiler was asked to solve for


def asked() -> list[Requirement]:
    lines = [line.partition("#")[0].strip() for line in ASKED.splitlines()]
    return [Requirement(line) for line in lines if line]


def pins() -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==(\S+)", LOCKED, flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def closure() -> set[str]:
    """Everything the packages of `requirements.in` need, by what is installed."""
    wanted: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(r.name), extra) for r in asked() for extra in ["", *r.extras]]
    while waiting:
        name, extra = node = waiting.pop()
        if node in wanted:
            continue
        wanted.add(node)
        for text in distribution(name).requires or []:
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate(LEAST_PYTHON | {"extra": extra}):
                waiting += [(canonicalize_name(needed.name), more) for more in ["", *needed.extras]]
    return {name for name, _ in wanted}


def test_every_package_asked_for_is_pinned_to_a_version_that_fits() -> None:
    locked = pins()
    wrong = [str(r) for r in asked() if locked.get(canonicalize_name(r.name), "") not in r.specifier]
    assert wrong == []


def test_nothing_is_pinned_that_nobody_asked_for_and_nothing_is_missing() -> None:
    assert closure() - {"pip"} == set(pins()) - {"pip"}


def test_what_is_installed_is_what_is_pinned() -> None:
    assert {name: distribution(name).version for name in pins()} == pins()


def test_every_pin_has_a_hash() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCKED)
    bare = [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
    assert bare == []


def test_no_address_and_no_index_stands_in_either_file() -> None:
    for text in (ASKED, LOCKED):
        assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|@ *(file|git)", text)
