"""From a missing return to a letter that is signed, served, answered and closed."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from demo.setting import LAGGING, LATE, PLAN, SILENT
from include.errors import RefusedError
from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    exceptions,
    housekeeping,
    open_period,
    sign_letters,
)
from include.office.decided import Decided
from include.records.escalation import CaseState, LetterState
from include.store import outbox, replies
from tests.integration.office.conftest import JANUARY, Stage, plain, with_denominators

SIGN, RETURN, WAIVE = sign_letters.SIGN, sign_letters.RETURN, sign_letters.WAIVE


def escalate(stage: Stage, moment: str, **asked: Any) -> dict[str, Any]:
    stage.at(moment)
    return escalate_overdue.run(office=stage.office, **asked)


def answer(stage: Stage, letter_id: int, decision: str = SIGN, **given: Any) -> dict[str, Any]:
    """Answer as the right signer who saw the text, unless given otherwise."""
    usual: dict[str, Any] = {
        "user": "office-deputy",
        "hash": sign_letters.show(letter_id, office=stage.office)["hash"],
        "talk": {"skipped": "演示"} if decision == SIGN else None,
    }
    return sign_letters.answer(letter_id, decision=decision, office=stage.office, **(usual | given))


def because(reason: str) -> Decided:
    return Decided("office-clerk", reason)


def chased(stage: Stage, moment: str) -> set[str]:
    """Escalate at a moment; give whom that chased."""
    before = len(stage.events("chased"))
    escalate(stage, moment)
    return {event.body["agency"] for event in stage.events("chased")[before:]}


def refile(stage: Stage, agency_id: str, moment: str, denominators: dict[str, int]) -> None:
    """File an agency's last January workbook again, with other denominators."""
    stage.at(moment)
    last = sorted((stage.folder(agency_id, "报送") / "已收").glob("*.xlsx"))[-1]
    book = with_denominators(last, denominators)
    (stage.folder(agency_id, "报送") / "更正.xlsx").write_bytes(book)
    collect_returns.run(office=stage.office)


def words_of(document: bytes) -> str:
    return plain("\n".join(p.text for p in Document(BytesIO(document)).paragraphs))


@pytest.fixture
def overdue(january: Stage) -> Stage:
    """2024-02-07 09:10, one working day overdue: reminders to the silent, late and lagging wait."""
    escalate(january, "2024-02-07T09:10")
    return january


@pytest.fixture
def reminded(overdue: Stage) -> Stage:
    """The silent agency's reminder is signed and served on 2024-02-07."""
    overdue.at("2024-02-07T15:00")
    answer(overdue, overdue.letter(SILENT).id)
    return overdue


# chasing


@pytest.fixture
def opened(stage: Stage) -> Stage:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    return stage


def round_of(letter: Any, n: int) -> dict[str, Any]:
    """Give a letter round as the flow is told of it."""
    return {"id": letter.id, "plan": PLAN, "round": n, "run_id": f"letter-{letter.id}-round-{n}"}


def test_who_has_not_filed_is_chased_two_working_days_before_and_on_the_day_once_each(opened: Stage) -> None:
    opened.at("2024-02-02T08:00")
    opened.agency("education").file(JANUARY)
    collect_returns.run(office=opened.office)
    assert chased(opened, "2024-02-02T09:10") == set()
    first = chased(opened, "2024-02-04T09:10")  # a Sunday, and a working day: two before the 6th
    assert "education" not in first
    assert {SILENT, LATE, "health"} <= first
    assert chased(opened, "2024-02-04T15:00") == set(), "once a day"
    assert chased(opened, "2024-02-05T09:10") == set()
    assert chased(opened, "2024-02-06T09:10") == first
    assert chased(opened, "2024-02-07T09:10") == set()


def test_chasers_go_out_from_nine_to_five_only(opened: Stage) -> None:
    assert not chased(opened, "2024-02-04T08:59")
    assert chased(opened, "2024-02-04T09:00")
    assert not chased(opened, "2024-02-06T17:00")
    assert chased(opened, "2024-02-06T16:59")


def test_a_past_day_is_not_chased_for(opened: Stage) -> None:
    escalate(opened, "2024-02-07T09:10", as_of="2024-02-06")
    assert opened.events("chased") == []


def test_a_chaser_says_who_what_until_when_and_where(opened: Stage) -> None:
    chased(opened, "2024-02-06T09:10")
    deliver_outbox.run(office=opened.office)
    (mail,) = [m for m in opened.mails("催报") if f"{SILENT}@" in str(m["To"])]
    assert "演示数据" in str(mail["Subject"])
    text = plain(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    words = (opened.name(SILENT), "2024年1月", "2024年2月6日18:00", "报送", "尚未收到", "回执")
    for word in words:
        assert plain(word) in text
    (sheet,) = mail.iter_attachments()
    assert sheet.get_filename() == "催报通知 2024-01（2月6日）.docx"
    (lying,) = opened.names(SILENT, "文书")
    content = (opened.folder(SILENT, "文书") / lying).read_bytes()
    assert content == sheet.get_payload(decode=True)
    for word in (*words[:5], "催报通知"):
        assert plain(word) in words_of(content)
    assert "号" not in words_of(content).split("关于报送")[0], "a chaser has no number"


def test_an_extended_return_is_chased_by_its_own_day_and_an_exempt_one_not(opened: Stage) -> None:
    exceptions.extend(
        PLAN, "finance", "2024-01", because("系统迁移"), to="2024-02-20T18:00", office=opened.office
    )
    exceptions.exempt(PLAN, "court", "2024-01", because("机构调整"), office=opened.office)
    assert not {"finance", "court"} & chased(opened, "2024-02-06T09:10")
    assert chased(opened, "2024-02-20T09:10") == {"finance"}


# proposing


def test_one_working_day_overdue_drafts_one_reminder_that_waits(january: Stage) -> None:
    escalate(january, "2024-02-06T18:10")
    assert january.letters(SILENT) == []
    result = escalate(january, "2024-02-07T09:10")
    letter = january.letter(SILENT)
    assert (letter.step, letter.state, letter.approver) == ("reminder", LetterState.WAITING, "office-deputy")
    assert {"id": letter.id, "plan": PLAN, "round": 1, "run_id": f"letter-{letter.id}-round-1"} in result[
        "letters"
    ]
    assert january.mails() == []
    assert january.office_files("文书") == []


def test_escalating_again_proposes_nothing_new(overdue: Stage) -> None:
    before = [(row.id, row.content_hash, row.asks) for row in overdue.letters()]
    again = escalate(overdue, "2024-02-07T09:10")
    assert again["touched"] == []
    assert len(again["letters"]) == len(before)
    assert escalate(overdue, "2024-02-08T09:10")["touched"] == []
    assert [(row.id, row.content_hash, row.asks) for row in overdue.letters()] == before


def test_the_offices_own_matters_and_outcomes_are_never_lettered(overdue: Stage) -> None:
    plan = overdue.office.plan(PLAN, JANUARY)
    outcomes = {i.id for i in plan.indicators if i.behaviour == "outcome"}
    unlettered = {a.id for a in plan.agencies if not a.letters or a.standing == "office"}
    assert outcomes
    assert unlettered
    lettered = {row.agency_id for row in overdue.letters()}
    assert lettered == {SILENT, LATE, LAGGING}
    assert not lettered & unlettered
    assert not {case.matter for agency in lettered for case in overdue.cases(agency)} & outcomes


def test_two_matters_of_one_agency_and_step_share_one_letter(january: Stage) -> None:
    """Education answers for both; the figures of one come from market regulation."""
    refile(january, "education", "2024-02-06T18:06", {"阳光配送": 5000})
    refile(january, "market-regulation", "2024-02-06T18:07", {"学校食堂A级": 5000})
    escalate(january, "2024-02-07T09:10")
    letter = january.letter("education")
    assert {case.matter for case in january.cases("education")} == {
        "sunshine-delivery",
        "school-canteen-grade-a",
    }
    text = plain(sign_letters.show(letter.id, office=january.office)["text"])
    assert plain("阳光配送") in text
    assert plain("学校食堂A级比例") in text


def test_a_matter_that_joins_a_waiting_letter_makes_it_wait_again(january: Stage) -> None:
    refile(january, "education", "2024-02-06T18:06", {"阳光配送": 5000})
    escalate(january, "2024-02-07T09:10")
    first = january.letter("education")
    refile(january, "market-regulation", "2024-02-07T11:00", {"学校食堂A级": 5000})
    again = escalate(january, "2024-02-08T09:10")
    letter = january.letter("education")
    assert {"id": letter.id, "plan": PLAN, "round": 2, "run_id": f"letter-{letter.id}-round-2"} in again[
        "letters"
    ]
    assert len(january.cases("education")) == 2
    stale = answer(january, letter.id, hash=first.content_hash, round=1)
    assert [asked["round"] for asked in stale["letters"]] == [2]
    assert "第2轮" in stale["note"]
    assert january.letter("education").state == LetterState.WAITING


# signing


def test_a_wrong_signer_is_refused_and_the_letter_asked_for_again(overdue: Stage) -> None:
    letter = overdue.letter(SILENT)
    result = answer(overdue, letter.id, user="office-clerk")
    assert "office-clerk" in result["note"]
    assert result["letters"] == [
        {"id": letter.id, "plan": PLAN, "round": 2, "run_id": f"letter-{letter.id}-round-2"}
    ]
    after = overdue.letter(SILENT)
    assert (after.state, after.number, after.asks) == (LetterState.WAITING, None, 2)
    assert overdue.office_files("文书") == []


def test_an_approval_of_a_text_that_changed_is_refused_and_asked_for_again(overdue: Stage) -> None:
    letter = overdue.letter(SILENT)
    result = answer(overdue, letter.id, hash="0" * 64)
    assert "变动" in result["note"]
    assert [again["round"] for again in result["letters"]] == [2]
    assert overdue.letter(SILENT).state == LetterState.WAITING


def test_the_right_signer_numbers_renders_and_serves_the_letter(need: Any, overdue: Stage) -> None:
    need("soffice")
    overdue.at("2024-02-07T15:00")
    result = answer(overdue, overdue.letter(SILENT).id, reason="已电话沟通")
    assert result == {
        "touched": [{"plan": PLAN, "period": "2024-01"}],
        "letters": [],
        "note": "演示〔2024〕1号",
    }
    letter = overdue.letter(SILENT)
    assert (letter.state, letter.number, letter.signed_by) == (
        LetterState.SERVED,
        "演示〔2024〕1号",
        "office-deputy",
    )
    assert letter.signed_on == date(2024, 2, 7)
    assert letter.reply_due_on == date(2024, 2, 20)  # 8, 9, then the holiday, 18, 19, 20
    *copies, told = sorted(overdue.names(SILENT, "文书"), key=lambda name: Path(name).suffix)
    assert [Path(name).suffix for name in copies] == [".docx", ".pdf"]
    assert all("未用印" in name for name in copies)
    assert told == "演示〔2024〕1号 送达告知.txt"
    assert [file.suffix for file in overdue.office_files("文书")] == [".docx", ".pdf"]
    assert not any("未用印" in file.name for file in overdue.office_files("文书"))
    mine = overdue.office_files("文书")[0].read_bytes()
    theirs = (overdue.folder(SILENT, "文书") / copies[0]).read_bytes()
    for document in (mine, theirs):
        assert plain("演示〔2024〕1号") in words_of(document)
        assert plain("2024年2月7日") in words_of(document)
    assert overdue.office.archive.read(letter.docx_sha256) == mine
    (signed,) = overdue.events("letter-signed")
    assert signed.actor == "office-deputy"
    assert signed.body["reason"] == "已电话沟通"


def test_the_letter_goes_to_the_agencys_contact_with_its_copies(reminded: Stage) -> None:
    assert reminded.mails() == [], "nothing leaves before the outbox is emptied"
    deliver_outbox.run(office=reminded.office)
    (mail,) = reminded.mails("提醒敦促函")
    assert str(mail["To"]) == f"{SILENT}@demo.invalid"
    assert "演示数据" in str(mail["Subject"])
    text = plain(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    for word in (reminded.name(SILENT), "演示〔2024〕1号", "5个工作日", "回复", "未用印", "联系人"):
        assert plain(word) in text
    attached = [part.get_filename() for part in mail.iter_attachments()]
    assert len(attached) == 2
    assert all("未用印" in str(name) for name in attached)


def test_numbers_follow_one_another_without_a_gap(overdue: Stage) -> None:
    overdue.at("2024-02-07T15:00")
    first, *others = [row.id for row in overdue.letters()]
    answer(overdue, first, user="office-clerk")  # refused: takes no number
    for letter_id in (*others, first):
        answer(overdue, letter_id)
    numbers = {row.id: row.number for row in overdue.letters()}
    assert [numbers[i] for i in (*others, first)] == [
        f"演示〔2024〕{n}号" for n in range(1, len(numbers) + 1)
    ]


def test_a_letter_that_no_longer_waits_is_left_alone(reminded: Stage) -> None:
    before = reminded.letter(SILENT)
    result = answer(reminded, before.id)
    assert (result["touched"], result["letters"]) == ([], [])
    assert reminded.letter(SILENT) == before


def test_returned_with_a_reason_it_is_a_draft_until_it_is_submitted(overdue: Stage) -> None:
    letter = overdue.letter(SILENT)
    assert answer(overdue, letter.id, RETURN)["letters"], "a reason is missing: asked again"
    answer(overdue, letter.id, RETURN, reason="补充抽检数据")
    assert overdue.letter(SILENT).state == LetterState.DRAFT
    assert all(again["id"] != letter.id for again in escalate(overdue, "2024-02-08T09:10")["letters"])
    sign_letters.submit(letter.id, user="office-clerk", office=overdue.office)
    waiting = {w["id"]: w["round"] for w in escalate_overdue.waiting([PLAN], office=overdue.office)}
    assert waiting[letter.id] == overdue.letter(SILENT).asks == 3
    assert answer(overdue, letter.id)["note"] == "演示〔2024〕1号"


def test_only_a_draft_can_be_submitted(overdue: Stage) -> None:
    with pytest.raises(RefusedError):
        sign_letters.submit(overdue.letter(SILENT).id, user="office-clerk", office=overdue.office)


def test_waiving_needs_a_reason_and_ends_the_letter_without_a_number(overdue: Stage) -> None:
    letter = overdue.letter(SILENT)
    assert "理由" in answer(overdue, letter.id, WAIVE, reason="  ")["note"]
    answer(overdue, letter.id, WAIVE, reason="已当面约谈")
    after = overdue.letter(SILENT)
    assert (after.state, after.number) == (LetterState.WAIVED, None)
    assert escalate(overdue, "2024-02-08T09:10")["touched"] == []


def test_a_return_filed_before_signing_withdraws_the_letter_and_closes_the_case(overdue: Stage) -> None:
    overdue.at("2024-02-07T11:00")
    overdue.agency(LATE).file(JANUARY)
    collect_returns.run(office=overdue.office)
    overdue.at("2024-02-07T15:00")
    result = answer(overdue, overdue.letter(LATE).id)
    assert "撤回" in result["note"]
    assert overdue.letter(LATE).state == LetterState.WITHDRAWN
    assert [case.state for case in overdue.cases(LATE)] == [CaseState.FULFILLED]
    assert overdue.letter(SILENT).state == LetterState.WAITING


def test_a_year_whose_holidays_are_not_published_dates_no_letter(january: Stage) -> None:
    with pytest.raises(RefusedError, match="2027-01不是"):
        january.office.period(PLAN, "2027-01")
    escalate(january, "2024-02-07T09:10")
    result = answer(january, january.letter(SILENT).id, **{"now": january.at("2027-01-05T09:00").isoformat()})
    assert "2027" in result["note"]
    assert january.letter(SILENT).state == LetterState.WAITING
    assert january.letter(SILENT).number is None


def test_without_a_number_left_nothing_is_signed(overdue: Stage) -> None:
    with overdue.office.store.writing() as connection:
        connection.exec_driver_sql("UPDATE number_block SET next = last + 1")
    result = answer(overdue, overdue.letter(SILENT).id)
    assert "号段" in result["note"]
    assert overdue.letter(SILENT).state == LetterState.WAITING


# a fault between signing and handing over


def test_a_letter_signed_while_the_drive_was_away_is_handed_over_once_when_it_is_back(overdue: Stage) -> None:
    root = overdue.office.drive.root
    away = root.with_name("away")
    root.rename(away)
    root.write_text("a file where the drive should be")
    overdue.at("2024-02-07T15:00")
    assert answer(overdue, overdue.letter(SILENT).id)["note"] == "演示〔2024〕1号"
    signed = overdue.letter(SILENT)
    assert (signed.state, signed.served_at) == (LetterState.NUMBERED, None)
    root.unlink()
    away.rename(root)
    overdue.at("2024-02-08T07:30")
    housekeeping.run(office=overdue.office)
    served = overdue.letter(SILENT)
    assert served.state == LetterState.SERVED
    assert served.served_at == overdue.office.now()
    assert served.docx_sha256 == signed.docx_sha256
    assert len(overdue.names(SILENT, "文书")) == 3, "the letter, its PDF, the days its clocks end on"
    assert len(overdue.office_files("文书")) == 2
    housekeeping.run(office=overdue.office)
    assert len(overdue.names(SILENT, "文书")) == 3
    assert len(overdue.events("letter-handed-over")) == 1


def test_a_letter_signed_and_not_rendered_is_rendered_by_the_next_run(overdue: Stage) -> None:
    """As after a power cut behind the signing transaction: here, the archive could not be written to."""
    archive, broken = overdue.office.settings.archive, overdue.office.settings.home / "archive.away"
    archive.rename(broken)
    archive.write_text("a file where the archive should be")
    overdue.at("2024-02-07T15:00")
    with pytest.raises(OSError, match="archive"):
        answer(overdue, overdue.letter(SILENT).id)
    signed = overdue.letter(SILENT)
    assert (signed.number, signed.docx_sha256) == ("演示〔2024〕1号", None)
    archive.unlink()
    broken.rename(archive)
    deliver_outbox.run(office=overdue.office)
    assert overdue.letter(SILENT).state == LetterState.SERVED
    assert len(overdue.names(SILENT, "文书")) == 3
    assert len(overdue.mails("提醒敦促函")) == 1
    deliver_outbox.run(office=overdue.office)
    assert len(overdue.events("letter-handed-over")) == 1
    assert len(overdue.mails("提醒敦促函")) == 1


# after service


def test_a_reply_stops_the_clock_of_the_letter_it_names(reminded: Stage) -> None:
    reminded.at("2024-02-09T10:00")
    reminded.agency(SILENT).reply("演示〔2024〕1号", "已补报。")
    collect_returns.run(office=reminded.office)
    letter = reminded.letter(SILENT)
    assert (letter.state, letter.answered_on) == (LetterState.ANSWERED, date(2024, 2, 9))
    (receipt,) = [n for n in reminded.names(SILENT, "回执") if n.startswith("回复收悉")]
    text = plain((reminded.folder(SILENT, "回执") / receipt).read_text(encoding="utf-8-sig"))
    assert plain("演示〔2024〕1号") in text
    assert escalate(reminded, "2024-03-01T09:10")["plans"][PLAN]["closed"] == 0


def test_a_reply_that_names_another_letter_stops_no_clock_and_is_asked_about(reminded: Stage) -> None:
    reminded.at("2024-02-09T10:00")
    reminded.agency(SILENT).reply("演示〔2024〕7号", "已补报。")
    collect_returns.run(office=reminded.office)
    assert reminded.letter(SILENT).state == LetterState.SERVED
    with reminded.office.store.reading() as connection:
        assert len(replies.known(connection, PLAN, SILENT)) == 1
    (receipt,) = [n for n in reminded.names(SILENT, "回执") if n.startswith("回复收悉")]
    assert "文号" in (reminded.folder(SILENT, "回执") / receipt).read_text(encoding="utf-8-sig")


def test_a_fulfilled_case_closes_and_an_unanswered_one_goes_on_to_rectification(overdue: Stage) -> None:
    overdue.at("2024-02-07T15:00")
    for letter in (overdue.letter(SILENT), overdue.letter(LATE)):
        answer(overdue, letter.id)
    overdue.at("2024-02-08T11:00")
    overdue.agency(LATE).file(JANUARY)
    collect_returns.run(office=overdue.office)
    escalate(overdue, "2024-02-09T09:10")
    (case,) = overdue.cases(LATE)
    assert (case.state, case.closed_on) == (CaseState.FULFILLED, date(2024, 2, 9))
    assert [row.step for row in overdue.letters(SILENT)] == ["reminder"]
    escalate(overdue, "2024-02-20T09:10")
    assert [row.step for row in overdue.letters(SILENT)] == ["reminder"], "its clock runs until today's end"
    escalate(overdue, "2024-02-21T09:10")
    assert [row.step for row in overdue.letters(SILENT)] == ["reminder"], "nobody has looked yet"
    collect_returns.run(office=overdue.office)
    escalate(overdue, "2024-02-21T09:20")
    assert [row.step for row in overdue.letters(SILENT)] == ["reminder", "rectification"]
    assert overdue.letters(SILENT)[-1].approver == "office-head"
    text = plain(sign_letters.show(overdue.letters(SILENT)[-1].id, office=overdue.office)["text"])
    assert plain("演示〔2024〕1号") in text
    assert [row.step for row in overdue.letters(LATE)] == ["reminder"]


def test_the_ledger_verifies_after_a_letters_whole_life(reminded: Stage) -> None:
    reminded.at("2024-02-09T10:00")
    reminded.agency(SILENT).reply("演示〔2024〕1号", "已补报。")
    collect_returns.run(office=reminded.office)
    close_period.run(office=reminded.office)
    deliver_outbox.run(office=reminded.office)
    with reminded.office.store.reading() as connection:
        assert outbox.in_state(connection, PLAN, "failed") == []  # type: ignore[arg-type]
    housekeeping.run(office=reminded.office)
