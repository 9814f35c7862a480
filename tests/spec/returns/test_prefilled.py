"""What the office had filled in: altered cells are asked about, other ways of writing the same are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from include.records.figures import Role
from include.records.readings import Reading
from include.returns.layout import layout_for
from include.returns.template import write_template
from tests.corpus import education as e
from tests.corpus.faults import prefilled_on
from tests.orders import LAST_MONTH, PERIOD, RATIO, plan, template_order
from tests.soffice import saved_by_libreoffice, without_cached_values

Need = Callable[[str], Path]
Read = Callable[..., Reading]
RULE = "prefilled-altered"


def put(sheet: str, ref: str, value: object) -> bytes:
    def edit(book: Any) -> None:
        book[sheet][ref].value = value

    return e.edited(edit)


@pytest.mark.parametrize(
    ("sheet", "ref", "value", "message"),
    [
        (
            "指标", e.place(e.COUNT, "last"), 5,
            "“中小学‘示范食堂’”的“上月数”现在是“5”，发放时预填的是“3”。核对仍以预填的为准。",
        ),
        (
            "指标", e.place(e.COUNT, "last"), None,
            "“中小学‘示范食堂’”的“上月数”现在是“（空）”，发放时预填的是“3”。核对仍以预填的为准。",
        ),
        (
            "指标", e.place(e.RATIO, "last"), 0.2,
            "“‘阳光配送’覆盖率”的“上月数”现在是“0.2”，发放时预填的是“（空）”。核对仍以预填的为准。",
        ),
        (
            "指标", e.place(e.COUNT, "unit"), "万家",
            "“中小学‘示范食堂’”的“单位”现在是“万家”，发放时预填的是“家”。核对仍以预填的为准。",
        ),
        (
            "封面", e.layout_of().cover.field("due_at").ref, "2024年9月30日 18:00",
            "“封面”的“截止时间”现在是“2024年9月30日 18:00”，发放时预填的是“2024年9月6日（星期五）18:00”。"
            "核对仍以预填的为准。",
        ),
    ],
)  # fmt: skip
def test_an_altered_cell_is_named_with_what_stands_there_and_what_stood_there(
    sheet: str, ref: str, value: object, message: str, read: Read
) -> None:
    (finding,) = read(put(sheet, ref, value)).findings
    assert (finding.rule, finding.sheet, finding.ref, finding.message) == (RULE, sheet, ref, message)


def test_an_altered_figure_of_last_month_is_never_what_is_reckoned_with(read: Read) -> None:
    reading = read(put("指标", e.place(e.COUNT, "last"), 50))
    assert reading.form
    (total,) = [f for f in reading.form.figures if f.role is Role.CUMULATIVE]
    assert total.value == 4


def test_a_cumulative_figure_computed_from_an_altered_one_is_computed_anew(read: Read) -> None:
    """A program has saved 50 + 1 = 51; the fault is the 50 alone, so the 51 is not told as another."""

    def edit(book: Any) -> None:
        book["指标"][e.place(e.COUNT, "last")].value = 50
        book["指标"][e.place(e.COUNT, "result")].value = 51

    reading = read(e.edited(edit))
    assert [f.rule for f in reading.findings] == [RULE]
    assert reading.form
    (total,) = [f for f in reading.form.figures if f.role is Role.CUMULATIVE]
    assert total.value == 4


def test_a_cumulative_figure_that_follows_from_nothing_stays_as_it_was_written(read: Read) -> None:
    def edit(book: Any) -> None:
        book["指标"][e.place(e.COUNT, "last")].value = 50
        book["指标"][e.place(e.COUNT, "result")].value = 77

    reading = read(e.edited(edit))
    assert reading.form
    (total,) = [f for f in reading.form.figures if f.role is Role.CUMULATIVE]
    assert total.value == 77


def test_an_explained_alteration_is_noted(read: Read) -> None:
    def edit(book: Any) -> None:
        book["指标"][e.place(e.COUNT, "last")].value = 5
        book["指标"][e.place(e.COUNT, "explanation")].value = "上月漏报2家"

    reading = read(e.edited(edit))
    assert reading.findings == ()
    assert reading.form
    assert [n for n in reading.form.notes if "预填的“3”被改成了“5”" in n]


@pytest.mark.parametrize("value", ["3", "３", 3.0, " 3 "])
def test_the_same_figure_written_otherwise_is_not_altered(value: object, read: Read) -> None:
    assert read(put("指标", e.place(e.COUNT, "last"), value)).findings == ()


def test_what_is_kept_is_what_stands_in_the_cells() -> None:
    for agency in ("education", "market-regulation", "court"):
        own = layout_for(plan(), agency, PERIOD)
        book = opened(write_template(template_order(agency)))
        kept = prefilled_on(book["系统信息"])
        for table in (own.indicators, own.progress):
            for row in table.rows if table else ():
                for (title, subject, column), value in kept.items():
                    if table and (title, subject) == (table.title, row.key):
                        said = str(book[title][table.ref(row, column)].value or "")
                        said = said.partition("\n")[0] if column in ("name", "title") else said
                        assert "".join(said.split()) == "".join(value.split()), (title, subject, column)


def test_saving_it_in_libreoffice_alters_nothing(need: Need, read: Read, tmp_path: Path) -> None:
    ratio = {(RATIO, Role.NUMERATOR): Decimal(8), (RATIO, Role.DENOMINATOR): Decimal(19)}
    prefill = replace(LAST_MONTH, figures={**LAST_MONTH.figures, **ratio})
    fresh = {"fresh": without_cached_values(write_template(template_order(prefill=prefill)))}
    saved = saved_by_libreoffice(fresh, need("soffice"), tmp_path)["fresh"]
    assert read(saved).findings == ()


def opened(data: bytes) -> Any:
    return load_workbook(BytesIO(data))
