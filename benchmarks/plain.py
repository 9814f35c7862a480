"""The plain script: what one writes in an afternoon with pandas and Great Expectations.

    python -m benchmarks.plain FOLDER OUT.json

Reads every workbook with `pandas.read_excel`, runs Great Expectations once a file (context, assets and suites
are made once, progress bars are off), keeps the figures of the sound ones with `to_sql`, writes one summary
with `to_excel`. It knows where the template has things and trusts it; no archive, no receipts, no sandbox.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")

import great_expectations as gx  # noqa: E402 - silenced first
import great_expectations.expectations as gxe  # noqa: E402
import pandas as pd  # noqa: E402
from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: E402
from sqlalchemy import create_engine  # noqa: E402

HEADER = 4  # 0-based row of the column names on the tables
FIGURES = {"分子": "numerator", "分母": "denominator", "本月数": "month", "调整数": "adjustment"}
LETTERS = {"numerator": "F", "denominator": "G", "month": "H", "adjustment": "I"}
NOT_DUE = "本月不需填报"
LAGGING = "进度滞后"
RESULT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["ref"],
    "return_unexpected_index_query": False,
}
LAGS = f'status=="{LAGGING}"'


def table(sheets: dict[str, pd.DataFrame], title: str) -> pd.DataFrame:
    """Give a table of the template with its own column names and the row's number."""
    if title not in sheets:
        return pd.DataFrame()
    raw = sheets[title]
    found = raw.iloc[HEADER + 1 :].copy()
    found.columns = [str(name).strip() for name in raw.iloc[HEADER]]
    found["row"] = range(HEADER + 2, HEADER + 2 + len(found))
    return found[found["系统编号"].notna()]


def figures_of(sheets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give one row an indicator: its figures as numbers."""
    found = table(sheets, "指标")
    rows = pd.DataFrame({"indicator": found.get("系统编号", pd.Series(dtype="object"))})
    for header, role in FIGURES.items():
        rows[role] = (
            pd.to_numeric(found[header], errors="coerce") if len(found) else pd.Series(dtype="float64")
        )
    rows["ref"] = [f"F{row}" for row in found["row"]] if len(found) else []
    rows["owed"] = (~found.isin([NOT_DUE]).any(axis=1)) if len(found) else pd.Series(dtype="bool")
    rows["ratio"] = (found["单位"] == "%") if len(found) else pd.Series(dtype="bool")
    return rows


def statements_of(sheets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give one row a clause."""
    found = table(sheets, "工作进展")
    columns = {"status": "进展状态", "text": "本月进展", "problems": "存在问题"}
    rows = pd.DataFrame({key: found.get(name, pd.Series(dtype="object")) for key, name in columns.items()})
    rows["ref"] = [f"F{row}" for row in found["row"]] if len(found) else []
    return rows.astype({"status": "object", "text": "object", "problems": "object"})


def cover_of(sheets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give the cover as one row."""
    labels = sheets["封面"].set_index(1)[2]
    values = {key: labels.get(key) for key in ("填报人", "联系电话", "审核签发人")}
    return pd.DataFrame([{**values, "ref": "C11"}]).astype("object")


SUITES: dict[str, list[Any]] = {
    "figures": [
        gxe.ExpectColumnValuesToNotBeNull(column="indicator"),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="denominator",
            column_B="numerator",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        gxe.ExpectColumnValuesToBeBetween(column="numerator", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="denominator", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="month", min_value=0),
        gxe.ExpectColumnValuesToNotBeNull(
            column="numerator", row_condition="ratio==True and owed==True", condition_parser="pandas"
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="denominator", row_condition="ratio==True and owed==True", condition_parser="pandas"
        ),
        gxe.ExpectColumnValuesToBeUnique(column="indicator"),
    ],
    "statements": [
        gxe.ExpectColumnValuesToNotBeNull(column="status"),
        gxe.ExpectColumnValuesToBeInSet(
            column="status", value_set=["正常推进", "已完成", LAGGING, "尚未启动", "零报告", NOT_DUE]
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="problems", row_condition=LAGS, condition_parser="pandas"),
        gxe.ExpectColumnValuesToNotBeNull(column="text", row_condition=LAGS, condition_parser="pandas"),
    ],
    "cover": [
        gxe.ExpectColumnValuesToNotBeNull(column="填报人"),
        gxe.ExpectColumnValuesToNotBeNull(column="联系电话"),
        gxe.ExpectColumnValuesToNotBeNull(column="审核签发人"),
    ],
}


def main(folder: Path, out: Path) -> None:
    """Do the month."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    batches, suites = {}, {}
    for name, expectations in SUITES.items():
        asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
        batches[name] = asset.add_batch_definition_whole_dataframe("all")
        suites[name] = gx.ExpectationSuite(name=name, expectations=expectations)
    findings: list[list[str]] = []
    kept: list[pd.DataFrame] = []
    for file in sorted(folder.glob("filled/*/*/*.xlsx")):
        plan_id, agency_id = file.parts[-3:-1]
        sheets = pd.read_excel(file, sheet_name=None, header=None)
        frames = {
            "figures": figures_of(sheets),
            "statements": statements_of(sheets),
            "cover": cover_of(sheets),
        }
        faults: list[str] = []
        for name, frame in frames.items():
            if len(frame):
                batch = batches[name].get_batch(batch_parameters={"dataframe": frame})
                for result in batch.validate(suites[name], result_format=RESULT).results:
                    places = result.result.get("unexpected_index_list") or ()
                    faults += [str(place["ref"]) for place in places]
        findings += [[plan_id, agency_id, ref] for ref in sorted(set(faults))]
        if not faults:
            kept.append(frames["figures"].assign(plan=plan_id, agency=agency_id))
    facts = pd.concat(kept).drop(columns=["ref", "owed", "ratio"])
    facts.to_sql(
        "fact", create_engine(f"sqlite:///{out.with_suffix('.db')}"), if_exists="replace", index=False
    )
    totals = facts.groupby(["plan", "indicator"])[list(LETTERS)].sum(min_count=1)
    totals.reset_index().to_excel(out.with_suffix(".xlsx"), index=False)
    sums = {
        f"{plan}/{indicator}/{role}": float(value)
        for (plan, indicator), row in totals.iterrows()
        for role, value in row.items()
        if pd.notna(value)
    }
    out.write_text(json.dumps({"findings": findings, "sums": sums}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
