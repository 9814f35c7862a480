"""Whatever a year holds, the digest, the workbook's overview and the workbook's own sheets say the same."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from include.documents.consolidated import write_consolidated
from include.documents.digest import Digest, digest_of
from include.records.facts import Grey, Light
from include.records.reports import AgencyRow, IndicatorRow, MonthReport
from include.records.submissions import Filing, Timeliness
from tests.reports import STANDINGS, sample_report

HEADER = 4  # the row a table's header stands in
WORDS = ("按时", "迟报", "未报", "退回")  # in the order the months are counted
LIGHTS = st.sampled_from([*(light for light in Light if light is not Light.GREY), *Grey])
MOSTLY_ON_TIME = st.sampled_from([*[STANDINGS[0]] * 2, *STANDINGS])
YEARS = st.tuples(
    st.lists(LIGHTS, min_size=1, max_size=12),
    st.lists(st.lists(MOSTLY_ON_TIME, min_size=8, max_size=8), min_size=1, max_size=6),
)


def year_of(lights: list[Any], standings: list[list[Any]]) -> MonthReport:
    """Make a report in which indicators stand so, and agencies reported so from January to August."""
    sample = sample_report()
    agencies = tuple(_agency(n, sample.agencies[0], told) for n, told in enumerate(standings))
    owed = [told[-1] for told in standings if told[-1][0] is not Filing.EXEMPT]
    return replace(
        sample,
        indicators=tuple(_indicator(n, sample.indicators[0], light) for n, light in enumerate(lights)),
        agencies=agencies,
        completeness=(sum(how is Filing.ACCEPTED for how, _ in owed), len(owed)),
        timeliness=(sum(when is Timeliness.ON_TIME for _, when in owed), len(owed)),
    )


def _indicator(number: int, one: IndicatorRow, light: Any) -> IndicatorRow:
    grey = light if isinstance(light, Grey) else None
    shown = replace(one.progress, light=Light.GREY if grey else light, grey=grey)
    return replace(one, name=f"第{number}项", answerable=f"第{number}局", progress=shown)


def _agency(number: int, one: AgencyRow, told: list[Any]) -> AgencyRow:
    filings = tuple(
        replace(f, filing=how, timeliness=when) for f, (how, when) in zip(one.filings, told, strict=True)
    )
    return replace(one, name=f"第{number}局", filings=filings)


def table(sheet: Worksheet) -> list[dict[str, Any]]:
    head = [str(cell.value) for cell in sheet[HEADER]]
    return [
        dict(zip(head, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=HEADER + 1)
    ]


def rows_of(sheet: Worksheet, name: str) -> list[Any]:
    """Give the values right of a name on the overview."""
    (line,) = [row for row in sheet.iter_rows() if row[0].value == name]
    return [cell.value for cell in line[1:] if cell.value is not None]


@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)  # a workbook an example
@given(YEARS)
def test_digest_overview_and_sheets_say_the_same_of_any_year(told: tuple[list[Any], list[list[Any]]]) -> None:
    report = year_of(*told)
    digest, book = digest_of(report), openpyxl.load_workbook(io.BytesIO(write_consolidated(report)))
    overview, indicators, agencies = book["总览"], table(book["指标"]), table(book["单位"])
    lights = Counter(str(row["亮灯"]).partition("·")[0] for row in indicators)
    tiles = {overview.cell(6, c).value: overview.cell(7, c).value for c in range(1, 16, 3)}
    assert tiles == {name: lights[name] for _, name, _ in digest.lights}
    assert tiles == {name: count for _, name, count in digest.lights}
    assert [row["亮灯"] for row in indicators] == [line.light_name for line in digest.indicators]
    _says_who_lags(digest, indicators)
    months = digest.discipline.months
    for n, word in enumerate(WORDS, 1):
        in_sheet = [sum(row[month] == word for row in agencies) for month, *_ in months]
        assert rows_of(overview, word) == in_sheet == [month[n] for month in months], word
    now = {word: [row["单位"] for row in agencies if row["8月"] == word] for word in WORDS}
    assert _bare(digest.discipline.missing) == now["未报"]
    assert _bare(digest.discipline.late) == now["迟报"]
    assert _bare(digest.discipline.returned) == now["退回"]
    for column, word in (("迟报次数", "迟报"), ("未报次数", "未报"), ("退回未更正", "退回")):
        for row in agencies:
            assert row[column] == sum(row[f"{m}月"] == word for m in range(1, 9)), (column, row)


def _says_who_lags(digest: Digest, indicators: list[dict[str, Any]]) -> None:
    """Every red and yellow row of the table is told of, and nothing else is said to lag."""
    red = [row["指标"] for row in indicators if row["亮灯"] == "红"]
    yellow = [row["指标"] for row in indicators if row["亮灯"] == "黄"]
    assert sorted(lag.line.name for lag in digest.lagging) == sorted(red)
    assert sorted(line.partition("（")[0] for line in digest.near) == sorted(yellow)
    judged = next((s for s in digest.overall if s.startswith(("红灯：", "黄灯："))), "")
    named = set(re.findall(r"“(第\d+项)”", judged))
    assert named <= set(red or yellow)
    assert bool(named) == bool(red or yellow)


def _bare(names: tuple[str, ...]) -> list[str]:
    return [name.partition("（")[0] for name in names]
