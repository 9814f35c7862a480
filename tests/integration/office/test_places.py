"""Two places in one installation: agencies of the same name, each place's own folders, one broken plan."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from demo import province
from demo.agencies import SimulatedAgency
from demo.setting import PLAN
from include.errors import DubanError, PlanError
from include.office import (
    clock,
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    export,
    open_period,
    shares,
    sign_letters,
)
from include.office.desk import Office, open_office
from include.office.standings import year_standings
from include.office.state import lines
from include.plan import Period
from include.records.escalation import LetterState
from include.records.submissions import Filing
from include.settings import ROOT
from include.store import cases, publications
from include.store import schema as t
from include.workdays import SHANGHAI
from live.accounts import accounts
from tests.integration.office.conftest import settings_for

JANUARY = Period(2024, 1)
OPENED, DUE = "2024-01-31T09:00", "2024-02-05T10:00"
SCHOOLS = "education"  # 市教育局, in every county


@pytest.fixture
def two(tmp_path: Path, database_url: str) -> Office:
    """Two made-up counties, January opened."""
    plans = tmp_path / "plans"
    for number in (1, 2):
        province.write_county(plans, number, like=ROOT / "plans" / PLAN)
    office = open_office(
        settings_for(tmp_path / "home", database_url).model_copy(update={"plans_dir": plans})
    )
    province.people_province(office)
    _at(office, OPENED)
    open_period.run(office=office)
    return office


def _at(office: Office, text: str) -> None:
    clock.start(office.settings, clock.parse(text).astimezone(SHANGHAI), stopped=True)


def _file(office: Office, number: int) -> Path:
    plan_id = province.county_id(number)
    agency = office.plan(plan_id, JANUARY).agency(SCHOOLS)
    return SimulatedAgency(office, agency, plan_id).file(JANUARY)


def _filing(office: Office, number: int) -> Filing:
    return year_standings(office, province.county_id(number), office.now())[SCHOOLS, JANUARY].filing


def _receipts(office: Office, number: int) -> list[str]:
    folder = office.settings.drive / f"演示{number:02d}县" / "责任单位" / "市教育局" / "回执"
    return sorted(file.name for file in folder.iterdir())


def test_agencies_of_the_same_name_are_kept_apart(two: Office) -> None:
    _at(two, DUE)
    _file(two, 1)
    result = collect_returns.run(office=two)
    assert (_filing(two, 1), _filing(two, 2)) == (Filing.ACCEPTED, Filing.NONE)
    assert {entry["plan"] for entry in result["touched"]} == {province.county_id(1)}
    assert _receipts(two, 1)
    assert not _receipts(two, 2)


def test_a_return_dropped_at_the_neighbours_is_not_taken_for_theirs(two: Office) -> None:
    _at(two, DUE)
    dropped = _file(two, 1)
    theirs = two.drive_of(province.county_id(2)).agency_folder("市教育局", "报送")
    shutil.move(dropped, theirs / dropped.name)
    collect_returns.run(office=two)
    assert (_filing(two, 1), _filing(two, 2)) == (Filing.NONE, Filing.NONE)
    assert _receipts(two, 2)


def test_a_broken_plan_is_named_and_holds_up_nobody_else(two: Office) -> None:
    agencies = two.settings.plans_dir / province.county_id(1) / "agencies.yaml"
    agencies.write_text("agencies: [", encoding="utf-8")
    office = open_office(two.settings)
    _at(office, DUE)
    _file(office, 2)
    with pytest.raises(DubanError, match=r"county-01-2024/agencies\.yaml:\d：不合 YAML 格式"):
        collect_returns.run(office=office)
    assert _filing(office, 2) is Filing.ACCEPTED


def test_two_plans_cannot_have_one_folder_of_the_drive(two: Office) -> None:
    province.write_county(two.settings.plans_dir, 3, like=ROOT / "plans" / PLAN)
    head = two.settings.plans_dir / province.county_id(3) / "plan.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("演示03县", "演示01县"), encoding="utf-8")
    office = open_office(two.settings)
    with pytest.raises(PlanError, match="已由 county-01-2024 使用；请在 drive_folder"):
        open_period.run(office=office)
    assert not (office.settings.drive / "演示03县").exists()


def test_what_is_exported_of_a_place_is_its_own(two: Office, tmp_path: Path) -> None:
    _at(two, DUE)
    for number in (1, 2):
        _file(two, number)
    collect_returns.run(office=two)
    export.run(province.county_id(1), tmp_path / "out", office=two)
    (submission,) = _rows(tmp_path / "out" / "submissions.csv")
    facts = _rows(tmp_path / "out" / "facts.csv")
    assert {fact["submission_id"] for fact in facts} == {submission["id"]}
    with two.store.reading() as connection:
        of_plan = select(t.submission.c.plan_id).where(t.submission.c.id == int(submission["id"]))
        assert connection.execute(of_plan).scalar_one() == province.county_id(1)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_who_signs_for_one_place_cannot_sign_for_another(two: Office) -> None:
    people = YAML().load(two.settings.people_file)
    for number in (1, 2):
        people[province.county_id(number)]["approvers"]["office-deputy"] = [f"deputy-{number}"]
    with two.settings.people_file.open("w", encoding="utf-8") as file:
        YAML().dump(people, file)
    _at(two, "2024-02-06T18:05")
    collect_returns.run(office=two)
    _at(two, "2024-02-07T09:10")
    escalate_overdue.run(office=two)
    with two.store.reading() as connection:
        theirs = cases.letters(connection, province.county_id(2), LetterState.WAITING)
    letter = next(row for row in theirs if row.approver == "office-deputy")
    shown = sign_letters.show(letter.id, office=two)["hash"]
    for user, state in (("deputy-1", LetterState.WAITING), ("deputy-2", LetterState.SERVED)):
        talk = {"skipped": "联系不上"}
        sign_letters.answer(letter.id, decision="签发", user=user, hash=shown, talk=talk, office=two)
        with two.store.reading() as connection:
            row = cases.letter(connection, letter.id)
        assert row is not None
        assert row.state == state


def test_a_full_inbox_next_door_holds_up_one_file_by_no_more_than_one_batch(two: Office) -> None:
    """In a run over all places, and in the chunks the flow maps over: there each place has its own."""
    _at(two, DUE)
    first = _file(two, 1)
    for n in range(4):
        shutil.copy(first, first.with_name(f"又一份{n}.xlsx"))
    _file(two, 2)
    chunks = collect_returns.pending(office=two)
    assert [chunk["plan"] for chunk in chunks] == [province.county_id(1), province.county_id(2)]
    collect_returns.run(office=two)
    answered = {number: sorted(_answered_at(two, number)) for number in (1, 2)}
    assert [len(times) for times in answered.values()] == [5, 1]
    assert answered[2][0] < answered[1][1], "the second of the full inbox came first"


def _answered_at(office: Office, number: int) -> list[int]:
    """Give when each receipt was put on the drive, in ns."""
    folder = office.settings.drive / f"演示{number:02d}县" / "责任单位" / "市教育局" / "回执"
    return [file.stat().st_mtime_ns for file in folder.glob("*.xlsx")]


def test_an_installation_starts_beside_a_place_whose_plan_or_people_are_broken(two: Office) -> None:
    """What `init` of the production form and `make up` call for every place."""
    first, second = two.plan_ids
    of = two.settings
    people = of.people_file.read_text(encoding="utf-8")
    all_of_them = {account.name for account in accounts(of)}
    of.people_file.write_text(people.replace("contacts:", "contact:", 1), encoding="utf-8")
    (of.plans_dir / first / "agencies.yaml").write_text("agencies: [", encoding="utf-8")
    office = open_office(of)
    assert {account.name for account in accounts(of)} <= all_of_them
    assert {share.user.split(".")[0] for share in shares.shares(office=office)} == {second}
    with pytest.raises(PlanError):
        shares.shares(first, office=office)
    told = "\n".join(lines(office=office))
    assert f"{first}：" in told
    assert "不合 YAML 格式" in told
    assert office.plan(second, JANUARY).title in told


def test_a_slip_in_one_places_people_stops_no_other(two: Office) -> None:
    first, second = two.plan_ids
    of = two.settings
    text = of.people_file.read_text(encoding="utf-8")
    of.people_file.write_text(text.replace(f"{first}:\n", f"{first}:\n  leaders: [{{\n", 1), encoding="utf-8")
    _at(two, "2024-02-06T18:05")
    collect_returns.run(office=two)
    _at(two, "2024-02-07T18:10")
    for job in (close_period.run, escalate_overdue.run):
        with pytest.raises(DubanError, match=r"people\.yaml:\d+：不合 YAML 格式"):
            job(office=two)
    deliver_outbox.run(office=two)
    with two.store.reading() as connection:
        sent = connection.execute(select(t.message.c.plan_id).where(t.message.c.state == "sent")).scalars()
        assert second in set(sent)
        assert len(cases.letters(connection, second, LetterState.WAITING))
        assert publications.last_edition(connection, second, JANUARY, "consolidated")
