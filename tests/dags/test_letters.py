"""How an approver's answer is read, and how a round of signing is started."""

from __future__ import annotations

from typing import Any

import pytest

from duban_letters import ASK, SEND, LetterHITLOperator, asking, decision
from include.settings import settings


def said(*options: str, **written: Any) -> dict[str, Any]:
    return {
        "chosen_options": list(options),
        "params_input": written,
        "responded_by_user": {"id": "3", "name": "office-head"},
    }


def test_an_answer_names_the_option_the_user_and_the_reason() -> None:
    read = decision(said("退回", reason=" 事实有误 ", talk_said=None))
    assert (read["decision"], read["user"], read["reason"]) == ("退回", "office-head", "事实有误")
    assert read["talk"] == {"on": "", "with": "", "said": "", "skipped": ""}


def test_what_was_talked_over_before_and_the_number_are_read_from_their_fields() -> None:
    read = decision(
        said("签发", talk_on="9月2日", talk_with="张某", talk_said="无异议", number="甲〔2024〕3号")
    )
    assert read["talk"] == {"on": "9月2日", "with": "张某", "said": "无异议", "skipped": ""}
    assert read["number"] == "甲〔2024〕3号"


@pytest.mark.parametrize("options", [(), ("签发", "退回")])
def test_none_or_several_options_are_no_answer(options: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        decision(said(*options))


def test_an_answer_without_a_form_has_no_reason() -> None:
    assert decision(said("签发") | {"params_input": None})["reason"] == ""


def test_a_letter_round_becomes_one_named_run() -> None:
    (asked,) = asking([{"id": 7, "plan": "pinghu-2024", "round": 2, "run_id": "letter-7-round-2"}])
    assert asked["trigger_dag_id"] == "sign_letters"
    assert asked["trigger_run_id"] == "letter-7-round-2"
    assert asked["conf"] == {"letter_id": 7, "round": 2}
    assert SEND["skip_when_already_exists"] is True


def test_the_form_offers_three_answers_and_has_none_ready() -> None:
    ask = LetterHITLOperator(task_id="ask", **ASK)
    assert ask.options == ["签发", "退回", "免发"]
    assert ask.defaults is None
    assert ask.multiple is False
    talk = {"talk_on", "talk_with", "talk_said", "talk_skipped"}
    assert set(ask.serialized_params) == {"reason", "number"} | talk


def test_a_lost_answer_is_asked_for_again_and_nothing_is_chosen_for_anybody() -> None:
    ask = LetterHITLOperator(task_id="ask", **ASK)
    assert ask.retries == 24
    assert ask.defaults is None


def test_a_round_of_a_plan_that_signs_apart_goes_to_its_own_dag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SIGNS_APART", "pinghu-2024")
    settings.cache_clear()
    rounds = [{"id": n, "plan": p, "round": 1, "run_id": ""} for n, p in enumerate(("pinghu-2024", "b-2024"))]
    assert [asked["trigger_dag_id"] for asked in asking(rounds)] == [
        "sign_letters_pinghu-2024",
        "sign_letters",
    ]
    settings.cache_clear()
