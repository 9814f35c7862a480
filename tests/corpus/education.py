"""The return the corpus is made of: a small agency's, filled in without a fault."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from demo.filling import fill
from include.plan import Period, Plan, load_plan, plan_hash
from include.records.figures import Role
from include.returns.layout import Layout, Row, layout_for
from include.returns.sandbox import Expect
from include.returns.template import Prefill, TemplateOrder, write_template

ROOT = Path(__file__).resolve().parents[2]
AGENCY = "education"
PERIOD = Period(2024, 8)
FILE_NAME = "2024-08 填报模板.xlsx"
RATIO, COUNT, CHECKED = "sunshine-delivery", "school-model-canteens", "school-canteen-grade-a"
LAST = Decimal(3)  # 示范食堂 accepted until July
FIGURES: dict[tuple[str, Role], object] = {
    (RATIO, Role.NUMERATOR): 30,
    (RATIO, Role.DENOMINATOR): 120,
    (COUNT, Role.MONTH): 1,
}


@cache
def plan_of(period: Period = PERIOD) -> Plan:
    return load_plan(ROOT / "plans" / "pinghu-2024").at(period)


@cache
def layout_of(period: Period = PERIOD, agency: str = AGENCY) -> Layout:
    return layout_for(plan_of(period), agency, period)


@cache
def template(period: Period = PERIOD, agency: str = AGENCY) -> bytes:
    order = TemplateOrder(
        plan=plan_of(period),
        agency_id=agency,
        period=period,
        due_at=datetime(2024, 9, 6, 18, tzinfo=ZoneInfo("Asia/Shanghai")),
        prefill=Prefill(figures={(COUNT, Role.CUMULATIVE): LAST}, texts={}, names=()),
        plan_hash=plan_hash(plan_of(period)),
        handling_mark="内部资料",
        demo=True,
        clock_note="",
    )
    return write_template(order)


def filled(
    figures: Mapping[tuple[str, Role], object] | None = None,
    cover: Mapping[str, str] | None = None,
    period: Period = PERIOD,
    agency: str = AGENCY,
    **more: Any,
) -> bytes:
    """Give the return filled in; `figures` are laid over the faultless ones."""
    layout = layout_of(period, agency)
    said = {row.key: ("正常推进", "按计划推进，本月检查 12 家。") for row in _rows(layout) if row.due}
    own = FIGURES if agency == AGENCY else {}
    return fill(template(period, agency), layout, {**own, **(figures or {})}, said, cover=cover, **more)


def edited(edit: Callable[[Any], object], data: bytes | None = None) -> bytes:
    """Give the workbook after an edit with openpyxl."""
    book = load_workbook(BytesIO(data or filled()))
    edit(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(change: Callable[[str, bytes], bytes | None], data: bytes | None = None) -> bytes:
    """Give the package with its parts changed; a part that becomes None is dropped."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data or filled())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            content = change(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
    return out.getvalue()


def swelling(name: str, content: bytes) -> bytes:
    """Fill a worksheet with empty cells: it packs well, and takes thirty times as much once it is a tree."""
    room = (4 << 20) - len(content) - 100  # from 4 MiB on the rate of packing is looked at
    cells = b'<row r="9999">' + b"<c/>" * (room // 4) + b"</row></sheetData>"
    return content.replace(b"</sheetData>", cells) if name.startswith("xl/worksheets/sheet") else content


def expect(file_name: str = FILE_NAME, agency: str = AGENCY) -> Expect:
    """Give what the office expects of a file in the agency's folder."""
    plan = plan_of()
    return Expect(plan.id, agency, plan.agency(agency).name, file_name, lambda period: _known(period, agency))


def _known(period: str, agency: str) -> Layout | None:
    wanted = Period.parse(period)
    return layout_of(wanted, agency) if wanted.year == plan_of().year else None


def place(indicator: str, column: str) -> str:
    """Give the address of an indicator's cell in a fresh template."""
    table = layout_of().indicators
    assert table
    return table.ref(table.rows_of(indicator)[0], column)


def clause_place(clause: str, column: str) -> str:
    """Give the address of a clause's cell in a fresh template."""
    table = layout_of().progress
    assert table
    return table.ref(table.rows_of(clause)[0], column)


def _rows(layout: Layout) -> tuple[Row, ...]:
    assert layout.progress
    return layout.progress.rows
