"""From a real template, filled in and read back by the real reader, to the findings at their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from demo.filling import fill
from include.expectations import Checked, Past, validate
from include.plan import Period, plan_hash
from include.records.figures import ClauseStatus, Role
from include.records.findings import Finding
from include.returns.layout import Layout, layout_for
from include.returns.sandbox import Expect, Sandbox
from include.returns.template import NamedSoFar, Prefill, TemplateOrder, write_template
from tests.spec.expectations.forms import now, past_of, plan

PERIOD = Period(2024, 8)
AGENCIES = tuple(agency.id for agency in plan().filers)


@cache
def _layout(agency: str) -> Layout:
    return layout_for(plan(), agency, PERIOD)


@cache
def _template(agency: str) -> bytes:
    past = past_of(agency)
    names = tuple(NamedSoFar(i, PERIOD.previous, name, "演示路1号，3月认定") for i, name in past.names)
    order = TemplateOrder(
        plan=plan(),
        agency_id=agency,
        period=PERIOD,
        due_at=datetime(2024, 9, 6, 18, tzinfo=ZoneInfo("Asia/Shanghai")),
        prefill=Prefill(figures=past.figures, texts=past.texts, names=names),
        plan_hash=plan_hash(plan()),
        handling_mark="内部资料",
        demo=True,
        clock_note="",
    )
    return write_template(order)


def _filled(
    agency: str,
    figures: Mapping[tuple[str, Role], object] | None = None,
    said: Mapping[str, tuple[str, ...]] | None = None,
    explanations: Mapping[str, str] | None = None,
    cover: Mapping[str, str] | None = None,
) -> bytes:
    """Fill the template in rightly, `figures` and `said` laid over what is right."""
    layout = _layout(agency)
    due = [i for i in plan().indicators_of(agency) if i.cadence.due_in(PERIOD)]
    inputs = {
        (i.id, role): value
        for i in due
        for role, value in now(i, PERIOD).items()
        if value is not None and role is not Role.CUMULATIVE
    }
    texts: dict[str, tuple[str, ...]] = {
        row.key: (ClauseStatus.ADVANCING, f"本月推进“{row.label}”，检查 {row.row} 家")
        for row in (layout.progress.rows if layout.progress else ())
        if row.due
    }
    return fill(
        _template(agency),
        layout,
        {**inputs, **(figures or {})},
        {**texts, **(said or {})},
        explanations=explanations,
        cover=cover,
    )


def _judged(
    sandbox: Sandbox, folder: Path, agency: str, data: bytes, past: Past | None = None
) -> tuple[Finding, ...]:
    """Read and judge one file; the reader's findings come first."""
    path = folder / f"{agency}.xlsx"
    path.write_bytes(data)
    name = plan().agency(agency).name
    reading = sandbox.read(path, Expect(plan().id, agency, name, path.name, lambda _: _layout(agency)))
    assert reading.form is not None, reading
    one = Checked(1, reading.form, plan(), agency, PERIOD, reading.findings)
    return (*reading.findings, *validate([one], {1: past or past_of(agency)})[1])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One reader for the module."""
    with Sandbox() as reading:
        yield reading


def _cell(agency: str, indicator: str, column: str) -> str:
    table = _layout(agency).indicators
    assert table is not None
    return table.ref(table.rows_of(indicator)[0], column)


def _clause_cell(agency: str, clause: str, column: str) -> str:
    table = _layout(agency).progress
    assert table is not None
    return table.ref(table.rows_of(clause)[0], column)


@pytest.mark.parametrize("agency", AGENCIES)
def test_a_return_filled_in_rightly_is_accepted(agency: str, sandbox: Sandbox, tmp_path: Path) -> None:
    assert _judged(sandbox, tmp_path, agency, _filled(agency)) == ()


def test_an_untouched_template_owes_every_figure_status_and_person(sandbox: Sandbox, tmp_path: Path) -> None:
    found = _judged(sandbox, tmp_path, "civil-affairs", _template("civil-affairs"))
    assert [(f.rule, f.sheet, f.ref) for f in found if f.sheet == "封面"] == [
        ("filled-by-missing", "封面", "C9"),
        ("phone-missing", "封面", "C10"),
        ("signed-by-missing", "封面", "C11"),
    ]
    owed = [("elderly-canteen-licensed", "numerator"), ("elderly-canteen-licensed", "denominator")]
    owed += [("new-community-elderly-canteens", "amount")]
    assert {f.ref for f in found if f.sheet == "指标"} == {_cell("civil-affairs", *where) for where in owed}
    assert {f.rule for f in found if f.sheet == "工作进展"} == {"status-missing"}


def test_a_template_on_which_only_nil_return_is_ticked_is_accepted(sandbox: Sandbox, tmp_path: Path) -> None:
    people = {"filled_by": "演示甲", "phone": "0573-00000000", "signed_by": "演示乙", "nil_return": "是"}
    ticked = fill(_template("civil-affairs"), _layout("civil-affairs"), {}, {}, cover=people)
    found = _judged(sandbox, tmp_path, "civil-affairs", ticked)
    assert {(f.rule, f.subject) for f in found} == {("nil-return-leaves-gap", "elderly-canteen-licensed")}


def test_faults_stand_at_the_cells_an_official_sees(sandbox: Sandbox, tmp_path: Path) -> None:
    data = _filled(
        "education",
        {
            ("sunshine-delivery", Role.NUMERATOR): 300,
            ("school-model-canteens", Role.MONTH): 1,
        },
        {"6.2": (ClauseStatus.LAGGING, "三所学校装修未完成，验收推迟", "", "九月底前完成")},
    )
    found = _judged(sandbox, tmp_path, "education", data)
    assert {(f.rule, f.sheet, f.ref) for f in found} == {
        ("ratio-numerator-within-denominator", "指标", _cell("education", "sunshine-delivery", "numerator")),
        ("names-match-count", "指标", _cell("education", "school-model-canteens", "result")),
        ("lagging-needs-problems", "工作进展", _clause_cell("education", "6.2", "status")),
    }


def test_a_warning_names_the_cell_its_explanation_belongs_in_and_ends_with_it(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    fewer = {("traceable-varieties", Role.LEVEL): 9}
    where = _cell("agriculture", "traceable-varieties", "explanation")
    (found,) = _judged(sandbox, tmp_path, "agriculture", _filled("agriculture", fewer))
    assert found.rule == "level-falls"
    assert f"（{where}）" in found.fix
    said = {"traceable-varieties": "一个品种停产退出"}
    assert _judged(sandbox, tmp_path, "agriculture", _filled("agriculture", fewer, explanations=said)) == ()


def test_what_the_reader_asks_about_is_asked_once(sandbox: Sandbox, tmp_path: Path) -> None:
    data = _filled("health", {("food-risk-samples", Role.MONTH): "约 60"})
    found = _judged(sandbox, tmp_path, "health", data)
    assert [(f.rule, f.ref) for f in found] == [
        ("number-ambiguous", _cell("health", "food-risk-samples", "amount"))
    ]


def test_an_adjustment_with_its_reason_is_accepted(sandbox: Sandbox, tmp_path: Path) -> None:
    data = _filled(
        "health",
        {("food-risk-samples", Role.ADJUSTMENT): -100},
        explanations={"food-risk-samples": "核减6月重复统计的样本"},
    )
    assert _judged(sandbox, tmp_path, "health", data) == ()
