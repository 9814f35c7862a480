"""What returns are judged by: the newest accepted month, its definition, answers; what the office sees."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from great_expectations.datasource.fluent.interfaces import Batch
from openpyxl import load_workbook

from demo.setting import PLAN, set_stage
from include.office import collect_returns, open_period
from include.office.desk import open_office
from include.office.month_report import month_report
from include.plan import Period
from include.records.figures import Role
from include.records.findings import Severity
from include.records.submissions import SubmissionState
from include.returns.layout import Layout, layout_for
from include.settings import Settings
from include.store import returns
from include.store import schema as t
from tests.integration.office.conftest import Stage

DATABASES = ("sqlite",)
SAMPLES, AGENCY = "food-risk-samples", "health"
NEW_DEFINITION = f"""
from: 2024-03
reason: 统计口径调整
indicators:
  change: {{{SAMPLES}: {{definition_version: 2}}}}
"""


def play(stage: Stage, *filed: str) -> None:
    """Open January, February and March; the agency files in the months named, and rightly."""
    for month, opens, files in (
        ("2024-01", "2024-01-31T08:30", "2024-02-02T11:00"),
        ("2024-02", "2024-02-29T08:30", "2024-03-04T11:00"),
        ("2024-03", "2024-03-29T08:30", "2024-04-02T11:00"),
    ):
        stage.at(opens)
        open_period.run(office=stage.office)
        stage.at(files)
        if month in filed:
            stage.agency(AGENCY, month).file(Period.parse(month))
            collect_returns.run(office=stage.office)


def layout(stage: Stage, period: str) -> Layout:
    month = Period.parse(period)
    return layout_for(stage.office.plan(PLAN, month), AGENCY, month)


def put(stage: Stage, period: str, cells: dict[tuple[str, str], Any]) -> None:
    """Change the file the agency has just dropped: by (indicator or clause, column)."""
    (file,) = stage.folder(AGENCY, "报送").glob("*.xlsx")
    book = load_workbook(file)
    of = layout(stage, period)
    for (key, column), value in cells.items():
        table = of.indicators if of.indicators and of.indicators.rows_of(key) else of.progress
        assert table
        book[table.title][table.ref(table.rows_of(key)[0], column)].value = value
    book.save(file)


def found(stage: Stage) -> list[Any]:
    """The findings of the newest submission."""
    with stage.office.store.reading() as connection:
        newest = returns.submissions(connection, PLAN)[-1]
        f = t.finding
        return list(connection.execute(f.select().where(f.c.submission_id == newest.id).order_by(f.c.seq)))


def test_after_a_skipped_month_the_cumulative_goes_on_from_the_newest_one_and_says_so(stage: Stage) -> None:
    play(stage, "2024-01")
    stage.agency(AGENCY, "2024-03").file(Period(2024, 3))
    put(stage, "2024-03", {(SAMPLES, "result"): 1})
    collect_returns.run(office=stage.office)
    (differs,) = [row for row in found(stage) if row.subject == SAMPLES]
    assert differs.rule == "cumulative-adds-up"
    assert "而1月（最近一次接收的）累计 " in differs.message


def test_nothing_is_held_against_a_figure_of_another_definition(tmp_path: Path) -> None:
    of = Settings(home=tmp_path / "home", stable_seconds=0)
    set_stage(of).store.close()
    (of.plan_home(PLAN) / "amendments" / "2024-03.yaml").write_text(NEW_DEFINITION, encoding="utf-8")
    stage = Stage(open_office(of))
    play(stage, "2024-01", "2024-02")
    template = (stage.folder(AGENCY, "待报") / "2024-03 填报模板.xlsx").read_bytes()
    table = layout(stage, "2024-03").indicators
    assert table
    last = table.ref(table.rows_of(SAMPLES)[0], "last")
    assert load_workbook(BytesIO(template))[table.title][last].value in (None, "—", "")
    stage.agency(AGENCY, "2024-03").file(Period(2024, 3))
    put(stage, "2024-03", {(SAMPLES, "amount"): 1, (SAMPLES, "result"): 1})
    collect_returns.run(office=stage.office)
    assert [row.rule for row in found(stage) if row.subject == SAMPLES] == []
    with stage.office.store.reading() as connection:
        facts = {
            (f.period.month, f.role): f for f in returns.facts(connection, PLAN) if f.indicator_id == SAMPLES
        }
    assert facts[3, Role.CUMULATIVE].value == 1
    stage.office.store.close()


@pytest.fixture
def opened(stage: Stage) -> Stage:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    stage.agency(AGENCY).file(Period(2024, 1))
    return stage


def test_a_text_is_answered_for_in_its_row_and_the_answer_is_kept(opened: Stage) -> None:
    clause = next(row.key for row in layout(opened, "2024-01").progress.rows if row.due)  # type: ignore[union-attr]
    put(opened, "2024-01", {(clause, "status"): "正常推进", (clause, "text"): "推进中"})
    collect_returns.run(office=opened.office)
    (short,) = [row for row in found(opened) if row.subject == clause]
    assert (short.rule, short.severity) == ("text-too-short", Severity.WARNING)
    opened.agency(AGENCY).file(Period(2024, 1))
    answer = "本月只开了一次碰头会"
    put(
        opened,
        "2024-01",
        {(clause, "status"): "正常推进", (clause, "text"): "推进中", (clause, "explanation"): answer},
    )
    collect_returns.run(office=opened.office)
    assert [row for row in found(opened) if row.subject == clause] == []
    with opened.office.store.reading() as connection:
        said = {
            row.clause_id: row.explanation for row in returns.statements(connection, PLAN, Period(2024, 1))
        }
    assert said[clause] == answer


def test_what_only_the_office_is_to_know_stands_in_ledger_and_report_and_not_in_the_receipt(
    opened: Stage,
) -> None:
    (file,) = opened.folder(AGENCY, "报送").glob("*.xlsx")
    book, cover = load_workbook(file), layout(opened, "2024-01").cover
    book[cover.title][cover.field("signed_by").ref].value = book[cover.title][
        cover.field("filled_by").ref
    ].value
    book.save(file)
    collect_returns.run(office=opened.office)
    (remark,) = [row for row in found(opened) if row.severity == Severity.BETA]
    (event,) = opened.events(f"submission-{SubmissionState.ACCEPTED}")
    assert event.body["for_the_office"] == [remark.message]
    report = month_report(opened.office, PLAN, Period(2024, 1), opened.office.now(), kind="digest")
    assert report.remarks == ((opened.name(AGENCY), "填报人自己审核签发", remark.message),)
    (receipt,) = opened.folder(AGENCY, "回执").iterdir()
    words = [str(c.value) for sheet in load_workbook(receipt) for row in sheet for c in row if c.value]
    assert not any(remark.message in text for text in words)
    assert all(remark.message not in str(m.get_content()) for m in opened.mails())


def test_a_chunk_costs_the_same_runs_of_great_expectations_whatever_it_holds(
    opened: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[object] = []
    validate = Batch.validate

    def counted(batch: Batch, *args: Any, **more: Any) -> Any:
        runs.append(batch)
        return validate(batch, *args, **more)

    monkeypatch.setattr(Batch, "validate", counted)
    collect_returns.run(office=opened.office)
    one = len(runs)
    for agency in ("education", "agriculture", "public-security"):
        opened.agency(agency).file(Period(2024, 1))
    collect_returns.run(office=opened.office)
    assert 0 < one <= len(runs) - one <= 5


def test_the_pages_of_great_expectations_on_the_last_run_lie_in_the_office_folder_if_wanted(
    opened: Stage,
) -> None:
    opened.office.settings.data_docs = True
    collect_returns.run(office=opened.office)
    pages = {file.name: file.read_text(encoding="utf-8") for file in opened.office_files("数据文档")}
    assert "最近一次校验 指标.html" in pages
    assert all("http://" not in page and "https://" not in page for page in pages.values())
    assert all("【演示数据】内部资料" in page for page in pages.values())
    assert all("Expectation" in page for page in pages.values())
