"""What a run is for: an administrator's word, a nudge, or everything that is due."""

from __future__ import annotations

from typing import Any

import pytest

from duban_flow import FLOW, targets

EVERYTHING = [{"plan": None, "period": None}]


def test_a_scheduled_run_is_for_everything() -> None:
    assert targets({}, []) == EVERYTHING
    assert targets({"plan": None, "period": None}, []) == EVERYTHING
    assert targets({"plan": "", "period": ""}, []) == EVERYTHING


@pytest.mark.parametrize(
    "typed", [{"plan": "pinghu-2024", "period": "2024-03"}, {"plan": None, "period": "2024-03"}]
)
def test_what_an_administrator_typed_in_counts_whatever_nudged(typed: dict[str, Any]) -> None:
    assert targets(typed, [{"touched": [{"plan": "other-2024"}]}]) == [typed]


def test_a_nudge_names_the_plan_but_never_orders_a_month() -> None:
    nudge = {"touched": [{"plan": "pinghu-2024", "period": "2024-08"}]}
    assert targets({}, [nudge]) == [{"plan": "pinghu-2024", "period": None}]


def test_several_nudges_in_one_run_are_all_read_and_each_plan_done_once() -> None:
    nudges = [
        {"touched": [{"plan": "pinghu-2024", "period": "2024-08"}, {"plan": "jiashan-2024"}]},
        {"touched": [{"plan": "pinghu-2024", "period": "2024-07"}]},
    ]
    assert [target["plan"] for target in targets({}, nudges)] == ["jiashan-2024", "pinghu-2024"]


@pytest.mark.parametrize("vague", [{}, {"touched": []}, {"touched": [{"plan": None}]}, {"payload": "x"}])
def test_a_nudge_that_names_no_plan_is_about_everything(vague: dict[str, Any]) -> None:
    named = {"touched": [{"plan": "pinghu-2024"}]}
    assert targets({}, [vague]) == EVERYTHING
    assert targets({}, [named, vague]) == EVERYTHING


def test_assets_carry_chinese_names_and_one_group() -> None:
    assert len({asset.name for asset in FLOW}) == len({asset.uri for asset in FLOW}) == len(FLOW)
    assert {asset.group for asset in FLOW} == {"督办"}
    assert all(asset.uri.startswith("x-duban://") for asset in FLOW)
    (watched,) = [asset for asset in FLOW if asset.watchers]
    assert watched.name == "报送件"
