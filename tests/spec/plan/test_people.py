"""People are a file of their own in DUBAN_HOME: contacts for a time, leaders, approvers, addresses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.errors import DubanError, PlanError, SettingsError
from include.plan import People, load_people

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


def test_what_is_wrong_in_one_places_part_stops_no_other(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(
        "# 人员\n"
        "linhai-2024:\n"
        "  leaders: [{name: 甲\n"  # the bracket is never closed
        "  approvers: {office-head: [a]\n"
        "\n"
        "little-2030:\n"
        "  # 联系人\n"
        "  leaders:\n"
        "  - {name: 乙, email: b@demo.invalid}\n"
        '"daishan-2024":\n'
        "  leaders: [{name: 丙, nmae: 丙}]\n"
        "empty-2024:\n",
        encoding="utf-8",
    )
    assert [leader.name for leader in load_people(file, "little-2030").leaders] == ["乙"]
    assert load_people(file, "empty-2024") == load_people(file, "nobody-2024") == People()
    with pytest.raises(PlanError, match=r"people\.yaml:\d+：不合 YAML 格式"):
        load_people(file, "linhai-2024")
    with pytest.raises(SettingsError, match=r"people\.yaml:11：leaders"):
        load_people(file, "daishan-2024")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("little-2030:\n  leaders: []\napprovers: {}\n", r"people\.yaml:3：approvers"),
        (
            "little-2030:\n  leaders: []\nother-2030:\n  leaders: []\nlittle-2030:\n  leaders: []\n",
            r"people\.yaml:5",
        ),
    ],
    ids=["a field at the margin", "the place twice"],
)
def test_a_part_that_is_not_where_it_should_be_is_named(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=told):
        load_people(file, "little-2030")
