"""Two agencies report one thing differently: listed, decided with a reason, stale once a figure changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from demo.setting import PLAN
from include.errors import RefusedError
from include.office import close_period, collect_returns, reconciling
from include.office.year_progress import year_progress
from include.records.facts import Progress
from tests.integration.office.conftest import JANUARY, Stage, with_denominators

DELIVERY = "sunshine-delivery"  # reported by education, checked by market-regulation
FIGURE = f"{DELIVERY}:denominator"


def drop(stage: Stage, agency: str, denominator: int) -> None:
    """Drop an agency's January workbook once more, with another denominator of 阳光配送."""
    taken = sorted((stage.folder(agency, "报送") / "已收").glob("*.xlsx"))[0]
    book = with_denominators(taken, {"阳光配送": denominator})
    (stage.folder(agency, "报送") / f"更正{denominator}.xlsx").write_bytes(book)
    collect_returns.run(office=stage.office)


@pytest.fixture
def differing(january: Stage) -> Stage:
    """Education says 150 canteens, market regulation 160."""
    january.at("2024-02-06T18:10")
    drop(january, "education", 150)
    drop(january, "market-regulation", 160)
    january.at("2024-02-06T18:20")
    return january


def now_of(stage: Stage) -> Progress:
    return year_progress(stage.office, PLAN, JANUARY, stage.office.now())[JANUARY][DELIVERY]


def the_difference(stage: Stage) -> dict[str, Any]:
    found = reconciling.differences(PLAN, "2024-01", office=stage.office)
    (one,) = [f for f in found if f["figure"] == FIGURE]
    return one


def waits(stage: Stage) -> int:
    """Count the figures of January that wait for a decision."""
    return reconciling.undecided(stage.office, PLAN, [JANUARY], stage.office.now())[JANUARY]


def decide(stage: Stage, value: str, reason: str = "以市场监管局名录为准") -> dict[str, Any]:
    return reconciling.reconcile(
        PLAN, "2024-01", FIGURE, value, reason=reason, user="office-clerk", office=stage.office
    )


def close(stage: Stage) -> list[str]:
    return close_period.run(office=stage.office)["plans"][PLAN].get("2024-01", [])


def sheet_text(stage: Stage, edition: int, sheet: str) -> str:
    (file,) = [f for f in stage.office_files("汇总") if f"第{edition}版" in f.name]
    rows = load_workbook(file)[sheet].iter_rows(values_only=True)
    return "\n".join(str(v) for row in rows for v in row if v is not None)


def test_both_figures_are_listed_and_the_source_counts_until_the_office_decides(differing: Stage) -> None:
    one = the_difference(differing)
    assert [(f["agency"], f["figure"]) for f in one["figures"]] == [
        ("education", "150"),
        ("market-regulation", "160"),
    ]
    assert (one["settlement"], one["decision"]) == ("待核定", None)
    assert now_of(differing).denominator == 150
    close(differing)
    assert "数据不一致（待核定）" in sheet_text(differing, 1, "指标")


def test_the_figure_of_record_counts_and_the_next_report_says_why(differing: Stage) -> None:
    close(differing)
    differing.at("2024-02-07T09:00")
    assert decide(differing, "160")["settlement"] == "已核定"
    assert now_of(differing).denominator == 160
    (event,) = differing.events("figure-decided")
    assert event.actor == "office-clerk"
    assert event.body["reported"] == {"education": "150", "market-regulation": "160"}
    differing.at("2024-02-07T18:10")
    assert close(differing) == ["汇总报表第2版"]
    assert "以市场监管局名录为准" in sheet_text(differing, 2, "核对")
    assert "食药安办核定：以市场监管局名录为准" in sheet_text(differing, 2, "更正")
    assert "食药安办核定数" in sheet_text(differing, 2, "指标")
    assert close(differing) == []


def test_a_decision_made_after_the_lock_is_published_too(differing: Stage) -> None:
    differing.at("2024-02-29T18:10")
    assert "锁定" in close(differing)[0]
    differing.at("2024-03-01T09:00")
    decide(differing, "155", reason="现场核实")
    differing.at("2024-03-01T18:10")
    assert close(differing) == ["汇总报表第2版"]


def test_a_decision_goes_stale_visibly_once_a_figure_changes(differing: Stage) -> None:
    assert waits(differing) == 1
    decide(differing, "160")
    assert waits(differing) == 0
    differing.at("2024-02-07T09:00")
    drop(differing, "education", 152)
    assert waits(differing) == 1
    one = the_difference(differing)
    assert one["settlement"] == "待重新核定"
    assert "原核定数160之后报数有变" in one["counts"]
    assert now_of(differing).denominator == 152, "what the source says counts again"
    decide(differing, "160")
    assert now_of(differing).denominator == 160


def test_agreement_makes_a_decision_needless_and_the_report_still_shows_it(differing: Stage) -> None:
    decide(differing, "160")
    differing.at("2024-02-07T09:00")
    drop(differing, "education", 160)
    assert the_difference(differing)["settlement"] == "现已一致"
    assert now_of(differing).denominator == 160
    close(differing)
    assert "各单位报数现已一致，原核定数160不再使用" in sheet_text(differing, 1, "核对")


def test_a_decision_can_be_withdrawn_and_the_past_keeps_it(differing: Stage) -> None:
    decide(differing, "160")
    before = differing.at("2024-02-07T09:00")
    differing.at("2024-02-07T10:00")
    reconciling.withdraw(
        PLAN, "2024-01", FIGURE, reason="依据有误", user="office-head", office=differing.office
    )
    assert now_of(differing).denominator == 150
    then = year_progress(differing.office, PLAN, JANUARY, before)[JANUARY][DELIVERY]
    assert then.denominator == 160
    (event,) = differing.events("figure-decision-withdrawn")
    assert event.body["reason"] == "依据有误"


@pytest.mark.parametrize(
    ("figure", "value", "reason", "words"),
    [
        ("food-sampling", "3", "试", "没有这样的报数不一致"),
        (FIGURE, "160", " ", "须写明理由"),
        (FIGURE, "many", "试", "不是数"),
        (FIGURE, "-1", "试", "不小于0"),
    ],
)
def test_a_decision_is_about_a_real_difference_and_has_a_figure_and_a_reason(
    differing: Stage, figure: str, value: str, reason: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        reconciling.reconcile(
            PLAN, "2024-01", figure, value, reason=reason, user="u", office=differing.office
        )
    assert differing.events("figure-decided") == []


def test_evidence_is_kept_and_named_in_the_ledger(differing: Stage, tmp_path: Any) -> None:
    paper = tmp_path / "核实记录.txt"
    paper.write_text("现场核实为155家", encoding="utf-8")
    reconciling.reconcile(
        PLAN,
        "2024-01",
        DELIVERY,
        Decimal(155),
        reason="现场核实",
        user="u",
        evidence=paper,
        office=differing.office,
    )
    (event,) = differing.events("figure-decided")
    assert event.body["evidence"]["name"] == "核实记录.txt"
    assert differing.office.archive.read(event.body["evidence"]["sha256"]) == paper.read_bytes()
