"""Orders for templates and receipts, of real agencies of the real plan, for the tests of the writing side."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from demo.filling import fill
from include.plan import Period, Plan, load_plan, plan_hash
from include.records.figures import Role
from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.layout import Layout, layout_for
from include.returns.receipt import ReceiptOrder
from include.returns.template import NamedSoFar, Prefill, TemplateOrder, write_template
from include.workdays import SHANGHAI
from tests.needs import ROOT

PERIOD = Period(2024, 8)
DUE_AT = datetime(2024, 9, 6, 18, tzinfo=SHANGHAI)
RATIO, NAMED, CHECKED = "sunshine-delivery", "school-model-canteens", "school-canteen-grade-a"
LAST_MONTH = Prefill(
    figures={
        (RATIO, Role.NUMERATOR): Decimal(12),
        (RATIO, Role.DENOMINATOR): Decimal(96),
        (NAMED, Role.CUMULATIVE): Decimal(2),
        ("food-sampling", Role.CUMULATIVE): Decimal(812),
        ("traceable-varieties", Role.LEVEL): Decimal(9),
    },
    texts={"3.3": "上月与两家配送企业签约。"},
    names=(
        NamedSoFar(NAMED, Period(2024, 3), "演示第一小学食堂", "演示路1号，2024年3月验收"),
        NamedSoFar(NAMED, Period(2024, 5), "演示第二小学食堂", "演示路2号，2024年5月验收"),
    ),
)
NOTHING_YET = Prefill(figures={}, texts={}, names=())


@cache
def plan() -> Plan:
    return load_plan(ROOT / "plans" / "pinghu-2024").at(PERIOD)


def layout(agency: str = "education") -> Layout:
    return layout_for(plan(), agency, PERIOD)


def template_order(agency: str = "education", **changes: Any) -> TemplateOrder:
    usual: dict[str, Any] = {
        "plan": plan(), "agency_id": agency, "period": PERIOD, "due_at": DUE_AT, "prefill": LAST_MONTH,
        "plan_hash": plan_hash(plan()), "handling_mark": "内部资料", "demo": True,
        "clock_note": "演示时钟 2024-09-03 09:00",
    }  # fmt: skip
    return TemplateOrder(**usual | changes)


def filled_return(agency: str = "education", **changes: Any) -> bytes:
    """Give a template filled in, faultless but for what `changes` says (arguments of `fill`)."""
    own = layout(agency)
    assert own.progress
    usual: dict[str, Any] = {
        "figures": {(RATIO, Role.NUMERATOR): 13, (RATIO, Role.DENOMINATOR): 96, (NAMED, Role.MONTH): 0},
        "statements": {
            row.key: ("正常推进", "按计划推进，检查12家。") for row in own.progress.rows if row.due
        },
    }
    return fill(write_template(template_order(agency)), own, **usual | changes)


FINDINGS = (
    Finding(
        rule="ratio-numerator-within-denominator", severity=Severity.ERROR, sheet="指标", ref="F6",
        found="120", expected="不大于分母 96", message="“阳光配送”覆盖率的分子 120 大于分母 96",
        fix="核对分子和分母：分子是其中的一部分，不会超过分母", subject=RATIO,
    ),
    Finding(
        rule="person-missing", severity=Severity.ERROR, sheet="封面", ref="C11", found="",
        expected="审核签发人姓名", message="没有审核签发人", fix="填上审核签发人的姓名",
    ),
    Finding(
        rule="month-jump", severity=Severity.WARNING, sheet="指标", ref="H7", found="9",
        expected="与以往各月相近", message="本月数 9 比以往各月高出很多", fix="核对；确实如此的写明原因",
        subject=NAMED,
    ),
    Finding(
        rule="office-only", severity=Severity.BETA, sheet="指标", ref="F6", found="120", expected="",
        message="仅供办公室参考", fix="",
    ),
)  # fmt: skip


def receipt_order(**changes: Any) -> ReceiptOrder:
    """Give the order of a return sent back with two errors and a warning."""
    usual: dict[str, Any] = {
        "original_name": "2024-08 填报模板（最终版）.xlsx", "agency_name": "市教育局", "period": "2024年8月",
        "number": 1, "outcome": SubmissionState.RETURNED, "findings": FINDINGS, "notes": (), "companions": (),
        "understood": (("“阳光配送”覆盖率 · 分子", "120"),), "due_at": DUE_AT,
        "decided_at": datetime(2024, 9, 4, 10, 3, tzinfo=SHANGHAI), "same_as": None, "on_time": True,
        "demo": False, "clock_note": "", "handling_mark": "内部资料",
    }  # fmt: skip
    original = changes.pop("original", None) or faulty_return()
    return ReceiptOrder(original=original, **usual | changes)


@cache
def faulty_return() -> bytes:
    figures = {(RATIO, Role.NUMERATOR): 120, (RATIO, Role.DENOMINATOR): 96, (NAMED, Role.MONTH): 9}
    return filled_return(figures=figures, cover={"signed_by": ""})
