"""How returns stand: filing, timeliness and lock, derived from submissions, due date and the moment asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from include.office.desk import Office
from include.plan import Period
from include.records.submissions import Filing, ReturnStanding, SubmissionState, Timeliness
from include.returns.filing import FILING_LIFE
from include.store import returns
from include.workdays import SHANGHAI, WorkCalendar

_JUDGED = {SubmissionState.ACCEPTED: "accept", SubmissionState.RETURNED: "return"}
YearStandings = dict[tuple[str, Period], ReturnStanding]


def year_standings(office: Office, plan_id: str, at: datetime) -> YearStandings:
    """Give how every return of a plan stood at a moment, by agency and period."""
    with office.store.reading() as connection:
        owed = returns.agency_returns(connection, plan_id, decided_by=at)
        dropped = returns.submissions(connection, plan_id)
        swept = returns.sweeps(connection, plan_id)
    calendar = office.calendar(plan_id)
    by_return: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in dropped:
        if row.period and row.arrived_at <= at:
            by_return[row.agency_id, row.period].append(row)
    return {
        (row.agency_id, Period.parse(row.period)): standing(
            row,
            by_return[row.agency_id, row.period],
            swept.get(row.agency_id),
            at,
            due_mark(calendar, row),
        )
        for row in owed
    }


def due_mark(calendar: WorkCalendar, owed: Row[Any]) -> str:
    """Give what is shown behind a return's due moment: （暂定） while reckoned in a year not published yet.

    An extension is a day a person set: nothing is provisional about it.
    """
    return "" if owed.extended_to else calendar.mark(owed.due_at.astimezone(SHANGHAI).date())


def standing(
    owed: Row[Any],
    dropped: Sequence[Row[Any]],
    swept_at: datetime | None,
    at: datetime,
    due_mark: str = "",
) -> ReturnStanding:
    """Say how one return stands: pure.

    Args:
        owed: row of `returns.agency_returns`, as decided by `at`.
        dropped: its rows of `submission` up to `at`, in order of arrival.
        swept_at: when the agency's folder was last looked through; nobody is missing before somebody looked.
        at: the moment asked about.
        due_mark: what is shown behind its due moment.
    """
    judged = [s for s in dropped if s.state in (SubmissionState.ACCEPTED, SubmissionState.RETURNED)]
    accepted = [s for s in judged if s.state == SubmissionState.ACCEPTED]
    refused = [s for s in judged if s.state == SubmissionState.RETURNED]
    due_at = owed.extended_to or owed.due_at
    return ReturnStanding(
        agency_id=owed.agency_id,
        period=Period.parse(owed.period),
        due_at=due_at,
        filing=_filing(owed, judged),
        timeliness=_timeliness(owed, accepted, due_at, swept_at, at),
        locked=owed.locked_at is not None and owed.locked_at <= at,
        first_accepted_at=accepted[0].arrived_at if accepted else None,
        last_returned_at=refused[-1].arrived_at if refused else None,
        submissions=len(dropped),
        notes=tuple(_notes(owed, accepted[-1] if accepted else None, at)),
        due_mark=due_mark,
    )


def _filing(owed: Row[Any], judged: Sequence[Row[Any]]) -> Filing:
    filing = FILING_LIFE.move(Filing.NONE, "exempt") if owed.exempt_reason else Filing.NONE
    for submission in judged:
        filing = FILING_LIFE.move(filing, _JUDGED[submission.state])
    return filing


def _notes(owed: Row[Any], counts: Row[Any] | None, at: datetime) -> Iterator[tuple[str, str]]:
    """Say what is out of the ordinary about a return; `counts` is the submission that counts."""
    if counts is None and owed.exempt_reason:
        yield "免报", owed.exempt_reason
    if owed.extended_to:
        yield "延期", f"至{owed.extended_to.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if counts is None:
        return
    if owed.locked_at is not None and counts.arrived_at > owed.locked_at:
        yield "补报", owed.late_filing or ""
    if counts.proxy_by and (counts.confirmed_at is None or counts.confirmed_at > at):
        yield "代填", counts.proxy_reason


def _timeliness(
    owed: Row[Any], accepted: Sequence[Row[Any]], due_at: datetime, swept_at: datetime | None, at: datetime
) -> Timeliness:
    """Judge by the arrival of the first accepted submission (待确认)."""
    if accepted:
        return Timeliness.ON_TIME if accepted[0].counts_on_time else Timeliness.LATE
    if owed.exempt_reason:
        return Timeliness.EXEMPT
    looked_since = swept_at is not None and swept_at > due_at
    return Timeliness.MISSING if at > due_at and looked_since else Timeliness.PENDING
