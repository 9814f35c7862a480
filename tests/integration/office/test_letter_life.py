"""The life of a letter as the procedure has it: 核稿, 事先沟通, 签发, 取号, 用印, 送达, 答复, 更正, 撤销."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from ruamel.yaml import YAML

from demo.setting import LATE, PLAN, SILENT
from include.errors import RefusedError, SettingsError
from include.office import (
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    letter_life,
    letter_templates,
    letters,
    numbering,
    sign_letters,
)
from include.office.decided import Decided
from include.office.explaining import explain
from include.office.phrasing import phrases_file
from include.records.escalation import LetterState
from include.settings import ROOT
from tests.integration.office.conftest import Stage, plain

SIGN = sign_letters.SIGN
TALK = {"on": "2月7日", "with": "办公室某某", "said": "尽快补报"}
CLERK, DEPUTY = {"user": "office-clerk"}, {"user": "office-deputy"}


@pytest.fixture
def overdue(january: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """2024-02-07 15:00: reminders wait. LibreOffice is not at hand: the .docx alone is issued."""
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    monkeypatch.setenv("PATH", "/nowhere")
    january.at("2024-02-07T15:00")
    return january


def shown(stage: Stage, letter_id: int) -> dict[str, Any]:
    return sign_letters.show(letter_id, office=stage.office)


def sign(stage: Stage, agency_id: str = SILENT, **given: Any) -> dict[str, Any]:
    letter = stage.letters(agency_id)[-1]
    usual = {"hash": shown(stage, letter.id)["hash"], "talk": TALK, **DEPUTY}
    return sign_letters.answer(letter.id, decision=SIGN, office=stage.office, **(usual | given))


def escalate_on(stage: Stage, moment: str) -> None:
    """Look for answers, as is done all day, then escalate."""
    stage.at(moment)
    collect_returns.run(office=stage.office)
    escalate_overdue.run(office=stage.office)


@pytest.fixture
def signed(overdue: Stage) -> Stage:
    """Signed, numbered and served on 2024-02-07."""
    assert sign(overdue)["note"] == "演示〔2024〕1号"
    return overdue


# before signing


def test_nothing_is_signed_before_it_was_talked_over_or_expressly_not(overdue: Stage) -> None:
    refused = sign(overdue, talk=None)
    assert "事先沟通" in refused["note"]
    assert [again["round"] for again in refused["letters"]] == [2]
    assert "还缺：对方意见" in sign(overdue, talk={"on": "2月7日", "with": "某某"})["note"]
    assert "还没有到" in sign(overdue, talk=TALK | {"on": "2月8日"})["note"]
    assert "只能写一项" in sign(overdue, talk=TALK | {"skipped": "联系不上"})["note"]
    assert overdue.letter(SILENT).state == LetterState.WAITING
    letters.talk(overdue.letter(SILENT).id, skipped="联系不上", office=overdue.office, **CLERK)
    assert "未沟通：联系不上" in shown(overdue, overdue.letter(SILENT).id)["text"]
    assert sign(overdue, talk=None)["note"] == "演示〔2024〕1号"
    (skipped,) = overdue.events("letter-talk-skipped")
    assert (skipped.actor, skipped.body["skipped_because"]) == ("office-clerk", "联系不上")


def test_the_signers_own_words_about_the_talk_are_kept(signed: Stage) -> None:
    (talk,) = signed.events("letter-talked-over")
    assert (talk.actor, talk.body["held_on"], talk.body["with_whom"]) == (
        "office-deputy",
        "2024-02-07",
        "办公室某某",
    )


def test_an_office_that_reviews_signs_nothing_unreviewed_and_nobody_reviews_for_himself(
    overdue: Stage,
) -> None:
    overdue.office.settings.review_before_signing = True
    letter = overdue.letter(SILENT)
    assert "还没有核稿" in sign(overdue)["note"]
    letters.review(letter.id, office=overdue.office, **DEPUTY)
    assert "同一人" in sign(overdue)["note"]
    letters.review(letter.id, note="无误", office=overdue.office, **CLERK)
    places = [("以收到的回执为准", "以系统回执为准")]
    letters.edit(letter.id, places=places, reason="统一用语", office=overdue.office, **CLERK)
    assert "核稿后文稿有变动" in shown(overdue, letter.id)["text"]
    assert "还没有核稿" in sign(overdue)["note"]
    letters.review(letter.id, office=overdue.office, **CLERK)
    assert sign(overdue)["note"] == "演示〔2024〕1号"


def test_a_draft_that_changed_waits_again_with_the_difference(overdue: Stage) -> None:
    letter = overdue.letter(SILENT)
    places = [("以收到的回执为准", "以系统回执为准")]
    letters.edit(letter.id, places=places, reason="统一用语", office=overdue.office, **CLERK)
    text = shown(overdue, letter.id)["text"]
    assert "与上一稿相比" in text
    assert "~~收到的~~**系统**" in text
    assert "文稿变动（office-clerk）：统一用语" in text
    (waiting,) = [w for w in escalate_overdue.waiting([PLAN], office=overdue.office) if w["id"] == letter.id]
    assert waiting["round"] == 2
    stale = sign(overdue, hash=letter.content_hash, round=1)
    assert stale["letters"] == [waiting], "the newer round is asked for; started twice, it is one run"
    assert overdue.letter(SILENT).state == LetterState.WAITING


def test_a_question_is_settled_when_its_letter_has_a_newer_round_or_waits_no_longer(overdue: Stage) -> None:
    def settled(round: int) -> str:
        return sign_letters.settled(letter.id, round=round, office=overdue.office)

    letter = overdue.letter(SILENT)
    assert settled(1) == ""
    places = [("以收到的回执为准", "以系统回执为准")]
    letters.edit(letter.id, places=places, reason="统一用语", office=overdue.office, **CLERK)
    assert "第1轮送签已被新稿取代，请在第2轮办理" in settled(1)
    assert settled(2) == ""
    letter_life.withdraw(letter.id, Decided("office-clerk", "事实有误"), office=overdue.office)
    assert "现为已撤回" in settled(2)
    after = sign(overdue, round=2)
    assert (after["letters"], after["touched"]) == ([], [])


def test_an_approver_sees_the_case_the_history_and_how_many_letters_there_were(signed: Stage) -> None:
    signed.at("2024-02-21T09:10")
    collect_returns.run(office=signed.office)  # nobody is overdue before somebody looked
    escalate_overdue.run(office=signed.office)
    second = signed.letters(SILENT)[-1]
    text = shown(signed, second.id)["text"]
    for words in (
        "本年已签发文书 1 份，其中发给该单位 1 份",
        "食药安办主任（office-head）",
        "督办事项",
        "提醒敦促函 演示〔2024〕1号（2024年2月7日）",
        "答复期限2024年2月20日",
        "尚未登记，签发时须填写",
    ):
        assert words in text


def test_a_round_whose_run_failed_asks_anew_once_and_an_answered_one_never(overdue: Stage) -> None:
    letter = overdue.letter(SILENT)
    again = sign_letters.lost(letter.id, round=1, office=overdue.office)
    assert [asked["run_id"] for asked in again["letters"]] == [f"letter-{letter.id}-round-2"]
    assert sign_letters.lost(letter.id, round=1, office=overdue.office)["letters"] == []
    sign(overdue, round=2)
    assert sign_letters.lost(letter.id, round=2, office=overdue.office)["letters"] == []
    assert sign(overdue, round=2)["touched"] == [], "a task cleared after its answer does nothing"
    assert len(overdue.events("letter-signed")) == 1


# numbers


def test_without_a_block_a_letter_waits_for_a_number_of_the_offices_register(overdue: Stage) -> None:
    with overdue.office.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM number_block")
    assert "待取号" in sign(overdue)["note"]
    letter = overdue.letter(SILENT)
    assert (letter.state, letter.number, letter.signed_on) == (LetterState.SIGNED, None, date(2024, 2, 7))
    overdue.at("2024-02-08T10:00")
    for wrong, words in (("演示〔2023〕3号", "应为 演示〔2024〕"), ("三号", "不是文号"), ("", "请写明文号")):
        with pytest.raises(RefusedError, match=words):
            letter_life.numbered(letter.id, number=wrong, office=overdue.office, **CLERK)
    assert (
        letter_life.numbered(letter.id, number="演示(2024)第03号", office=overdue.office, **CLERK)
        == "演示〔2024〕3号"
    )
    letter = overdue.letter(SILENT)
    assert (letter.state, letter.signed_on) == (LetterState.SERVED, date(2024, 2, 7))
    assert "已经用过" in sign(overdue, LATE, number="演示〔2024〕3号")["note"]
    assert sign(overdue, LATE, number="演示〔2024〕7号")["note"] == "演示〔2024〕7号"
    (gap,) = numbering.unexplained(PLAN, office=overdue.office)
    assert (gap["first"], gap["last"]) == (4, 6)
    series = (PLAN, "演示", 2024)
    with pytest.raises(RefusedError, match="不是待说明的空号"):
        numbering.explain(*series, 3, 6, reason="其他公文", office=overdue.office, **CLERK)
    numbering.explain(*series, 4, 5, reason="其他公文", office=overdue.office, **CLERK)
    assert [g["first"] for g in numbering.unexplained(PLAN, office=overdue.office)] == [6]
    numbering.explain(*series, 6, 6, reason="作废", office=overdue.office, **CLERK)
    assert numbering.unexplained(PLAN, office=overdue.office) == []


# issue


def test_without_libreoffice_the_docx_alone_is_issued_and_said_so(signed: Stage) -> None:
    assert not [name for name in signed.names(SILENT, "文书") if name.endswith(".pdf")]
    (handed,) = signed.events("letter-handed-over")
    assert handed.body["pdf"] is False
    assert len(handed.body["template"]) == 64
    deliver_outbox.run(office=signed.office)
    (mail,) = signed.mails("提醒敦促函")
    assert "没有 PDF" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_letter_and_its_service_say_by_which_day(signed: Stage) -> None:
    name = next(n for n in signed.names(SILENT, "文书") if n.endswith(".docx"))
    words = "".join(p.text for p in Document(str(signed.folder(SILENT, "文书") / name)).paragraphs)
    assert plain("签发当日送达的，即2024年2月20日前") in plain(words)
    told = (signed.folder(SILENT, "文书") / "演示〔2024〕1号 送达告知.txt").read_text(encoding="utf-8-sig")
    assert "书面答复：2024年2月20日前（含当日）" in told


def test_copies_go_to_whom_the_people_file_names(january: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    file, yaml = january.office.settings.people_file, YAML()
    people = yaml.load(file)
    people[PLAN]["copies"] = {"reminder": ["市政府办公室", "finance", "分管领导"]}
    people[PLAN]["contacts"][SILENT].append(
        {"name": "某副市长", "role": "分管领导", "email": "vice@demo.invalid"}
    )
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(people, out)
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    monkeypatch.setenv("PATH", "/nowhere")
    assert january.letter(SILENT).content["copies_to"] == [
        "市政府办公室",
        january.name("finance"),
        "某副市长",
    ]
    sign(january)
    assert january.names("finance", "文书")[0].startswith("演示〔2024〕1号")
    deliver_outbox.run(office=january.office)
    (copy,) = january.mails("抄送")
    assert set(str(copy["To"]).split(", ")) == {"finance@demo.invalid", "vice@demo.invalid"}
    (letter,) = january.mails("提醒敦促函 演示〔2024〕1号：")
    assert str(letter["To"]) == f"{SILENT}@demo.invalid", "the leader over it gets what is copied, no more"


def test_the_sealed_scan_is_kept_by_hash_and_sent_and_nothing_else_is_taken_for_one(
    signed: Stage, tmp_path: Path
) -> None:
    letter, scan = signed.letter(SILENT), tmp_path / "scan.pdf"
    scan.write_bytes(b"text")
    with pytest.raises(RefusedError, match="不是盖章扫描件"):
        letter_life.sealed(letter.id, file=scan, office=signed.office, **CLERK)
    scan.write_bytes(b"%PDF-1.7 sealed %%EOF")
    letter_life.sealed(letter.id, file=scan, office=signed.office, **CLERK)
    letter = signed.letter(SILENT)
    assert (letter.state, letter.sealed_name) == (LetterState.SERVED, "scan.pdf")
    assert signed.office.archive.read(letter.sealed_sha256) == scan.read_bytes()
    assert any("盖章件" in name for name in signed.names(SILENT, "文书"))
    assert any("盖章件" in file.name for file in signed.office_files("文书"))


def test_an_office_with_paper_seals_and_serves_by_hand_and_the_clock_runs_from_then(
    overdue: Stage, tmp_path: Path
) -> None:
    overdue.office.settings.delivery_counts_as_served = False
    sign(overdue)
    letter = overdue.letter(SILENT)
    assert letter.state == LetterState.NUMBERED
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 %%EOF")
    letter_life.sealed(letter.id, file=scan, office=overdue.office, **CLERK)
    assert overdue.letter(SILENT).state == LetterState.SEALED
    overdue.at("2024-02-19T10:00")
    handed = {"how": "机要交换", "to": "办公室某某", "office": overdue.office, **CLERK}
    for wrong in ("2024-02-06T10:00", "2024-02-20T10:00"):
        with pytest.raises(RefusedError, match="送达时间"):
            letter_life.served(letter.id, at=wrong, **handed)
    letter_life.served(letter.id, at="2024-02-18T15:00", **handed)
    letter = overdue.letter(SILENT)
    assert (letter.state, letter.served_to) == (LetterState.SERVED, "办公室某某")
    assert letter.reply_due_on == date(2024, 2, 23)


# taking back, correcting


def test_a_letter_is_withdrawn_before_service_and_revoked_after_with_word_to_the_agency(
    signed: Stage,
) -> None:
    letter, late = signed.letter(SILENT), signed.letter(LATE)
    letter_life.withdraw(late.id, Decided("office-clerk", "事实有误"), office=signed.office)
    assert signed.letter(LATE).state == LetterState.WITHDRAWN
    assert signed.names(LATE, "文书") == [], "it never had the letter"
    with pytest.raises(RefusedError, match="签发人"):
        letter_life.revoke(letter.id, Decided("office-clerk", "事实有误"), office=signed.office)
    with pytest.raises(RefusedError, match="理由"):
        letter_life.revoke(letter.id, Decided("office-deputy", " "), office=signed.office)
    letter_life.revoke(letter.id, Decided("office-deputy", "报表已于此前报送"), office=signed.office)
    assert signed.letter(SILENT).state == LetterState.REVOKED
    told = (signed.folder(SILENT, "文书") / "撤销告知：演示〔2024〕1号.txt").read_text(encoding="utf-8-sig")
    assert "现予撤销" in told
    assert "报表已于此前报送" in told


def test_a_correction_is_a_letter_of_its_own_through_the_same_approval(signed: Stage) -> None:
    letter = signed.letter(SILENT)
    wrong = {"places": [("2024年2月6日", "2024年2月5日")], "reason": "日期录入有误", "office": signed.office}
    made = letters.correction(letter.id, **wrong, **CLERK)
    row = next(r for r in signed.letters(SILENT) if r.id == made)
    assert (row.state, row.approver, row.corrects) == (LetterState.WAITING, letter.approver, letter.id)
    assert "更正演示〔2024〕1号" in shown(signed, made)["text"]
    assert sign(signed)["note"] == "演示〔2024〕2号"
    row = next(r for r in signed.letters(SILENT) if r.id == made)
    assert (row.state, row.reply_due_on) == (LetterState.SERVED, None)
    (corrected,) = signed.events("letter-corrected")
    assert (corrected.subject, corrected.body["number"]) == (f"letter/{letter.id}", "演示〔2024〕2号")
    with pytest.raises(RefusedError, match="本身是更正函"):
        letters.correction(made, **wrong, **CLERK)
    signed.at("2024-02-09T10:00")
    signed.agency(SILENT).reply("情况说明", "已补报。")
    collect_returns.run(office=signed.office)
    assert signed.letters(SILENT)[0].state == LetterState.ANSWERED, "a correction asks for no answer"


# replies


def test_of_two_waiting_letters_a_reply_without_number_is_asked_about_and_counts_from_its_first_arrival(
    signed: Stage,
) -> None:
    signed.at("2024-02-21T09:10")
    collect_returns.run(office=signed.office)  # nobody is overdue before somebody looked
    escalate_overdue.run(office=signed.office)
    sign(signed, user="office-head")
    assert [r.state for r in signed.letters(SILENT)][-1] == LetterState.SERVED
    signed.at("2024-02-22T10:00")
    (signed.folder(SILENT, "回复") / "情况说明.pdf").write_bytes(b"%PDF-1.4 scan")
    collect_returns.run(office=signed.office)
    assert LetterState.ANSWERED not in [r.state for r in signed.letters(SILENT)]
    (note,) = signed.names(SILENT, "回复")
    assert note.startswith("督办提示：请注明文号")
    deliver_outbox.run(office=signed.office)
    assert signed.mails("请注明文号")
    signed.at("2024-02-26T10:00")
    assert collect_returns.run(office=signed.office)["touched"] == [], "the note itself is no reply"
    (signed.folder(SILENT, "回复") / "演示〔2024〕2号 情况说明.pdf").write_bytes(b"%PDF-1.4 scan")
    collect_returns.run(office=signed.office)
    second = signed.letters(SILENT)[-1]
    assert (second.state, second.answered_on) == (LetterState.ANSWERED, date(2024, 2, 22))


def test_the_office_accepts_or_refuses_what_came_back_with_evidence(signed: Stage, tmp_path: Path) -> None:
    letter, proof = signed.letter(SILENT), tmp_path / "核查.txt"
    proof.write_text("现场核查")
    with pytest.raises(RefusedError, match="须为“已回复”"):
        letter_life.refuse(letter.id, Decided("office-clerk", "没有答复"), office=signed.office)
    signed.at("2024-02-09T10:00")
    signed.agency(SILENT).reply("演示〔2024〕1号", "已补报。")
    collect_returns.run(office=signed.office)
    letter_life.refuse(letter.id, Decided("office-clerk", "没有说明原因", proof), office=signed.office)
    assert signed.letter(SILENT).state == LetterState.OVERDUE
    (refused,) = signed.events("letter-refused")
    assert refused.body["evidence"]["name"] == "核查.txt"
    assert any(name.startswith("审核意见") for name in signed.names(SILENT, "回执"))
    signed.at("2024-02-19T10:00")
    signed.agency(SILENT).reply("演示〔2024〕1号 再答复", "原因如下。")
    collect_returns.run(office=signed.office)
    letter_life.accept(letter.id, Decided("office-clerk", "原因说明清楚"), office=signed.office)
    assert (signed.letter(SILENT).state, signed.letter(SILENT).accepted_on) == (
        LetterState.ACCEPTED,
        date(2024, 2, 19),
    )


# templates


def test_a_template_an_office_changed_is_checked_and_an_unknown_field_is_named(stage: Stage) -> None:
    assert len(list(letter_templates.copy(office=stage.office))) == 3
    assert all("已经有了" in line for line in letter_templates.copy(office=stage.office))
    assert any("letter.docx 可用" in line for line in letter_templates.check(office=stage.office))
    file = stage.office.settings.home / "templates" / "letter.docx"
    document = Document(str(file))
    document.add_paragraph("{{ no_such_field }}")
    document.save(str(file.with_name("interview.docx")))
    with pytest.raises(SettingsError, match=r"interview\.docx.*no_such_field"):
        list(letter_templates.check(office=stage.office))


def reword(stage: Stage, phrase: str, text: str) -> Path:
    """Change a sentence in the office's Word file, as a person would."""
    file = phrases_file(stage.office)
    if not file.exists():
        list(letter_templates.copy(office=stage.office))
    document = Document(str(file))
    (cell,) = (row.cells[2] for row in document.tables[0].rows if row.cells[0].text == phrase)
    cell.text = text
    document.save(str(file))
    return file


def test_an_office_words_its_letters_in_word(january: Stage) -> None:
    reword(january, "reminder.report", "尽快报送。请{{ 答复期限 }}把{{ 所缺报表 }}放入“报送”文件夹。")
    reword(january, "reminder.reason", "")
    assert list(letter_templates.check(office=january.office))[-1] == "措辞：文书措辞.docx 可用，改动2句"
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    letter = january.letter(SILENT)
    said = letter.content["requirements"]
    assert said[0] == "尽快报送。请自本函送达次日起5个工作日内把附件所列报表放入“报送”文件夹。"
    assert not any("正当理由" in text for text in said)
    assert "附件所列报表放入" in shown(january, letter.id)["text"]


def test_an_office_words_its_chasers_and_corrections_too(january: Stage) -> None:
    reword(january, "chaser.rest", "报送有困难的，请来电。")
    reword(january, "correction.clock", "其余内容不变。")
    january.at("2024-02-06T09:10")
    escalate_overdue.run(office=january.office)
    deliver_outbox.run(office=january.office)
    (chaser,) = (m for m in january.mails("催报") if f"{SILENT}@" in str(m["To"]))
    text = plain(chaser.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert plain("报送有困难的，请来电。") in text
    assert "请在截止前与我办联系" not in text
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    sign(january)
    letter = january.letter(SILENT)
    made = letters.correction(
        letter.id, places=[("月度报表", "月报")], reason="笔误", office=january.office, **CLERK
    )
    content = next(row for row in january.letters(SILENT) if row.id == made).content
    assert content["requirements"] == ["其余内容不变。"]


@pytest.mark.parametrize(
    ("phrase", "text", "fault"),
    [
        ("reply", "请答复{{ 没有的字段 }}。", "'没有的字段' is undefined"),
        ("reply", "请答复{{ 你单位 。", "字段或语句有误"),
        ("opening.reminder", " ", "文字不能为空"),
        ("chaser.opening", "请{{ 答复期限 }}报送。", "'答复期限' is undefined"),
    ],
)
def test_a_fault_in_an_offices_words_is_named_with_file_row_and_sentence(
    overdue: Stage, phrase: str, text: str, fault: str
) -> None:
    file = reword(overdue, phrase, text)
    with pytest.raises(SettingsError, match=rf"{file.name} 第\d+行（{phrase}）：.*{fault}") as refused:
        list(letter_templates.check(office=overdue.office))
    assert "文书可以写的字段：你单位、本文书" in str(refused.value)


def test_the_day_of_an_interview_is_told_and_starts_the_clock_of_its_report(signed: Stage) -> None:
    own = signed.office.settings.plan_home(PLAN) / "ladder.yaml"
    ladder = YAML().load((ROOT / "plans" / PLAN / "ladder.yaml").read_text(encoding="utf-8"))
    ladder["settings"]["interview_on_reporting"] = True
    with own.open("w", encoding="utf-8") as file:
        YAML().dump(ladder, file)
    for day in ("2024-02-26", "2024-04-01"):  # reminder and rectification both go unanswered
        escalate_on(signed, f"{day}T09:10")
        sign(signed, user="office-head", talk={"skipped": "多次联系不上"})
    letter = signed.letters(SILENT)[-1]
    assert (letter.step, letter.state) == ("interview", LetterState.SERVED)
    setting = {"place": "三楼会议室", "office": signed.office, **CLERK}
    with pytest.raises(RefusedError, match="至少提前3个工作日告知：最早2024年4月7日"):
        letter_life.interview(letter.id, on="2024-04-03", **setting)
    assert letter_life.interview(letter.id, on="2024-04-09", **setting) == date(2024, 4, 16)
    assert signed.letters(SILENT)[-1].reply_due_on == date(2024, 4, 16)
    (note,) = [f for f in signed.folder(SILENT, "文书").iterdir() if "约谈告知" in f.name]
    text = plain(note.read_text(encoding="utf-8-sig"))
    assert "约谈时间:2024年4月9日" in text
    assert "约谈后报告:2024年4月16日前" in text
    (case,) = signed.cases(SILENT)
    told = [sentence.text for sentence in explain(case.id, office=signed.office)]
    clock = "自约谈的次日起，共5个工作日（4月10日、4月11日、4月12日、4月15日、4月16日）"
    assert any("约谈定于2024-04-09在三楼会议室进行" in line for line in told)
    assert any(f"约谈后报告的期限改为2024年4月16日：{clock}" in line for line in told)
    first, *_, last = (line for line in told if "所依据的是当时的递进措施" in line)
    assert "第1步提醒敦促函" in first
    assert "此后办法有改动，本步按当时的办法" in first
    assert "第3步约谈通知书" in last
    assert "改动" not in last
    escalate_on(signed, "2024-04-16T17:00")
    assert signed.letters(SILENT)[-1].state == LetterState.SERVED
    escalate_on(signed, "2024-04-17T09:10")
    assert signed.letters(SILENT)[-1].state == LetterState.OVERDUE
