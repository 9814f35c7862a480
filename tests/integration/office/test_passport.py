"""A figure's passport: from the value back to file, sheet, cell and who signed; and through corrections."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from demo.setting import PLAN
from include.errors import RefusedError
from include.office import close_period, collect_returns, reconciling
from include.office.passport import passport
from include.office.passport_text import passport_lines
from tests.integration.office.conftest import Stage, with_denominators

DATABASES = ("sqlite",)
DELIVERY = "sunshine-delivery"


def correct(stage: Stage, denominator: int) -> None:
    (taken, *_) = sorted((stage.folder("education", "报送") / "已收").glob("*.xlsx"))
    book = with_denominators(taken, {"阳光配送": denominator})
    (stage.folder("education", "报送") / f"更正{denominator}.xlsx").write_bytes(book)
    collect_returns.run(office=stage.office)


def test_it_leads_from_the_value_to_the_cell_and_to_who_signed(january: Stage) -> None:
    january.at("2024-02-06T18:10")
    told = passport(DELIVERY, "2024-01", plan=PLAN, office=january.office)
    numerator = next(f for f in told["facts"] if f["figure"] == "分子" and f["counts"])
    (receipt,) = january.names("education", "回执")
    book = load_workbook(january.folder("education", "回执") / receipt)
    assert str(book[numerator["sheet"]][numerator["cell"]].value) == numerator["raw"] == numerator["value"]
    assert numerator["signed_by"]
    assert told["figure"]["made_of"].startswith(f"{numerator['value']} / ")
    assert [f["agency"] for f in told["facts"] if not f["counts"]] == [january.name("market-regulation")] * 2
    assert len(told["rules"]["passed"]) > 5
    assert told["published"] == []


def test_a_correction_after_publishing_keeps_what_was_published_and_shows_both(january: Stage) -> None:
    january.at("2024-02-06T18:10")
    close_period.run(office=january.office)
    before = passport(DELIVERY, "2024-01", plan=PLAN, office=january.office)["figure"]["value"]
    january.at("2024-02-07T09:00")
    correct(january, 150)
    january.at("2024-02-07T18:10")
    close_period.run(office=january.office)
    january.at("2024-02-08T09:00")
    reconciling.reconcile(
        PLAN, "2024-01", DELIVERY, "160", reason="以名录为准", user="office-clerk", office=january.office
    )
    told = passport(DELIVERY, "2024-01", plan=PLAN, office=january.office)
    assert [p["what"] for p in told["published"]] == ["汇总报表第1版", "汇总报表第2版"]
    assert told["published"][0]["value"] == before != told["published"][1]["value"]
    own = [v for v in told["versions"] if v["agency"] == january.name("education")]
    assert [(v["number"], v["counts"]) for v in own] == [(1, False), (2, True)]
    assert "分母150" in own[1]["figures"]
    (difference,) = told["differences"]
    assert difference["decided_by"] == "office-clerk"
    assert told["figure"]["made_of"].endswith("/ 160")
    text = "\n".join(passport_lines(told))
    for words in ("原文“150”", "按核定数160计：以名录为准", "汇总报表第1版", "第2次", "审核签发人 演示"):
        assert words in text


def test_an_unknown_indicator_is_answered_with_those_there_are(january: Stage) -> None:
    with pytest.raises(RefusedError, match=r"没有指标nosuch；有的是.*sunshine-delivery"):
        passport("nosuch", "2024-01", plan=PLAN, office=january.office)
