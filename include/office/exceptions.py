"""The office's exceptions: 免报, 延期, 补报, a digest held back. Who, when and why in the ledger."""

from __future__ import annotations

from datetime import datetime

from include.errors import RefusedError
from include.office import clock
from include.office.decided import Decided
from include.office.desk import Office, open_office, record
from include.office.publish_digest import KIND as DIGEST
from include.plan import Period
from include.records.submissions import ReturnDecision
from include.store import publications, returns
from include.workdays import SHANGHAI


def exempt(plan: str, agency: str, period: str, by: Decided, *, office: Office | None = None) -> None:
    """Exempt an agency from a return (免报). Raises: RefusedError."""
    _decide(office or open_office(), plan, agency, period, by, ReturnDecision.EXEMPT)


def extend(
    plan: str, agency: str, period: str, by: Decided, *, to: str, office: Office | None = None
) -> None:
    """Extend the due moment of a return (延期). Raises: RefusedError."""
    office = office or open_office()
    until = _later_moment(office, plan, agency, office.period(plan, period), to)
    _decide(office, plan, agency, period, by, ReturnDecision.EXTEND, until)


def _later_moment(office: Office, plan: str, agency: str, period: Period, to: str) -> datetime:
    try:
        until = clock.parse(to)
    except ValueError as error:
        raise RefusedError(f"“{to}”不是时间，应如 2024-02-06T18:00") from error
    with office.store.reading() as connection:
        owed = returns.agency_return(connection, plan, agency, period)
    if owed is not None and until <= owed.due_at:
        due = owed.due_at.astimezone(SHANGHAI)
        raise RefusedError(f"延至 {to}，须晚于原截止时间 {due:%Y-%m-%d %H:%M}")
    return until


def allow_late(plan: str, agency: str, period: str, by: Decided, *, office: Office | None = None) -> None:
    """Take a filing after the lock (补报): it repairs the data, not the timeliness. Raises: RefusedError."""
    _decide(office or open_office(), plan, agency, period, by, ReturnDecision.ALLOW_LATE)


def hold_digest(plan: str, period: str, by: Decided, *, office: Office | None = None) -> None:
    """Hold a digest back until it is released. Raises: RefusedError."""
    office = office or open_office()
    which, (moment, said) = office.period(plan, period), by.taken(office)
    with office.store.writing() as connection:
        publications.hold_back(connection, plan, which, DIGEST, by.user, said["reason"], moment)
        record(connection, plan, moment, "digest-held", str(which), said, actor=by.user)


def release_digest(plan: str, period: str, by: Decided, *, office: Office | None = None) -> None:
    """Release a digest that was held back. Raises: RefusedError."""
    office = office or open_office()
    which, (moment, said) = office.period(plan, period), by.taken(office)
    with office.store.writing() as connection:
        if not publications.release(connection, plan, which, DIGEST, moment):
            raise RefusedError(f"{plan} {which}：工作月报没有暂缓")
        record(connection, plan, moment, "digest-released", str(which), said, actor=by.user)


def _decide(
    office: Office,
    plan: str,
    agency: str,
    period: str,
    by: Decided,
    kind: ReturnDecision,
    until: datetime | None = None,
) -> None:
    which, (moment, said) = office.period(plan, period), by.taken(office)
    with office.store.writing() as connection:
        if returns.agency_return(connection, plan, agency, which) is None:
            raise RefusedError(
                f"{plan} {which}：{agency}没有应报的报表；请核对单位编号，没有开启的先 duban open"
            )
        owed = (plan, agency, str(which))
        returns.decide(connection, owed, kind, said["reason"], by.user, moment, until)
        body = {"agency": agency, **({"extended_to": until.isoformat()} if until else {}), **said}
        record(connection, plan, moment, kind, str(which), body, actor=by.user)
