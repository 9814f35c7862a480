"""Every rule of the reader fires on a real file, alone, with a message its owner can act on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from include.records.findings import Severity
from include.records.readings import Reading
from include.records.rules import FoundBy
from include.returns.rules import BY_ID, RULES
from tests.corpus import faults
from tests.corpus.faults import FAULTS, uncovered

MESSAGES = yaml.safe_load((Path(faults.__file__).parent / "messages.yaml").read_text(encoding="utf-8"))
Read = Callable[..., Reading]


@pytest.mark.parametrize("rule", FAULTS)
def test_a_rule_fires_alone_and_says_where_what_and_how(rule: str, read: Read) -> None:
    fault = FAULTS[rule]
    reading = read(fault.data(), fault.file_name)
    assert [finding.rule for finding in reading.findings] == [rule]
    (finding,) = reading.findings
    assert finding.severity is BY_ID[rule].severity
    told = {"where": f"{finding.sheet}!{finding.ref}" if finding.ref else finding.sheet}
    told |= {name: getattr(finding, name) for name in ("found", "message", "expected", "fix")}
    assert told == MESSAGES[rule]


def test_every_rule_has_a_file_that_breaks_it() -> None:
    elsewhere = {
        "file-defeats-reader",  # its test kills a child: test_reader_hostile.py
        "period-not-open",  # the office knows what is open: tests/corpus
    }
    assert uncovered() == elsewhere


def test_ids_are_unique_and_all_are_the_readers() -> None:
    assert len(BY_ID) == len(RULES)
    assert {rule.found_by for rule in RULES} == {FoundBy.READER}
    assert {rule.severity for rule in RULES} == {Severity.ERROR, Severity.WARNING}
