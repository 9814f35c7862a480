"""A recorded year: every letter explained, and the ladder tried in another form, which changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from demo.setting import BEGINS_AT, LAGGING, LATE, PLAN, SILENT, set_stage
from demo.steps import Direct
from demo.year import Year
from include.errors import PlanError
from include.office import cases as deciding
from include.office import collect_returns, escalate_overdue, rehearsal, sign_letters
from include.office.decided import Decided
from include.office.desk import Office
from include.office.exceptions import exempt, extend
from include.office.explaining import Sentence, explain, heading
from include.plan import Agency, Period
from include.settings import Settings
from include.store import cases, ledger
from tests.integration.office.conftest import Stage

LADDER = Path("plans") / PLAN / "ladder.yaml"
LAST = date(2024, 4, 12)
FEW = frozenset({SILENT, LAGGING, LATE})
DATABASES = ("sqlite",)


class FewFile(Year):
    """The year of three agencies: one late each month, one with a lagging indicator, one in good order."""

    def _filers_of(self, period: Period, day: date) -> Iterator[tuple[Agency, bool]]:
        yield from (
            (agency, careless) for agency, careless in super()._filers_of(period, day) if agency.id in FEW
        )


class OthersExempt(Direct):
    """Opens a month for the few; the others owe nothing."""

    def take(self, step: str) -> None:
        super().take(step)
        if step == "open":
            month = Period.of(self.office.now().date())
            for agency in self.office.plan(PLAN, month).filers:
                if agency.id not in FEW:
                    exempt(PLAN, agency.id, str(month), Decided("clerk", "演示"), office=self.office)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo's year up to an interview, day by day, in an office without LibreOffice."""
    home = tmp_path_factory.mktemp("played") / "home"
    office = set_stage(Settings(home=home, stable_seconds=0, delivery_counts_as_served=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        FewFile(office, lambda _: None, sign_until=LAST).play(BEGINS_AT.date(), LAST, OthersExempt(office))
    yield office
    office.store.close()


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
    assert len(happened) >= 6
    assert {step for _, step, _ in happened} == {"reminder", "rectification", "interview"}
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
    assert "推演不出的" in text
    assert "不沿用对原文书的这些决定" in text


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
    with pytest.raises(PlanError, match="没有“light-pink”这种条件"):
        rehearsal.run(PLAN, ladder_with(tmp_path, "rule: light-red}", "rule: light-pink}"), office=played)


def decide_by_hand(stage: Stage) -> None:
    """Let people decide: a case extended and merged into another, one waived, a return moved."""
    office = stage.office

    def day(moment: str) -> None:
        stage.at(moment)
        collect_returns.run(office=office)
        escalate_overdue.run(office=office)

    day("2024-02-07T09:10")
    for agency in (SILENT, LATE):
        letter = stage.letter(agency)
        shown = sign_letters.show(letter.id, office=office)["hash"]
        by = {"user": "office-deputy", "hash": shown, "talk": {"skipped": "演示"}}
        sign_letters.answer(letter.id, decision=sign_letters.SIGN, office=office, **by)
    ((silent,), (lagging,)) = (stage.cases(agency) for agency in (SILENT, LAGGING))
    stage.at("2024-02-18T10:00")
    deciding.extend(silent.id, Decided("clerk", "系统更换"), until=date(2024, 2, 22), office=office)
    deciding.waive(lagging.id, Decided("clerk", "已当面说明"), office=office)
    extend(PLAN, LATE, "2024-01", Decided("clerk", "系统更换"), to="2024-02-23T18:00", office=office)
    for moment in ("2024-02-21T09:10", "2024-02-22T09:10", "2024-02-23T09:10"):
        day(moment)
    assert stage.cases(LATE)[0].state == "fulfilled", "its return is not owed yet"
    assert [row.step for row in stage.letters(SILENT)] == ["reminder", "rectification"]
    day("2024-02-26T09:10")
    assert [row.step for row in stage.letters(LATE)] == ["reminder", "reminder"]
    again = stage.cases(LATE)[-1]
    stage.at("2024-02-26T15:00")
    deciding.merge(silent.id, again.id, Decided("clerk", "机构合并"), office=office)
    for moment in ("2024-02-27T09:10", "2024-02-28T09:10"):
        day(moment)


def test_what_people_decided_is_replayed_to_the_letter_and_what_finds_no_case_is_named(
    january: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no LibreOffice: it takes its time
    decide_by_hand(january)
    result = rehearsal.run(PLAN, LADDER, office=january.office)
    assert [x for x in result["letters"] if x["compared"] != "same"] == []
    assert len(result["letters"]) == len(january.letters()) >= 5
    assert result["unused"] == []
    patient = ladder_with(
        tmp_path, "{rule: return-overdue, working_days: 1}", "{rule: return-overdue, working_days: 30}"
    )
    result = rehearsal.run(PLAN, patient, office=january.office)
    assert any("case-extend" in line for line in result["unused"])
    assert any("case-take-over" in line for line in result["unused"])
    assert "在推演中没有对应的督办事项" in "\n".join(rehearsal.told(result))


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
