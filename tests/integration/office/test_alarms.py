"""The administrator's alarms: looked for, kept while they stand, one mail a day for each kind."""

from __future__ import annotations

import json
from typing import Any

from demo.setting import PLAN, SILENT
from include.errors import AlarmError
from include.office import alarms, deliver_outbox, escalate_overdue, noted, sign_letters
from include.office.alarm_checks import AlarmKind
from tests.integration.office.conftest import Stage

DATABASES = ("sqlite", "postgresql")
ADMINISTRATOR = "administrator@demo.invalid"


def look(stage: Stage) -> list[dict[str, Any]]:
    """Let deliver look, and mail; give what stands."""
    for _ in range(2):  # what the second look finds, no second mail tells
        deliver_outbox.run(office=stage.office)
    return alarms.standing(PLAN, office=stage.office)


def mails(stage: Stage, kind: AlarmKind) -> list[str]:
    found = stage.mails(f"督办系统提醒：{kind.value}")
    assert {str(mail["To"]) for mail in found} <= {ADMINISTRATOR}
    return [mail.get_body(("plain",)).get_content() for mail in found]  # type: ignore[union-attr]


def test_where_all_is_well_nobody_is_told_anything(january: Stage) -> None:
    assert look(january) == []
    assert january.mails("督办系统提醒") == []


def test_a_drive_that_is_away_is_told_once_a_day_until_it_is_back(january: Stage) -> None:
    root = january.office.drive.root
    root.rename(root.with_name("away"))
    root.mkdir()  # an empty mount point
    (alarm,) = look(january)
    assert (alarm["kind"], alarm["title"], alarm["plan"]) == ("DRIVE", "共享盘或存储不可用", "")
    assert "没有挂载" in alarm["text"]
    january.at("2024-02-07T09:00")
    (still,) = look(january)
    assert still["since"] == alarm["since"] == "2024-02-06T18:05:00+08:00"
    assert len(mails(january, AlarmKind.DRIVE)) == 2, "one on each day"
    root.rmdir()
    root.with_name("away").rename(root)
    assert look(january) == []


def test_a_letter_nobody_signs_is_told_after_three_working_days(january: Stage) -> None:
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    january.at("2024-02-18T09:00")  # 2-8, 2-9 and the make-up day 2-18; the Spring Festival is in between
    assert look(january) == []
    january.at("2024-02-19T09:00")
    waiting = {f"letter/{letter.id}" for letter in january.letters()}
    assert {alarm["subject"] for alarm in look(january)} == waiting
    (mail,) = mails(january, AlarmKind.APPROVAL)
    assert mail.count("送签已4个工作日") == len(waiting)
    letter = january.letter(SILENT)
    shown = sign_letters.show(letter.id, office=january.office)["hash"]
    who = {"user": "office-deputy", "talk": {"skipped": "联系不上"}}
    sign_letters.answer(letter.id, decision="签发", hash=shown, office=january.office, **who)
    assert f"letter/{letter.id}" not in {alarm["subject"] for alarm in look(january)}


def test_a_full_disk_is_told(january: Stage) -> None:
    january.office.settings.least_free_mb = 1 << 40
    (alarm,) = look(january)
    assert alarm["kind"] == "DISK"


def test_a_task_that_failed_is_told_until_it_ends_well(january: Stage) -> None:
    of = january.office.settings
    noted.failed("⑦ 送达", "deliver", RuntimeError("no\nroute"), of=of)
    noted.failed("⑧ 日常维护", "look_after", AlarmError("told already"), of=of)
    (alarm,) = look(january)
    assert alarm["text"] == "⑦ 送达“deliver”失败：no route"
    assert len(mails(january, AlarmKind.FLOW)) == 1
    noted.mended("⑦ 送达", "deliver", of=of)
    noted.mended("⑦ 送达", "deliver", of=of)
    assert look(january) == []


def test_the_group_chat_is_told_no_more_than_that_there_is_something(january: Stage) -> None:
    january.office.settings.least_free_mb = 1 << 40
    january.office.settings = january.office.settings.model_validate(
        january.office.settings.model_dump() | {"chat_urls": "json://127.0.0.1:9"}
    )
    look(january)
    (row,) = january.messages("alarm/chat/")
    assert "MiB" not in json.dumps(row.payload)
    assert row.payload == {"kind": "ALARM", "mark": "【演示数据】"}
