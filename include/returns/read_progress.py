"""The sheet 工作进展: what the agency says on each clause."""

from __future__ import annotations

from include.records.figures import ClauseStatus, Statement
from include.returns.gathering import Gathering
from include.returns.layout import NOT_DUE, STATUSES, Row
from include.returns.locate import Place, column_findings, match_rows, missing_rows
from include.returns.prefilled import Prefilled, ask_about_altered
from include.returns.words import key

NEEDED = ("status", "text")
_STATUS_WORDS = {key(status.value): status for status in ClauseStatus} | {
    "正常": ClauseStatus.ADVANCING,
    "推进中": ClauseStatus.ADVANCING,
    "正常推进中": ClauseStatus.ADVANCING,
    "有序推进": ClauseStatus.ADVANCING,
    "完成": ClauseStatus.DONE,
    "已办结": ClauseStatus.DONE,
    "滞后": ClauseStatus.LAGGING,
    "未启动": ClauseStatus.NOT_STARTED,
    "无新进展": ClauseStatus.NIL,
    "本月无新进展": ClauseStatus.NIL,
    "零报告本月无新进展": ClauseStatus.NIL,
    "不需填报": ClauseStatus.NOT_DUE,
}


def read_progress(place: Place, prefilled: Prefilled, gathering: Gathering) -> tuple[Statement, ...]:
    """Read the table of clauses."""
    match = match_rows(place, "title")
    gathering.findings += [*column_findings(place, NEEDED), *match.findings, *missing_rows(place, match)]
    for row in match.extra:
        if place.filled(row):
            gathering.note("不是模板里的行，其中的内容没有计入", f"{place.sheet.title} 第 {row + 1} 行")
    for row in place.table.rows:
        if row.key in match.rows:
            ask_about_altered(place, row, match.rows[row.key], prefilled, gathering)
    return tuple(
        _statement(place, row, match.rows[row.key], gathering)
        for row in place.table.rows
        if row.key in match.rows
    )


def _statement(place: Place, row: Row, number: int, gathering: Gathering) -> Statement:
    columns = place.header.columns
    return Statement(
        clause_id=row.key,
        status=_status(place, row, number, gathering),
        text=place.text(number, "text"),
        problems=place.text(number, "problems"),
        next_steps=place.text(number, "next_steps"),
        reported_by=place.text(number, "reported_by"),
        cell=place.sheet.cell(number, columns.get("status")),
        text_cell=place.sheet.cell(number, columns.get("text")),
        explanation=place.text(number, "explanation"),
        explanation_cell=place.sheet.cell(number, columns.get("explanation")),
    )


def _status(place: Place, row: Row, number: int, gathering: Gathering) -> ClauseStatus | None:
    """Read the status; what is not on the list is asked about, a blank row not due owes nothing."""
    said = place.text(number, "status")
    if not said:
        return ClauseStatus.NOT_DUE if not row.due and not place.filled(number) else None
    status = _STATUS_WORDS.get(key(said))
    where = place.sheet.cell(number, place.header.columns.get("status"))
    if status is None:
        choices = "、".join(s for s in STATUSES if s != NOT_DUE or not row.due)
        gathering.find("status-unknown", where, row.key, row=row.label, found=said, choices=choices)
    elif status is ClauseStatus.NOT_DUE and row.due:
        gathering.find("due-marked-not-due", where, row.key, row=row.label)
    elif status.value != said:
        gathering.note(f"状态“{said}”按“{status.value}”读取", f"{where.sheet} {where.ref}")
    return status
