"""People are a file of their own in DUBAN_HOME: contacts for a time, leaders, approvers, addresses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.errors import DubanError, SettingsError
from include.plan import load_people

PEOPLE = """\
little-2030:
  contacts:
    farm:
      - {name: 张三, role: 经办人, email: zhang@county.example, until: 2030-06-30}
      - {name: 李四, role: 经办人, email: li@county.example, from: 2030-07-01}
      - {name: 王五, role: B岗}
  leaders: [{name: 赵六, email: zhao@county.example}]
  approvers: {office-head: [head]}
  mail_allowed: [County.example, guest@other.example]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.yaml"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def test_a_contact_serves_from_day_to_day(file: Path) -> None:
    people = load_people(file, "little-2030")
    assert [p.name for p in people.contacts_of("farm", date(2030, 6, 30))] == ["张三", "王五"]
    assert [p.name for p in people.contacts_of("farm", date(2030, 7, 1))] == ["李四", "王五"]
    assert people.contacts_of("market", date(2030, 7, 1)) == ()


def test_only_who_holds_the_role_may_sign(file: Path) -> None:
    people = load_people(file, "little-2030")
    assert people.may_sign("head", "office-head")
    assert not people.may_sign("head", "commission")
    assert not people.may_sign("other", "office-head")


def test_marked_mail_goes_only_to_allowed_addresses(file: Path) -> None:
    people = load_people(file, "little-2030")
    assert people.may_receive("Li@COUNTY.example")
    assert people.may_receive("guest@other.example")
    assert not people.may_receive("other@other.example")
    assert not people.may_receive("li@evil-county.example")
    assert not people.may_receive("county.example.evil@mail.example")


def test_without_a_file_or_an_entry_there_is_nobody(tmp_path: Path, file: Path) -> None:
    assert load_people(tmp_path / "none.yaml", "little-2030").leaders == ()
    assert not load_people(file, "other-2030").may_receive("li@county.example")


def test_a_wrong_entry_is_named_with_its_line(file: Path) -> None:
    file.write_text(PEOPLE.replace("role: B岗", "roll: B岗"), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"people\.yaml:6：contacts\.farm\.2\.roll 不是这里的项目"):
        load_people(file, "little-2030")


def test_a_day_that_cannot_be_is_told(file: Path) -> None:
    file.write_text(PEOPLE.replace("2030-06-30", "2030-06-31"), encoding="utf-8")
    with pytest.raises(DubanError, match=r"people\.yaml：不能读取：有一个日期不存在"):
        load_people(file, "little-2030")
