"""Objections (核对异议): kept beside the figure they are about, until the office answers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from include.errors import RefusedError
from include.office.decided import Decided
from include.office.desk import Moment, Office, open_office, record
from include.office.judging import Verdict
from include.plan import Period
from include.records.submissions import SubmissionState
from include.store import proofs
from include.workdays import SHANGHAI


def keep_from_proof(
    connection: Connection, plan_id: str, verdict: Verdict, known: set[str], now: datetime
) -> None:
    """Keep what a 核对稿 that came back objects to, inside the transaction that settles it.

    `known` are the indicators there are: a row somebody added is about none.
    """
    reply, of = verdict.reading.proof, verdict.submission
    if verdict.state is not SubmissionState.OBJECTION or reply is None or verdict.period is None:
        return
    for indicator, words in reply.objections:
        if indicator in known:
            _keep(
                connection,
                _values(plan_id, of.agency_id, verdict.period, indicator, words)
                | {
                    "raised_by": reply.raised_by or of.agency_id,
                    "raised_at": of.arrived_at,
                    "in_time": verdict.counts_on_time,
                    "submission_id": of.id,
                },
                now,
            )


def object_to(
    plan: str,
    agency: str,
    period: str,
    indicator: str,
    by: Decided,
    *,
    office: Office | None = None,
) -> None:
    """Register an objection that came by phone or paper; the reason is what it says should stand there.

    Raises:
        RefusedError: no words, no 核对稿 sent, an indicator that is not the agency's, or the same once more.
    """
    office = office or open_office()
    which, (moment, said) = office.period(plan, period), by.taken(office)
    if not any(i.id == indicator and agency in i.agencies for i in office.plan(plan, which).indicators):
        raise RefusedError(f"{plan} {which}：{indicator}不是{agency}的指标")
    with office.store.writing() as connection:
        shown = proofs.newest(connection, plan, which).get(agency)
        if shown is None:
            raise RefusedError(f"{plan} {which}：还没有给{agency}发核对稿；核对稿在截止后第一次汇总时发出")
        values = _values(plan, agency, which, indicator, said["reason"]) | {
            "raised_by": by.user,
            "raised_at": moment,
            "in_time": moment <= shown.objections_until,
            "submission_id": None,
        }
        if not _keep(connection, values, moment):
            raise RefusedError(f"{plan} {which}：{agency}对{indicator}的这条异议已经登记，尚未答复")


def answer(plan: str, objection: int, by: Decided, *, office: Office | None = None) -> None:
    """Answer an objection; it stays in report and passport with its answer. Raises: RefusedError."""
    office = office or open_office()
    moment, said = by.taken(office)
    with office.store.writing() as connection:
        values = {"answer": said["reason"], "answered_by": by.user, "answered_at": moment}
        found = proofs.answer(connection, plan, objection, values)
        if found is None:
            raise RefusedError(f"{plan}：没有第{objection}号待答复的异议")
        body = {"objection": objection, "agency": found.agency_id, **said, "answer": said["reason"]}
        record(connection, plan, moment, "objection-answered", found.period, body, actor=by.user)


def objections(
    plan: str, period: str, *, now: Moment = None, office: Office | None = None
) -> list[dict[str, Any]]:
    """List the objections of a month, as plain values.

    Each has `id`, `agency`, `agency_name`, `indicator`, `name`, `words`, `raised_by`, `raised_at`, `in_time`,
    `answer` (empty while open) and `answered_by`.
    """
    office = office or open_office()
    which = office.period(plan, period)
    names = {i.id: i.name for i in office.plan(plan, which).indicators}
    with office.store.reading() as connection:
        rows = proofs.objections(connection, plan, which, office.now(now))
    return [
        {
            "id": row.id,
            "agency": row.agency_id,
            "agency_name": office.agency(plan, row.agency_id, which).name,
            "indicator": row.indicator_id,
            "name": names[row.indicator_id],
            "words": row.words,
            "raised_by": row.raised_by,
            "raised_at": f"{row.raised_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            "in_time": row.in_time,
            "answer": row.answer or "",
            "answered_by": row.answered_by or "",
        }
        for row in rows
    ]


def unanswered(office: Office, plan_id: str, periods: Sequence[Period], at: datetime) -> Counter[Period]:
    """Count, by month, the objections that have no answer yet."""
    with office.store.reading() as connection:
        found = {period: proofs.objections(connection, plan_id, period, at) for period in periods}
    return Counter({p: sum(not row.answered_at for row in rows) for p, rows in found.items()})


def _values(plan_id: str, agency: str, period: Period, indicator: str, words: str) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "agency_id": agency,
        "period": str(period),
        "indicator_id": indicator,
        "words": words,
    }


def _keep(connection: Connection, values: dict[str, Any], now: datetime) -> bool:
    if not proofs.add_objection(connection, values):
        return False
    body = {key: values[key] for key in ("agency_id", "indicator_id", "words", "in_time")}
    record(
        connection, values["plan_id"], now, "objection-raised", values["period"], body, values["raised_by"]
    )
    return True
