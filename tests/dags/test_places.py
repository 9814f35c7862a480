"""Two places in one installation, by real task runs: one with a broken plan stops no other, and is seen."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.models.xcom import XComModel

from demo import province
from demo.agencies import SimulatedAgency
from demo.setting import PLAN
from include.errors import RefusedError
from include.office import clock, collect_returns, open_period, sign_letters
from include.office.desk import Office, open_office
from include.office.escalate_overdue import waiting
from include.office.standings import year_standings
from include.plan import Period
from include.records.submissions import Filing
from include.settings import ROOT, Settings, settings
from include.store import outbox
from tests.runs import Ran, rows, set_up_airflow

BROKEN, SOUND = (province.county_id(number) for number in (1, 2))
JANUARY = Period(2024, 1)
SCHOOLS = "education"
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two places where January is opened and nobody has filed; then the plan of one is broken."""
    folder = tmp_path_factory.mktemp("places")
    for number in (1, 2):
        province.write_county(folder / "plans", number, like=ROOT / "plans" / PLAN)
    of = Settings(home=folder / "home", plans_dir=folder / "plans", stable_seconds=0)
    office = open_office(of)
    province.people_province(office)
    at(office, "2024-01-31T08:30:00+08:00")
    open_period.run(office=office)
    (of.plans_dir / BROKEN / "agencies.yaml").write_text("agencies: [", encoding="utf-8")
    at(office, "2024-02-06T18:05:00+08:00")
    collect_returns.run(SOUND, office=office)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_HOME", str(of.home))
        patch.setenv("DUBAN_PLANS_DIR", str(of.plans_dir))
        patch.setenv("DUBAN_STABLE_SECONDS", "0")
        settings.cache_clear()
        yield open_office(of)
    settings.cache_clear()
    office.store.close()


@pytest.fixture(scope="module")
def run(office: Office) -> Run:
    """`run("close_period")` runs a DAG's tasks to the end, or one of them alone."""
    dags = set_up_airflow()

    def ran(dag_id: str, task: str = "", **conf: Any) -> Ran:
        dag = dags[dag_id].partial_subset(task) if task else dags[dag_id]
        return Ran(dag.test(run_conf=conf))

    return ran


def at(office: Office, moment: str) -> None:
    clock.start(office.settings, clock.parse(moment), stopped=True)


def test_a_broken_plan_fails_its_own_task_by_name_and_the_other_place_is_collected(
    office: Office, run: Run
) -> None:
    agency = office.plan(SOUND, JANUARY).agency(SCHOOLS)
    SimulatedAgency(office, agency, SOUND).file(JANUARY)
    ran = run("collect_returns")
    assert ran.tasks["collect", BROKEN] == "failed"
    assert ran.tasks["collect", SOUND] == "success"
    assert ran.state == "failed"
    assert year_standings(office, SOUND, office.now())[SCHOOLS, JANUARY].filing is Filing.ACCEPTED


@pytest.mark.parametrize(
    ("dag_id", "task"),
    [("open_period", "hand_out"), ("close_period", "compute"), ("publish_digest", "publish")],
)
def test_every_step_goes_on_in_the_other_place_and_ends_red(dag_id: str, task: str, run: Run) -> None:
    ran = run(dag_id)
    assert ran.tasks[task, BROKEN] == "failed"
    assert ran.tasks[task, SOUND] in {"success", "skipped"}
    assert ran.state == "failed"


def test_the_letters_of_the_other_place_are_put_before_their_signers(office: Office, run: Run) -> None:
    at(office, "2024-02-07T09:10:00+08:00")
    ran = run("escalate_overdue")
    assert ran.tasks["propose", BROKEN] == "failed"
    assert ran.tasks["propose", SOUND] == "success"
    assert ran.state == "failed"
    asked_for = {letter["run_id"] for letter in waiting([SOUND], office=office)}
    assert len(asked_for) > 20
    started = rows([DagRun.run_id], DagRun.dag_id == "sign_letters")
    assert {run_id for (run_id,) in started} == asked_for


def test_the_mail_of_the_other_place_is_sent(office: Office, run: Run) -> None:
    waiting_mails = _mails(office, SOUND)["pending"]
    assert waiting_mails > 0
    ran = run("deliver_outbox")
    assert ran.tasks["deliver", SOUND] == "success"
    after = _mails(office, SOUND)
    assert set(after) == {"sent"}
    assert after["sent"] >= waiting_mails  # and what tells of the alarms, made on the way


def _mails(office: Office, plan_id: str) -> Counter[str]:
    """Count a place's mails by state."""
    with office.store.reading() as connection:
        return Counter(m.state for m in outbox.messages(connection, plan_id) if m.channel == "mail")


def test_airflows_own_pages_hold_ids_and_counts_and_never_a_letters_words(office: Office, run: Run) -> None:
    """What every operator of the installation sees: what tasks gave on, and the question to the signer."""
    (letter, *_) = waiting([SOUND], office=office)
    shown = sign_letters.show(letter["id"], office=office)
    run("sign_letters", task="show", letter_id=letter["id"])
    kept = [json.dumps(value, ensure_ascii=False) for (value,) in rows([XComModel.value])]
    (question,) = [value for value in kept if "hash" in value]
    assert f"文书{letter['id']}" in question
    assert shown["hash"] in question
    names = [agency.name for agency in office.plan(SOUND, JANUARY).agencies]
    sentences = [part for part in re.split(r"[，。：；\s]", shown["text"]) if len(part) > 8]
    assert len(sentences) > 5
    for told in (*names, *sentences, shown["title"]):
        assert [value for value in kept if told in value] == []


def test_a_letters_words_stand_where_only_its_own_place_looks(office: Office) -> None:
    (letter, *_) = waiting([SOUND], office=office)
    shown = sign_letters.show(letter["id"], office=office)
    asked = sign_letters.question(letter["id"], apart=SOUND, office=office)
    assert (asked["text"], asked["hash"]) == (shown["text"], shown["hash"])
    with pytest.raises(RefusedError, match="不是"):
        sign_letters.question(letter["id"], apart=BROKEN, office=office)
