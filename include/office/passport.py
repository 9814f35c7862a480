"""A figure's passport: from the value back to file, sheet and cell, and who stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from include.documents.digest_words import COMPARATORS
from include.errors import RefusedError
from include.expectations.catalogue import CHECKS
from include.expectations.rows import Frame
from include.indicators import show, show_value
from include.office.close_period import KIND as CONSOLIDATED
from include.office.desk import Office, open_office
from include.office.indicator_rows import indicator_row
from include.office.publish_digest import KIND as DIGEST
from include.office.receipts import OUTCOME_NAMES
from include.office.reconciling import Settlement, what_counts
from include.office.report_basis import Basis, gather
from include.office.rules import catalogue
from include.office.words import ROLE_NAMES
from include.plan import Indicator
from include.plan.model import Behaviour
from include.records.facts import Fact
from include.records.findings import Severity
from include.records.reports import LIGHT_NAMES
from include.records.submissions import SubmissionState
from include.store import publications, returns
from include.workdays import SHANGHAI

_ABOUT_FIGURES = (Frame.FIGURES, Frame.INDICATORS)


def passport(
    indicator: str,
    period: str,
    *,
    plan: str | None = None,
    now: datetime | str | None = None,
    office: Office | None = None,
) -> dict[str, Any]:
    """Give a figure's passport as plain values (texts as users read them).

    `figure` (value, target, light, reason, marks), `facts` (each with file, sheet, cell, raw text, who filled
    it in, who signed it off, the explanation given), `rules` (passed, and what was found), `differences`,
    `objections`, `versions` (every submission of the month), `published` (what each edition told readers).

    Raises:
        RefusedError: no such indicator or month, or the plan has to be named.
    """
    office = office or open_office()
    plan_id = plan or _only_plan(office)
    which, moment = office.period(plan_id, period), office.now(now)
    b = gather(office, plan_id, which, moment, CONSOLIDATED)
    wanted = next((i for i in b.plan.indicators if i.id == indicator), None)
    if wanted is None:
        known = "、".join(i.id for i in b.plan.indicators)
        raise RefusedError(f"{plan_id} {which}：没有指标{indicator}；有的是：{known}")
    return _Passport(b, wanted).plain()


def _only_plan(office: Office) -> str:
    if len(office.plan_ids) != 1:
        raise RefusedError(f"请用 --plan 指明工作要点：{'、'.join(office.plan_ids)}")
    return office.plan_ids[0]


_STATES = {"not-applicable": "不适用"}
_PUBLICATIONS = ((CONSOLIDATED, "汇总报表"), (DIGEST, "工作月报"))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _told(value: str | None, unit: str) -> str:
    return show(Decimal(value), unit) if value is not None else "无数据"


def _confirmed(row: Row[Any]) -> str:
    """Say how an agency stood by what the office filed for it."""
    if not row.proxy_by:
        return ""
    if row.confirmed_at is None:
        return f"{row.proxy_by}代填，单位尚未确认"
    return f"{row.proxy_by}代填，{_moment(row.confirmed_at)}由{row.confirmed_by}确认：{row.confirmed_how}"


class _Passport:
    """One passport being written."""

    def __init__(self, basis: Basis, indicator: Indicator) -> None:
        self.b, self.indicator = basis, indicator
        self.progress = basis.progress[basis.period][indicator.id]
        self.of = self.progress.from_period or basis.period  # the month the value was reported for
        self.agencies = tuple(dict.fromkeys((*indicator.sources, *indicator.cross_check)))

    def plain(self) -> dict[str, Any]:
        """Give it as plain values."""
        b, indicator = self.b, self.indicator
        return {
            "plan": b.plan.id,
            "plan_title": b.plan.title + ("（演示数据）" if b.plan.demo else ""),
            "period": b.period.label,
            "indicator": indicator.id,
            "name": indicator.name,
            "clause": indicator.clause,
            "definition": indicator.definition,
            "as_of": _moment(b.now),
            "figure": self._figure(),
            "facts": list(self._facts()),
            "rules": self._rules(),
            "differences": list(self._differences()),
            "objections": list(self._objections()),
            "versions": list(self._versions()),
            "published": list(self._published()),
        }

    def _figure(self) -> dict[str, Any]:
        row, p, unit = indicator_row(self.b, self.indicator), self.progress, self.indicator.unit
        light = LIGHT_NAMES[p.light.value] + (f"（{p.grey.value}）" if p.grey else "")
        parts = p.numerator is not None and p.denominator is not None
        return {
            "value": show_value(p, unit),
            "made_of": f"{show(p.numerator, '')} / {show(p.denominator, '')}" if parts else "",
            "of_period": self.of.label,
            "target": f"{COMPARATORS[row.comparator]}{show(p.target, unit)}",
            "path": show(p.path_value, unit) if p.path_value is not None else "",
            "light": light,
            "reason": p.reason,
            "marks": list(row.marks),
            "answerable": row.answerable,
        }

    def _facts(self) -> Iterator[dict[str, Any]]:
        """Give what each source and cross-check agency reported for the month, the sources first."""
        mine = [f for f in self.b.facts if f.indicator_id == self.indicator.id and f.period == self.of]
        for fact in sorted(
            mine, key=lambda f: (self.agencies.index(f.agency_id), list(ROLE_NAMES).index(f.role))
        ):
            yield self._fact(fact)

    def _fact(self, fact: Fact) -> dict[str, Any]:
        row = self.b.submissions[fact.submission_id]
        standing = self.b.standings.get((fact.agency_id, fact.period))
        silent = _STATES.get(fact.state.value, "未填")
        return {
            "agency": self.b.agency_name(fact.agency_id),
            "agency_id": fact.agency_id,
            "period": str(fact.period),
            "counts": fact.agency_id in self.indicator.sources,
            "figure": ROLE_NAMES[fact.role],
            "value": show(fact.value, "") if fact.value is not None else silent,
            "file": row.original_name,
            "sha256": row.sha256,
            "number": row.number,
            "sheet": fact.sheet,
            "cell": fact.ref,
            "raw": fact.raw,
            "explanation": fact.explanation,
            "arrived_at": _moment(row.arrived_at),
            "filled_by": row.filed_by,
            "signed_by": row.signed_by,
            "notes": [f"{word}：{reason}" for word, reason in standing.notes] if standing else [],
            "confirmed": _confirmed(row),
        }

    def _rules(self) -> dict[str, Any]:
        """Give the content rules for figures: how many were passed, and what was found and explained."""
        counting = {f.submission_id for f in self.b.facts if f.period == self.of and self._mine(f)}
        with self.b.office.store.reading() as connection:
            found = [
                row
                for row in returns.findings_of(connection, sorted(counting))
                if row.subject == self.indicator.id
            ]
        names = [Frame.NAMES] if self.indicator.behaviour is Behaviour.NAMED else []
        checked = [c.rule for c in CHECKS if counting and c.frame in (*_ABOUT_FIGURES, *names)]
        broken = {row.rule for row in found}
        titles = {rule.id: rule.title for rule in catalogue()}
        return {
            "passed": [rule.title for rule in checked if rule.id not in broken],
            "found": [
                {
                    "rule": titles.get(row.rule, row.rule),
                    "severity": "仅供食药安办参考" if row.severity == Severity.BETA else "需说明",
                    "message": row.message,
                    "place": f"{row.sheet} {row.ref}".strip(),
                    "explanation": self._explanation(row.submission_id),
                }
                for row in found
            ],
        }

    def _mine(self, fact: Fact) -> bool:
        return fact.indicator_id == self.indicator.id

    def _explanation(self, submission_id: int) -> str:
        said = [f.explanation for f in self.b.facts if f.submission_id == submission_id and self._mine(f)]
        return "；".join(dict.fromkeys(filter(None, said)))

    def _differences(self) -> Iterator[dict[str, Any]]:
        for one in self.b.reconciled:
            if one.indicator_id == self.indicator.id:
                yield {
                    "id": one.figure,
                    "figure": ROLE_NAMES[one.role],
                    "reported": [f"{self.b.agency_name(a)}报{show(v, '')}" for a, v in one.figures],
                    "settlement": one.settlement.value,
                    "counts": what_counts(one),
                    "decided_by": one.decision.decided_by if one.decision else "",
                    "decided_at": _moment(one.decision.decided_at) if one.decision else "",
                    "open": one.settlement in (Settlement.OPEN, Settlement.STALE),
                }

    def _objections(self) -> Iterator[dict[str, Any]]:
        for row in self.b.objections:
            if row.indicator_id == self.indicator.id:
                yield {
                    "id": row.id,
                    "agency": self.b.agency_name(row.agency_id),
                    "words": row.words,
                    "raised_by": row.raised_by,
                    "raised_at": _moment(row.raised_at),
                    "in_time": row.in_time,
                    "answer": row.answer or "",
                    "answered_by": row.answered_by or "",
                }

    def _versions(self) -> Iterator[dict[str, Any]]:
        """Give every submission of the month by those who report the figure, with what it said of it."""
        said = self._said_by_submission()
        counting = {f.submission_id for f in self.b.facts}
        place = {agency: n for n, agency in enumerate(self.agencies)}
        rows = (row for row in self.b.submissions.values() if row.agency_id in place)
        for row in sorted(rows, key=lambda row: (place[row.agency_id], row.number)):
            if row.period == str(self.of) and row.arrived_at <= self.b.now:
                yield {
                    "agency": self.b.agency_name(row.agency_id),
                    "number": row.number,
                    "file": row.original_name,
                    "arrived_at": _moment(row.arrived_at),
                    "outcome": OUTCOME_NAMES.get(SubmissionState(row.state), "处理中"),
                    "counts": row.id in counting,
                    "same_as": row.same_as,
                    "figures": said.get(row.id, []),
                }

    def _said_by_submission(self) -> dict[int, list[str]]:
        with self.b.office.store.reading() as connection:
            rows = returns.facts_ever(connection, self.b.plan.id, self.of, self.indicator.id)
        said: dict[int, list[str]] = {}
        for row in rows:
            if row.value is not None:
                said.setdefault(row.submission_id, []).append(f"{ROLE_NAMES[row.role]}{show(row.value, '')}")
        return said

    def _published(self) -> Iterator[dict[str, Any]]:
        with self.b.office.store.reading() as connection:
            rows = [
                (name, row)
                for kind, name in _PUBLICATIONS
                for row in publications.editions(connection, self.b.plan.id, kind)
            ]
        for name, row in rows:
            told = row.content["figures"].get(str(self.b.period), {})
            if (
                row.period == str(self.b.period)
                and self.indicator.id in told
                and row.published_at <= self.b.now
            ):
                yield {
                    "what": f"{name}第{row.edition}版",
                    "at": _moment(row.published_at),
                    "value": _told(told[self.indicator.id], self.indicator.unit),
                }
