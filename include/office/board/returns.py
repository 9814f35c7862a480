"""Returns on the board: the heat map, and one return with its submissions, findings and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Row

from include.errors import RefusedError
from include.office.board.views import (
    RETURN_STATES,
    DecisionView,
    FileLink,
    FindingView,
    GridRow,
    ReturnDetail,
    ReturnState,
    ReturnView,
    SubmissionView,
)
from include.office.desk import Office
from include.office.standings import YearStandings, year_standings
from include.plan import Period
from include.records.submissions import Filing, ReturnStanding, SubmissionState, Timeliness
from include.returns.receipt_words import WORDS
from include.store import ledger, returns
from include.workdays import SHANGHAI

DECISIONS = {
    "return-exempted": "免报",
    "return-extended": "延期",
    "late-filing-allowed": "补报",
    "proxy-confirmed": "确认代填",
}


def grid(office: Office, plan_id: str, now: datetime) -> tuple[GridRow, ...]:
    """Give the year of every agency that owes or owed returns, in 机构序列."""
    standings = year_standings(office, plan_id, now)
    opened = {period for _, period in standings}
    months = [Period(office.book(plan_id).year, month) for month in range(1, 13)]
    newest = max(opened, default=months[0])
    filers = {agency.id: agency for agency in office.plan(plan_id, newest).filers}
    for agency_id in dict.fromkeys(who for who, _ in standings):
        filers.setdefault(agency_id, office.agency(plan_id, agency_id, newest))
    return tuple(
        GridRow(
            agency_id=agency.id,
            agency=agency.name,
            made_up=agency.made_up,
            cells=tuple(state_of(standings.get((agency.id, p)), opened=p in opened) for p in months),
        )
        for agency in sorted(filers.values(), key=lambda a: (a.order, a.id))
    )


def state_of(standing: ReturnStanding | None, *, opened: bool) -> ReturnState:
    """Say how a return stands in one word; `opened` tells whether its month was opened at all."""
    if standing is None:
        return ReturnState.NOT_APPLICABLE if opened else ReturnState.NOT_STARTED
    if standing.filing is Filing.ACCEPTED:
        return ReturnState.LATE if standing.timeliness is Timeliness.LATE else ReturnState.ON_TIME
    if standing.filing is Filing.EXEMPT:
        return ReturnState.EXEMPT
    if standing.filing is Filing.RETURNED:
        return ReturnState.RETURNED
    return ReturnState.MISSING if standing.timeliness is Timeliness.MISSING else ReturnState.NOT_DUE


def listed(
    office: Office, plan_id: str, now: datetime, *, period: Period | None = None, agency: str | None = None
) -> tuple[ReturnView, ...]:
    """Give every return owed (of a month, of an agency), by month and 机构序列."""
    chosen = [
        s
        for s in _in_order(office, plan_id, year_standings(office, plan_id, now))
        if period in (None, s.period) and agency in (None, s.agency_id)
    ]
    return tuple(ReturnView(**_standing(office, plan_id, s)) for s in chosen)


def _in_order(office: Office, plan_id: str, standings: YearStandings) -> list[ReturnStanding]:
    orders = {who: office.agency(plan_id, who, period).order for who, period in standings}
    return sorted(standings.values(), key=lambda s: (s.period, orders[s.agency_id], s.agency_id))


def _standing(office: Office, plan_id: str, s: ReturnStanding) -> dict[str, Any]:
    state = state_of(s, opened=True)
    return {
        "period": str(s.period),
        "agency_id": s.agency_id,
        "agency": office.agency(plan_id, s.agency_id, s.period).name,
        "state": state,
        "state_name": RETURN_STATES[state][0],
        "due_at": s.due_at.astimezone(SHANGHAI),
        "due_provisional": bool(s.due_mark),
        "extended": any(word == "延期" for word, _ in s.notes),
        "notes": tuple(f"{word}：{reason}" for word, reason in s.notes),
        "locked": s.locked,
        "first_accepted_at": _local(s.first_accepted_at),
        "submissions": s.submissions,
    }


def detail(office: Office, plan_id: str, agency_id: str, period: Period, now: datetime) -> ReturnDetail:
    """Give one return. Raises: RefusedError if it is not owed."""
    standing = year_standings(office, plan_id, now).get((agency_id, period))
    if standing is None:
        raise RefusedError(f"{period.label}没有应报的报表：{agency_id}")
    with office.store.reading() as connection:
        rows = [
            row
            for row in returns.submissions(connection, plan_id, period)
            if row.agency_id == agency_id and row.arrived_at <= now
        ]
        found = returns.findings_of(connection, [row.id for row in rows])
        decided = [
            row
            for row in ledger.of_kinds(connection, plan_id, DECISIONS)
            if row.subject == str(period) and row.body.get("agency") == agency_id
        ]
    return ReturnDetail(
        **_standing(office, plan_id, standing),
        submission_list=tuple(_submissions(rows, found)),
        decisions=tuple(
            DecisionView(
                at=row.at.astimezone(SHANGHAI),
                what=DECISIONS[row.event],
                reason=row.body.get("reason", ""),
                actor=row.actor,
                evidence=FileLink(**row.body["evidence"]) if "evidence" in row.body else None,
            )
            for row in decided
        ),
    )


def _submissions(rows: Sequence[Row[Any]], found: Iterable[Row[Any]]) -> Iterable[SubmissionView]:
    findings: dict[int, list[FindingView]] = defaultdict(list)
    for row in found:
        findings[row.submission_id].append(
            FindingView(**{name: getattr(row, name) for name in FindingView.model_fields})
        )
    accepted = [row.id for row in rows if row.state == SubmissionState.ACCEPTED]
    for row in rows:
        yield SubmissionView(
            id=row.id,
            number=row.number,
            state=row.state,
            state_name=WORDS[SubmissionState(row.state)].short,
            counts=row.id in accepted[-1:],
            arrived_at=row.arrived_at.astimezone(SHANGHAI),
            filed_by=row.filed_by,
            signed_by=row.signed_by,
            nil_return=row.nil_return,
            proxy_by=row.proxy_by,
            proxy_reason=row.proxy_reason,
            confirmed_at=_local(row.confirmed_at),
            confirmed_how=row.confirmed_how,
            notes=tuple(row.notes),
            findings=tuple(findings[row.id]),
            file=FileLink(name=row.original_name, sha256=row.sha256),
            receipt=_receipt(row),
        )


def _receipt(row: Row[Any]) -> FileLink | None:
    if not row.receipt_sha256 or not row.receipt_path:
        return None
    return FileLink(name=PurePosixPath(row.receipt_path).name, sha256=row.receipt_sha256)


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SHANGHAI) if moment else None
