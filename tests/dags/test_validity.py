"""What every DAG keeps to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import RetryAction
from airflow.sdk.exceptions import ParamValidationError
from airflow.serialization.serialized_objects import DagSerialization

from include.errors import PlanError
from include.settings import settings

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "dags").glob("*.py"))
IDS = [file.stem for file in FILES]
CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture(params=IDS)
def one(request: pytest.FixtureRequest, dags: dict[str, Any]) -> Any:
    return dags[request.param]


@pytest.fixture(scope="module")
def stored(dags: dict[str, Any]) -> dict[str, Any]:
    """The DAGs as the scheduler gets them: written to JSON and read again."""
    texts = {name: json.dumps(DagSerialization.to_dict(each)) for name, each in dags.items()}
    return {name: DagSerialization.from_dict(json.loads(text)) for name, text in texts.items()}


def test_there_is_one_dag_a_file_and_it_bears_its_name(dags: dict[str, Any]) -> None:
    steps = {"open_period", "collect_returns", "close_period", "escalate_overdue", "sign_letters"}
    assert set(dags) == set(IDS) == steps | {"publish_digest", "deliver_outbox", "housekeeping"}


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_a_dag_file_is_short_and_asks_only_the_office(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 80
    assert set(re.findall(r"from (include[\w.]*) import", text)) <= {"include.office"}
    assert "import include" not in text


def test_a_person_can_read_what_a_dag_is_for(one: Any) -> None:
    assert CHINESE.search(one.dag_display_name)
    assert CHINESE.search(one.description)
    assert CHINESE.search(one.doc_md)
    assert one.doc_md.strip().startswith("### ")


def test_a_dag_has_owner_and_tags_and_never_catches_up(one: Any) -> None:
    assert one.owner == "食药安办"
    assert "督办" in one.tags
    assert len(one.tags) >= 2
    assert one.catchup is False
    assert one.start_date is not None


def test_only_the_dag_that_waits_for_people_runs_more_than_once_at_a_time(dags: dict[str, Any]) -> None:
    many = {name for name, each in dags.items() if each.max_active_runs != 1}
    assert many == {"sign_letters"}
    assert dags["sign_letters"].max_active_runs >= 1000


def test_only_that_dag_asks_a_person(dags: dict[str, Any]) -> None:
    asking = {name for name, each in dags.items() for t in each.tasks if "HITL" in type(t).__name__}
    assert asking == {"sign_letters"}


def test_every_task_has_a_chinese_name_and_is_tried_again(one: Any) -> None:
    for each in one.tasks:
        assert CHINESE.search(each.task_display_name), each.task_id
        assert each.retries >= 1, each.task_id
        assert each.retry_delay.total_seconds() <= 300, each.task_id
        assert each.owner == "食药安办"


WHICHEVER_FAILED = {"waiting": "all_done", "everywhere": "none_failed"}


def test_an_answer_of_a_person_is_never_followed_whatever_became_of_it(one: Any) -> None:
    """Only a round that failed is: it asks anew, and takes nothing for an answer.

    And what waits to be signed is asked for whichever place's plan failed, though the run is red then.
    """
    otherwise = {each.task_id: each.trigger_rule for each in one.tasks if each.trigger_rule != "all_success"}
    expected = {"sign_letters": {"lost": "one_failed"}, "escalate_overdue": WHICHEVER_FAILED}
    assert otherwise == expected.get(one.dag_id, {})


def test_a_plan_that_cannot_be_read_is_not_tried_again_and_anything_else_is(one: Any) -> None:
    for each in one.tasks:
        decided = [each.retry_policy.evaluate(e, 1, 2).action for e in (PlanError("x"), OSError("x"))]
        assert decided == [RetryAction.FAIL, RetryAction.DEFAULT], each.task_id


def test_a_plan_that_signs_apart_has_a_signing_dag_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SIGNS_APART", "pinghu-2024 other-2024")
    settings.cache_clear()
    bag = DagBag(str(ROOT / "dags" / "sign_letters.py"))
    settings.cache_clear()
    assert set(bag.dags) == {"sign_letters", "sign_letters_pinghu-2024", "sign_letters_other-2024"}
    assert {frozenset(each.params) for each in bag.dags.values()} == {frozenset({"letter_id", "round"})}


def test_nothing_starts_by_the_week_where_working_days_are_meant(stored: dict[str, Any]) -> None:
    expected = {
        "open_period": "每个工作日 08:30",
        "collect_returns": "*/10 * * * *",
        "close_period": "每个工作日 18:10",
        "escalate_overdue": "每个工作日 09:10",
        "publish_digest": "每个工作日 10:00",
        "deliver_outbox": "5-59/10 * * * *",
        "housekeeping": "每个工作日 07:30",
    }
    for name, when in expected.items():
        assert when in stored[name].timetable.summary, name
        assert stored[name].timetable.can_be_scheduled
    assert not stored["sign_letters"].timetable.can_be_scheduled


PARAMS = {
    "open_period": {"plan", "period"},
    "collect_returns": {"plan"},
    "close_period": {"plan", "period", "as_of"},
    "escalate_overdue": {"plan", "as_of"},
    "sign_letters": {"letter_id", "round"},
    "publish_digest": {"plan", "period", "as_of"},
    "deliver_outbox": {"plan"},
    "housekeeping": set[str](),
}


def test_an_administrator_can_narrow_a_run_and_leaves_it_empty_by_default(one: Any) -> None:
    given = one.params.dump()
    assert set(given) == PARAMS[one.dag_id]
    assert {value for name, value in given.items() if name != "round"} <= {None}


@pytest.mark.parametrize("wrong", ["2024-13", "2024-8", "八月", "24-08"])
def test_a_month_that_is_none_is_refused_when_the_run_is_started(dags: dict[str, Any], wrong: str) -> None:
    period = dags["close_period"].params.get_param("period")
    assert period.resolve("2024-08") == "2024-08"
    with pytest.raises(ParamValidationError):
        period.resolve(wrong)


def _names(assets: Any) -> set[str]:
    return {asset.name for asset in assets}


def _schedule(stored: Any) -> set[str]:
    return {asset.name for _, asset in stored.timetable.asset_condition.iter_assets()}


def test_the_assets_join_the_dags_into_one_flow(dags: dict[str, Any], stored: dict[str, Any]) -> None:
    made = {n: {a for t in each.tasks for a in _names(t.outlets)} for n, each in dags.items()}
    used = {
        n: _schedule(stored[n]) | {a for t in each.tasks for a in _names(t.inlets)}
        for n, each in dags.items()
    }
    everything_made = set[str]().union(*made.values())
    everything_used = set[str]().union(*used.values())
    assert everything_made <= everything_used, "made, and nobody takes it"
    assert everything_used - everything_made == {"报送件"}, "taken, and nobody makes it (but the agencies)"
    reached, waiting = set[str](), {"open_period"}
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting |= {n for n in dags if used[n] & made[here]} - reached
    assert reached == set(dags)


def test_a_nudge_reaches_the_next_step(stored: dict[str, Any]) -> None:
    assert {name: _schedule(each) for name, each in stored.items() if _schedule(each)} == {
        "collect_returns": {"报送件", "填报模板"},
        "close_period": {"数据项"},
        "escalate_overdue": {"完成进度"},
        "publish_digest": {"文书"},
        "deliver_outbox": {"督办事项", "文书", "工作月报"},
    }


LOAD = """
import sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
assert not bag.import_errors, bag.import_errors
print("loaded:", *sorted(m for m in sys.modules if m.startswith("include.") or m in {"pandas", "lxml"}))
"""


def test_loading_the_dags_loads_nothing_of_duban_but_the_calendar_and_settings() -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(ROOT / "dags")],
        env=env, capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    loaded = done.stdout.splitlines()[-1].removeprefix("loaded:").split()
    light = ("include.workdays", "include.errors", "include.foreign", "include.settings")
    heavy = {m for m in loaded if not m.startswith(light)} - {"include.office", "include.office.installed"}
    assert heavy == set()
