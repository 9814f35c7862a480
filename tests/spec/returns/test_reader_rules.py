"""Every rule of the reader fires on a real file, alone, with a message its owner can act on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from include.records.findings import Severity
from include.records.readings import Reading
from include.records.rules import FoundBy
from include.returns.rules import BY_ID, RULES
from tests.corpus.faults import FAULTS, uncovered

Read = Callable[..., Reading]


@pytest.mark.parametrize("rule", FAULTS)
def test_a_rule_fires_alone_and_says_where_what_and_how(rule: str, read: Read) -> None:
    fault = FAULTS[rule]
    reading = read(fault.data(), fault.file_name)
    assert [finding.rule for finding in reading.findings] == [rule]
    (finding,) = reading.findings
    assert finding.severity is BY_ID[rule].severity
    assert fault.found in finding.message
    for text in (finding.message, finding.expected, finding.fix):
        assert text
        assert "{" not in text


def test_every_rule_has_a_file_that_breaks_it() -> None:
    assert uncovered() == {"file-defeats-reader"}, "its test kills a child: test_reader_hostile.py"


def test_ids_are_unique_and_all_are_the_readers() -> None:
    assert len(BY_ID) == len(RULES)
    assert {rule.found_by for rule in RULES} == {FoundBy.READER}
    assert {rule.severity for rule in RULES} == {Severity.ERROR, Severity.WARNING}
