"""Explaining a case: which facts, which rule, which day, which letter, by whom, and why it ended.

Plain sentences an official could read aloud; each names what backs it: entries of the ledger, letters, the
submissions the figures come from, the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from include.escalation import (
    APPROVER_NAMES,
    CASE_EVENTS,
    CASE_STATE_NAMES,
    RULE_NAMES,
    STEP_NAMES,
    TRACK_NAMES,
    condition_title,
    day_text,
)
from include.office import lookup
from include.office.case_book import case_name, name_of
from include.office.counting import counted
from include.office.desk import Office, open_office
from include.office.ladders import LADDER, kept
from include.office.standings import year_standings
from include.office.year_progress import year_progress
from include.plan import Period
from include.records.escalation import Track
from include.store import cases, ledger, returns
from include.workdays import SHANGHAI


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, the day it is about, and what backs it (`ledger/12`, `letter/3`, `submission/7`)."""

    on: date
    text: str
    backed_by: tuple[str, ...]


def explain(case_id: int, *, office: Office | None = None) -> list[Sentence]:
    """Explain a case from opening to end. Raises: RefusedError."""
    office = office or open_office()
    row = lookup.case(office, case_id)
    with office.store.reading() as connection:
        steps = [s for s in cases.steps(connection, row.plan_id) if s.case_id == case_id]
        subjects = {f"case/{case_id}", *(f"letter/{s.letter_id}" for s in steps)}
        entries = ledger.about(connection, row.plan_id, subjects)
        dropped = returns.submissions(connection, row.plan_id)
    story = _Story(office, row, {s.letter_id: s for s in steps}, dropped)
    return [sentence for entry in sorted(entries, key=_order) for sentence in story.tell(entry)]


def _order(entry: Row[Any]) -> tuple[datetime, int, int]:
    """Put the case and its step before the letter that was drafted in the same moment."""
    first = ("case-opened", "step-proposed")
    return entry.at, first.index(entry.event) if entry.event in first else len(first), entry.seq


def heading(case_id: int, *, office: Office | None = None) -> str:
    """Name a case. Raises: RefusedError."""
    office = office or open_office()
    row = lookup.case(office, case_id)
    period = Period(office.book(row.plan_id).year, 12)
    agency = office.agency(row.plan_id, row.agency_id, period).name
    name = case_name(office.plan(row.plan_id, period), row)
    return f"督办事项{case_id}：{agency}，{TRACK_NAMES[row.track]}，{name}，现{CASE_STATE_NAMES[row.state]}。"


@dataclass(frozen=True)
class _Story:
    """A case with its letters, told entry by entry."""

    office: Office
    case: Row[Any]
    letters: dict[int, Row[Any]]
    dropped: Any

    def tell(self, entry: Row[Any]) -> Iterator[Sentence]:
        """Tell one entry of the ledger, and what it rests on."""
        tell = {
            "case-opened": self._opened,
            "step-proposed": self._proposed,
            "case-closed": self._closed,
        }.get(entry.event)
        if tell is not None:
            yield from tell(entry)
        elif entry.event.startswith("case-"):
            yield self._sentence(
                entry,
                f"{entry.actor}决定{CASE_EVENTS[entry.event[5:]]}{_particulars(self._named(entry.body))}",
            )
        elif text := self._letter(entry):
            yield self._sentence(entry, text, entry.subject)
            if entry.event == "letter-served":
                yield from self._clock(entry)
            elif entry.event == "interview-set":
                yield from self._interview_clock(entry)

    def _named(self, body: dict[str, Any]) -> dict[str, Any]:
        """Put the name of the agency that gets a copy in the place of its id."""
        return body | {"copy": name_of(self.office, self.case, body["copy"])} if body.get("copy") else body

    def _sentence(self, entry: Row[Any], text: str, *more: str) -> Sentence:
        on = entry.at.astimezone(SHANGHAI).date()
        return Sentence(on, f"{day_text(on)}，{text.rstrip('。')}。", (f"ledger/{entry.seq}", *more))

    # the case

    def _opened(self, entry: Row[Any]) -> Iterator[Sentence]:
        if self.case.track in (Track.INSTRUCTION, Track.MAJOR_RISK):
            by = f"{self.case.raised_by}批示：" if self.case.raised_by else ""
            due = f"，要求{day_text(self.case.due_on)}前办结" if self.case.due_on else ""
            yield self._sentence(entry, f"{entry.actor}登记立项。{by}{self.case.title}{due}")
            return
        before = self.case.carried_step
        carried = (
            f"此前同一事项已办到{STEP_NAMES[before]}，本次接着办" if before else "此前没有未了的同一事项"
        )
        yield self._sentence(entry, f"立为督办事项，{carried}")

    def _proposed(self, entry: Row[Any]) -> Iterator[Sentence]:
        body, day = entry.body, entry.at.astimezone(SHANGHAI).date()
        facts = "".join(r for r in body["reasons"])
        step = f"{STEP_NAMES[body['step']]}（第{body['round']}次）"
        yield self._sentence(entry, f"拟发{step}。事实是：{facts}", f"letter/{body['letter']}")
        yield from self._rule(entry)
        yield from (
            self._figures(entry, day) if self.case.track == Track.PROGRESS else self._lateness(entry, day)
        )

    def _rule(self, entry: Row[Any]) -> Iterator[Sentence]:
        """Name the rule of the ladder as it stood that day, whatever today's says."""
        body, sha256 = entry.body, entry.body.get(LADDER)
        ladder = kept(self.office, sha256) if sha256 else None
        place = ladder and condition_title(ladder, Track(self.case.track), body["step"], body["rule"])
        of = f"递进措施中{TRACK_NAMES[self.case.track]}一类的"
        name = RULE_NAMES.get(body["rule"], body["rule"])
        rule = f"{of}{place[0]}，条件是“{place[1]}”" if place else f"“{name}”一条"
        text = "该办法原文已存档" if ladder else "当时的办法没有存档，现行办法可能已有改动"
        changed = ladder is not None and ladder != self.office.ladder(self.case.plan_id)
        since = "；此后办法有改动，本步按当时的办法" if changed else ""
        archived = [f"archive/{sha256}"] if ladder else []
        yield self._sentence(entry, f"所依据的是当时的{rule}（{text}{since}）", *archived)

    def _lateness(self, entry: Row[Any], day: date) -> Iterator[Sentence]:
        """Count the working days each missing return was late."""
        standings = year_standings(self.office, self.case.plan_id, entry.at)
        for (agency, period), s in sorted(standings.items(), key=lambda item: item[0][1]):
            due = s.due_at.astimezone(SHANGHAI).date()
            if agency == self.case.agency_id and f"{period.label}报表" in "".join(entry.body["reasons"]):
                count = counted(self._calendar, due, day)
                text = f"{period.label}报表的逾期从截止日{day_text(due)}的次日算起，{count}"
                yield self._sentence(entry, text, f"return/{agency}/{period}", "calendar")

    def _figures(self, entry: Row[Any], day: date) -> Iterator[Sentence]:
        """Tell the figures of the newest month, and which submissions they come from."""
        plan_id, at = self.case.plan_id, entry.at
        due = [p for (_, p), s in year_standings(self.office, plan_id, at).items() if s.due_at < at]
        newest = max(due)
        with self.office.store.reading() as connection:
            facts = returns.facts(connection, plan_id, newest, arrived_by=at)
        progress = year_progress(self.office, plan_id, newest, at, facts)[newest][self.case.matter]
        mine = [f for f in facts if f.indicator_id == self.case.matter and f.period == newest]
        sources = dict.fromkeys(f"submission/{f.submission_id}" for f in mine)
        cells = "、".join(f"{f.sheet}{f.ref}“{f.raw}”" for f in mine if f.raw) or "（没有报数）"
        text = f"当时{newest.label}的判断是：{progress.reason.rstrip('。')}；数据取自报表{cells}"
        yield self._sentence(entry, text, *sources)

    def _closed(self, entry: Row[Any]) -> Iterator[Sentence]:
        body = entry.body
        who = "按规则" if entry.actor == "duban" else f"{entry.actor}决定"
        word = {"fulfil": "销号", "waive": "免予督办", "merge": "并入他案"}[body["how"]]
        yield self._sentence(
            entry, f"{who}{word}，理由是：{''.join(body['reasons'])}{_particulars(body, reason=False)}"
        )
        opened = self.case.opened_on
        if self.case.track == Track.REPORTING and body["how"] == "fulfil":
            for s in self.dropped:
                if (
                    s.agency_id == self.case.agency_id
                    and s.state == "accepted"
                    and self._since(s, opened, entry.at)
                ):
                    arrived = s.arrived_at.astimezone(SHANGHAI)
                    when = f"{day_text(arrived.date())}{arrived:%H:%M}"
                    text = f"此前，{Period.parse(s.period).label}报表已于{when}收到并通过校验"
                    yield self._sentence(entry, text, f"submission/{s.id}")

    @staticmethod
    def _since(submission: Row[Any], opened: date, until: datetime) -> bool:
        return submission.arrived_at.astimezone(SHANGHAI).date() >= opened and submission.arrived_at <= until

    # its letters

    def _letter(self, entry: Row[Any]) -> str:
        """Tell what happened to a letter; empty for what only the machinery cares about."""
        body, letter = entry.body, self.letters[int(entry.subject.removeprefix("letter/"))]
        kind = f"{letter.content['kind_name']}{letter.number or f'（文书{letter.letter_id}）'}"
        why = body.get("reason") or body.get("why") or ""
        told = {
            "letter-drafted": f"拟稿：《{letter.content['title']}》，送{APPROVER_NAMES[letter.approver]}签发",
            "letter-redrafted": f"{kind}因并入新的事项改稿，重新送签",
            "letter-asked-again": f"{kind}重新送签：{why}",
            "letter-returned": f"{entry.actor}退回{kind}：{why}",
            "letter-submitted": f"{entry.actor}将{kind}再次送签",
            "letter-reviewed": f"{entry.actor}核稿{kind}",
            "letter-talked-over": f"{entry.actor}登记事先沟通：{_talk(body)}",
            "letter-waived": f"{entry.actor}决定{kind}免发：{why}",
            "letter-signed": f"{entry.actor}签发{kind}",
            "letter-numbered": f"取文号{body.get('number', '')}",
            "letter-sealed": f"{kind}用印，盖章件已存档",
            "letter-served": f"{kind}送达{body.get('to', '')}，方式是{body.get('how', '')}",
            "interview-set": f"约谈定于{body.get('on', '')}在{body.get('place', '')}进行，已告知该单位",
            "letter-answered": f"收到对{kind}的答复“{body.get('file', '')}”",
            "letter-overdue": f"{kind}的答复期限{body.get('reply_due_on', '')}已过，未收到答复",
            "letter-accepted": f"{entry.actor}审核，认可对{kind}的办理：{why}",
            "letter-refused": f"{entry.actor}审核，不予认可对{kind}的办理：{why}",
            "letter-withdrawn": f"{kind}撤回：{why}",
            "letter-revoked": f"{entry.actor}撤销{kind}：{why}",
            "letter-corrected": f"{kind}另发更正函",
        }
        return told.get(entry.event, "").rstrip("：")

    def _clock(self, entry: Row[Any]) -> Iterator[Sentence]:
        """Count the working days of each date a served letter has set."""
        body = entry.body  # the first release noted neither the moment nor each date
        served = datetime.fromisoformat(body["at"]) if "at" in body else entry.at
        for what, until in body.get("asked", {"书面答复": body["reply_due_on"]}).items():
            last = date.fromisoformat(until)
            count = counted(self._calendar, served.astimezone(SHANGHAI).date(), last)
            text = f"{what}的期限是{day_text(last)}：自送达的次日起，{count}"
            yield self._sentence(entry, text, entry.subject, "calendar")

    def _interview_clock(self, entry: Row[Any]) -> Iterator[Sentence]:
        """Count the notice given before an interview, and the days from it to its report."""
        told = entry.at.astimezone(SHANGHAI).date()
        held, due = (date.fromisoformat(entry.body[day]) for day in ("on", "reply_due_on"))
        notice = f"约谈提前告知的时间：自告知的次日起，{counted(self._calendar, told, held)}"
        yield self._sentence(entry, notice, entry.subject, "calendar")
        report = f"约谈后报告的期限改为{day_text(due)}：自约谈的次日起，{counted(self._calendar, held, due)}"
        yield self._sentence(entry, report, entry.subject, "calendar")

    @property
    def _calendar(self) -> Any:
        return self.office.calendar(self.case.plan_id)


def _particulars(body: dict[str, Any], *, reason: bool = True) -> str:
    """Tell dates, reason and evidence of a decision."""
    names = {
        "extension_until": "至",
        "due_on": "至",
        "plan_on": "收到日期",
        "copy": "单位",
        "merged_into": "并入事项",
    }
    said = "".join(f"，{name}{body[key]}" for key, name in names.items() if body.get(key))
    why = f"，理由是：{body['reason']}" if reason and body.get("reason") else ""
    proof = f"（佐证材料：{body['evidence']['name']}）" if body.get("evidence") else ""
    return f"{said}{why.rstrip('。')}{proof}"


def _talk(body: dict[str, Any]) -> str:
    if body.get("skipped_because"):
        return f"未沟通，原因是{body['skipped_because']}"
    return f"{body.get('held_on', '')}与{body.get('with_whom', '')}，{body.get('said', '')}"
