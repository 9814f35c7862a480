"""Use case `escalate`: cases and drafts of letters, as far as the ladder says. It proposes; people sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from include.errors import RefusedError
from include.escalation import STEP_NAMES, decide
from include.office import ladders, lookup
from include.office.chasing import chase
from include.office.closing import close
from include.office.desk import Asked, Office, open_office, record
from include.office.drafting import content_hash, draft, reasons_kept, reasons_of
from include.office.expiring import expire
from include.office.issuing import AUTOMATIC, sign
from include.office.matters import Situation, matters_of, situation
from include.office.outcome import Done, each_plan
from include.plan import Period
from include.records.escalation import CaseFacts, LetterState, Proposal
from include.store import cases


def run(
    plan: str | None = None,
    as_of: date | str | None = None,
    now: datetime | str | None = None,
    *,
    office: Office | None = None,
) -> dict[str, Any]:
    """Propose what the ladder says for the day; `letters` are the rounds that wait for a signature."""
    office = office or open_office()
    asked = office.asked(as_of, now)

    def work(plan_id: str) -> Done:
        return _escalate(office, plan_id, asked)

    result = each_plan(office, plan, work, job="escalate")
    return result | {"letters": waiting(result["plans"], office=office)}


def waiting(plans: Iterable[str], *, office: Office | None = None) -> list[dict[str, Any]]:
    """Give the letter rounds of plans that wait for a signature: `id`, `plan`, `round`, `run_id`.

    The rows say it; a plan that cannot be read has its rounds, too.
    """
    office = office or open_office()
    with office.store.reading() as connection:
        rows = [row for plan in plans for row in cases.letters(connection, plan, LetterState.WAITING)]
    return [lookup.asked_round(row) for row in rows]


def _escalate(office: Office, plan_id: str, asked: Asked) -> Done:
    chased = chase(office, plan_id, asked)
    now = situation(office, plan_id, asked.at)
    if now is None:
        return Done(details={"chased": chased}, changed=bool(chased))
    overdue = expire(office, plan_id, now, asked)
    facts = matters_of(now)
    proposals = decide(facts, office.ladder(plan_id), office.calendar(plan_id), asked.as_of)
    closed = close(office, [p for p in proposals if p.action == "close"], asked)
    groups: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        if proposal.action == "open-step":
            groups[proposal.agency_id, proposal.step].append(proposal)
    ladder = ladders.keep(office, plan_id) if groups else ""
    letters = [_letter(office, now, group, facts, ladder, asked) for group in groups.values()]
    counts = {"chased": chased, "overdue": overdue, "closed": closed, "letters": len(letters)}
    return Done(details=counts, changed=any(counts.values()))


def _letter(
    office: Office,
    now: Situation,
    group: Sequence[Proposal],
    facts: Sequence[CaseFacts],
    ladder: str,
    asked: Asked,
) -> int:
    """Put the matters of one agency and step into one letter: the month's draft, if any, or a new one.

    `ladder` is the sha256 of the ladder's text.
    """
    first, plan_id = group[0], now.plan.id
    with office.store.reading() as connection:
        standing = _standing_draft(connection, plan_id, first, now.newest)
        kept = reasons_kept(connection, standing.id) if standing else []
    round_ = max(p.round for p in group)
    content = draft(office, now, first.agency_id, first.step, round_, [*kept, *reasons_of(group)], asked.at)
    digest = content_hash(content)
    with office.store.writing() as connection:
        if standing:
            letter_id = int(standing.id)
            values = {
                "content": cases.content_json(content),
                "content_hash": digest,
                "asks": standing.asks + 1,
            }
            state = LetterState(standing.state)
            if not cases.change_letter(connection, letter_id, state, state=LetterState.WAITING, **values):
                raise RefusedError(f"文书{letter_id}刚已签发或搁置，请再运行一次督办递进（duban escalate）")
            body = {"content_hash": digest, "round": standing.asks + 1}
            record(connection, plan_id, asked.now, "letter-redrafted", f"letter/{letter_id}", body)
        else:
            letter_id = _add(connection, now, first, content, digest, asked)
        for proposal in group:
            _add_step(connection, now, proposal, letter_id, facts, ladder, asked)
    if first.automatic:
        sign(
            office,
            plan_id,
            letter_id,
            user=AUTOMATIC,
            reason="按递进措施设置自动签发",
            shown=digest,
            now=asked.now,
        )
    return letter_id


def _standing_draft(connection: Connection, plan_id: str, first: Proposal, period: Period) -> Any:
    """Find the unsigned letter of the same agency, step and month."""
    rows = cases.letters(connection, plan_id, LetterState.WAITING, LetterState.DRAFT)
    same = [r for r in rows if (r.agency_id, r.step, r.period) == (first.agency_id, first.step, str(period))]
    return same[-1] if same else None


def _add(
    connection: Connection, now: Situation, first: Proposal, content: Any, digest: str, asked: Asked
) -> int:
    values: dict[str, Any] = {
        "plan_id": now.plan.id,
        "agency_id": first.agency_id,
        "period": str(now.newest),
        "step": first.step,
        "round": first.round,
        "state": LetterState.WAITING,
        "approver": first.approver,
        "content_hash": digest,
        "drafted_on": asked.as_of,
    }
    letter_id = cases.add_letter(connection, values, content)
    body = {"agency": first.agency_id, "step": STEP_NAMES[first.step], "content_hash": digest}
    record(connection, now.plan.id, asked.now, "letter-drafted", f"letter/{letter_id}", body)
    return letter_id


def _add_step(
    connection: Connection,
    now: Situation,
    proposal: Proposal,
    letter_id: int,
    facts: Sequence[CaseFacts],
    ladder: str,
    asked: Asked,
) -> None:
    case_id = proposal.case_id or _open_case(connection, now, proposal, facts, asked)
    cases.add_step(
        connection,
        {
            "case_id": case_id,
            "step": proposal.step,
            "round": proposal.round,
            "letter_id": letter_id,
            "proposed_on": asked.as_of,
            "rule": proposal.rule,
            "reasons": list(proposal.reasons),
        },
    )
    body = {
        "agency": proposal.agency_id,
        "matter": proposal.matter,
        "step": proposal.step,
        "round": proposal.round,
        "rule": proposal.rule,
        "reasons": list(proposal.reasons),
        "letter": letter_id,
        ladders.LADDER: ladder,
    }
    record(connection, now.plan.id, asked.now, "step-proposed", f"case/{case_id}", body)


def _open_case(
    connection: Connection, now: Situation, proposal: Proposal, facts: Sequence[CaseFacts], asked: Asked
) -> int:
    known = next(f for f in facts if (f.agency_id, f.matter) == (proposal.agency_id, proposal.matter))
    values = {
        "plan_id": now.plan.id,
        "agency_id": proposal.agency_id,
        "track": proposal.track,
        "matter": proposal.matter,
        "opened_on": asked.as_of,
        "carried_step": known.carried_step,
    }
    case_id = cases.add_case(connection, values)
    body = {"agency": proposal.agency_id, "matter": proposal.matter, "reasons": list(proposal.reasons)}
    record(connection, now.plan.id, asked.now, "case-opened", f"case/{case_id}", body)
    return case_id
