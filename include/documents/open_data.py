"""Open data: tables as CSV and Parquet, and the dictionary of their fields, all from one description."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

_AT_ONCE = 5000  # rows held in memory
_PLACES = Decimal("0.000001")
_FORMULA = (*"=+-@\t\r\n", *"＝＋－＠")  # what a spreadsheet would take for the start of one
_SHANGHAI = ZoneInfo("Asia/Shanghai")


class Kind(StrEnum):
    """Kind of a field; the value is what the dictionary calls it."""

    TEXT = "文本"
    WHOLE = "整数"
    FIGURE = "小数（6位，精确）"
    TRUTH = "是否"
    DAY = "日期"
    MOMENT = "时刻（北京时间）"


_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.FIGURE: pa.decimal128(24, 6),
    Kind.TRUTH: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("s", tz="Asia/Shanghai"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, its kind, what it means, its unit."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its file name, what a row is, its columns."""

    name: str
    row: str
    fields: tuple[Field, ...]


def write_table(table: Table, rows: Iterable[Sequence[Any]], folder: Path) -> int:
    """Write a table as `name.csv` and `name.parquet`, however long, in constant memory; count its rows.

    The CSV carries a byte order mark, by which spreadsheets know UTF-8; a text that begins like a formula is
    led by an apostrophe there. The files appear whole, in place of older ones.
    """
    schema = pa.schema(
        [
            pa.field(f.name, _ARROW[f.kind], metadata={"meaning": f.meaning, "unit": f.unit})
            for f in table.fields
        ]
    )
    csv_part, parquet_part = (folder / f".~{table.name}.{kind}.part" for kind in ("csv", "parquet"))
    count = 0
    with ExitStack() as opened:
        text = opened.enter_context(csv_part.open("w", encoding="utf-8-sig", newline=""))
        parquet = opened.enter_context(pq.ParquetWriter(parquet_part, schema, compression="zstd"))
        lines = csv.writer(text)
        lines.writerow([field.name for field in table.fields])
        for batch in _batches(table, rows):
            lines.writerows([_shown(value) for value in row] for row in batch)
            columns = [list(column) for column in zip(*batch, strict=True)]
            parquet.write_table(
                pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema)
            )
            count += len(batch)
    csv_part.replace(folder / f"{table.name}.csv")
    parquet_part.replace(folder / f"{table.name}.parquet")
    return count


def write_dictionary(tables: Iterable[Table], folder: Path) -> None:
    """Write the data dictionary as `dictionary.csv`: a line for each field of each table."""
    part = folder / ".~dictionary.csv.part"
    with part.open("w", encoding="utf-8-sig", newline="") as text:
        lines = csv.writer(text)
        lines.writerow(["表", "每行是", "字段", "类型", "含义", "单位"])
        for table in tables:
            for field in table.fields:
                lines.writerow([table.name, table.row, field.name, field.kind, field.meaning, field.unit])
    part.replace(folder / "dictionary.csv")


def _batches(table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[list[list[Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _AT_ONCE)):
        yield [[_plain(f.kind, value) for f, value in zip(table.fields, row, strict=True)] for row in batch]


def _plain(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case Kind.TEXT:
            return str(value)
        case Kind.FIGURE:
            return Decimal(value).quantize(_PLACES)
        case Kind.MOMENT:
            return value.astimezone(_SHANGHAI).replace(microsecond=0)
        case _:
            return value


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, (date, datetime)) else value
