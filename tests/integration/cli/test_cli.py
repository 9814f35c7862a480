"""The `duban` command: a month from a shell; a mistake is one clear line; the guide names every command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from click import Command, Group

from demo.agencies import SimulatedAgency
from demo.setting import LATE, PLAN, SILENT, set_stage
from include.cli import main
from include.cli.main import app
from include.office import clock
from include.office.desk import Office
from include.office.rules import catalogue
from include.plan import Period
from include.settings import ROOT, Settings, settings
from include.workdays import SHANGHAI

JANUARY = Period(2024, 1)
ABOUT = "--plan pinghu-2024 --period 2024-01 --reason x --user u"
GUIDE = ROOT / "docs" / "administrator.md"
TEXT = ROOT / ".." / "shared" / "plans" / "2024-pinghu.txt"


class Said(NamedTuple):
    """What a command came to: its exit code and what it printed."""

    code: int
    out: str
    err: str


Duban = Callable[..., Said]


@pytest.fixture
def office(home: Settings) -> Iterator[Office]:
    """The demo's office in a `DUBAN_HOME` of its own, on 2024-01-31 at 08:00."""
    office = set_stage(home)
    yield office
    office.store.close()


@pytest.fixture
def duban(office: Office, capsys: pytest.CaptureFixture[str]) -> Duban:
    """Run a command line; gives exit code, standard output and standard error."""

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run


def at(office: Office, text: str) -> datetime:
    now = clock.parse(text).astimezone(SHANGHAI)
    clock.start(office.settings, now, stopped=True)
    return now


def agency(office: Office, agency_id: str) -> SimulatedAgency:
    return SimulatedAgency(office, office.plan(PLAN, JANUARY).agency(agency_id))


def done(said: Said) -> str:
    """Give what a command printed that went well."""
    assert (said.code, said.err) == (0, ""), said.err
    return said.out


def test_a_month_from_a_shell(office: Office, duban: Duban) -> None:
    at(office, "2024-01-31T08:30")
    assert "2024-01" in done(duban("open"))
    assert "没有要办的" in done(duban("open"))
    at(office, "2024-02-02T11:00")
    agency(office, "education").file(JANUARY)
    assert '"accepted": 1' in done(duban("collect", "--plan", PLAN))
    assert '"accepted"' not in done(duban("collect"))
    at(office, "2024-02-06T18:10")
    done(duban("collect"))
    assert "第1版" in done(duban("close", "--period", "2024-01"))
    assert "没有要办的" in done(duban("close"))
    at(office, "2024-02-07T09:10")
    assert "duban letters list" in done(duban("escalate"))
    letter = _letter(duban, SILENT)
    assert letter["state"] == "待签发"
    assert letter["title"] in done(duban("letters", "show", str(letter["id"])))
    _sign_one_way_or_another(duban, letter["id"])
    assert _letter(duban, SILENT)["number"] == "演示〔2024〕1号"
    at(office, "2024-02-19T10:00")
    assert "第1版" in done(duban("digest"))
    assert "sent" in done(duban("deliver"))
    told = duban("housekeeping")  # the other letters still wait for who signs them
    assert (told.code, "尚未签发" in told.err) == (1, True)
    status = done(duban("status"))
    assert "演示时钟" in status
    assert office.plan(PLAN, JANUARY).agency(LATE).name in status
    assert "全部核对一致" in done(duban("ledger", "verify"))


def _letter(duban: Duban, agency_id: str) -> dict[str, Any]:
    letters = json.loads(done(duban("letters", "list", "--json")))
    (letter,) = [letter for letter in letters if letter["agency_id"] == agency_id]
    assert str(letter["id"]) in done(duban("letters", "list"))
    return letter


def _sign_one_way_or_another(duban: Duban, letter: int) -> None:
    """A wrong signer, returned, changed, submitted again, talked over, signed, served by hand."""
    this, deputy, clerk = str(letter), ("--user", "office-deputy"), ("--user", "office-clerk")

    def shown() -> tuple[str, str]:
        return "--shown", done(duban("letters", "show", this)).rsplit(" ", 1)[1][:8]

    refused = duban("letters", "approve", this, *shown(), *clerk)
    assert refused.code == 1
    assert "office-clerk" in _one_line(refused)
    done(duban("letters", "return", this, *shown(), *deputy, "--reason", "补充事实"))
    wording = ("--wrong", "以收到的回执为准", "--right", "以系统回执为准", "--reason", "按签发人意见")
    old = shown()
    done(duban("letters", "edit", this, *clerk, *wording))
    assert "没有“以收到的回执为准”" in _one_line(duban("letters", "edit", this, *clerk, *wording))
    done(duban("letters", "submit", this, *clerk))
    assert "**系统**" in done(duban("letters", "show", this))
    done(duban("letters", "review", this, *clerk, "--note", "事实无误"))
    assert "变动" in _one_line(duban("letters", "approve", this, *old, *deputy))
    assert "事先沟通" in _one_line(duban("letters", "approve", this, *shown(), *deputy))
    assert "还缺" in _one_line(duban("letters", "talk", this, *deputy, "--on", "2024-02-06"))
    done(duban("letters", "talk", this, *deputy, "--on", "2月6日", "--with", "某某", "--said", "尽快补报"))
    assert "演示〔2024〕1号" in done(duban("letters", "approve", this, *shown(), *deputy))
    assert "待签发" in _one_line(duban("letters", "waive", this, *shown(), *deputy, "--reason", "再想想"))
    done(duban("letters", "serve", this, *clerk, "--how", "机要交换", "--to", "办公室某某"))
    assert "2024年2月20日前" in done(duban("letters", "show", this))
    assert "没有未说明的空号" in done(duban("letters", "gaps"))


def _one_line(said: Said) -> str:
    """Give the one line a command failed with."""
    assert said.code != 0, said.out
    lines = said.err.strip().splitlines()
    assert len(lines) == 1, said.err
    assert "Traceback" not in said.err
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("nosuch", "nosuch"),
        ("open --nosuch", "--nosuch"),
        ("open --plan nowhere-2024", "nowhere-2024"),
        ("open --period August", "August"),
        ("open --period 2024-13", "2024-13"),
        ("close --period 2023-12", "2023-12"),
        ("close --period 2024-01", "还没有开启"),
        ("close --as-of 2024-02-30", "应如 2024-09-10"),
        ("close --as-of 2030-01-01", "还没有到"),
        ("collect --now noon", "应如 2024-09-10T09:00"),
        ("escalate --as-of tomorrow", "应如 2024-09-10"),
        ("digest --period 2024-01", "还没有开启"),
        ("deliver --plan nowhere-2024", "nowhere-2024"),
        ("status --plan nowhere-2024", "nowhere-2024"),
        ("ledger verify --plan nowhere-2024", "nowhere-2024"),
        ("letters list --plan nowhere-2024", "nowhere-2024"),
        ("letters show 99", "99"),
        ("letters show ninety", "应为整数"),
        ("letters approve 99 --shown 12345678", "--user"),
        ("letters approve 99 --user office-head", "--shown"),
        ("letters approve 99 --user office-head --shown 12345678", "99"),
        ("letters return 99 --user office-head --shown 12345678", "--reason"),
        ("letters waive 99 --user office-head --reason x --shown 12345678", "99"),
        ("letters review 99 --user u", "99"),
        ("letters talk 99 --user u --skip x", "99"),
        ("letters edit 99 --user u --reason x --wrong a --right b", "99"),
        ("letters correct 99 --user u --reason x --wrong a --right b --right c", "--right"),
        ("letters number 99 --user u", "99"),
        ("letters seal 99 --user u --file nosuch.pdf", "nosuch.pdf"),
        ("letters withdraw 99 --user u --reason x", "99"),
        ("letters revoke 99 --user u --reason x", "99"),
        ("letters accept 99 --user u --reason x", "99"),
        ("letters refuse 99 --user u --reason x", "99"),
        ("letters gaps --prefix x --year 2024 --first 1 --reason x --user u", "--plan"),
        ("letters submit 99 --user office-head", "99"),
        ("letters serve 99 --user office-clerk --how x", "99"),
        ("letters numbers --plan pinghu-2024 --prefix x --year 2024 --first 9 --last 2 --user u", "9"),
        ("letters numbers --plan nowhere --prefix x --year 2024 --first 1 --last 2 --user u", "nowhere"),
        ("mail list --plan nowhere-2024", "nowhere-2024"),
        ("mail list --state gone", "gone"),
        ("mail resend 99 --user u", "--reason"),
        ("mail resend 99 --user u --reason x", "99"),
        ("mail settle 99 --outcome sent --user u --reason x", "99"),
        ("mail bounced 99 --recipient a@b.invalid --user u --reason x", "99"),
        ("export --plan nowhere-2024 --to out", "nowhere-2024"),
        ("plan show", "plan"),
        ("plan show nowhere-2024", "nowhere-2024"),
        ("plan show pinghu-2024 --period 2025-01", "2025-01"),
        ("plan attach-text pinghu-2024 nosuch.txt", "nosuch.txt"),
        (f"returns extend {ABOUT} --agency education --to noon", "noon"),
        (f"returns exempt {ABOUT} --agency education", "education"),
        (f"returns allow-late {ABOUT} --agency nobody", "nobody"),
        (f"returns file-for {ABOUT} --agency education --file nosuch.xlsx", "nosuch.xlsx"),
        (f"returns confirm {ABOUT} --agency education", "education"),
        (f"returns object {ABOUT} --agency education --indicator food-sampling", "food-sampling"),
        ("returns objections --plan pinghu-2024 --period 2024-99", "2024-99"),
        ("returns answer --plan pinghu-2024 --objection 9 --reason x --user u", "9"),
        ("figures differences --plan pinghu-2024 --period 2024-99", "2024-99"),
        (f"figures reconcile {ABOUT} --figure food-sampling --value 3", "food-sampling"),
        (f"figures withdraw {ABOUT} --figure food-sampling", "food-sampling"),
        ("passport nosuch 2024-01", "nosuch"),
        ("digest hold --plan pinghu-2024 --period 2024-99 --reason x --user u", "2024-99"),
        ("digest release --plan pinghu-2024 --period 2024-01 --reason r --user u", "2024-01"),
        (f"digest edit {ABOUT} --place overall-9 --text x", "overall-9"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(duban: Duban, arguments: str, words: str) -> None:
    assert words in _one_line(duban(*arguments.split()))


def test_without_a_command_it_says_what_there_is(duban: Duban) -> None:
    for arguments in ([], ["plan"], ["letters"], ["returns"], ["figures"]):
        said = duban(*arguments)
        assert "Commands" in said.out + said.err


def test_the_drive_is_bound_and_nothing_needs_a_person(duban: Duban, office: Office) -> None:
    assert str(office.drive.root) in done(duban("drive", "bind"))
    assert done(duban("mail", "list")) == "没有\n"


def test_what_is_exported_is_told_by_table(duban: Duban, tmp_path: Path) -> None:
    said = done(duban("export", "--plan", PLAN, "--to", str(tmp_path / "out")))
    assert "facts：0 行" in said
    assert (tmp_path / "out" / "dictionary.csv").exists()


def test_show_as_json_is_the_resolved_plan(duban: Duban) -> None:
    plan = json.loads(done(duban("plan", "show", PLAN, "--json")))
    assert {"clauses", "indicators", "agencies", "decisions"} <= set(plan)
    assert all({"id", "item", "title", "responsibilities"} <= set(clause) for clause in plan["clauses"])
    assert all(
        {"agency", "relation"} <= set(r) for clause in plan["clauses"] for r in clause["responsibilities"]
    )
    wanted = {
        "id",
        "clause",
        "name",
        "kind",
        "comparator",
        "target",
        "unit",
        "behaviour",
        "path",
        "answerable",
    }
    wanted |= {"sources", "combine", "cross_check", "agencies"}
    assert all(wanted <= set(indicator) for indicator in plan["indicators"])
    assert len([c for c in plan["clauses"] if not c["id"].startswith("6.9")]) == 58
    assert len([i for i in plan["indicators"] if not i["id"].startswith("demo-")]) == 22


def test_show_as_text_names_every_clause_and_indicator(office: Office, duban: Duban) -> None:
    out = done(duban("plan", "show", PLAN, "--period", "2024-08"))
    plan = office.plan(PLAN, Period(2024, 8))
    assert all(clause.title in out for clause in plan.clauses)
    assert all(indicator.name in out for indicator in plan.indicators)


def test_a_document_that_is_not_the_plans_is_refused_and_changes_no_wording(
    duban: Duban, office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "另一份文件.txt"
    file.write_text("一、别的\n\n1.别的任务。做别的事。（市教育局负责）\n", encoding="utf-8")
    said = duban("plan", "attach-text", PLAN, str(file))
    assert said.code == 1
    assert "另一份文件.txt" in said.err
    assert "Traceback" not in said.err
    plan = json.loads(done(duban("plan", "show", PLAN, "--json")))
    assert not any(clause.get("text") for clause in plan["clauses"])


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"PK\x03\x04 a workbook"])
def test_a_file_that_is_no_document_is_one_clear_line(duban: Duban, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "no-document.txt"
    file.write_bytes(content)
    said = duban("plan", "attach-text", PLAN, str(file))
    assert said.code == 1
    assert "no-document.txt" in said.err
    assert "Traceback" not in said.err


def test_the_published_document_is_quoted_from_then_on(
    duban: Duban, need_file: Callable[[Path | str, str], Path]
) -> None:
    text = need_file(TEXT, "the published plan document")
    said = duban("plan", "attach-text", PLAN, str(text))
    assert "58 条" in said.out
    plan = json.loads(done(duban("plan", "show", PLAN, "--json")))
    assert sum(bool(clause.get("text")) for clause in plan["clauses"]) == 58


def test_rules_lists_every_rule_once(duban: Duban) -> None:
    listed = json.loads(done(duban("rules", "--json")))
    ids = [rule["id"] for rule in listed]
    assert len(ids) == len(set(ids)) == len(catalogue())
    rules, _, _ = done(duban("rules")).partition("\n\n")  # the thresholds follow
    assert [line.split()[0] for line in rules.splitlines()] == ids


def test_exceptions_are_recorded_in_the_name_of_who_decided(office: Office, duban: Duban) -> None:
    at(office, "2024-01-31T08:30")
    done(duban("open"))
    common = ("--plan", PLAN, "--period", "2024-01", "--user", "office-clerk")
    why = ("--reason", "系统迁移")
    done(duban("returns", "extend", *common, *why, "--agency", "finance", "--to", "2024-02-20T18:00"))
    done(duban("returns", "exempt", *common, *why, "--agency", "court"))
    done(duban("returns", "allow-late", *common, *why, "--agency", "health"))
    done(duban("digest", "hold", *common, *why))
    shown = done(duban("digest", "sentences", *common[:4]))
    place, _, sentence = shown.splitlines()[0].partition("  ")
    words = ("--place", place, "--text", sentence.partition("：")[2])
    assert "已修改" in done(duban("digest", "edit", *common, *why, *words))
    done(duban("digest", "release", *common, *why))
    assert "没有暂缓" in _one_line(duban("digest", "release", *common, *why))
    block = ["--prefix", "平食药安办函", "--year", "2024", "--first", "1", "--last", "50"]
    assert "已登记" in done(duban("letters", "numbers", "--plan", PLAN, "--user", "office-clerk", *block))


def test_a_damaged_people_file_is_one_line_that_names_it(office: Office, duban: Duban) -> None:
    office.settings.people_file.write_text(f"{PLAN}:\n  leaders: [{{name: x, nmae: y}}]\n", encoding="utf-8")
    at(office, "2024-01-31T08:30")
    done(duban("open"))
    at(office, "2024-02-06T09:10")
    assert "people.yaml:2" in _one_line(duban("escalate"))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("url", ["postgresql+psycopg://127.0.0.1:9/duban?connect_timeout=2", "no database"])
def test_a_database_that_cannot_be_opened_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    url: str,
) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", url)
    settings.cache_clear()
    with pytest.raises(SystemExit) as ended:
        main(["status"])
    assert ended.value.code == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "数据库打不开" in line


def test_the_administrators_guide_names_every_command() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    missing = [name for name in _commands(typer.main.get_command(app)) if not _is_named(guide, name)]
    assert missing == []


def _commands(command: Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, Group):
        for name, sub in command.commands.items():
            yield from _commands(sub, (*path, name))
    else:
        yield path


def _is_named(guide: str, path: tuple[str, ...]) -> bool:
    """Tell whether the guide has `duban a b`, or `a` in a list of commands such as `duban a|b`."""
    if f"duban {' '.join(path)}" in guide:
        return True
    listed = [line.split("`")[0].split("|") for line in guide.split("duban ") if "|" in line.split("`")[0]]
    return len(path) == 1 and any(path[0] in names for names in listed)
