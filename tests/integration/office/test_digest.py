"""The leaders' digest: on its day, once, unless held; to whom it may go; what it says and carries."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest
from ruamel.yaml import YAML

from demo.setting import LATE, PLAN, SILENT
from include.errors import RefusedError
from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    exceptions,
    publish_digest,
    raising,
    wording,
)
from include.office.decided import Decided
from include.store import publications
from tests.integration.office.conftest import Stage, plain, with_denominators

DATABASES = ("sqlite",)  # nothing here asks the database for more than the others do

DAY = "2024-02-19T10:00"  # January's 10th working day


@pytest.fixture
def month(january: Stage) -> Stage:
    """January as it stands on its digest's day: closed, letters drafted, none signed."""
    january.at("2024-02-06T18:10")
    close_period.run(office=january.office)
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    january.at(DAY)
    return january


def publish(stage: Stage, **asked: Any) -> str:
    """Publish what is due; give the name of January's digest, empty if none was made."""
    return publish_digest.run(office=stage.office, **asked)["plans"][PLAN].get("2024-01", "")


def leaders_mail(stage: Stage) -> EmailMessage:
    deliver_outbox.run(office=stage.office)
    (mail,) = stage.mails("工作月报")
    return mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return plain(body.get_content())


def test_it_does_not_go_out_before_its_day(month: Stage) -> None:
    month.at("2024-02-18T18:00")
    assert publish(month) == ""
    assert month.office_files("月报") == []


def test_on_its_day_it_lies_on_the_drive_as_pdf_docx_and_workbook_once(month: Stage) -> None:
    assert "第1版" in publish(month)
    assert sorted(file.suffix for file in month.office_files("月报")) == [".docx", ".pdf", ".xlsx"]
    assert publish(month) == ""
    month.at("2024-02-20T10:00")
    assert publish(month) == ""
    assert len(month.office_files("月报")) == 3
    assert len(month.events("digest-published")) == 1


def test_a_held_digest_stays_until_it_is_released(month: Stage) -> None:
    with pytest.raises(RefusedError, match="理由"):
        exceptions.hold_digest(PLAN, "2024-01", Decided("office-clerk", " "), office=month.office)
    exceptions.hold_digest(PLAN, "2024-01", Decided("office-clerk", "等待核定抽检数"), office=month.office)
    assert publish(month) == ""
    assert publish(month, period="2024-01") == "", "nor by naming the month"
    exceptions.release_digest(PLAN, "2024-01", Decided("office-clerk", "已核定"), office=month.office)
    assert "第1版" in publish(month)
    with pytest.raises(RefusedError, match="没有暂缓"):
        exceptions.release_digest(PLAN, "2024-01", Decided("office-clerk", "再发"), office=month.office)
    (held,) = month.events("digest-held")
    assert (held.actor, held.body["reason"]) == ("office-clerk", "等待核定抽检数")


def test_a_held_digest_can_be_worded_otherwise_and_says_by_whom(month: Stage) -> None:
    said = {"by": Decided("office-clerk", "语气"), "office": month.office}
    first = wording.sentences(PLAN, "2024-01", office=month.office)[0]
    text = f"{first['rule'].removesuffix('。')}，请继续抓紧。"
    with pytest.raises(RefusedError, match="先暂缓"):
        wording.edit(PLAN, "2024-01", place="overall-1", text=text, **said)
    exceptions.hold_digest(PLAN, "2024-01", Decided("office-clerk", "语气"), office=month.office)
    with pytest.raises(RefusedError, match="数据须与原句一致：多出999"):
        wording.edit(PLAN, "2024-01", place="overall-1", text=f"{first['rule']}另有999项。", **said)
    with pytest.raises(RefusedError, match="没有overall-9"):
        wording.edit(PLAN, "2024-01", place="overall-9", text=text, **said)
    wording.edit(PLAN, "2024-01", place="overall-1", text=text, **said)
    assert wording.sentences(PLAN, "2024-01", office=month.office)[0]["text"] == text
    exceptions.release_digest(PLAN, "2024-01", **said)
    assert "第1版" in publish(month)
    told = text_of(leaders_mail(month))
    assert plain(text) in told
    assert plain("总体判断第1句由office-clerk于2月19日修改文字") in told
    with month.office.store.reading() as connection:
        (edition,) = publications.editions(connection, PLAN, publish_digest.KIND)
    assert [w["original"] for w in edition.content["wordings"]] == [first["rule"]]
    (event,) = month.events("digest-edited")
    assert (event.actor, event.body["text"], event.body["reason"]) == ("office-clerk", text, "语气")
    assert publish(month, period="2024-01") == "", "the same words make no second edition"
    exceptions.hold_digest(PLAN, "2024-01", Decided("office-clerk", "语气"), office=month.office)
    wording.edit(PLAN, "2024-01", place="overall-1", text=first["rule"], **said)
    exceptions.release_digest(PLAN, "2024-01", **said)
    assert "第2版" in publish(month, period="2024-01"), "taken back, the rule's own words are news"


def test_open_instructions_of_leaders_come_first(month: Stage) -> None:
    raising.instruct(
        PLAN,
        ["education"],
        Decided("office-clerk", "批示件第3号"),
        words="开学前查清学校食堂隐患",
        leader="张副市长",
        given_on=date(2024, 2, 5),
        due_on=date(2024, 2, 20),
        office=month.office,
    )
    publish(month)
    told = text_of(leaders_mail(month))
    line = f"张副市长2024年2月5日批示：开学前查清学校食堂隐患（{month.name('education')}承办"
    assert plain(line) in told
    assert told.index("批示") < told.index("总体判断")


def test_the_leaders_get_it_with_pictures_in_the_text_and_files_attached(month: Stage) -> None:
    publish(month)
    mail = leaders_mail(month)
    assert str(mail["To"]) == "leader@demo.invalid"
    subject = plain(str(mail["Subject"]))
    assert "演示数据" in subject
    assert "内部资料" in subject
    attached = {str(part.get_filename()).rpartition(".")[2] for part in mail.iter_attachments()}
    assert attached == {"pdf", "docx", "xlsx"}
    html = mail.get_body(("html",))
    assert html is not None
    pictures = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert pictures
    for picture in pictures:
        cid = str(picture["Content-ID"]).strip("<>")
        assert f"cid:{cid}" in html.get_content()
        assert picture.get_content().startswith(b"\x89PNG")  # type: ignore[union-attr]
    assert "http" not in html.get_content(), "nothing is fetched from anywhere"


def test_a_red_light_comes_with_what_its_agency_says_of_the_clause_where_the_figure_has_no_remark(
    month: Stage,
) -> None:
    publish(month)
    said = "单位说明：选址和改造进度慢于计划；下步打算：逐个落实责任人，下月集中推进。已采取措施："
    assert plain(said) in text_of(leaders_mail(month))


def test_it_names_who_is_missing_and_the_letters_that_wait(month: Stage) -> None:
    publish(month)
    text = text_of(leaders_mail(month))
    for word in ("待签发", month.name(SILENT), month.name(LATE), "演示数据", "演示时钟"):
        assert plain(word) in text


def test_nobody_outside_the_allowed_addresses_gets_it(month: Stage) -> None:
    file = month.office.settings.people_file
    people = YAML().load(file.read_text(encoding="utf-8"))
    people[PLAN]["leaders"] += [
        {"name": "外部", "email": "someone@elsewhere.example"},
        {"name": "已离任", "email": "former@demo.invalid", "until": "2024-01-31"},
        {"name": "无邮箱"},
    ]
    with file.open("w", encoding="utf-8") as out:
        YAML().dump(people, out)
    publish(month)
    assert str(leaders_mail(month)["To"]) == "leader@demo.invalid"


def test_where_nobody_may_receive_it_it_still_lies_on_the_drive(month: Stage) -> None:
    month.office.settings.people_file.unlink()
    assert "第1版" in publish(month)
    deliver_outbox.run(office=month.office)
    assert month.mails("工作月报") == []
    assert len(month.office_files("月报")) == 3


def test_naming_the_month_again_makes_a_second_edition_only_for_news_and_tells_it(
    month: Stage,
) -> None:
    publish(month)
    month.at("2024-02-20T10:00")
    assert publish(month, period="2024-01") == ""
    (taken,) = (month.folder("education", "报送") / "已收").glob("*.xlsx")
    (month.folder("education", "报送") / "更正.xlsx").write_bytes(with_denominators(taken, {"阳光配送": 150}))
    collect_returns.run(office=month.office)
    close_period.run(office=month.office)
    assert "第2版" in publish(month, period="2024-01")
    assert publish(month, period="2024-01") == ""
    with month.office.store.reading() as connection:
        editions = publications.editions(connection, PLAN, publish_digest.KIND)
    assert [edition.edition for edition in editions] == [1, 2]
    deliver_outbox.run(office=month.office)
    second = next(m for m in month.mails("工作月报") if "第2版" in plain(str(m["Subject"])))
    assert "更正" in text_of(second)
    assert "阳光配送" in text_of(second)
    names = [file.name for file in month.office_files("月报")]
    assert sum("第1版" in name for name in names) >= 2, "the first edition stays beside the second"


def test_a_month_named_before_its_due_moment_is_refused(month: Stage) -> None:
    with pytest.raises(RefusedError, match="还没有开启"):
        publish_digest.run(period="2024-02", office=month.office)
