"""Rows about returns and submissions. Functions take a connection; who calls decides the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Label, Row, Select, and_, func, insert, select, update

from include.plan.period import Period
from include.records.facts import Fact
from include.records.figures import FigureState, FilledForm, Role
from include.records.findings import Finding, Severity
from include.records.submissions import ReturnDecision, Submission, SubmissionState
from include.store import schema as t
from include.store.engine import put


def submission_of(row: Row[Any]) -> Submission:
    """Make a value of a row of `submission`."""
    return Submission(
        id=row.id,
        plan_id=row.plan_id,
        agency_id=row.agency_id,
        period=Period.parse(row.period) if row.period else None,
        number=row.number,
        claimed_name=row.claimed_name,
        original_name=row.original_name,
        sha256=row.sha256,
        size=row.size,
        arrived_at=row.arrived_at,
        state=SubmissionState(row.state),
        proxy_by=row.proxy_by or "",
        proxy_reason=row.proxy_reason or "",
        notes=tuple(row.notes),
    )


def agency_returns(
    connection: Connection, plan_id: str, period: Period | None = None, decided_by: datetime | None = None
) -> Sequence[Row[Any]]:
    """Give the returns owed, by agency and period, with what the office had decided about each.

    Beside the columns of `agency_return`: `exempt_reason` (免报), `extended_to` (延期) and `late_filing` (the
    reason of a 补报), None where nothing was decided. With `decided_by`, as it stood at that moment.
    """
    query = _owed(decided_by).where(t.agency_return.c.plan_id == plan_id)
    if period is not None:
        query = query.where(t.agency_return.c.period == str(period))
    return connection.execute(query.order_by(t.agency_return.c.period, t.agency_return.c.agency_id)).all()


def agency_return(connection: Connection, plan_id: str, agency_id: str, period: Period) -> Row[Any] | None:
    """Give one return as `agency_returns` does, or None if it is not owed."""
    r = t.agency_return.c
    return connection.execute(
        _owed().where(r.plan_id == plan_id, r.agency_id == agency_id, r.period == str(period))
    ).first()


def _owed(decided_by: datetime | None = None) -> Select[Any]:
    r, d = t.agency_return.c, t.return_decision.c
    about = (d.plan_id == r.plan_id, d.agency_id == r.agency_id, d.period == r.period)

    def newest(kind: ReturnDecision, what: Column[Any], name: str) -> Label[Any]:
        query = select(what).where(*about, d.kind == kind)
        if decided_by is not None:
            query = query.where(d.decided_at <= decided_by)
        return query.order_by(d.id.desc()).limit(1).scalar_subquery().label(name)

    return select(
        t.agency_return,
        newest(ReturnDecision.EXEMPT, d.reason, "exempt_reason"),
        newest(ReturnDecision.EXTEND, d.until, "extended_to"),
        newest(ReturnDecision.ALLOW_LATE, d.reason, "late_filing"),
    )


def exempted(connection: Connection, plan_id: str, decided_by: datetime) -> set[tuple[str, str]]:
    """Give (period, agency) of the returns the office had exempted (免报) by a moment."""
    d = t.return_decision.c
    of = (d.plan_id == plan_id, d.kind == ReturnDecision.EXEMPT, d.decided_at <= decided_by)
    return {
        (row.period, row.agency_id) for row in connection.execute(select(d.period, d.agency_id).where(*of))
    }


def decided_at(connection: Connection, plan_id: str) -> Sequence[datetime]:
    """Give the moments at which something was decided about a plan's returns, oldest first."""
    d = t.return_decision.c
    return connection.scalars(select(d.decided_at).where(d.plan_id == plan_id).order_by(d.decided_at)).all()


def decide(
    connection: Connection,
    owed: tuple[str, str, str],
    kind: ReturnDecision,
    reason: str,
    by: str,
    at: datetime,
    until: datetime | None = None,
) -> None:
    """Keep what the office decided about a return, (plan, agency, period); `until` is that of a 延期."""
    plan_id, agency_id, period = owed
    connection.execute(
        insert(t.return_decision).values(
            plan_id=plan_id,
            agency_id=agency_id,
            period=period,
            kind=kind,
            reason=reason,
            until=until,
            decided_by=by,
            decided_at=at,
        )
    )


def known_claims(connection: Connection, plan_id: str, agency_id: str) -> set[str]:
    """Give the claimed names that have a row."""
    s = t.submission.c
    return set(
        connection.scalars(select(s.claimed_name).where(s.plan_id == plan_id, s.agency_id == agency_id))
    )


def unjudged(connection: Connection, plan_id: str, agency_ids: Sequence[str]) -> list[Submission]:
    """Give what was taken and not judged yet, in order of arrival."""
    s = t.submission.c
    rows = connection.execute(
        select(t.submission)
        .where(s.plan_id == plan_id, s.agency_id.in_(agency_ids), s.state == SubmissionState.TAKEN)
        .order_by(s.id)
    )
    return [submission_of(row) for row in rows]


def submissions(connection: Connection, plan_id: str, period: Period | None = None) -> Sequence[Row[Any]]:
    """Give all submissions (of a period), in order of arrival."""
    query = select(t.submission).where(t.submission.c.plan_id == plan_id)
    if period is not None:
        query = query.where(t.submission.c.period == str(period))
    return connection.execute(query.order_by(t.submission.c.id)).all()


def submissions_of(
    connection: Connection, plan_id: str, agency_id: str, period: Period
) -> Sequence[Row[Any]]:
    """Give what an agency sent for a period, in order of arrival."""
    s = t.submission.c
    return connection.execute(
        select(t.submission)
        .where(s.plan_id == plan_id, s.agency_id == agency_id, s.period == str(period))
        .order_by(s.id)
    ).all()


def counting(plan_id: str, up_to: Period | None = None, arrived_by: datetime | None = None) -> Select[Any]:
    """Select the submission that counts for each (agency, period): the last accepted, in order of arrival.

    That is the order they were taken in: a clock that was set back turns no correction into the older one.

    With `arrived_by`, the one that counted at that moment.
    """
    s = t.submission
    rank = (
        func.row_number().over(partition_by=(s.c.agency_id, s.c.period), order_by=s.c.id.desc()).label("rank")
    )
    accepted = and_(s.c.plan_id == plan_id, s.c.state == SubmissionState.ACCEPTED)
    if up_to is not None:
        accepted = and_(accepted, s.c.period <= str(up_to))
    if arrived_by is not None:
        accepted = and_(accepted, s.c.arrived_at <= arrived_by)
    ranked = select(*s.c, rank).where(accepted).subquery()
    return select(ranked).where(ranked.c.rank == 1)


def facts(
    connection: Connection, plan_id: str, up_to: Period | None = None, arrived_by: datetime | None = None
) -> list[Fact]:
    """Give every fact that counts (or counted at a moment), up to a period."""
    chosen = counting(plan_id, up_to, arrived_by).subquery()
    rows = connection.execute(select(t.fact).join(chosen, chosen.c.id == t.fact.c.submission_id))
    return [
        Fact(
            agency_id=row.agency_id,
            period=Period.parse(row.period),
            indicator_id=row.indicator_id,
            role=Role(row.role),
            state=FigureState(row.state),
            value=row.value,
            submission_id=row.submission_id,
            sheet=row.sheet,
            ref=row.ref,
            raw=row.raw,
            explanation=row.explanation,
        )
        for row in rows
    ]


def statements(
    connection: Connection, plan_id: str, period: Period, arrived_by: datetime | None = None
) -> Sequence[Row[Any]]:
    """Give what the agencies say on their clauses in a period; columns of `statement` and `agency_id`."""
    chosen = counting(plan_id, arrived_by=arrived_by).subquery()
    return connection.execute(
        select(t.statement, chosen.c.agency_id)
        .join(chosen, chosen.c.id == t.statement.c.submission_id)
        .where(chosen.c.period == str(period))
    ).all()


def named_entries(connection: Connection, plan_id: str, up_to: Period) -> Sequence[Row[Any]]:
    """Give the names of the year so far, one list an (agency, period)."""
    chosen = counting(plan_id, up_to).subquery()
    return connection.execute(
        select(t.named_entry, chosen.c.agency_id, chosen.c.period)
        .join(chosen, chosen.c.id == t.named_entry.c.submission_id)
        .order_by(chosen.c.period, t.named_entry.c.seq)
    ).all()


def last_number(connection: Connection, plan_id: str, agency_id: str, period: Period) -> int:
    """Give how many submissions of (agency, period) have a number."""
    s = t.submission.c
    return (
        connection.scalar(
            select(func.max(s.number)).where(
                s.plan_id == plan_id, s.agency_id == agency_id, s.period == str(period)
            )
        )
        or 0
    )


def write_form(connection: Connection, of: Submission, period: Period, form: FilledForm) -> None:
    """Keep what an accepted submission says."""
    figures = [
        {
            "submission_id": of.id,
            "indicator_id": f.indicator_id,
            "role": f.role,
            "plan_id": of.plan_id,
            "agency_id": of.agency_id,
            "period": str(period),
            "state": f.state,
            "value": f.value,
            "sheet": f.cell.sheet,
            "ref": f.cell.ref,
            "raw": f.cell.raw,
            "explanation": f.explanation,
        }
        for f in form.figures
    ]
    names = [
        {
            "submission_id": of.id,
            "seq": n,
            "indicator_id": e.indicator_id,
            "name": e.name,
            "detail": e.detail,
            "ref": e.cell.ref,
        }
        for n, e in enumerate(form.names, 1)
    ]
    texts = [
        {
            "submission_id": of.id,
            "clause_id": s.clause_id,
            "status": s.status,
            "text": s.text,
            "problems": s.problems,
            "next_steps": s.next_steps,
            "reported_by": s.reported_by,
            "ref": s.cell.ref,
            "explanation": s.explanation,
        }
        for s in form.statements
    ]
    for table, rows in ((t.fact, figures), (t.named_entry, names), (t.statement, texts)):
        if rows:
            connection.execute(insert(table), rows)


def write_findings(connection: Connection, submission_id: int, findings: Sequence[Finding]) -> None:
    """Keep the findings of a submission."""
    rows = [
        {
            "submission_id": submission_id,
            "seq": n,
            "rule": f.rule,
            "severity": f.severity,
            "sheet": f.sheet,
            "ref": f.ref,
            "found": f.found,
            "expected": f.expected,
            "message": f.message,
            "fix": f.fix,
            "subject": f.subject,
        }
        for n, f in enumerate(findings, 1)
    ]
    if rows:
        connection.execute(insert(t.finding), rows)


def findings(
    connection: Connection,
    plan_id: str,
    period: Period,
    severity: Severity,
    arrived_by: datetime | None = None,
) -> Sequence[Row[Any]]:
    """Give the findings of one severity about what counts; columns of `finding` and `agency_id`."""
    chosen = counting(plan_id, arrived_by=arrived_by).subquery()
    f = t.finding
    return connection.execute(
        select(f, chosen.c.agency_id)
        .join(chosen, chosen.c.id == f.c.submission_id)
        .where(chosen.c.period == str(period), f.c.severity == severity)
        .order_by(chosen.c.agency_id, f.c.seq)
    ).all()


def findings_of(connection: Connection, submission_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Give the findings of submissions, in order."""
    f = t.finding.c
    return connection.execute(
        select(t.finding).where(f.submission_id.in_(submission_ids)).order_by(f.submission_id, f.seq)
    ).all()


def facts_ever(connection: Connection, plan_id: str, period: Period, indicator_id: str) -> Sequence[Row[Any]]:
    """Give every figure accepted of an indicator in a month, those that count no longer too."""
    f = t.fact.c
    return connection.execute(
        select(t.fact)
        .where(f.plan_id == plan_id, f.period == str(period), f.indicator_id == indicator_id)
        .order_by(f.submission_id)
    ).all()


def settle(connection: Connection, submission_id: int, values: Mapping[str, Any]) -> bool:
    """Write what became of a submission; False if somebody settled it before."""
    done = connection.execute(
        update(t.submission)
        .where(t.submission.c.id == submission_id, t.submission.c.state == SubmissionState.TAKEN)
        .values(**values)
    )
    return done.rowcount == 1


def counting_submission(
    connection: Connection, plan_id: str, agency_id: str, period: Period
) -> Row[Any] | None:
    """Give the submission that counts for one return, if any was accepted."""
    s = t.submission.c
    return connection.execute(
        select(t.submission)
        .where(
            s.plan_id == plan_id,
            s.agency_id == agency_id,
            s.period == str(period),
            s.state == SubmissionState.ACCEPTED,
        )
        .order_by(s.id.desc())
        .limit(1)
    ).first()


def accepted_agencies(connection: Connection, plan_id: str, period: Period) -> set[str]:
    """Give the agencies whose return of a period was accepted."""
    s = t.submission.c
    accepted = (s.plan_id == plan_id, s.period == str(period), s.state == SubmissionState.ACCEPTED)
    return set(connection.scalars(select(s.agency_id).where(*accepted)))


def confirm_proxy(connection: Connection, submission_id: int, at: datetime, by: str, how: str) -> None:
    """Note that an agency stands by what was filed for it."""
    connection.execute(
        update(t.submission)
        .where(t.submission.c.id == submission_id)
        .values(confirmed_at=at, confirmed_by=by, confirmed_how=how)
    )


def sweeps(connection: Connection, plan_id: str) -> dict[str, datetime]:
    """Give when each agency's folder was last looked through."""
    s = t.sweep
    rows = connection.execute(select(s.c.agency_id, s.c.ended_at).where(s.c.plan_id == plan_id))
    return {row.agency_id: row.ended_at for row in rows}


def note_sweeps(connection: Connection, plan_id: str, agency_ids: Sequence[str], ended_at: datetime) -> None:
    """Note that these folders were looked through; only the last look of each is kept."""
    rows = [{"plan_id": plan_id, "agency_id": agency_id, "ended_at": ended_at} for agency_id in agency_ids]
    put(connection, t.sweep, rows)


def move_due(connection: Connection, plan_id: str, agency_id: str, period: Period, due_at: datetime) -> None:
    """Move the due moment of a return: the calendar changed."""
    r = t.agency_return
    connection.execute(
        update(r)
        .where(r.c.plan_id == plan_id, r.c.agency_id == agency_id, r.c.period == str(period))
        .values(due_at=due_at)
    )


def lock(connection: Connection, plan_id: str, period: Period, at: datetime) -> int:
    """Lock every return of a period that is still open; gives how many."""
    r = t.agency_return
    done = connection.execute(
        update(r)
        .where(r.c.plan_id == plan_id, r.c.period == str(period), r.c.locked_at.is_(None))
        .values(locked_at=at)
    )
    return done.rowcount


def name_of_file(connection: Connection, plan_id: str, sha256: str) -> str | None:
    """Give the name (a path for what stood on the drive) of a file a plan's returns know; None for others."""
    s, r = t.submission.c, t.agency_return.c
    for name, of, hash_ in (
        (s.original_name, s.plan_id, s.sha256),
        (s.receipt_path, s.plan_id, s.receipt_sha256),
        (r.template_path, r.plan_id, r.template_sha256),
    ):
        found = connection.scalar(select(name).where(of == plan_id, hash_ == sha256).limit(1))
        if found is not None:
            return found
    return None
