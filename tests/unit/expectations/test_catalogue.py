"""The catalogue as data: complete, consistent, cheap to import."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from string import Formatter

from include.expectations import RULES
from include.expectations.catalogue import CHECKS, READER, SUPPRESSES
from include.expectations.rows import ROW_TYPES
from include.records.findings import Severity
from include.records.rules import FoundBy

IDS = {rule.id for rule in RULES}
BY_ID = {rule.id: rule for rule in RULES}


def test_rules_have_stable_distinct_ids() -> None:
    assert len(IDS) == len(RULES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", rule_id) for rule_id in IDS)
    assert all(rule.found_by is FoundBy.GX for rule in RULES)


def test_rules_say_in_chinese_what_is_wrong_what_was_expected_what_to_do_and_why() -> None:
    for rule in RULES:
        for said in (rule.title, rule.message, rule.expected, rule.fix, rule.why):
            assert re.search(r"[\u4e00-\u9fff]|\{", said), rule.id
        assert rule.message.endswith("。"), rule.id
        assert rule.fix.endswith("。"), rule.id


def test_a_check_looks_only_at_what_its_frame_has() -> None:
    for check in CHECKS:
        columns = {f.name for f in fields(ROW_TYPES[check.frame])}
        asked = {str(v) for k, v in check.given.items() if k.startswith("column")}
        assert asked <= columns, check.rule.id
        templates = (check.rule.message, check.rule.expected, check.rule.fix)
        names = {name for text in templates for _, name, _, _ in Formatter().parse(text) if name}
        assert names <= columns, check.rule.id


def test_a_fault_never_hides_a_graver_one() -> None:
    weight = {Severity.BETA: 0, Severity.WARNING: 1, Severity.ERROR: 2}
    assert {*SUPPRESSES, *(r for hidden in SUPPRESSES.values() for r in hidden)} <= IDS | {READER}
    for cause, hidden in SUPPRESSES.items():
        assert cause not in hidden
        if cause != READER:
            assert all(weight[BY_ID[r].severity] <= weight[BY_ID[cause].severity] for r in hidden), cause


def test_no_two_faults_hide_each_other() -> None:
    assert not [(a, b) for a, hidden in SUPPRESSES.items() for b in hidden if a in SUPPRESSES.get(b, ())]


def test_importing_the_room_loads_neither_pandas_nor_great_expectations() -> None:
    code = (
        "import include.expectations, sys\n"
        "print([m for m in ('pandas', 'great_expectations') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_validating_prints_and_logs_nothing() -> None:
    code = (
        "import logging; logging.basicConfig(level=logging.DEBUG)\n"
        "from tests.spec.expectations.forms import judged, right\n"
        "assert judged(right()) == ()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "great_expectations" not in done.stderr
    assert "it/s" not in done.stderr
