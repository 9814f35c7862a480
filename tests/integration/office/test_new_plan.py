"""A second place: `plan new` makes a folder that works at once, `plan check` says what it still lacks."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from demo.agencies import SimulatedAgency
from include.errors import PlanError, RefusedError
from include.escalation import load_ladder
from include.office import collect_returns, open_period
from include.office.desk import Office, open_office
from include.office.new_plan import found
from include.office.plan_check import ADVICE, ERROR, check
from include.plan import Period, Plan, load_plan
from include.plan.model import Behaviour, Kind, Standing
from include.plan.people import load_people
from include.settings import ROOT, Settings

PLAN = "haiyan-2024"
JANUARY = Period(2024, 1)
INDICATORS = [
    ["指标", "计量单位", "目标值", "报送单位", "答责单位", "任务", "类型"],
    ["食品抽检量", "批次", 900, "县市场监管局", "", "抽检监测", ""],
    ["学校食堂A级比例", "%", 50, "县教育局", "县教育局", "校园食品", ""],
    ["农产品监测", "批次/千人", 1.5, "县农业农村局、县市场监管局", "县农业农村局", "抽检监测", "每千人数"],
]


@pytest.fixture
def of(home: Settings, tmp_path: Path) -> Settings:
    """An installation without any plan."""
    (tmp_path / "plans").mkdir()
    return home.model_copy(update={"plans_dir": tmp_path / "plans", "stable_seconds": 0.0})


@pytest.fixture
def offices() -> Iterator[list[Office]]:
    """Offices to be closed."""
    opened: list[Office] = []
    yield opened
    for office in opened:
        office.store.close()


def _table(file: Path, rows: list[list[object]]) -> Path:
    if file.suffix == ".csv":
        with file.open("w", encoding="gb18030", newline="") as out:
            csv.writer(out).writerows(rows)
        return file
    book = Workbook()
    for row in rows:
        book.active.append(row)  # pyright: ignore[reportOptionalMemberAccess]
    book.save(file)
    return file


def test_a_new_plan_loads_strictly_and_its_month_can_be_run(
    of: Settings, offices: list[Office], tmp_path: Path
) -> None:
    table = _table(tmp_path / "指标.xlsx", INDICATORS)
    folder = found(PLAN, "海盐县", short="盐食药安办", indicators=table, of=of)
    office = open_office(of)
    offices.append(office)
    plan = office.plan(PLAN, JANUARY)
    assert (plan.place, plan.office_short, plan.drive_folder) == ("海盐县", "盐食药安办", "海盐县")
    assert plan.agency("market-regulation").standing is Standing.HOST
    sampling, canteens, per_1000 = plan.indicators
    assert (sampling.clause, per_1000.clause, canteens.clause) == ("2.1", "2.1", "3.1")
    assert (canteens.kind, canteens.behaviour) == (Kind.RATIO, Behaviour.BUILD_UP)
    assert (per_1000.kind, per_1000.combine) == (Kind.RATE, "sum")
    assert not any(i.path.confirmed for i in plan.indicators)
    assert all("待确认" in (folder / f"{n}.yaml").read_text("utf-8") for n in ("plan", "agencies", "ladder"))
    open_period.run(PLAN, "2024-01", "2024-01-31T08:30", office=office)
    SimulatedAgency(office, plan.agency("education"), PLAN).file(JANUARY)
    result = collect_returns.run(PLAN, now="2024-02-02T10:00", office=office)
    assert result["plans"][PLAN]["accepted"] == 1


def test_the_ladder_a_new_plan_starts_with_is_the_one_in_use(of: Settings) -> None:
    folder = found(PLAN, "海盐县", of=of)
    ours, theirs = (
        load_ladder(place / "ladder.yaml").model_dump(mode="json")
        for place in (folder, ROOT / "plans" / "pinghu-2024")
    )
    prefixes = [step.pop("prefix") for step in ours["steps"].values()]
    for step in theirs["steps"].values():
        step.pop("prefix")
    assert all(prefix.startswith("海食药安办") for prefix in prefixes)
    assert ours | {"mechanism_clause": ""} == theirs | {"mechanism_clause": ""}


def test_agencies_are_taken_from_a_table_in_its_order(
    of: Settings, offices: list[Office], tmp_path: Path
) -> None:
    rows = [
        ["单位性质", "名称"],
        ["", "县教育局"],
        ["垂直管理", "县烟草专卖局"],
        ["", "县法院"],
        ["", "县大数据局"],
    ]
    found(PLAN, "海盐县", host="县综合执法局", agencies=_table(tmp_path / "单位.csv", rows), of=of)
    offices.append(office := open_office(of))
    filers = office.plan(PLAN, JANUARY).filers
    assert [(a.id, a.name, a.standing.value) for a in filers] == [
        ("urban-management", "县综合执法局", "host"),
        ("education", "县教育局", "government"),
        ("tobacco", "县烟草专卖局", "vertical"),
        ("court", "县法院", "court-procuratorate"),
        ("agency-04", "县大数据局", "government"),
    ]
    people = load_people(of.people_file, PLAN)
    assert set(people.contacts) == {a.id for a in filers}
    assert of.people_file.stat().st_mode & 0o077 == 0


def test_every_fault_of_a_table_is_named_with_its_cell_and_nothing_is_made(
    of: Settings, tmp_path: Path
) -> None:
    bad = [
        *INDICATORS,
        ["抽检", "批次", "很多", "县气象局", "", "", "随便"],
        ["", "", "", "", "", "任务", ""],
    ]
    with pytest.raises(PlanError) as error:
        found(PLAN, "海盐县", indicators=_table(tmp_path / "指标.csv", bad), of=of)
    for said in (
        "C5（目标值）写的是“很多”；应为数",
        "D5（报送单位）写的是“县气象局”；应为",
        "G5（类型）",
        "A6（指标）写的是空；应为文字或数，这一栏必填",
    ):
        assert said in str(error.value)
    assert not list(of.plans_dir.iterdir()), "nothing is made"
    assert not of.people_file.exists()


def test_what_is_there_is_never_overwritten(of: Settings) -> None:
    folder = found(PLAN, "海盐县", of=of)
    (folder / "plan.yaml").write_text("改过", encoding="utf-8")
    with pytest.raises(RefusedError, match="已经存在"):
        found(PLAN, "海盐县", of=of)
    assert (folder / "plan.yaml").read_text("utf-8") == "改过"
    before = of.people_file.read_text("utf-8")
    found("tongxiang-2024", "桐乡市", of=of)
    assert of.people_file.read_text("utf-8").startswith(before.rstrip("\n"))
    for wrong in ("haiyan", "Haiyan-2024", "../x-2024"):
        with pytest.raises(RefusedError, match="不能作编号"):
            found(wrong, "海盐县", of=of)
    with pytest.raises(RefusedError, match="不是地名"):
        found("x-2024", "海盐县: {", of=of)


DOCUMENT = """海盐县2024年食品药品安全工作要点（虚构）
一、严防风险
1.加强抽检监测。全年抽检900批次。（县市场监管局负责）监测农产品。（县农业农村局牵头，县大数据局配合）
2.保障校园安全。开展整治。（县教育局、县市场监管局按职责分工负责）
二、社会共治
3.落实责任。建立台账。（各成员单位按职责分工负责）
"""


def test_the_published_document_gives_clauses_and_agencies_and_is_attached(
    of: Settings, offices: list[Office], tmp_path: Path
) -> None:
    document = tmp_path / "正式文本.txt"
    document.write_text(DOCUMENT, encoding="utf-8")
    tasks = ("1.1", "2.1", "")
    by_clause = [[*row[:5], task, row[6]] for row, task in zip(INDICATORS[1:], tasks, strict=True)]
    table = _table(tmp_path / "指标.xlsx", [INDICATORS[0], *by_clause])
    found(PLAN, "海盐县", indicators=table, text=document, of=of)
    offices.append(office := open_office(of))
    plan = office.plan(PLAN, JANUARY)
    assert [(c.id, c.section, c.title, c.text) for c in plan.clauses] == [
        ("1.1", 1, "加强抽检监测（1）", "全年抽检900批次。"),
        ("1.2", 1, "加强抽检监测（2）", "监测农产品。"),
        ("2.1", 1, "保障校园安全（1）", "开展整治。"),
        ("3.1", 2, "落实责任（1）", "建立台账。"),
    ]
    shared = [(plan.agency(r.agency).name, r.relation.value) for r in plan.clause("1.2").responsibilities]
    assert shared == [("县农业农村局", "lead"), ("县大数据局", "support")]
    assert [(i.name, i.clause) for i in plan.indicators] == [
        ("食品抽检量", "1.1"),
        ("学校食堂A级比例", "2.1"),
        ("农产品监测", "1.2"),
    ]
    assert plan.owners("3.1") == tuple(a.id for a in plan.filers)
    by_clause[0][5] = "9.9"
    table = _table(tmp_path / "别的.xlsx", [INDICATORS[0], *by_clause])
    with pytest.raises(PlanError, match=r"写的是9\.9；应为"):
        found("x-2024", "海盐县", indicators=table, text=document, of=of)
    document.write_text("没有分工的文字", encoding="utf-8")
    with pytest.raises(PlanError, match="没有找到任务"):
        found("x-2024", "海盐县", text=document, of=of)
    assert [folder.name for folder in of.plans_dir.iterdir()] == [PLAN]


def test_of_the_real_document_it_makes_the_clauses_that_were_set_down_by_hand(
    of: Settings, offices: list[Office], need_file: Callable[[str, str], Path]
) -> None:
    document = need_file(
        "../shared/plans/2024-pinghu.txt", "the published plan is kept outside the repository"
    )
    found("pinghux-2024", "平湖市", text=document, of=of)
    offices.append(office := open_office(of))
    made = office.plan("pinghux-2024", JANUARY)
    by_hand = load_plan(ROOT / "plans" / "pinghu-2024").at(JANUARY)
    assert [(c.id, c.section, c.text_hash, relations(made, c.id)) for c in made.clauses] == [
        (c.id, c.section, c.text_hash, relations(by_hand, c.id)) for c in by_hand.clauses
    ]
    assert all(clause.text for clause in made.clauses)


def relations(plan: Plan, clause: str) -> list[tuple[str, str]]:
    return [
        (r.agency if not plan.agency(r.agency).collective else "", r.relation)
        for r in plan.clause(clause).responsibilities
    ]


def test_check_names_every_error_of_every_file_at_once(of: Settings, offices: list[Office]) -> None:
    folder = found(PLAN, "海盐县", of=of)
    for name, old, new in (
        ("plan", "place:", "palce:"),
        ("plan", "rank_agencies:", "rank:"),
        ("agencies", "  - id: education", "  - id: market-regulation"),
        ("decisions", "id: due-day", "id: duties-from"),
        ("ladder", "approver: office-deputy", "approver: nobody"),
    ):
        file = folder / f"{name}.yaml"
        file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    (folder / "indicators.yaml").unlink()
    offices.append(office := open_office(of))
    found_points = check(PLAN, "2024-01-15T09:00", office=office)
    assert {p.severity for p in found_points} == {ERROR}
    assert len([p for p in found_points if "plan.yaml:" in p.where]) == 2
    told = {Path(p.where.partition(":")[0]).name: p for p in found_points}
    assert set(told) == {"plan.yaml", "agencies.yaml", "decisions.yaml", "indicators.yaml", "ladder.yaml"}
    assert told["decisions.yaml"].mend == "只留一条，或改用不同的编号"
    assert "duban plan new" in told["indicators.yaml"].mend


def test_check_advises_on_what_is_lacking_until_it_is_there(
    of: Settings, offices: list[Office], tmp_path: Path
) -> None:
    folder = found(PLAN, "海盐县", indicators=_table(tmp_path / "指标.xlsx", INDICATORS), of=of)
    offices.append(office := open_office(of))
    points = check(PLAN, "2024-01-15T09:00", office=office)
    assert {p.severity for p in points} == {ADVICE}
    told = "\n".join(f"{Path(p.where).name} {p.what} {p.mend}" for p in points)
    for said in (
        "县教育局没有联系人邮箱",
        "没有收工作月报的领导",
        "没有人能签发整改通知书、约谈通知书",
        "海食药安办函〔2024〕没有登记号段",
        "时序进度未确认",
        "“学校食堂A级比例”没有基期",
        "“农产品监测”没有人口数",
        "共享盘上还没有本地区的文件夹",
        "没有附上正式文本",
        "待决：月度报表何时截止",
    ):
        assert said in told, told
    line = (folder / "indicators.yaml").read_text("utf-8").splitlines().index("    path:") + 1
    assert f"{folder / 'indicators.yaml'}:{line}" in {p.where for p in points}
    people = of.people_file.read_text("utf-8").replace(
        "education: []", "education: [{name: 甲, email: a@example.invalid}]"
    )
    of.people_file.write_text(people, encoding="utf-8")
    told = "\n".join(p.what for p in check(PLAN, "2024-01-15T09:00", office=office))
    assert "县教育局联系人的邮箱不在允许名单" in told


def test_check_asks_about_figures_that_look_like_slips(
    of: Settings, offices: list[Office], tmp_path: Path
) -> None:
    folder = found(PLAN, "海盐县", indicators=_table(tmp_path / "指标.xlsx", INDICATORS), of=of)
    file = folder / "indicators.yaml"
    text = file.read_text("utf-8").replace("target: 50", "target: 0.5").replace("[8.3, 16.7,", "[18.3, 16.7,")
    file.write_text(text, encoding="utf-8")
    head = folder / "plan.yaml"
    head.write_text(head.read_text("utf-8").replace("year: 2024", "year: 2025"), encoding="utf-8")
    offices.append(office := open_office(of))
    told = "\n".join(p.what for p in check(PLAN, "2024-01-15T09:00", office=office))
    assert f"年度是2025，与编号“{PLAN}”不合" in told
    assert "目标值是 0.5%，像是把比率写成了小数" in told
    assert "的时序进度有一个月比前面的月份少" in told


def test_a_plan_of_a_year_nobody_published_is_told_so(of: Settings, offices: list[Office]) -> None:
    found("haiyan-2027", "海盐县", of=of)
    offices.append(office := open_office(of))
    points = check("haiyan-2027", "2026-12-20T09:00", office=office)
    assert [p.what for p in points if "2027年的放假安排尚未公布" in p.what]
