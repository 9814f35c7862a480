"""The conditions of the ladder: each rule once, with its name, its parameter and what it looks at.

A rule that fires gives a `Cause`: the facts with their dates in one Chinese sentence, and when it arose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from include.escalation.days import clock_ends_on, day_text
from include.escalation.ladder import Condition, Ladder
from include.plan.period import Period
from include.records.escalation import CaseFacts, LetterState, StepTaken, Track
from include.workdays import WorkCalendar

_RED, _YELLOW = "red", "yellow"
_TOLD = 3  # shared duties told one by one


@dataclass(frozen=True, slots=True)
class Sight:
    """What a condition may look at: the facts of a matter, its last step that counts, the day."""

    facts: CaseFacts
    last: StepTaken | None
    ladder: Ladder
    calendar: WorkCalendar
    as_of: date

    @property
    def run_out(self) -> tuple[StepTaken, date] | None:
        """The last step and the last day of its clock, if that day is past."""
        ends = clock_ends_on(self.last, self.ladder, self.calendar) if self.last else None
        return (self.last, ends) if self.last and ends is not None and ends < self.as_of else None

    def letter(self, taken: StepTaken) -> str:
        """Name a letter that was served: `2024年9月10日送达的提醒敦促函`."""
        served = f"{day_text(taken.served_on)}送达的" if taken.served_on else ""
        return f"{served}{self.ladder.document(self.facts.standing, taken.step)}"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a step is due. It arose after the day `after`: a step set aside later than that dealt with it."""

    rule: str
    after: date
    sentence: str


Seen = tuple[date, str] | None  # the day after which the cause arose, and the facts


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `title` names it for users, with its parameter as `{n}`."""

    name: str
    title: str
    parameter: Literal["working_days", "periods", "new_figures"] | None
    tracks: frozenset[Track]
    follows: bool  # looks at the letter before: cannot begin a ladder
    look: Callable[[Sight, int], Seen]


def cause(condition: Condition, sight: Sight) -> Cause | None:
    """Tell whether a condition holds on the day, and why."""
    rule = RULES[condition.rule]
    n = int(getattr(condition, rule.parameter)) if rule.parameter else 0
    seen = rule.look(sight, n)
    if seen is None:
        return None
    after, facts = seen
    return Cause(condition.rule, after, f"{facts}，符合“{rule.title.format(n=n)}”的督办条件。")


# reporting


def _return_overdue(s: Sight, n: int) -> Seen:
    late = [(p, due) for p, due in s.facts.overdue if s.calendar.between(due, s.as_of) >= n]
    seen = _listed(
        late,
        lambda due: (
            f"报送截止日为{day_text(due)}，至{day_text(s.as_of)}仍未收到，"
            f"已逾期{s.calendar.between(due, s.as_of)}个工作日"
        ),
    )
    return seen and (seen[0], seen[1] + _silence(s.facts.joint_clauses))


def _silence(clauses: tuple[str, ...]) -> str:
    """Name the shared duties a silent co-owner leaves its partners alone with."""
    if not clauses:
        return ""
    more = f"等{len(clauses)}项任务" if len(clauses) > _TOLD else "项任务"
    return f"，与其他单位共同负责的第{'、'.join(clauses[:_TOLD])}{more}未见进展说明"


def _not_corrected(s: Sight, n: int) -> Seen:
    waiting = [(p, day) for p, day in s.facts.uncorrected if s.calendar.between(day, s.as_of) > n]
    return _listed(
        waiting,
        lambda day: (
            f"于{day_text(day)}退回更正，至{day_text(s.as_of)}尚未重新报送，"
            f"已过{s.calendar.between(day, s.as_of)}个工作日"
        ),
    )


def _listed(returns: list[tuple[Period, date]], tell: Callable[[date], str]) -> Seen:
    if not returns:
        return None
    return max(day for _, day in returns), "；".join(f"{p.label}报表{tell(day)}" for p, day in returns)


def _late_running(s: Sight, n: int) -> Seen:
    if s.facts.late_running < n:
        return None
    newest = max((day for _, day in (*s.facts.overdue, *s.facts.uncorrected)), default=date.min)
    return newest, f"截至{day_text(s.as_of)}，月度报表已连续{s.facts.late_running}期迟报或未报"


# progress


def _light_red(s: Sight, _: int) -> Seen:
    if not _ends_in(s, _RED, 1):
        return None
    return _newest(s).ends_on, f"截至{day_text(s.as_of)}，该项指标{_newest(s).label}进度亮红灯"


def _light_yellow(s: Sight, n: int) -> Seen:
    if not _ends_in(s, _YELLOW, n):
        return None
    months = "、".join(p.label for p, _ in s.facts.lights[-n:])
    return _newest(s).ends_on, f"截至{day_text(s.as_of)}，该项指标{months}连续{n}个月亮黄灯"


def _red_running(s: Sight, n: int) -> Seen:
    opened = s.facts.opened_on
    first = Period.of(opened).previous if opened else Period(1, 1)
    red = _trailing(light == _RED and period >= first for period, light in s.facts.lights)
    if red < n or not s.facts.path_confirmed:
        return None
    return _newest(s).ends_on, f"截至{day_text(s.as_of)}，该项指标在本督办事项内已连续{red}个月亮红灯"


def _still_red(s: Sight, new_figures: int) -> Seen:
    if s.run_out is None or not _ends_in(s, _RED, 1):
        return None
    last, ended = s.run_out
    if new_figures and _newest(s) < Period.of(last.proposed_on):
        return None
    until = f"{s.letter(last)}期限已于{day_text(ended)}届满，至{day_text(s.as_of)}"
    return _newest(s).ends_on, f"{until}，该项指标{_newest(s).label}进度仍亮红灯"


def _newest(s: Sight) -> Period:
    return s.facts.lights[-1][0]


def _ends_in(s: Sight, light: str, n: int) -> bool:
    return s.facts.path_confirmed and _trailing(seen == light for _, seen in s.facts.lights) >= n


def _trailing(flags: Iterable[bool]) -> int:
    count = 0
    for flag in flags:
        count = count + 1 if flag else 0
    return count


# the letter before


def _reply_overdue(s: Sight, _: int) -> Seen:
    if s.run_out is None or _settled(s.run_out[0]) or s.run_out[0].answered_on:
        return None
    last, ended = s.run_out
    return ended, f"{s.letter(last)}答复期限为{day_text(ended)}，至{day_text(s.as_of)}未收到答复"


def _reply_refused(s: Sight, _: int) -> Seen:
    if s.run_out is None or s.run_out[0].letter_state is not LetterState.OVERDUE:
        return None
    last, ended = s.run_out
    if last.answered_on is None:
        return None
    until = f"{s.letter(last)}期限已于{day_text(ended)}届满"
    return ended, f"{until}，{day_text(last.answered_on)}的答复未获认可"


def _not_accepted(s: Sight, _: int) -> Seen:
    if s.run_out is None or _settled(s.run_out[0]):
        return None
    last, ended = s.run_out
    answer = f"{day_text(last.answered_on)}曾有答复" if last.answered_on else "未收到答复"
    until = f"{s.letter(last)}办理期限为{day_text(ended)}，{answer}"
    return ended, f"{until}，至{day_text(s.as_of)}整改未获认可"


def _settled(taken: StepTaken) -> bool:
    return taken.letter_state is LetterState.ACCEPTED or taken.accepted_on is not None


# major risks


def _major_risk(s: Sight, _: int) -> Seen:
    return date.min, f"截至{day_text(s.as_of)}，该事项登记为重大风险隐患，尚未消除"


_REPORTING = frozenset({Track.REPORTING})
_PROGRESS = frozenset({Track.PROGRESS})
_BOTH = _REPORTING | _PROGRESS

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "return-overdue": Rule(
            "报表逾期", "报表逾期满{n}个工作日", "working_days", _REPORTING, False, _return_overdue
        ),
        "not-corrected": Rule(
            "退回后未更正", "退回后{n}个工作日内未更正", "working_days", _REPORTING, False, _not_corrected
        ),
        "late-running": Rule("连续逾期", "连续{n}期迟报或未报", "periods", _REPORTING, True, _late_running),
        "light-red": Rule("指标红灯", "指标亮红灯", None, _PROGRESS, False, _light_red),
        "light-yellow": Rule("连续黄灯", "连续{n}个月亮黄灯", "periods", _PROGRESS, False, _light_yellow),
        "red-running": Rule("连续红灯", "连续{n}个月亮红灯", "periods", _PROGRESS, True, _red_running),
        "still-red": Rule("期满仍为红灯", "期限届满仍亮红灯", "new_figures", _PROGRESS, True, _still_red),
        "reply-overdue": Rule("逾期未答复", "文书逾期未答复", None, _BOTH, True, _reply_overdue),
        "reply-refused": Rule("答复未获认可", "答复未获认可", None, _BOTH, True, _reply_refused),
        "not-accepted": Rule("整改未获认可", "整改逾期或未获认可", None, _BOTH, True, _not_accepted),
        "major-risk": Rule(
            "重大风险隐患", "存在重大风险隐患", None, frozenset({Track.MAJOR_RISK}), False, _major_risk
        ),
    }
)

# What `Proposal.rule` can name: a condition, or why a case closes or nothing more is sent.
RULE_NAMES: Mapping[str, str] = MappingProxyType(
    {id: rule.name for id, rule in RULES.items()}
    | {
        "fulfilled": "已按要求办结",
        "lifted": "挂牌督办已解除",
        "cap-reached": "已到该单位最高措施",
        "top-reached": "已到最后一步",
        "plan-overdue": "方案逾期未报",
        "not-lettered": "只公示不发文",
    }
)


def condition_title(ladder: Ladder, track: Track, step: str, rule: str) -> tuple[str, str] | None:
    """Name the condition a step was proposed by: which rung it stands at (`第2步整改通知书`), and its words.

    None for a rule the track does not have (any more).
    """
    if rule == "fulfilled":
        return "解除挂牌", RULE_NAMES[rule]
    rungs = list(enumerate(ladder.rungs(track), 1))
    for n, rung in sorted(rungs, key=lambda numbered: numbered[1].step != step):  # its own rung first
        for condition in rung.when:
            if condition.rule == rule:
                parameter = RULES[rule].parameter
                value = getattr(condition, parameter) if parameter else None
                return f"第{n}步{ladder.step(rung.step).document}", RULES[rule].title.format(n=value)
    return None
