"""Every rule, failing alone on a real workbook that is right in all else, and what the official reads."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from include.expectations import RULES
from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.receipt_order import ReceiptOrder
from include.returns.receipt_sheet import receipt_sheet
from tests.spec.expectations.batches import judged_together
from tests.spec.expectations.examples import Example, examples
from tests.spec.expectations.workbooks import moved, reading, workbook_of

EXAMPLES = tuple(examples())
Told = dict[str, tuple[str, tuple[Finding, ...]]]


@pytest.fixture(scope="module")
def told() -> Told:
    """Where each example's fault stands in its workbook, and all that is found there, by its title."""
    with reading() as read:
        readings = [read(workbook_of(e.form, e.past), e.form) for e in EXAMPLES]
    forms = [r.form for r in readings]
    assert None not in forms
    found = judged_together([(form, e.past) for form, e in zip(forms, EXAMPLES, strict=True)])
    return {
        e.title: (moved(e.at, e.form, r.form), (*r.findings, *content))
        for e, r, content in zip(EXAMPLES, readings, found, strict=True)
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.rule}: {e.title}")
def test_a_fault_is_told_alone_where_it_stands_and_in_plain_words(example: Example, told: Told) -> None:
    at, found = told[example.title]
    assert [(f.rule, f"{f.sheet}!{f.ref}", f.message) for f in found] == [(example.rule, at, example.message)]
    assert found[0].expected
    assert found[0].fix
    assert "{" not in found[0].message + found[0].expected + found[0].fix


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.rule}: {e.title}")
def test_the_receipt_says_it_unless_only_the_office_is_to_know(example: Example, told: Told) -> None:
    (finding,) = told[example.title][1]
    sheet = "\n".join(_cells(receipt_sheet(_order(finding))))
    assert (example.message in sheet) is (finding.severity is not Severity.BETA)


def _order(finding: Finding) -> ReceiptOrder:
    faulty = finding.severity is Severity.ERROR
    return ReceiptOrder(
        original=b"",
        original_name="2024-08 填报模板.xlsx",
        agency_name="演示局",
        period="2024年8月",
        number=1,
        outcome=SubmissionState.RETURNED if faulty else SubmissionState.ACCEPTED,
        findings=(finding,),
        notes=(),
        companions=(),
        understood=(),
        due_at=None,
        decided_at=datetime(2024, 9, 3, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
        same_as=None,
        on_time=True,
        demo=True,
        clock_note="",
        handling_mark="内部资料",
    )


def _cells(workbook: bytes) -> list[str]:
    sheet = load_workbook(BytesIO(workbook)).worksheets[0]
    return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def test_every_rule_has_an_example() -> None:
    assert sorted({e.rule for e in EXAMPLES}) == sorted(rule.id for rule in RULES)


def test_what_only_the_office_needs_to_know_asks_nothing_of_the_agency() -> None:
    assert all("食药安办了解" in rule.fix for rule in RULES if rule.severity is Severity.BETA)
