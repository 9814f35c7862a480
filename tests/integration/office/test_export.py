"""Open data: the same rows as CSV and as Parquet, exact, harmless in a spreadsheet, each field explained."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from demo.setting import PLAN
from include.documents.open_data import Field, Kind, Table, write_table
from include.errors import PlanError, RefusedError
from include.office import escalate_overdue, export
from include.office.export_tables import TABLES
from tests.integration.office.conftest import Stage


def read_csv(file: Path) -> list[dict[str, str]]:
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_every_table_is_there_twice_and_says_the_same(january: Stage, tmp_path: Path) -> None:
    january.at("2024-02-07T09:10")
    escalate_overdue.run(office=january.office)
    rows = export.run(PLAN, tmp_path / "out", office=january.office)
    assert set(rows) == {"facts", "progress", "cases", "letters", "submissions", "findings"}
    assert all(rows[name] for name in ("facts", "progress", "cases", "letters", "submissions"))
    for name, count in rows.items():
        lines = read_csv(tmp_path / "out" / f"{name}.csv")
        stored = pq.read_table(tmp_path / "out" / f"{name}.parquet").to_pylist()
        assert len(lines) == len(stored) == count
    told = {row["indicator_id"]: row for row in read_csv(tmp_path / "out" / "progress.csv")}
    kept = pq.read_table(tmp_path / "out" / "progress.parquet").to_pylist()
    for row in kept:
        assert row["value"] is None or isinstance(row["value"], Decimal)
        line = told[row["indicator_id"]]["value"]
        assert row["value"] == (Decimal(line) if line else None)


def test_exported_again_nothing_differs(january: Stage, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        export.run(PLAN, tmp_path / folder, office=january.office)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    assert not [file for file in (tmp_path / "one").iterdir() if file.name.startswith(".")]


def test_every_field_stands_in_the_dictionary(january: Stage, tmp_path: Path) -> None:
    export.run(PLAN, tmp_path, office=january.office)
    lines = read_csv(tmp_path / "dictionary.csv")
    explained = {(line["表"], line["字段"]) for line in lines if line["含义"]}
    for table in TABLES:
        schema = pq.read_schema(tmp_path / f"{table.name}.parquet")
        assert {(table.name, name) for name in schema.names} <= explained
        assert all(field.metadata[b"meaning"] for field in schema)


def test_no_person_stands_in_it(january: Stage, tmp_path: Path) -> None:
    export.run(PLAN, tmp_path, office=january.office)
    text = "".join(file.read_text(encoding="utf-8-sig") for file in tmp_path.glob("*.csv"))
    assert "演示联系人" not in text
    assert "office-deputy" not in text


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_one_no_more_in_a_spreadsheet(tmp_path: Path, text: str) -> None:
    table = Table("t", "一行", (Field("a", Kind.TEXT, "甲"), Field("b", Kind.FIGURE, "乙")))
    rows: list[list[Any]] = [[text, Decimal("-1.5")], ["说明", None]]
    assert write_table(table, rows, tmp_path) == 2
    first, second = read_csv(tmp_path / "t.csv")
    assert first == {"a": f"'{text}", "b": "-1.500000"}
    assert second == {"a": "说明", "b": ""}
    assert pq.read_table(tmp_path / "t.parquet").to_pylist()[0] == {"a": text, "b": Decimal("-1.5")}


def test_what_cannot_be_exported_is_refused(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="nowhere"):
        export.run("nowhere-2024", tmp_path, office=stage.office)
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError, match="不能写入"):
        export.run(PLAN, tmp_path / "file", office=stage.office)
    assert export.run(PLAN, tmp_path / "empty", office=stage.office)["facts"] == 0
