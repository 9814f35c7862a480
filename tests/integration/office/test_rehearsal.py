"""Two recorded months: every case explained, and the ladder tried in another form, which changes nothing."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from demo.setting import BEGINS_AT, LAGGING, LATE, PLAN, set_stage
from demo.steps import Direct
from demo.year import Year
from include.errors import PlanError
from include.office import rehearsal
from include.office.desk import Office
from include.office.explaining import Sentence, explain, heading
from include.settings import Settings
from include.store import cases, ledger

LADDER = Path("plans") / PLAN / "ladder.yaml"
LAST = date(2024, 3, 14)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The demo's January and February, day by day: two rounds of letters, signed, answered, a case closed."""
    home = tmp_path_factory.mktemp("played") / "home"
    office = set_stage(Settings(home=home, stable_seconds=0, delivery_counts_as_served=True))
    Year(office, lambda _: None, sign_until=LAST).play(BEGINS_AT.date(), LAST, Direct(office))
    return office


def ladder_with(tmp_path: Path, old: str, new: str) -> Path:
    text = LADDER.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    file = tmp_path / "ladder.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def lines(office: Office, ladder: Path, **days: Any) -> list[tuple[str, str, str, str | None]]:
    result = rehearsal.run(PLAN, ladder, office=office, **days)
    return [(x["agency"], x["step"], x["compared"], x["on"]) for x in result["letters"]]


def test_the_ladder_in_force_gives_what_happened_letter_by_letter(played: Office) -> None:
    result = rehearsal.run(PLAN, LADDER, office=played)
    with played.store.reading() as connection:
        happened = [(r.agency_id, r.step, r.drafted_on) for r in cases.letters(connection, PLAN)]
    assert len(happened) >= 4
    assert {x["compared"] for x in result["letters"]} == {"same"}
    assert sorted((x["agency"], x["step"], date.fromisoformat(x["on"])) for x in result["letters"]) == sorted(
        happened
    )
    assert all(month["rehearsed"] == month["happened"] for month in result["months"])


def test_a_milder_ladder_shows_which_letters_would_not_have_gone_out(played: Office, tmp_path: Path) -> None:
    patient = ladder_with(
        tmp_path, "{rule: return-overdue, working_days: 1}", "{rule: return-overdue, working_days: 30}"
    )
    found = lines(played, patient)
    assert (LATE, "reminder", "gone", None) in found
    assert (LAGGING, "reminder", "same", "2024-02-07") in found, "the other track is as it was"


def test_a_later_reminder_is_shown_with_both_days(played: Office, tmp_path: Path) -> None:
    later = ladder_with(
        tmp_path, "{rule: return-overdue, working_days: 1}", "{rule: return-overdue, working_days: 2}"
    )
    found = lines(played, later)
    assert (LATE, "reminder", "moved", "2024-02-08") in found
    text = "\n".join(rehearsal.told(rehearsal.run(PLAN, later, office=played)))
    assert "实际2024-02-07拟稿" in text
    assert "推演2024-02-08拟稿" in text
    assert "假定" in text


def test_until_its_first_day_the_ladder_in_force_holds(played: Office, tmp_path: Path) -> None:
    patient = ladder_with(
        tmp_path, "{rule: return-overdue, working_days: 1}", "{rule: return-overdue, working_days: 30}"
    )
    assert lines(played, patient, first=date(2024, 3, 1), last=date(2024, 3, 7)) == []
    found = lines(played, patient, first=date(2024, 3, 1))
    assert all(on is None or on >= "2024-03-01" for *_, on in found)


def test_rehearsing_changes_nothing(played: Office, tmp_path: Path) -> None:
    file = Path(played.settings.database.removeprefix("sqlite:///"))
    before = {
        p: hashlib.sha256(p.read_bytes()).hexdigest() for p in played.settings.home.rglob("*") if p.is_file()
    }
    assert file in before
    other = ladder_with(tmp_path, "{rule: late-running, periods: 2}", "{rule: late-running, periods: 4}")
    rehearsal.run(PLAN, other, office=played)
    after = {
        p: hashlib.sha256(p.read_bytes()).hexdigest() for p in played.settings.home.rglob("*") if p.is_file()
    }
    assert after == before


def test_a_ladder_that_does_not_hold_is_refused_before_anything_is_played(
    played: Office, tmp_path: Path
) -> None:
    with pytest.raises(PlanError, match="unknown rule"):
        rehearsal.run(PLAN, ladder_with(tmp_path, "rule: light-red}", "rule: light-pink}"), office=played)


def told(office: Office, agency: str) -> list[list[Sentence]]:
    with office.store.reading() as connection:
        mine = [row.id for row in cases.cases(connection, PLAN) if row.agency_id == agency]
    return [explain(case_id, office=office) for case_id in mine]


def test_every_letter_is_explained_and_every_sentence_is_backed(played: Office) -> None:
    with played.store.reading() as connection:
        known = {f"ledger/{e.seq}" for e in ledger.entries(connection, PLAN)}
        every = {f"letter/{row.id}" for row in cases.letters(connection, PLAN)}
        ids = [row.id for row in cases.cases(connection, PLAN)]
    sentences = [s for case_id in ids for s in explain(case_id, office=played)]
    assert all(s.backed_by and s.backed_by[0] in known for s in sentences)
    assert every <= {ref for s in sentences for ref in s.backed_by}
    assert all(heading(case_id, office=played).startswith(f"督办事项{case_id}：") for case_id in ids)


def test_a_late_return_is_told_with_its_count_of_days_its_rule_its_letter_and_its_end(played: Office) -> None:
    text = "".join(s.text for s in told(played, LATE)[0])
    for part in (
        "1月报表的逾期从截止日2024年2月6日的次日算起，共1个工作日（2月7日）",
        "第1步提醒敦促函，条件是“报表逾期满1个工作日”",
        "office-deputy签发提醒敦促函演示〔2024〕",
        "书面答复的期限是2024年2月21日：自送达的次日起，共5个工作日（2月9日、2月18日、2月19日、2月20日、2月21日）",
        "2月18日为调休上班，计入",
        "按规则销号",
        "收到并通过校验",
    ):
        assert part in text, (part, text)


def test_a_lagging_indicator_is_told_with_its_figures_and_the_submission_they_stand_in(
    played: Office,
) -> None:
    sentences = told(played, LAGGING)[0]
    (first, *_) = [s for s in sentences if "数据取自报表" in s.text]
    assert any(ref.startswith("submission/") for ref in first.backed_by)
    assert "红灯" in first.text or "时序" in first.text
