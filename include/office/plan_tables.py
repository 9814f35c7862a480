"""Lists an office already has, as CSV or xlsx, read for a new plan: its agencies, its indicators.

The first row holds the headings; the columns may stand in any order. Every fault is named with file and cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from include.errors import PlanError
from include.foreign import shown, words
from include.plan.founding import NewAgency, NewIndicator
from include.plan.model import Comparator, Kind, Standing

What = TypeVar("What")

AGENCY_COLUMNS = ("名称", "编号", "单位性质")
INDICATOR_COLUMNS = (
    "指标",
    "计量单位",
    "目标值",
    "报送单位",
    "答责单位",
    "核对单位",
    "任务",
    "类型",
    "方向",
    "统计口径",
    "分子",
    "分母",
    "编号",
)
_MOST_ROWS = 2000
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_STANDINGS = {
    "政府部门": Standing.GOVERNMENT,
    "党委部门": Standing.PARTY,
    "法院检察院": Standing.COURT_PROCURATORATE,
    "垂直管理": Standing.VERTICAL,
    "分局": Standing.BRANCH,
    "食药安办所在单位": Standing.HOST,
    "食药安办": Standing.OFFICE,
}
_KINDS = {"累计数": Kind.COUNT, "期末数": Kind.STOCK, "比率": Kind.RATIO, "每千人数": Kind.RATE}
_COMPARATORS = {"不低于": Comparator.AT_LEAST, "不高于": Comparator.AT_MOST, "等于": Comparator.EXACTLY}
# what a name says of an agency: its id, and its standing where that is not a department of the government
_KNOWN: Mapping[str, tuple[str, Standing]] = {
    word: (id, standing)
    for standing, ids in {
        Standing.OFFICE: {"食药安办": "food-safety-office", "食安办": "food-safety-office"},
        Standing.PARTY: {
            "政法委": "political-legal",
            "宣传部": "publicity",
            "网信办": "cyberspace",
            "编办": "establishment",
        },
        Standing.COURT_PROCURATORATE: {"法院": "court", "检察院": "procuratorate"},
        Standing.VERTICAL: {
            "金融监管": "financial-regulation",
            "海关": "customs",
            "税务": "taxation",
            "烟草": "tobacco",
        },
        Standing.BRANCH: {"生态环境": "ecology"},
        Standing.GOVERNMENT: {
            "市场监管": "market-regulation",
            "市场监督": "market-regulation",
            "教育": "education",
            "民政": "civil-affairs",
            "卫生健康": "health",
            "卫健": "health",
            "农业农村": "agriculture",
            "公安": "public-security",
            "商务": "commerce",
            "文旅": "culture-tourism",
            "文化": "culture-tourism",
            "发改": "development-reform",
            "发展和改革": "development-reform",
            "发展改革": "development-reform",
            "经信": "economy-information",
            "工信": "economy-information",
            "财政": "finance",
            "供销": "supply-marketing",
            "交通": "transport",
            "住建": "housing",
            "综合": "urban-management",
            "司法": "justice",
            "科技": "science",
            "水利": "water",
            "林业": "forestry",
            "粮食": "grain",
        },
    }.items()
    for word, id in ids.items()
}


@dataclass
class _Table:
    """A table being read, and what is wrong with it so far."""

    file: Path
    columns: dict[str, int]  # heading to column number
    rows: list[tuple[int, dict[str, str]]]  # row number, and its texts by heading
    faults: list[str] = field(default_factory=list[str])

    def fault(self, row: int, column: str, found: object, expected: str) -> None:
        where = f"{get_column_letter(self.columns[column])}{row}" if column in self.columns else f"第{row}行"
        self.faults.append(f"{self.file}：{where}（{column}）写的是{shown(found)}；应为{expected}")

    def settle(self) -> None:
        """Raise what was found. Raises: PlanError naming every fault."""
        if self.faults:
            raise PlanError("\n".join(self.faults))


def read_agencies(file: Path) -> tuple[NewAgency, ...]:
    """Read member agencies, in 机构序列. Raises: PlanError naming every fault with its cell."""
    table = _open(file, AGENCY_COLUMNS, needed=("名称",))
    found: dict[str, NewAgency] = {}
    for n, (row, texts) in enumerate(table.rows, 1):
        name, named = texts["名称"], texts["单位性质"]
        if not name or any(agency.name == name for agency in found.values()):
            table.fault(row, "名称", name, "单位名称，每个只写一次")
            continue
        if named and named not in _STANDINGS:
            table.fault(row, "单位性质", named, f"{'、'.join(_STANDINGS)}之一，或留空")
        guessed = guess(name, f"agency-{n:02d}", taken=found)
        id = texts["编号"] or guessed.id
        if not _ID.fullmatch(id) or id in found:
            table.fault(row, "编号", id, "小写字母、数字和连字符，每个只写一次")
        found[id] = NewAgency(id, name, _STANDINGS.get(named, guessed.standing))
    table.settle()
    return tuple(found.values())


def guess(name: str, otherwise: str, taken: Mapping[str, object]) -> NewAgency:
    """Guess id and standing of an agency by its name; an id that is taken falls back to `otherwise`."""
    known = next((found for word, found in _KNOWN.items() if word in name), None)
    id, standing = known or (otherwise, Standing.GOVERNMENT)
    return NewAgency(otherwise if id in taken else id, name, standing)


def read_indicators(file: Path, agencies: Sequence[NewAgency]) -> tuple[NewIndicator, ...]:
    """Read indicators; agencies stand in the table by name. Raises: PlanError naming every fault."""
    table = _open(file, INDICATOR_COLUMNS, needed=INDICATOR_COLUMNS[:4])
    ids = {agency.name: agency.id for agency in agencies}
    found: dict[str, NewIndicator] = {}
    for n, (row, texts) in enumerate(table.rows, 1):
        new = _new(table, ids, n, row, texts)
        if not _ID.fullmatch(new.id) or new.id in found:
            table.fault(row, "编号", new.id, "小写字母、数字和连字符，每个只写一次")
        found[new.id] = new
    table.settle()
    return tuple(found.values())


def _new(table: _Table, ids: Mapping[str, str], n: int, row: int, texts: Mapping[str, str]) -> NewIndicator:
    for column in INDICATOR_COLUMNS[:4]:
        if not texts[column]:
            table.fault(row, column, "", "文字或数，这一栏必填")
    named = {
        column: tuple(_agency_ids(table, ids, row, column, texts[column]))
        for column in ("报送单位", "答责单位", "核对单位")
    }
    kind = _one_of(table, row, "类型", texts, _KINDS) or (
        Kind.RATIO if texts["计量单位"] == "%" else Kind.COUNT
    )
    sources = named["报送单位"]
    return NewIndicator(
        id=texts["编号"] or f"indicator-{n:02d}",
        name=texts["指标"],
        unit=texts["计量单位"],
        target=_target(table, row, texts["目标值"]),
        kind=kind,
        sources=sources,
        answerable=(named["答责单位"] or sources or ("",))[0],
        cross_check=tuple(a for a in named["核对单位"] if a not in sources),
        comparator=_one_of(table, row, "方向", texts, _COMPARATORS) or Comparator.AT_LEAST,
        task=texts["任务"],
        definition=texts["统计口径"],
        numerator=texts["分子"],
        denominator=texts["分母"],
    )


def _agency_ids(table: _Table, ids: Mapping[str, str], row: int, column: str, text: str) -> Iterator[str]:
    for name in filter(None, re.split(r"[、，,;；\s]+", text)):
        if name in ids:
            yield ids[name]
        else:
            table.fault(row, column, name, f"{'、'.join(ids)}之一")


def _one_of(
    table: _Table, row: int, column: str, texts: Mapping[str, str], known: Mapping[str, What]
) -> What | None:
    text = texts[column]
    if text and text not in known:
        table.fault(row, column, text, f"{'、'.join(known)}之一，或留空")
    return known.get(text)


def _target(table: _Table, row: int, text: str) -> Decimal:
    try:
        target = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        target = Decimal("NaN")
    if target.is_finite():
        return target
    table.fault(row, "目标值", text, "数")
    return Decimal(0)


def _open(file: Path, columns: Sequence[str], needed: Sequence[str]) -> _Table:
    try:
        lines = _csv(file) if file.suffix.lower() == ".csv" else _xlsx(file)
    except (OSError, ValueError, KeyError, BadZipFile, InvalidFileException) as error:
        raise PlanError(f"{file}：不能作为表格读取：{words(error)}；应为 .xlsx 或 .csv") from error
    head = lines[0] if lines else []
    known = {text: n for n, text in enumerate(head, 1) if text in columns}
    if missing := [column for column in needed if column not in known]:
        there = "、".join(filter(None, head)) or "空"
        raise PlanError(f"{file}：第1行没有{'、'.join(missing)}这一栏；应有这一栏，现有：{there}")
    if len(lines) > _MOST_ROWS:
        raise PlanError(f"{file}：有 {len(lines)} 行；应不超过 {_MOST_ROWS} 行")
    rows = [
        (n, {column: _text(line, known.get(column)) for column in columns})
        for n, line in enumerate(lines[1:], 2)
        if any(line)
    ]
    return _Table(file, known, rows)


def _text(line: Sequence[str], column: int | None) -> str:
    return line[column - 1] if column is not None and column <= len(line) else ""


def _csv(file: Path) -> list[list[str]]:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return [[" ".join(cell.split()) for cell in line] for line in csv.reader(text.splitlines())]


def _xlsx(file: Path) -> list[list[str]]:
    book = load_workbook(file, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=_MOST_ROWS + 2, max_col=50, values_only=True)
        return [["" if cell is None else " ".join(str(cell).split()) for cell in row] for row in rows]
    finally:
        book.close()
