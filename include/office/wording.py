"""The office's words in a digest it holds back: the sentences there are, other words for one of them."""

from __future__ import annotations

from datetime import datetime

from include.documents.digest import Digest, digest_of
from include.documents.digest_wording import contradiction, editable, place_name, reworded
from include.errors import RefusedError
from include.office.decided import Decided
from include.office.desk import Office, open_office, record
from include.office.month_report import month_report
from include.plan import Period
from include.records.reports import Wording
from include.store import publications
from include.workdays import SHANGHAI

KIND = "digest"


def sentences(
    plan: str, period: str, *, now: datetime | str | None = None, office: Office | None = None
) -> list[dict[str, str]]:
    """Give the sentences of a digest that may be worded otherwise, as they would go out now."""
    office = office or open_office()
    which, moment = office.period(plan, period), office.now(now)
    digest = _digest(office, plan, which, moment)
    shown = editable(reworded(digest, wordings(office, plan, which)))
    return [
        {"place": place, "name": place_name(place), "rule": text, "text": shown[place]}
        for place, text in editable(digest).items()
    ]


def edit(plan: str, period: str, by: Decided, *, place: str, text: str, office: Office | None = None) -> None:
    """Word one sentence of a held digest otherwise; the rule's own words take the edit back.

    Raises:
        RefusedError: no reason, the digest is not held, no such place, or the words contradict the table.
    """
    office = office or open_office()
    which, (moment, why) = office.period(plan, period), by.taken(office)
    digest = _digest(office, plan, which, moment)
    known = editable(digest)
    if place not in known:
        raise RefusedError(f"{plan} {which}：没有{place}这一句；可改的有{'、'.join(known) or '无'}")
    original, said = known[place], text.strip()
    wrong = "" if said == original else contradiction(digest, original, said)
    if wrong:
        raise RefusedError(f"{place_name(place)}不能这样改：{wrong}")
    wording = Wording(place, original, said, by.user, moment.astimezone(SHANGHAI).date())
    body = {"place": place, "original": original, "text": said, **why}
    with office.store.writing() as connection:
        if publications.held(connection, plan, which, KIND) is None:
            raise RefusedError(f"{plan} {which}：先暂缓工作月报（duban digest hold），再修改文字")
        publications.put_wording(connection, plan, which, wording, moment)
        record(connection, plan, moment, "digest-edited", str(which), body, actor=by.user)


def wordings(office: Office, plan: str, period: Period) -> tuple[Wording, ...]:
    """Give the office's words for a digest, by place."""
    with office.store.reading() as connection:
        return publications.wordings(connection, plan, period)


def _digest(office: Office, plan: str, period: Period, moment: datetime) -> Digest:
    return digest_of(month_report(office, plan, period, moment, kind=KIND))
