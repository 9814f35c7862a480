"""Proxy entry (代填): the office files for an agency; marked until the agency stands by it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from include.errors import RefusedError
from include.office.desk import Moment, Office, open_office, record
from include.office.evidence import kept, reason_given
from include.office.judging import Verdict, judge, read_all
from include.office.outbox import drain_drive
from include.office.settling import settle
from include.plan import Period
from include.records.findings import Finding, Severity
from include.records.submissions import Submission, SubmissionState
from include.returns.sandbox import Sandbox
from include.store import returns
from include.store import schema as t
from include.store.leases import lease


def file_for(
    plan: str,
    agency: str,
    period: str,
    file: Path | str,
    *,
    reason: str,
    user: str,
    evidence: Path | str | None = None,
    now: Moment = None,
    office: Office | None = None,
) -> dict[str, Any]:
    """File a workbook for an agency (代填): judged as if the agency had dropped it.

    Gives `number` (第 n 次) and `warnings` (what was found and needs an explanation). The agency gets the
    receipt and can confirm or correct it. With errors it is not filed: they are no fault of the agency's.

    Raises:
        RefusedError: no reason, no such file, not this agency's return of this month, locked, or with errors.
    """
    office = office or open_office()
    which, moment, because = office.period(plan, period), office.now(now), reason_given(reason)
    workbook = Path(file)
    if not workbook.is_file():
        raise RefusedError(f"{workbook}不存在，或者不是文件")
    proof = kept(office, evidence)
    with lease(office.store, plan, f"collect/{agency}"), Sandbox() as sandbox:
        submission = _submission(office, plan, agency, workbook, moment)
        submission = replace(submission, proxy_by=user, proxy_reason=because)
        verdict = _judged(office, sandbox, submission, which, moment)
        taken = replace(submission, id=_take(office, submission, proof, moment))
        settle(office, sandbox, plan, [replace(verdict, submission=taken)], moment)
    drain_drive(office, plan, moment)
    with office.store.reading() as connection:
        number = returns.last_number(connection, plan, agency, which)
    warnings = [f for f in verdict.findings if f.severity is Severity.WARNING]
    return {"number": number, "warnings": [_told(f) for f in warnings]}


def _submission(office: Office, plan_id: str, agency_id: str, file: Path, now: datetime) -> Submission:
    """Make the submission a dropped file would have become, without a row as yet."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return Submission(
        id=0,
        plan_id=plan_id,
        agency_id=agency_id,
        period=None,
        number=0,
        claimed_name=f"{stamp}-{secrets.token_hex(4)}-{file.name}",
        original_name=file.name,
        sha256=office.archive.put_file(file),
        size=file.stat().st_size,
        arrived_at=now.astimezone(UTC),
        state=SubmissionState.TAKEN,
    )


def _judged(
    office: Office, sandbox: Sandbox, submission: Submission, period: Period, now: datetime
) -> Verdict:
    try:
        readings = read_all(office, sandbox, [submission])
    except KeyError as error:
        raise RefusedError(f"{submission.plan_id} {period}：没有成员单位{submission.agency_id}") from error
    (verdict,) = judge(office, [submission], readings, now)
    if verdict.state is SubmissionState.ACCEPTED and verdict.period == period:
        return verdict
    raise RefusedError(_why_not(verdict, period))


def _why_not(verdict: Verdict, period: Period) -> str:
    name = verdict.submission.original_name
    if verdict.state is SubmissionState.TOO_LATE:
        return f"{name}：{period.label}报表没有开启或已锁定；已锁定的请先登记补报"
    if verdict.state is SubmissionState.DUPLICATE:
        return f"{name}：与第{verdict.same_as}次报送完全相同，不需代填"
    if verdict.state is SubmissionState.ACCEPTED:
        return f"{name}：是{verdict.period.label if verdict.period else ''}的报表，不是{period.label}的"
    faults = [f for f in verdict.findings if f.severity is not Severity.BETA]
    return f"{name}未登记：" + ("；".join(map(_told, faults)) or "不是本单位本期的填报模板")


def _told(finding: Finding) -> str:
    place = f"{finding.sheet} {finding.ref}".strip()
    return f"{place}：{finding.message}" if place else finding.message


def _take(office: Office, of: Submission, proof: dict[str, Any], now: datetime) -> int:
    """Write the arrival row; gives its id."""
    with office.store.writing() as connection:
        done = connection.execute(
            insert(t.submission).values(
                plan_id=of.plan_id,
                agency_id=of.agency_id,
                claimed_name=of.claimed_name,
                original_name=of.original_name,
                sha256=of.sha256,
                size=of.size,
                arrived_at=of.arrived_at,
                state=SubmissionState.TAKEN,
                notes=[],
                proxy_by=of.proxy_by,
                proxy_reason=of.proxy_reason,
            )
        )
        body = {
            "agency": of.agency_id,
            "file": of.original_name,
            "sha256": of.sha256,
            "reason": of.proxy_reason,
        }
        record(connection, of.plan_id, now, "proxy-filed", of.claimed_name, {**body, **proof}, of.proxy_by)
        (key,) = done.inserted_primary_key or (0,)
        return int(key)


def confirm(
    plan: str,
    agency: str,
    period: str,
    *,
    reason: str,
    user: str,
    evidence: Path | str | None = None,
    now: Moment = None,
    office: Office | None = None,
) -> None:
    """Record that an agency stands by what was filed for it; `reason` says how it said so.

    An agency also confirms by dropping its own return, or the same file once more.

    Raises:
        RefusedError: what counts is no proxy entry, or is confirmed already.
    """
    office = office or open_office()
    which, moment, how = office.period(plan, period), office.now(now), reason_given(reason)
    proof = kept(office, evidence)
    with office.store.writing() as connection:
        counts = returns.counting_submission(connection, plan, agency, which)
        if counts is None or not counts.proxy_by or counts.confirmed_at is not None:
            raise RefusedError(f"{plan} {which}：{agency}现用的报表不是待确认的代填")
        returns.confirm_proxy(connection, counts.id, moment, user, how)
        body = {"agency": agency, "number": counts.number, "reason": how, **proof}
        record(connection, plan, moment, "proxy-confirmed", str(which), body, actor=user)
