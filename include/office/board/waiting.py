"""What waits for the office (待办): each kind of thing, how many, and the page where it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from include.office import alarms
from include.office.board.cases import listed
from include.office.board.views import PeriodView, PlanView, WaitingView
from include.office.desk import Office
from include.office.objections import unanswered
from include.office.reconciling import undecided
from include.records.escalation import CaseState, LetterState
from include.store import cases


def waiting(office: Office, plan: PlanView, now: datetime) -> tuple[WaitingView, ...]:
    """Give what waits for a person: signatures, cases, figures, digests, then what went wrong."""
    return (
        *_letters(office, plan),
        *_cases(office, plan, now),
        *_months(office, plan, now),
        *_alarms(office, plan),
    )


def _letters(office: Office, plan: PlanView) -> Iterator[WaitingView]:
    with office.store.reading() as connection:
        drafted = [row.drafted_on for row in cases.letters(connection, plan.id, LetterState.WAITING)]
    if drafted:
        yield _view("letters", "份文书待签发", drafted, "拟稿", "letters")


def _cases(office: Office, plan: PlanView, now: datetime) -> Iterator[WaitingView]:
    """Tell of the open cases: replies to judge, and clocks that ran out."""
    open_ones = [case for case in listed(office, plan.id, now) if case.state == CaseState.OPEN]
    last = [case.steps[-1] for case in open_ones if case.steps]
    answered = [s.answered_on for s in last if s.letter_state == LetterState.ANSWERED and s.answered_on]
    if answered:
        yield _view("replies", "份答复待审核", answered, "答复", "cases")
    late = [case for case in open_ones if case.overdue]
    if late:
        note = "、".join(dict.fromkeys(case.agency for case in late))
        yield WaitingView(kind="overdue", count=len(late), what="件督办事项过期未办", note=note, page="cases")


def _months(office: Office, plan: PlanView, now: datetime) -> Iterator[WaitingView]:
    """Tell of each month's figures and digest, the newest month first."""
    periods = {office.period(plan.id, view.period): view for view in reversed(plan.periods)}
    differ = undecided(office, plan.id, list(periods), now)
    objected = unanswered(office, plan.id, list(periods), now)
    for period, view in periods.items():
        yield from _month("differences", differ[period], "处报数不一致待核定", view, "checks")
        yield from _month("objections", objected[period], "条核对异议待答复", view, "checks")
        yield from _month("held", int(view.digest_held is not None), "期工作月报暂缓发布", view, "digest")


def _month(kind: str, count: int, what: str, view: PeriodView, page: str) -> Iterator[WaitingView]:
    if count:
        where = f"{page}?period={view.period}"
        yield WaitingView(kind=kind, count=count, what=what, note=view.label, page=where)


def _alarms(office: Office, plan: PlanView) -> Iterator[WaitingView]:
    titles = [alarm["title"] for alarm in alarms.standing(plan.id, office=office)]
    if titles:
        note = "、".join(dict.fromkeys(titles))
        yield WaitingView(kind="alarms", count=len(titles), what="条提醒需要处理", note=note, page="health")


def _view(kind: str, what: str, days: list[date], done: str, page: str) -> WaitingView:
    return WaitingView(kind=kind, count=len(days), what=what, note=f"最早{min(days)} {done}", page=page)
