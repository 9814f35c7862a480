"""What the office decides about a case on its way: an extension, a reason, a plan, copies, its end.

Each is a change of the case's row and a ledger event (who, when, why, evidence) in one transaction.
What may happen to a case, and what comes of it, stands in `include.escalation.states`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.errors import RefusedError
from include.escalation import SET_ASIDE, UNSERVED, Step, clock_ends_on, day_text, move_case
from include.office import lookup
from include.office.closing import Closure, end_case
from include.office.decided import Decided
from include.office.desk import Office, open_office, record
from include.office.matters import newest_due, step_taken
from include.office.standings import year_standings
from include.plan import Period
from include.records.escalation import CaseState, StepTaken, Track
from include.store import cases

Seen = tuple[dict[str, Any], dict[str, Any]]  # what changes in the row, and what the ledger says beside it
Change = Callable[[Connection, Row[Any], datetime], Seen]


def extend(
    case_id: int, by: Decided, *, until: date, asked_on: date | None = None, office: Office | None = None
) -> None:
    """Extend (延期): no step up to and with that day. Of an instruction it moves the due day.

    Raises:
        RefusedError: not later than what holds already, or asked for too late for the step the case is at.
    """
    office = office or open_office()

    def change(connection: Connection, row: Row[Any], now: datetime) -> Seen:
        own = "due_on" if row.track == Track.INSTRUCTION else "extension_until"
        held = getattr(row, own)
        if until < now.date() or (held is not None and until <= held):
            raise RefusedError(f"延期至{until}，须晚于现有期限{held or '（今天）'}")
        return {own: until}, _asked(office, connection, row, asked_on or now.date(), now.date())

    _decide(office, case_id, "extend", by, change)


def _asked(office: Office, connection: Connection, row: Row[Any], asked: date, today: date) -> dict[str, Any]:
    """Hold the request against the rule of the step the case is at; say when it was asked for."""
    ladder, calendar = office.ladder(row.plan_id), office.calendar(row.plan_id)
    taken, said = _taken(connection, row), {"asked_on": asked.isoformat()}
    rule = ladder.step(taken[-1].step) if taken else None
    ends = clock_ends_on(taken[-1], ladder, calendar) if taken else None
    if rule is None or ends is None or not rule.extension_ask_days:
        return said
    last = calendar.add(ends, -rule.extension_ask_days)
    if asked > last:
        raise RefusedError(
            f"{rule.document}的延期须在期限届满{rule.extension_ask_days}个工作日前申请，即最迟{day_text(last)}；"
            f"本次于{day_text(asked)}申请"
        )
    late = calendar.between(asked, today) > rule.extension_decide_days
    return said | ({"note": f"作出决定已超过{rule.extension_decide_days}个工作日"} if late else {})


def accept_reason(case_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Accept a reason (正当理由): no step up while it stands. Raises: RefusedError."""
    _set(office, case_id, "accept-reason", by, accepted_reason=by.reason)


def withdraw_reason(case_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Let an accepted reason stand no longer. Raises: RefusedError."""
    _set(office, case_id, "withdraw-reason", by, accepted_reason=None)


def take_plan(
    case_id: int, by: Decided, *, received_on: date | None = None, office: Office | None = None
) -> None:
    """Record that a rectification plan (整改方案) came in, outside a reply. Raises: RefusedError."""
    office = office or open_office()
    _set(office, case_id, "take-plan", by, plan_on=received_on or office.now(by.now).date())


def refuse_plan(case_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Send a rectification plan back: it is waited for again. Raises: RefusedError."""
    _set(office, case_id, "refuse-plan", by, plan_on=None)


def add_co_owner(case_id: int, agency: str, by: Decided, *, office: Office | None = None) -> None:
    """Let a co-owner have the case's letters in copy (抄送). Raises: RefusedError."""
    _copy(office or open_office(), case_id, "add-co-owner", agency, by)


def drop_co_owner(case_id: int, agency: str, by: Decided, *, office: Office | None = None) -> None:
    """Leave a co-owner out of the letters' copies again. Raises: RefusedError."""
    _copy(office or open_office(), case_id, "drop-co-owner", agency, by)


def _copy(office: Office, case_id: int, event: str, agency: str, by: Decided) -> None:
    adds = event == "add-co-owner"

    def change(connection: Connection, row: Row[Any], now: datetime) -> Seen:
        copies = list(row.copies_to or [])
        filers = office.plan(row.plan_id, Period(office.book(row.plan_id).year, 12)).filers
        if agency == row.agency_id or agency not in {a.id for a in filers}:
            raise RefusedError(
                f"{agency}不是可以抄送的成员单位；应为本事项责任单位以外的单位编号，见 duban plan show"
            )
        if (agency in copies) is adds:
            raise RefusedError(f"{agency}{'已在' if adds else '不在'}抄送名单中")
        left = [*copies, agency] if adds else [a for a in copies if a != agency]
        return {"copies_to": left}, {"copy": agency}

    _decide(office, case_id, event, by, change)


def lift(case_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Find a major risk, or what a listing was about, removed (解除).

    A listing that was served gets its 解除通知书; the case closes with it.

    Raises:
        RefusedError: neither listed nor a major risk, or no evidence.
    """
    _with_evidence(by)

    def change(connection: Connection, row: Row[Any], now: datetime) -> Seen:
        if row.track != Track.MAJOR_RISK and not _listed(connection, row):
            raise RefusedError("该事项没有挂牌督办，不需要解除；已办结的请销号（duban cases fulfil）")
        return {"lifted_on": now.date()}, {}

    _decide(office or open_office(), case_id, "lift", by, change)


def fulfil(case_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Close a case whose matter is done (销号), on evidence.

    Raises:
        RefusedError: no evidence, or a listing that has to be lifted first.
    """
    _with_evidence(by)
    _end(office or open_office(), case_id, "fulfil", by)


def waive(case_id: int, by: Decided, *, office: Office | None = None) -> None:
    """Let a case be (免予督办): what it was about up to now is no cause any more. Raises: RefusedError."""
    _end(office or open_office(), case_id, "waive", by)


def merge(case_id: int, into: int, by: Decided, *, office: Office | None = None) -> None:
    """Let a case go on in another (并入), as when agencies merge; that one goes on from the step it had.

    Raises:
        RefusedError: the other is no open case of the same plan and track.
    """
    office = office or open_office()
    row, other = lookup.case(office, case_id), lookup.case(office, into)
    if case_id == into or (row.plan_id, row.track) != (other.plan_id, other.track):
        raise RefusedError(f"督办事项{case_id}不能并入{into}：须为同一工作要点的另一件同类事项")

    def take_over(connection: Connection) -> None:
        taken = _taken(connection, row)
        step = other.carried_step or (taken[-1].step if taken else row.carried_step)
        moment, said = by.taken(office)
        state = move_case(CaseState(other.state), "take-over")
        if not cases.change_case(connection, into, state, carried_step=step):
            raise RefusedError(f"督办事项{into}刚由别人办结，请重新查看再办")
        body = {"agency": other.agency_id, "matter": other.matter, "from": case_id, **said}
        record(connection, row.plan_id, moment, "case-take-over", f"case/{into}", body, actor=by.user)

    _end(office, case_id, "merge", by, take_over, merged_into=into)


def _end(
    office: Office,
    case_id: int,
    event: str,
    by: Decided,
    also: Callable[[Connection], None] = lambda connection: None,
    **values: Any,
) -> None:
    """Close a case by a person's decision; the periods it was about up to now are settled with it."""
    row, (moment, said) = lookup.case(office, case_id), by.taken(office)
    newest = newest_due(year_standings(office, row.plan_id, moment), moment)
    settled = {"settled_through": str(newest) if newest else None}
    how = Closure(event, said["reason"], moment.date(), moment, by.user, settled | values, said)
    with office.store.writing() as connection:
        if event == "fulfil" and _listed(connection, row):
            raise RefusedError("挂牌督办事项须先登记解除（duban cases lift），解除通知书送达后销号")
        end_case(connection, row, how)
        also(connection)


def _set(office: Office | None, case_id: int, event: str, by: Decided, **values: Any) -> None:
    _decide(office or open_office(), case_id, event, by, lambda connection, row, now: (values, {}))


def _decide(office: Office, case_id: int, event: str, by: Decided, change: Change) -> None:
    row, (moment, said) = lookup.case(office, case_id), by.taken(office)
    before = CaseState(row.state)
    after = move_case(before, event)
    with office.store.writing() as connection:
        values, beside = change(connection, row, moment)
        if not cases.change_case(connection, case_id, before, state=after, **values):
            raise RefusedError(f"督办事项{case_id}刚由别人办结，请重新查看再办")
        changed = {name: v.isoformat() if isinstance(v, date) else v for name, v in values.items()}
        body = {"agency": row.agency_id, "matter": row.matter, **changed, **beside, **said}
        record(connection, row.plan_id, moment, f"case-{event}", f"case/{case_id}", body, actor=by.user)


def _taken(connection: Connection, row: Row[Any]) -> tuple[StepTaken, ...]:
    """Give the steps of a case that were served and not set aside, in order."""
    steps = (step_taken(s) for s in cases.steps(connection, row.plan_id) if s.case_id == row.id)
    return tuple(s for s in steps if s.letter_state not in SET_ASIDE | UNSERVED)


def _listed(connection: Connection, row: Row[Any]) -> bool:
    served = {s.step for s in _taken(connection, row)}
    return Step.LISTING in served and Step.LIFTING not in served


def _with_evidence(by: Decided) -> None:
    if by.evidence is None:
        raise RefusedError("须附佐证材料（--evidence）")
