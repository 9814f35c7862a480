"""Workbooks an official saves in 待报 or 回执 and leaves there: noticed, told, or filed; never touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from demo.filling import SIGNED, fill
from demo.setting import CARELESS, PLAN, set_stage
from include.office import collect_returns, open_period
from include.office.desk import open_office
from include.plan import Period
from include.records.submissions import SubmissionState, Timeliness
from include.returns.layout import layout_for
from include.store import returns
from tests.integration.office.conftest import Stage, settings_for

PERIOD = Period(2024, 1)
NOTE = "提醒 尚未报送 2024-01 填报模板.txt"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that opened January and looked through its folders once."""
    home = tmp_path_factory.mktemp("unfiled") / "home"
    stage = Stage(set_stage(settings_for(home, "")))
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    look(stage, "2024-01-31T08:40")
    stage.office.store.close()
    return home


@pytest.fixture
def opened(home: Path, tmp_path: Path) -> Iterator[Stage]:
    own = shutil.copytree(home, tmp_path / "home")
    office = open_office(settings_for(own, ""))
    yield Stage(office)
    office.store.close()


def look(stage: Stage, at: str) -> dict[str, Any]:
    """Collect as the schedule does: look through all folders, then go where something is."""
    stage.at(at)
    done: dict[str, Any] = {}
    for chunk in collect_returns.pending(office=stage.office):
        done |= collect_returns.run(chunk["plan"], chunk["agencies"], office=stage.office)["plans"][PLAN]
    return done


def template(stage: Stage, agency: str = "education") -> Path:
    return stage.folder(agency, "待报") / "2024-01 填报模板.xlsx"


def work_in(file: Path, **changes: Any) -> bytes:
    """Fill in only the people on the cover, or what is said, and save in place."""
    layout = layout_for(changes.pop("plan"), "education", PERIOD)
    content = fill(file.read_bytes(), layout, {}, {}, **changes)
    file.write_bytes(content)
    return content


def filled(stage: Stage) -> bytes:
    """Give education's faultless return, as its official would have filled it in."""
    dropped = stage.agency("education").file(PERIOD)
    content = dropped.read_bytes()
    dropped.unlink()
    return content


def note(stage: Stage, name: str = NOTE, agency: str = "education") -> str:
    return (stage.folder(agency, "回执") / name).read_text("utf-8-sig")


def sent(stage: Stage, agency: str = "education") -> list[Any]:
    with stage.office.store.reading() as connection:
        return [row for row in returns.submissions(connection, PLAN) if row.agency_id == agency]


def test_a_half_filled_template_is_left_alone_and_its_owner_is_told_once(opened: Stage) -> None:
    plan = opened.office.plan(PLAN, PERIOD)
    mine = work_in(template(opened), plan=plan, cover={**SIGNED, "signed_by": ""})
    look(opened, "2024-02-01T09:00")
    assert opened.names("education", "回执") == []  # perhaps still being worked on
    assert look(opened, "2024-02-01T09:31")["unfiled"] == 1
    text = note(opened)
    assert len(text.splitlines()) == 3
    assert "市教育局：“待报”文件夹里的“2024-01 填报模板.xlsx”已经填写，但没有放入“报送”文件夹" in text
    assert "封面还缺审核签发人" in text
    assert "2024年2月6日（星期二）18:00" in text
    assert template(opened).read_bytes() == mine
    (mail,) = opened.messages("unfiled/education/")[1:]
    assert mail.payload["text"].splitlines() == [*text.splitlines(), "", "（内部资料）"]
    assert [row.body["agency"] for row in opened.events("unfiled-noticed")] == ["education"]
    assert look(opened, "2024-02-01T10:30") == {}
    assert sent(opened) == []


def test_new_work_in_it_is_told_of_again(opened: Stage) -> None:
    plan = opened.office.plan(PLAN, PERIOD)
    for hour, name in ((9, "演示甲"), (11, "演示乙")):
        work_in(template(opened), plan=plan, cover={"filled_by": name})
        look(opened, f"2024-02-01T{hour:02}:00")
        look(opened, f"2024-02-01T{hour:02}:31")
    assert len(opened.events("unfiled-noticed")) == 2


def opened_and_saved(content: bytes) -> bytes:
    out = BytesIO()
    load_workbook(BytesIO(content)).save(out)
    return out.getvalue()


def copied_and_filed(stage: Stage) -> None:
    content = filled(stage)
    template(stage).write_bytes(content)
    (stage.folder("education", "报送") / "一月.xlsx").write_bytes(content)


def only_saved(stage: Stage) -> None:
    template(stage).write_bytes(opened_and_saved(template(stage).read_bytes()))


def held_open(stage: Stage) -> None:
    template(stage).write_bytes(filled(stage))
    template(stage).with_name(f"~${template(stage).name}").write_bytes(b"")


def no_return(stage: Stage) -> None:
    (stage.folder("education", "待报") / "通知.docx").write_bytes(b"PK\x03\x04 not a workbook")


@pytest.mark.parametrize("done", [copied_and_filed, only_saved, held_open, no_return])
def test_what_is_filed_only_looked_at_still_open_or_no_return_is_not_told_of(
    done: Callable[[Stage], None], opened: Stage
) -> None:
    done(opened)
    look(opened, "2024-02-01T09:00")
    look(opened, "2024-02-01T09:31")
    assert opened.events("unfiled-noticed") == []


def returned(stage: Stage) -> Path:
    """Give the receipt of a return of the careless agency that came back."""
    stage.at("2024-02-01T09:00")
    stage.agency(CARELESS).file(PERIOD, careless=True)
    collect_returns.run(office=stage.office)
    (receipt,) = stage.folder(CARELESS, "回执").glob("*退回*.xlsx")
    look(stage, "2024-02-01T09:10")
    return receipt


def correct(receipt: Path) -> bytes:
    """Put the two faults of the careless right, in the receipt itself."""
    book = load_workbook(receipt)
    book["封面"]["C11"] = "演示签发人"
    sheet = book["工作进展"]
    row = next(r for r in sheet.iter_rows() if r[3].value == "进度滞后")
    row[5].value, row[6].value = "缺人手", "下月补齐"
    out = BytesIO()
    book.save(out)
    receipt.write_bytes(out.getvalue())
    return out.getvalue()


def test_a_receipt_corrected_in_place_is_left_alone_and_its_owner_is_told(opened: Stage) -> None:
    receipt = returned(opened)
    mine = correct(receipt)
    look(opened, "2024-02-01T10:00")
    look(opened, "2024-02-01T10:31")
    (reminder,) = [name for name in opened.names(CARELESS, "回执") if name.endswith(".txt")]
    assert "“回执”文件夹里的" in note(opened, reminder, CARELESS)
    assert receipt.read_bytes() == mine
    opened.at("2024-02-01T10:40")
    (opened.folder(CARELESS, "报送") / receipt.name).write_bytes(mine)
    collect_returns.run(office=opened.office)
    assert sent(opened, CARELESS)[-1].state == SubmissionState.ACCEPTED


def test_a_receipt_only_opened_and_saved_is_not_told_of(opened: Stage) -> None:
    receipt = returned(opened)
    receipt.write_bytes(opened_and_saved(receipt.read_bytes()))
    look(opened, "2024-02-01T10:00")
    look(opened, "2024-02-01T10:31")
    assert opened.events("unfiled-noticed") == []


def take_from_templates(stage: Stage) -> None:
    stage.office.settings = stage.office.settings.model_copy(update={"take_from_templates": True})


def test_a_signed_template_is_filed_from_where_it_lies_if_the_office_set_it_so(opened: Stage) -> None:
    """The copy counts as of when the file was first seen: our waiting makes nobody late."""
    take_from_templates(opened)
    mine = filled(opened)
    template(opened).write_bytes(mine)
    look(opened, "2024-02-06T17:50")
    look(opened, "2024-02-06T18:21")
    assert [row.state for row in sent(opened)] == [SubmissionState.ACCEPTED]
    assert opened.standing("education").timeliness is Timeliness.ON_TIME
    assert template(opened).read_bytes() == mine
    assert "2024-01 回执 第1次 已接收.xlsx" in opened.names("education", "回执")
    assert "已作为2024年1月报表收取" in note(opened, "提醒 已代为放入报送 2024-01 填报模板.txt")
    look(opened, "2024-02-06T19:00")
    assert len(sent(opened)) == 1


def test_an_unsigned_template_is_never_filed_for_anybody(opened: Stage) -> None:
    take_from_templates(opened)
    work_in(template(opened), plan=opened.office.plan(PLAN, PERIOD), cover={**SIGNED, "signed_by": ""})
    look(opened, "2024-02-01T09:00")
    look(opened, "2024-02-01T09:31")
    assert sent(opened) == []
    assert "封面还缺审核签发人" in note(opened)


def test_changes_after_acceptance_are_asked_about_and_never_filed_for_anybody(opened: Stage) -> None:
    take_from_templates(opened)
    copied_and_filed(opened)
    opened.at("2024-02-01T09:00")
    collect_returns.run(office=opened.office)
    work_in(template(opened), plan=opened.office.plan(PLAN, PERIOD), cover={"filled_by": "演示乙"})
    look(opened, "2024-02-01T10:00")
    look(opened, "2024-02-01T10:31")
    assert "与已接收的2024年1月报表不同" in note(opened)
    assert len(sent(opened)) == 1


def test_after_the_lock_nobody_is_asked_to_file_what_would_not_be_taken(opened: Stage) -> None:
    with opened.office.store.writing() as connection:
        returns.lock(connection, PLAN, PERIOD, opened.at("2024-02-27T18:00"))
    work_in(template(opened), plan=opened.office.plan(PLAN, PERIOD))
    look(opened, "2024-02-28T09:00")
    look(opened, "2024-02-28T09:31")
    assert opened.events("unfiled-noticed") == []
