"""What a run is for: an administrator's word, a nudge, or everything that is due."""

from __future__ import annotations

from typing import Any

import pytest

from duban_flow import FLOW, targets

PLANS = ["jiashan-2024", "pinghu-2024"]
EVERYTHING = [{"plan": plan, "period": None} for plan in PLANS]


def test_a_scheduled_run_is_for_everything() -> None:
    assert targets({}, [], PLANS) == EVERYTHING
    assert targets({"plan": None, "period": None}, [], PLANS) == EVERYTHING
    assert targets({"plan": "", "period": ""}, [], PLANS) == EVERYTHING


@pytest.mark.parametrize(("typed", "plans"), [("pinghu-2024", ["pinghu-2024"]), (None, PLANS), ("", PLANS)])
def test_what_an_administrator_typed_in_counts_whatever_nudged(typed: str | None, plans: list[str]) -> None:
    nudge = {"touched": [{"plan": "other-2024"}]}
    ordered = targets({"plan": typed, "period": "2024-03"}, [nudge], PLANS)
    assert ordered == [{"plan": plan, "period": "2024-03"} for plan in plans]


def test_each_place_is_an_entry_of_its_own() -> None:
    assert targets({}, [], ["only-2024"]) == [{"plan": "only-2024", "period": None}]
    assert targets({}, [], []) == []


def test_a_nudge_names_the_plan_but_never_orders_a_month() -> None:
    nudge = {"touched": [{"plan": "pinghu-2024", "period": "2024-08"}]}
    assert targets({}, [nudge], PLANS) == [{"plan": "pinghu-2024", "period": None}]


def test_several_nudges_in_one_run_are_all_read_and_each_plan_done_once() -> None:
    nudges = [
        {"touched": [{"plan": "pinghu-2024", "period": "2024-08"}, {"plan": "jiashan-2024"}]},
        {"touched": [{"plan": "pinghu-2024", "period": "2024-07"}]},
    ]
    assert [target["plan"] for target in targets({}, nudges, PLANS)] == ["jiashan-2024", "pinghu-2024"]


@pytest.mark.parametrize("vague", [{}, {"touched": []}, {"touched": [{"plan": None}]}, {"payload": "x"}])
def test_a_nudge_that_names_no_plan_is_about_everything(vague: dict[str, Any]) -> None:
    named = {"touched": [{"plan": "pinghu-2024"}]}
    assert targets({}, [vague], PLANS) == EVERYTHING
    assert targets({}, [named, vague], PLANS) == EVERYTHING


def test_assets_carry_chinese_names_and_one_group() -> None:
    assert len({asset.name for asset in FLOW}) == len({asset.uri for asset in FLOW}) == len(FLOW)
    assert {asset.group for asset in FLOW} == {"督办"}
    assert all(asset.uri.startswith("x-duban://") for asset in FLOW)
    (watched,) = [asset for asset in FLOW if asset.watchers]
    assert watched.name == "报送件"
