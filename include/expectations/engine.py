"""Great Expectations itself: rows → frame → suite → the rows that fail.

Importing this module costs seconds (pandas, scipy and GX's own sources), so `validating` does it at the first
`validate` of a process. The ephemeral context is made once and kept.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
logging.getLogger("great_expectations").setLevel(logging.ERROR)

import great_expectations as gx  # noqa: E402 - silenced first
import great_expectations.expectations as gxe  # noqa: E402
import pandas as pd  # noqa: E402
from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: E402
from great_expectations.expectations.row_conditions import PassThroughCondition  # noqa: E402

from include.errors import DubanError  # noqa: E402
from include.expectations.catalogue import CHECKS, checks_by  # noqa: E402
from include.expectations.checks import Check  # noqa: E402
from include.expectations.rows import ROW_TYPES, Frame, Row  # noqa: E402
from include.plan.limits import Limits  # noqa: E402

logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.ERROR)  # it sets its own
_DTYPES = {"str": "object", "bool": "bool", "int": "int64", "Number": "float64"}  # by a field's annotation
_RESULT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["row"],
    "return_unexpected_index_query": False,
}


def failures(frame: Frame, rows: Sequence[Row], limits: Limits) -> Iterator[tuple[Check, int]]:
    """Run a frame's suite over its rows; give each breach as the check and the row's position.

    Raises:
        DubanError: an expectation could not be computed at all, which is a fault of the catalogue.
    """
    report = run(frame, rows, limits)
    checks = {check.rule.id: check for check in checks_by(limits)}
    for result in report.results:
        check = checks[result.expectation_config.meta["rule"]]
        if "element_count" not in result.result:
            raise DubanError(f"Rule {check.rule.id} could not be checked on {frame}: {result.exception_info}")
        for place in result.result.get("unexpected_index_list") or ():
            yield check, int(place["row"])


def run(frame: Frame, rows: Sequence[Row], limits: Limits) -> Any:
    """Run a frame's suite over its rows; gives GX's own result."""
    batch = _asset(frame).get_batch(batch_parameters={"dataframe": _table(frame, rows)})
    return batch.validate(_suite(frame, limits), result_format=_RESULT)


def _table(frame: Frame, rows: Sequence[Row]) -> pd.DataFrame:
    """Make the frame of what its checks look at; blank text is a missing value."""
    columns: dict[str, Any] = {"row": range(len(rows))}
    for name, dtype in _columns(frame).items():
        values = [getattr(row, name) for row in rows]
        columns[name] = pd.Series([_plain(value) for value in values], dtype=dtype)
    return pd.DataFrame(columns)


def _plain(value: object) -> object:
    """Give a value as the frame holds it: no blank text, no half of a character, which pyarrow refuses."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() or None
    return value


@cache
def _columns(frame: Frame) -> dict[str, str]:
    """Give the dtype of each column: each one more makes every query slower."""
    looked_at = frozenset[str]().union(*(check.columns for check in CHECKS if check.frame is frame))
    return {f.name: _DTYPES[str(f.type)] for f in fields(ROW_TYPES[frame]) if f.name in looked_at}


@cache
def _context() -> Any:
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


@cache
def _asset(frame: Frame) -> Any:
    source = _context().data_sources.add_pandas(frame.value)
    return source.add_dataframe_asset(frame.value).add_batch_definition_whole_dataframe("chunk")


@cache
def _suite(frame: Frame, limits: Limits) -> gx.ExpectationSuite:
    chosen = [_expectation(check) for check in checks_by(limits) if check.frame is frame]
    return gx.ExpectationSuite(name=frame.value, expectations=chosen)


def _expectation(check: Check) -> Any:
    given: dict[str, Any] = dict(check.given)
    if check.condition:
        given["row_condition"] = PassThroughCondition(pass_through_filter=check.condition)
    if "column_A" in given:
        given["ignore_row_if"] = "either_value_is_missing"
    return getattr(gxe, check.expect)(**given, meta={"rule": check.rule.id})
