"""Cases, letters, explanations, rehearsals, the ledger and the calendar from a shell, on both databases.

What is refused ends with a code other than 0 and says in Chinese what is wrong and what to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from demo.setting import LAGGING, LATE, PLAN, SILENT
from include.cli import main
from include.office import collect_returns
from include.settings import ROOT, settings
from include.workdays import SHANGHAI
from tests.integration.office.conftest import Stage, with_denominators

BY = ("--user", "office-clerk", "--reason", "经研究")


class Said(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


Duban = Callable[..., str]


@pytest.fixture
def shell(
    january: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Said]]:
    """Run a command line in the office just past January's due moment."""
    monkeypatch.setenv("DUBAN_HOME", str(january.office.settings.home))
    monkeypatch.setenv("DUBAN_DATABASE_URL", january.office.settings.database_url)
    monkeypatch.setenv("DUBAN_DELIVERY_COUNTS_AS_SERVED", "true")
    monkeypatch.setenv("PATH", "")  # without LibreOffice a letter is a .docx alone, and quick
    settings.cache_clear()

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        return Said(ended.value.code if isinstance(ended.value.code, int) else 0, printed.out, printed.err)

    yield run
    settings.cache_clear()


@pytest.fixture
def duban(shell: Callable[..., Said]) -> Duban:
    """Run a command that goes well; gives what it printed."""

    def run(*arguments: str) -> str:
        said = shell(*arguments)
        assert (said.code, said.err) == (0, ""), said.err
        return said.out

    return run


@pytest.fixture
def refused(shell: Callable[..., Said]) -> Duban:
    """Run a command that is refused; gives the one line it says, which is Chinese."""

    def run(*arguments: str) -> str:
        said = shell(*arguments)
        assert said.code == 1, said.out
        (line,) = said.err.strip().splitlines()
        assert re.search("[一-龥]", line), line
        return line

    return run


def cases_of(duban: Duban) -> dict[str, dict[str, Any]]:
    """Give the open cases by agency."""
    return {case["agency_id"]: case for case in json.loads(duban("cases", "list", "--json"))["cases"]}


def letter_to(duban: Duban, agency: str) -> dict[str, Any]:
    letters = json.loads(duban("letters", "list", "--json"))
    return [letter for letter in letters if letter["agency_id"] == agency][-1]


def shown(duban: Duban, letter: int) -> tuple[str, str]:
    return "--shown", duban("letters", "show", str(letter)).rsplit(" ", 1)[1][:8]


def sign(duban: Duban, letter: int, user: str) -> str:
    """Talk a letter over and sign it."""
    duban("letters", "talk", str(letter), "--user", user, "--skip", "多次联系不上")
    return duban("letters", "approve", str(letter), *shown(duban, letter), "--user", user)


def test_a_case_from_its_reminder_to_its_end_from_a_shell(
    january: Stage, duban: Duban, refused: Duban, tmp_path: Path
) -> None:
    january.at("2024-02-07T09:10")
    assert "待签发文书 3 份" in duban("escalate")
    cases = cases_of(duban)
    assert set(cases) == {SILENT, LATE, LAGGING}
    silent, late, lagging = (str(cases[agency]["id"]) for agency in (SILENT, LATE, LAGGING))
    assert january.name(SILENT) in duban("cases", "list")
    letter = letter_to(duban, SILENT)["id"]
    assert "演示〔2024〕1号" in sign(duban, letter, "office-deputy")
    assert "督办事项" in duban("cases", "show", silent)
    told = duban("explain", silent)
    assert "第1步提醒敦促函，条件是“报表逾期满1个工作日”" in told
    assert all(line["backed_by"] for line in json.loads(duban("explain", silent, "--json"))["sentences"])

    duban("cases", "extend", silent, "--until", "2024-02-23", *BY)
    assert "须晚于现有期限" in refused("cases", "extend", silent, "--until", "2024-02-20", *BY)
    duban("cases", "accept-reason", late, *BY)
    duban("cases", "withdraw-reason", late, *BY)
    duban("cases", "add-co-owner", lagging, "--agency", "education", *BY)
    assert "已在抄送名单中" in refused("cases", "add-co-owner", lagging, "--agency", "education", *BY)
    duban("cases", "drop-co-owner", lagging, "--agency", "education", *BY)
    duban("cases", "take-plan", lagging, "--user", "office-clerk")
    duban("cases", "refuse-plan", lagging, *BY)
    assert "须附佐证材料（--evidence）" in refused("cases", "fulfil", lagging, *BY)
    proof = tmp_path / "核查记录.txt"
    proof.write_text("已核查", encoding="utf-8")
    duban("cases", "fulfil", lagging, *BY, "--evidence", str(proof))
    assert "已销号" in duban("cases", "list", "--all")
    assert "督办事项现为“已销号”，已是最终状态，不能免予督办" in refused("cases", "waive", lagging, *BY)
    duban("cases", "merge", late, "--into", silent, *BY)
    risk = ("--title", "冷库温控失灵", "--detail", "库温偏高", "--found", "2024-02-06")
    duban("cases", "major-risk", "--plan", PLAN, "--agency", LATE, *risk, *BY)
    words = ("--words", "限期整改", "--leader", "某某", "--given", "2024-02-06", "--due", "2024-02-20")
    duban("cases", "instruct", "--plan", PLAN, "--agency", LAGGING, *words, "--user", "office-clerk")
    assert "早于批示日期" in refused(
        "cases", "instruct", "--plan", PLAN, "--agency", LAGGING, *words[:-1], "2024-02-01", "--user", "u"
    )
    assert [case["track"] for case in json.loads(duban("cases", "list", "--json"))["cases"]] == [
        "批示",
        "重大风险隐患",
        "报送",
    ]


def test_a_letter_is_answered_for_and_taken_back_from_a_shell(
    january: Stage, duban: Duban, refused: Duban
) -> None:
    january.at("2024-02-07T09:10")
    duban("escalate")
    silent, late = (letter_to(duban, agency)["id"] for agency in (SILENT, LATE))
    deputy, old = ("--user", "office-deputy"), shown(duban, late)
    assert "不在“食药安办副主任”" in refused("letters", "approve", str(late), *old, *BY)
    assert "事先沟通" in refused("letters", "approve", str(late), *shown(duban, late), *deputy)
    duban("letters", "return", str(late), *shown(duban, late), *deputy, "--reason", "补充事实")
    assert "不在待签发状态" in refused("letters", "approve", str(late), *old, *deputy)
    duban("letters", "submit", str(late), "--user", "office-clerk")
    duban("letters", "waive", str(late), *shown(duban, late), *deputy, "--reason", "已当面说明")
    assert letter_to(duban, LATE)["state"] == "免发"
    sign(duban, silent, "office-deputy")
    assert "文书现为“已送达”，不能撤回；须为“" in refused("letters", "withdraw", str(silent), *BY)
    assert "签发人名单" in refused("letters", "revoke", str(silent), *BY)
    wording = ("--wrong", "以收到的回执为准", "--right", "以系统回执为准", *BY)
    assert "更正函已拟稿" in duban("letters", "correct", str(silent), *wording)
    duban("letters", "revoke", str(silent), *deputy, "--reason", "报表已于此前报送")
    assert "没有文书99；编号见 duban letters list" in refused("letters", "show", "99")


def test_the_year_is_explained_rehearsed_and_verified_from_a_shell(
    january: Stage, duban: Duban, refused: Duban, shell: Callable[..., Said], tmp_path: Path
) -> None:
    january.at("2024-02-07T09:10")
    duban("escalate")
    ladder = ROOT / "plans" / PLAN / "ladder.yaml"
    assert "与实际相同3件" in duban("rehearse", "--plan", PLAN, "--ladder", str(ladder))
    milder = tmp_path / "宽限.yaml"
    text = ladder.read_text(encoding="utf-8")
    milder.write_text(
        text.replace("{rule: return-overdue, working_days: 1}", "{rule: return-overdue, working_days: 9}"),
        encoding="utf-8",
    )
    result = json.loads(duban("rehearse", "--plan", PLAN, "--ladder", str(milder), "--json"))
    assert sorted(letter["compared"] for letter in result["letters"]) == ["gone", "gone", "same"]
    milder.write_text(text.replace("- step: interview", "- step: reminder"), encoding="utf-8")
    broken = shell("rehearse", "--plan", PLAN, "--ladder", str(milder))
    assert (broken.code, "递进措施宽限.yaml不能用，请按下列各处改正后再推演" in broken.err) == (1, True)
    assert "没有工作要点“nowhere”" in refused("rehearse", "--plan", "nowhere", "--ladder", str(ladder))
    days = ("--from", "2024-03-01", "--to", "2024-02-01")
    assert "晚于截止日" in refused("rehearse", "--plan", PLAN, "--ladder", str(ladder), *days)
    assert "没有督办事项99；编号见 duban cases list --all" in refused("explain", "99")
    assert "没有督办事项99" in refused("cases", "show", "99")
    assert "没有督办事项99" in refused("cases", "waive", "99", *BY)

    assert "国务院办公厅" in duban("calendar", "--plan", PLAN)
    assert "没有工作要点“nowhere”" in refused("calendar", "--plan", "nowhere")
    duban("ledger", "export", "--plan", PLAN, "--to", str(tmp_path / "台账.xlsx"))
    assert load_workbook(tmp_path / "台账.xlsx").sheetnames[:2] == ["文书台账", "督办事项"]
    assert "没有工作要点“nowhere”" in refused("ledger", "export", "--plan", "nowhere")
    assert "全部核对一致" in duban("ledger", "verify")
    with january.office.store.writing() as connection:
        connection.exec_driver_sql("UPDATE ledger SET actor = 'nobody' WHERE seq = 3")
    assert "台账第3条" in refused("ledger", "verify")


def test_a_figure_of_record_is_decided_and_withdrawn_from_a_shell_with_who_when_and_why(
    january: Stage, duban: Duban, refused: Duban
) -> None:
    of, figure = ("--plan", PLAN, "--period", "2024-01"), "sunshine-delivery:denominator"
    assert "没有不一致" in duban("figures", "differences", *of)
    (taken,) = (january.folder("market-regulation", "报送") / "已收").glob("*.xlsx")
    told = with_denominators(taken, {"阳光配送": 160})
    (january.folder("market-regulation", "报送") / "更正.xlsx").write_bytes(told)
    collect_returns.run(office=january.office)
    january.at("2024-02-07T09:00")
    listed = duban("figures", "differences", *of)
    assert f"{figure}  “阳光配送”覆盖率·分母：市教育局报" in listed
    assert "市市场监管局报160\n    待核定：暂按报送单位报数计" in listed
    value = ("--figure", figure, "--value", "160")
    assert "须写明理由" in refused(
        "figures", "reconcile", *of, *value, "--user", "office-clerk", "--reason", " "
    )
    decided = duban("figures", "reconcile", *of, *value, *BY)
    assert "已核定：按核定数160计：经研究\n    2024-02-07 09:00由office-clerk核定" in decided
    one = json.loads(duban("figures", "differences", *of, "--json"))[0]
    assert one["decision"] == {
        "figure": "160",
        "reason": "经研究",
        "by": "office-clerk",
        "at": "2024-02-07 09:00",
    }
    told = duban("passport", "sunshine-delivery", "2024-01")
    assert "已核定：按核定数160计：经研究（office-clerk，2024-02-07 09:00）" in told
    january.at("2024-02-07T10:00")
    duban("figures", "withdraw", *of, "--figure", figure, *BY)
    assert "待核定：暂按报送单位报数计" in duban("figures", "differences", *of)
    assert "没有" in refused("figures", "withdraw", *of, "--figure", figure, *BY)
    entries = [*january.events("figure-decided"), *january.events("figure-decision-withdrawn")]
    assert [(e.actor, f"{e.at.astimezone(SHANGHAI):%H:%M}") for e in entries] == [
        ("office-clerk", "09:00"),
        ("office-clerk", "10:00"),
    ]
