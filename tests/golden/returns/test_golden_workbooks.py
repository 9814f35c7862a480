"""A small made-up agency's template and receipt, cell by cell, as they should read.

After a wanted change: `DUBAN_WRITE_GOLDEN=1 pytest tests/golden/returns`, then read the difference.
"""

from __future__ import annotations

import os
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from include.plan import Agency, Clause, Indicator, Period, Plan
from include.plan.model import (
    Behaviour,
    Cadence,
    Comparator,
    Decision,
    Kind,
    PathBasis,
    Relation,
    Responsibility,
    TargetPath,
)
from include.records.figures import Role
from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.receipt import ReceiptOrder, answer
from include.returns.template import NamedSoFar, Prefill, TemplateOrder, write_template
from include.workdays import SHANGHAI

HERE = Path(__file__).parent
PERIOD = Period(2024, 8)
DUE_AT = datetime(2024, 9, 6, 18, tzinfo=SHANGHAI)


def indicator(number: int, kind: Kind, behaviour: Behaviour, **more: Any) -> Indicator:
    points = tuple(Decimal(n) for n in (0, 0, 1, 2, 3, 4, 4, 5, 6, 8, 8, 8))
    usual: dict[str, Any] = {
        "id": f"indicator-{number}", "clause": "1.1", "name": f"演示指标{number}", "kind": kind,
        "behaviour": behaviour, "unit": "%" if kind is Kind.RATIO else "家",
        "comparator": Comparator.AT_LEAST,
        "target": Decimal(8), "definition": "演示口径", "numerator": "演示分子", "answerable": "own",
        "denominator": "演示分母" if kind is Kind.RATIO else "", "sources": ("own",),
        "path": TargetPath(basis=PathBasis.VALUE, points=points, confirmed=True),
    }  # fmt: skip
    return Indicator(**usual | more)


def clause(number: int, cadence: Cadence, *agencies: str) -> Clause:
    parts = tuple(Responsibility(agency=agency, relation=Relation.JOINT) for agency in agencies)
    title = f"演示任务{number}"
    return Clause(
        id=f"1.{number}",
        section=1,
        item=1,
        title=title,
        text_hash=None,
        responsibilities=parts,
        cadence=cadence,
    )


PLAN = Plan(
    id="demo-2024", year=2024, place="演示市", title="2024年演示市工作要点", office_name="演示市食药安办",
    office_short="演示办", commission_name="演示市食药安委", duties_from=Period(2024, 1), sections={1: "一"},
    items={1: "一"},
    agencies=(Agency(id="own", name="演示局", order=1), Agency(id="other", name="演示二局", order=2)),
    clauses=(clause(1, Cadence.MONTHLY, "own", "other"), clause(2, Cadence.QUARTERLY, "own")),
    indicators=(
        indicator(1, Kind.RATIO, Behaviour.BUILD_UP),
        indicator(2, Kind.COUNT, Behaviour.NAMED, target=Decimal(2)),
        indicator(3, Kind.STOCK, Behaviour.HOLD, sources=("other",), cross_check=("own",)),
        indicator(4, Kind.RATIO, Behaviour.CYCLE, cadence=Cadence.QUARTERLY),
    ),
    decisions=(Decision(id="d", about="indicator-1", question="?", assumption="演示假定"),),
)  # fmt: skip
TEMPLATE = TemplateOrder(
    plan=PLAN, agency_id="own", period=PERIOD, due_at=DUE_AT, plan_hash="0" * 64, handling_mark="内部资料",
    demo=True, clock_note="演示时钟 2024-09-03 09:00",
    prefill=Prefill(
        figures={
            ("indicator-1", Role.NUMERATOR): Decimal(1), ("indicator-1", Role.DENOMINATOR): Decimal(4),
            ("indicator-2", Role.CUMULATIVE): Decimal(1),
        },
        texts={"1.1": "上月的话。"},
        names=(NamedSoFar("indicator-2", Period(2024, 5), "演示甲店", "演示路1号"),),
    ),
)  # fmt: skip


def receipt() -> bytes:
    finding = Finding(
        rule="r", severity=Severity.ERROR, sheet="指标", ref="F6", found="", expected="数字",
        message="没有填分子", fix="填上分子",
    )  # fmt: skip
    order = ReceiptOrder(
        original=write_template(TEMPLATE), original_name="2024-08 填报模板（1）.xlsx", agency_name="演示局",
        period="2024年8月", number=1, outcome=SubmissionState.RETURNED, findings=(finding,),
        notes=("“约3”按 3 读取",), companions=(("佐证材料", "照片.jpg"),),
        understood=(("演示指标2 · 本月数", "3"),),
        due_at=DUE_AT, decided_at=datetime(2024, 9, 4, 9, tzinfo=SHANGHAI), same_as=None, on_time=True,
        demo=True, clock_note="演示时钟 2024-09-04 09:00", handling_mark="内部资料",
    )  # fmt: skip
    return answer(order).workbook


def as_text(data: bytes, titles: tuple[str, ...] = ()) -> str:
    """Give every cell that says something: sheet, address, formula or value, what it shows, comment."""
    formulas, values = load_workbook(BytesIO(data)), load_workbook(BytesIO(data), data_only=True)
    lines: list[str] = []
    for sheet in formulas:
        if titles and sheet.title not in titles:
            continue
        for cell in (c for row in sheet.iter_rows() for c in row if c.value is not None or c.comment):
            shown = values[sheet.title][cell.coordinate].value
            computed = f" → {shown!r}" if cell.data_type == "f" else ""
            comment = f" # {cell.comment.text!r}" if cell.comment else ""
            lines.append(f"{sheet.title}!{cell.coordinate} {cell.value!r}{computed}{comment}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ["template", "receipt"])
def test_it_reads_cell_by_cell_as_it_should(name: str) -> None:
    text = as_text(write_template(TEMPLATE)) if name == "template" else as_text(receipt(), ("回执", "指标"))
    golden = HERE / f"{name}.txt"
    if os.environ.get("DUBAN_WRITE_GOLDEN") == "1":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
