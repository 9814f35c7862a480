"""Settling submissions: state, facts, findings, ledger and receipt in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from include.logs import about
from include.office.desk import Office, record
from include.office.judging import Verdict
from include.office.objections import keep_from_proof
from include.office.receipts import Receipt, messages_of, receipts_for
from include.records.findings import Severity
from include.records.submissions import SubmissionState
from include.returns.sandbox import Sandbox
from include.store import outbox, returns

log = logging.getLogger(__name__)


def settle(
    office: Office, sandbox: Sandbox, plan_id: str, verdicts: Sequence[Verdict], now: datetime
) -> None:
    """Write the verdicts of one plan; one whose submission was settled meanwhile is left alone.

    No two may be about one agency's period: each is numbered after what stands there before.
    """
    with office.store.reading() as connection:
        numbered = [(verdict, _last_number(connection, plan_id, verdict) + 1) for verdict in verdicts]
    receipts = receipts_for(office, sandbox, plan_id, numbered, now)
    with office.store.writing() as connection:
        messages: list[outbox.Outgoing] = []
        for (verdict, number), receipt in zip(numbered, receipts, strict=True):
            if _write(office, connection, plan_id, verdict, number, receipt, now):
                messages += messages_of(office, plan_id, verdict, receipt, now)
        outbox.queue(connection, plan_id, now, *messages)


def _last_number(connection: Connection, plan_id: str, verdict: Verdict) -> int:
    if verdict.period is None:
        return 0
    return returns.last_number(connection, plan_id, verdict.submission.agency_id, verdict.period)


def _write(
    office: Office,
    connection: Connection,
    plan_id: str,
    verdict: Verdict,
    number: int,
    receipt: Receipt,
    now: datetime,
) -> bool:
    """Write one verdict; False if its submission was settled meanwhile."""
    of, form = verdict.submission, verdict.reading.form
    values = _values(verdict, number, now)
    values |= {"receipt_path": receipt.path, "receipt_sha256": receipt.sha256}
    if not returns.settle(connection, of.id, values):
        return False
    returns.write_findings(connection, of.id, verdict.findings)
    known = set[str]()
    if verdict.period is not None:
        known = {i.id for i in office.plan(plan_id, verdict.period).indicators}
        if verdict.state is SubmissionState.ACCEPTED and form is not None:
            returns.write_form(connection, of, verdict.period, form)
    _confirm_proxy(connection, plan_id, verdict, now)
    keep_from_proof(connection, plan_id, verdict, known, now)
    body = _account(verdict, number)
    record(connection, plan_id, now, f"submission-{verdict.state}", of.claimed_name, body)
    with about(period=verdict.period, agency=of.agency_id):
        log.info("submission %d: %s, %d findings", of.id, verdict.state.value, len(verdict.findings))
    return True


def _values(verdict: Verdict, number: int, now: datetime) -> dict[str, Any]:
    form = verdict.reading.form
    values: dict[str, Any] = {
        "state": verdict.state,
        "period": str(verdict.period) if verdict.period else None,
        "number": number,
        "counts_on_time": verdict.counts_on_time,
        "same_as": verdict.same_as,
        "decided_at": now,
        "notes": list(verdict.notes),
        "companion_kind": verdict.reading.companion_kind,
    }
    if form is not None:
        values |= {
            "filed_by": form.filled_by[:200],
            "signed_by": form.signed_by[:200],
            "phone": form.phone[:60],
            "nil_return": form.nil_return,
            "plan_hash": form.identity.plan_hash[:64],
        }
    return values


def _confirm_proxy(connection: Connection, plan_id: str, verdict: Verdict, now: datetime) -> None:
    """Take the same file once more as the agency's word for what the office filed for it."""
    of, period = verdict.submission, verdict.period
    if verdict.state is not SubmissionState.DUPLICATE or period is None:
        return
    counts = returns.counting_submission(connection, plan_id, of.agency_id, period)
    if counts is None or not counts.proxy_by or counts.confirmed_at is not None:
        return
    how = "报送了与代填完全相同的报表"
    returns.confirm_proxy(connection, counts.id, now, of.agency_id, how)
    body = {"agency": of.agency_id, "number": counts.number, "reason": how}
    record(connection, plan_id, now, "proxy-confirmed", str(period), body)


def _account(verdict: Verdict, number: int) -> dict[str, Any]:
    return {
        "agency": verdict.submission.agency_id,
        "period": str(verdict.period) if verdict.period else None,
        "number": number,
        "file": verdict.submission.original_name,
        "sha256": verdict.submission.sha256,
        "findings": [f.rule for f in verdict.findings],
        "for_the_office": [f.message for f in verdict.findings if f.severity is Severity.BETA],
        "on_time": verdict.counts_on_time,
        "why": verdict.why_on_time,
    }
