"""The template in LibreOffice: it computes what we say it does, and saves without damage.

All workbooks go through one run of LibreOffice, since starting it is what takes time.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from demo.filling import fill
from include.records.figures import Role
from include.returns.layout import NOT_DUE
from include.returns.template import write_template
from tests.orders import CHECKED, NAMED, NOTHING_YET, RATIO, filled_return, layout, template_order
from tests.soffice import saved_by_libreoffice, without_cached_values

N, D, M, A = Role.NUMERATOR, Role.DENOMINATOR, Role.MONTH, Role.ADJUSTMENT
AGENCIES = ("market-regulation", "education", "court")

INDICATOR_CASES: list[tuple[str, dict[tuple[str, Role], object], dict[str, str], str]] = [
    (RATIO, {}, {}, "缺：分子、分母"),
    (RATIO, {(RATIO, N): 5}, {}, "缺：分母"),
    (RATIO, {(RATIO, N): 97, (RATIO, D): 96}, {}, "分子大于分母"),
    (RATIO, {(RATIO, N): 11, (RATIO, D): 96}, {}, "低于上月，请说明"),
    (RATIO, {(RATIO, N): 11, (RATIO, D): 96}, {RATIO: "一家企业退出"}, "√ 已说明"),
    (RATIO, {(RATIO, N): 12, (RATIO, D): 96}, {}, "√"),
    (RATIO, {(RATIO, N): 0, (RATIO, D): 0}, {}, "分母为0，请说明"),
    (RATIO, {(RATIO, N): "约12", (RATIO, D): 96}, {}, "请填数字"),
    (RATIO, {(RATIO, N): "不适用"}, {}, "不适用，请说明"),
    (NAMED, {(NAMED, M): 1}, {}, "名单2个，累计3个"),
    (NAMED, {(NAMED, M): -1}, {}, "不能小于0，减少请填调整数"),
    (NAMED, {(NAMED, M): 0, (NAMED, A): -1}, {}, "调整数要说明原因"),
    (NAMED, {(NAMED, A): -1}, {}, "缺：本月数"),
    (NAMED, {(NAMED, M): NOT_DUE}, {}, "本月需要填报"),
    (CHECKED, {(CHECKED, N): 5}, {}, "缺：分母"),
]
CLAUSE_CASES: list[tuple[tuple[str, ...], str]] = [
    (("", "做了工作"), "缺：进展状态"),
    (("正常推进", ""), "缺：本月进展"),
    (("零报告",), "√ 零报告"),
    (("进度滞后", "慢了", "", "加快"), "进度滞后，请写存在问题"),
    (("进度滞后", "慢了", "缺人"), "进度滞后，请写下步打算"),
    (("进度滞后", "慢了", "缺人", "加快"), "√"),
    ((NOT_DUE,), "本月需要填报"),
]
NAMES = {NAMED: [("演示第一小学食堂", "演示路1号"), ("演示第三小学食堂", "")]}
SUMS: dict[tuple[str, Role], object] = {
    (RATIO, N): 24, (RATIO, D): 96, (NAMED, M): 3, (NAMED, A): -1,
}  # fmt: skip


def started(**changes: Any) -> bytes:
    """Give a template with only what is said filled in."""
    usual: dict[str, Any] = {"figures": {}, "statements": {}}
    return fill(write_template(template_order()), layout(), **usual | changes)


@pytest.fixture(scope="module")
def saved(need: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every workbook of this file as LibreOffice saves it."""
    books = {
        f"fresh {agency}": without_cached_values(write_template(template_order(agency)))
        for agency in AGENCIES
    }
    books |= {
        f"indicator {n}": started(figures=figures, explanations=said)
        for n, (_, figures, said, _) in enumerate(INDICATOR_CASES)
    }
    books |= {f"clause {n}": started(statements={"3.3": said}) for n, (said, _) in enumerate(CLAUSE_CASES)}
    first_month = write_template(template_order(prefill=NOTHING_YET))
    books |= {
        "template": write_template(template_order()),
        "faultless": filled_return(),
        "sums": filled_return(figures=SUMS),
        "nil": started(cover={"nil_return": "是"}),
        "names": started(names=NAMES),
        "first month": fill(first_month, layout(), {(NAMED, M): 0}, {}),
    }
    return saved_by_libreoffice(books, need("soffice"), tmp_path_factory.mktemp("soffice"))


def opened(data: bytes, **how: Any) -> Any:
    return load_workbook(BytesIO(data), **how)


def cells_of(book: Any) -> dict[tuple[str, str], Any]:
    """Give every cell's value; nothing and an empty text are the same to whoever looks."""
    values = {(s.title, c.coordinate): c.value for s in book for row in s.iter_rows() for c in row}
    return {place: value for place, value in values.items() if value not in (None, "")}


def shown(data: bytes, title: str, key: str, column: str = "check") -> Any:
    """Give what a row of education's workbook shows in a column."""
    table = next(t for t in layout().tables if t.title == title)
    return opened(data, data_only=True)[title][table.ref(table.rows_of(key)[0], column)].value


@pytest.mark.parametrize("agency", AGENCIES)
def test_what_it_shows_before_anything_computes_is_what_libreoffice_computes(
    agency: str, saved: dict[str, bytes]
) -> None:
    ours = cells_of(opened(write_template(template_order(agency)), data_only=True))
    assert cells_of(opened(saved[f"fresh {agency}"], data_only=True)) == pytest.approx(ours)


def test_libreoffice_saves_it_without_damage(saved: dict[str, bytes]) -> None:
    before, after = opened(write_template(template_order())), opened(saved["template"])
    assert after.sheetnames == before.sheetnames
    for old, new in zip(before, after, strict=True):
        assert new.sheet_state == old.sheet_state
        assert new.protection.sheet
        assert validated(new) == validated(old)
        assert unlocked(new) == unlocked(old)
    formulas = {place for place, value in cells_of(before).items() if str(value).startswith("=")}
    assert formulas == {place for place, value in cells_of(after).items() if str(value).startswith("=")}


def unlocked(sheet: Any) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}


def validated(sheet: Any) -> set[tuple[int, int, str]]:
    """Give the cells that have a drop-down or a rule, with its kind."""
    found: set[tuple[int, int, str]] = set()
    for rule in sheet.data_validations.dataValidation:
        if rule.type not in (None, "none"):
            for area in rule.sqref.ranges:
                found |= {(row, column, rule.type) for row, column in area.cells}
    return found


def test_a_faultless_return_shows_green_everywhere(saved: dict[str, bytes]) -> None:
    cover = opened(saved["faultless"], data_only=True)["封面"]
    states = {row[1].value: row[2].value for row in cover.iter_rows(min_row=14, max_row=19)}
    assert {states[title] for title in ("指标", "名单", "工作进展")} == {"√ 本表已填好"}
    assert states["封面"] == "√ 已填好"


def test_ratio_and_cumulative_figure_are_computed(saved: dict[str, bytes]) -> None:
    assert shown(saved["sums"], "指标", RATIO, "result") == pytest.approx(0.25)
    assert shown(saved["sums"], "指标", NAMED, "result") == 4


@pytest.mark.parametrize("case", range(len(INDICATOR_CASES)))
def test_the_live_check_of_an_indicator_says_what_is_wrong(case: int, saved: dict[str, bytes]) -> None:
    indicator, _, _, expected = INDICATOR_CASES[case]
    assert shown(saved[f"indicator {case}"], "指标", indicator) == expected


@pytest.mark.parametrize("case", range(len(CLAUSE_CASES)))
def test_the_live_check_of_a_clause_says_what_is_missing(case: int, saved: dict[str, bytes]) -> None:
    assert shown(saved[f"clause {case}"], "工作进展", "3.3") == CLAUSE_CASES[case][1]


def test_a_nil_return_leaves_nothing_missing(saved: dict[str, bytes]) -> None:
    places = (("指标", RATIO), ("指标", NAMED), ("工作进展", "3.3"))
    assert {shown(saved["nil"], *place) for place in places} == {"√ 零报告"}


def test_a_name_listed_twice_is_pointed_out(saved: dict[str, bytes]) -> None:
    table, sheet = layout().names, opened(saved["names"], data_only=True)["名单"]
    assert table
    checks = [sheet[table.ref(row, "check")].value for row in table.rows_of(NAMED)]
    assert checks[:4] == ["名称重复", "√ 5月已报", "名称重复", "缺：地址与认定依据"]


def test_a_first_month_without_anything_before_it_works(saved: dict[str, bytes]) -> None:
    assert shown(saved["first month"], "指标", NAMED, "result") == 0
