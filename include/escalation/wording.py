"""The words of the letters: which sentences each step says, and what their fields hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from include.escalation.days import day_text
from include.escalation.deadlines import within
from include.escalation.ladder import StepRule
from include.escalation.names import STEP_NAMES, Step
from include.escalation.orders import LetterOrder, Matter
from include.records.escalation import Track


def quoted(text: str) -> str:
    """Put a text between quotation marks; its own become single ones."""
    inner = text.strip().replace("“", "‘").replace("”", "’")
    return f"“{inner}”"


@dataclass(frozen=True)
class Wording:
    """How one letter speaks."""

    order: LetterOrder

    @property
    def kind(self) -> str:
        """The document's name for this agency: 提醒敦促函, or 工作联系函 where its standing asks for it."""
        return self.order.ladder.document(
            self.order.plan.agency(self.order.agency_id).standing, self.order.step
        )

    @property
    def courteous(self) -> bool:
        """A 工作联系函 asks (商请); the others demand."""
        return self.kind != self.order.ladder.step(self.order.step).document

    @property
    def you(self) -> str:
        """How the agency is addressed."""
        return "贵单位" if self.courteous else "你单位"

    @property
    def this(self) -> str:
        """How the letter names itself."""
        return "本函" if self.kind.endswith("函") else "本通知书"

    def of(self, track: Track) -> tuple[Matter, ...]:
        """Give the matters of one track."""
        return tuple(m for m in self.order.matters if m.track is track)

    # the title

    def title(self) -> str:
        """Write the title: `关于报送2024年8月食品安全工作报表的提醒敦促函`."""
        own = {Step.REMINDER: "title.reminder", Step.LIFTING: "title.lifting"}
        demo = "（演示）" if self.order.demo else ""
        return demo + self._say(own.get(Step(self.order.step), "title"))

    def _say(self, phrase: str, **more: str) -> str:
        return self.order.phrases.say(phrase, self._fields | more)

    @cached_property
    def _fields(self) -> dict[str, object]:
        """What every sentence may name; see `phrases.FIELDS`."""
        rule = self._rule
        return {
            "你单位": self.you,
            "本文书": self.this,
            "文种": self.kind,
            "工作要点": self.order.plan.title,
            "截至日期": day_text(self.order.as_of),
            "问题": self._problem(),
            "任务": self._task(),
            "商请": "商请" if self.courteous else "",
            "指标数": len(self.of(Track.PROGRESS)),
            "答复期限": self.within(rule.reply_days),
            "答复天数": rule.reply_days,
            "办结期限": self.within(rule.done_days),
            "提前天数": rule.notice_days,
            "所缺报表": "附件所列报表" if self._rows() else f"{self.order.period.label}报表",
            "延期申请天数": rule.extension_ask_days,
            "延期决定天数": rule.extension_decide_days,
            "解除文书": STEP_NAMES[Step.LIFTING],
            **dict.fromkeys(
                ("核对", "情况", "此前文书", "任务依据", "依据", "工作机制", "补报", "下一步"), ""
            ),
        }

    def _task(self) -> str:
        if not self.of(Track.PROGRESS):
            return f"报送{self._months()}食品安全工作报表"
        if not self.of(Track.REPORTING):
            return f"加快推进{self._indicators()}"
        return f"报送{self._months()}食品安全工作报表和加快推进指标进度"

    def _problem(self) -> str:
        parts: list[str] = []
        if self.of(Track.REPORTING):
            parts.append("未按期报送食品安全工作报表")
        if self.of(Track.PROGRESS):
            parts.append(f"{self._indicators()}进度滞后")
        parts += [m.name for m in self.of(Track.MAJOR_RISK)]
        return "、".join(parts)

    def _indicators(self) -> str:
        names = [quoted(m.name) for m in self.of(Track.PROGRESS)]
        return f"{names[0]}指标" if len(names) == 1 else f"{names[0]}等{len(names)}项指标"

    def _months(self) -> str:
        months = tuple(dict.fromkeys(row[0] for m in self.of(Track.REPORTING) for row in m.facts))
        if len(months) > 2:
            return f"{months[0]}等{len(months)}个月"
        return "、".join(months) or self.order.period.label

    # the opening

    def opening(self) -> str:
        """Say why the office writes."""
        step = Step(self.order.step)
        if step is Step.LIFTING:
            return self._say("opening.lifting")
        checked = self._say("checked")
        if self.courteous:
            return self._say("opening.courteous", 核对=checked)
        tracks = [t for t in (Track.REPORTING, Track.PROGRESS, Track.MAJOR_RISK) if self.of(t)]
        found = "，".join(self._say(f"found.{track.value}") for track in tracks)
        return self._say(f"opening.{step.value}", 核对=checked, 情况=found)

    def earlier(self, letters: str) -> str:
        """Name the letters before this one."""
        lifting = self.order.step == Step.LIFTING
        return self._say("earlier.lifting" if lifting else "earlier", 此前文书=letters)

    def basis(self, cited: str, mechanism: str) -> str:
        """Say what the letter rests on: the clauses, and the mechanism it is part of."""
        rests = self._say("basis", 任务依据=cited)
        if self.courteous:
            return self._say("basis.courteous", 依据=rests)
        return self._say("basis.mechanism", 依据=rests, 工作机制=mechanism)

    # the demands

    def demands(self) -> tuple[str, ...]:
        """Say what is required by which date; the first sentence of each leads it."""
        said = {
            Step.REMINDER: self._reminder,
            Step.RECTIFICATION: self._rectification,
            Step.INTERVIEW: self._interview,
            Step.LISTING: self._listing,
            Step.LIFTING: lambda: [self._say("lifting.lift")],
        }[Step(self.order.step)]()
        return tuple(demand for demand in said if demand.strip())

    def _reminder(self) -> list[str]:
        named: list[str] = []
        if self.of(Track.REPORTING):
            named += ["reminder.report", "reminder.reason"]
        if self.of(Track.PROGRESS):
            named += ["reminder.cause", "reminder.push"]
        return [self._say(phrase) for phrase in (*named, "reply")]

    def _rectification(self) -> list[str]:
        reports = self._say("rectification.reports") if self.of(Track.REPORTING) else ""
        done = self._say("rectification.done", 补报=reports)
        return [self._say("rectification.plan"), done, self._say("reply"), *self._next_step()]

    def _interview(self) -> list[str]:
        named = ("interview.when", "interview.who", "interview.prepare", "interview.report")
        return [*map(self._say, named), *self._next_step()]

    def _listing(self) -> list[str]:
        rule = self._rule
        named = {
            "listing.plan": True,
            "listing.done": bool(rule.done_days),
            "listing.extend": bool(rule.extension_ask_days),
            "listing.lift": True,
            "reply": True,
        }
        return [self._say(phrase) for phrase, wanted in named.items() if wanted]

    def _next_step(self) -> list[str]:
        """Warn of the next step, if this agency's ladder has one."""
        tracks = {m.track for m in self.order.matters}
        standing = self.order.plan.agency(self.order.agency_id).standing
        rungs = [self.order.ladder.above(track, self.order.step) for track in sorted(tracks)]
        names = dict.fromkeys(
            STEP_NAMES[r.step] for r in rungs if r is not None and self.order.ladder.allows(standing, r.step)
        )
        return [self._say("next", 下一步="、".join(names))] if names else []

    def _rows(self) -> bool:
        return any(m.facts for m in self.of(Track.REPORTING))

    @property
    def _rule(self) -> StepRule:
        return self.order.ladder.step(self.order.step)

    def within(self, days: int) -> str:
        """Say by when: the count of working days after service."""
        return within(self.this, days)
