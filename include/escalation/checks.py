"""What must hold of a ladder as a whole: it reaches every agency, skips nothing, never loops, and ends."""

from __future__ import annotations

from collections.abc import Iterator

from include.escalation.conditions import RULES
from include.escalation.ladder import Condition, Ladder, Rung
from include.escalation.names import LADDER_ORDER, STANDING_NAMES, STEP_NAMES, TRACK_NAMES, Approver, Step
from include.plan.model import Standing
from include.records.escalation import Track

Place = tuple[str | int, ...]
Fault = tuple[Place, str]  # where in the file, and what is wrong

_NEEDED = (Track.REPORTING, Track.PROGRESS)
_OWN = (Standing.HOST, Standing.OFFICE)  # the office and the agency it sits in: others approve
_PARAMETERS = ("working_days", "periods", "new_figures")
# Once the clock of the letter before has run out, one of these sets holds, whether it was left unanswered or
# its reply was refused. What only looks at the light, or only at silence, could leave a case for ever.
_WAYS_UP = (frozenset({"not-accepted"}), frozenset({"reply-overdue", "reply-refused"}))


def faults(ladder: Ladder) -> Iterator[Fault]:
    """Give everything that is wrong with a ladder whose form is right, as `what was found；what to do`."""
    yield from _chaser(ladder)
    yield from _steps(ladder)
    yield from _caps(ladder)
    for track in _NEEDED:
        if track not in ladder.tracks:
            yield ("tracks",), f"缺 {track.value}（{TRACK_NAMES[track]}）；补上"
    for track, rungs in ladder.tracks.items():
        if track is Track.INSTRUCTION:
            yield (
                ("tracks", track.value),
                "批示各有自己的期限，不在递进措施里；删去 instruction",
            )
            continue
        yield from _order(ladder, track)
        yield from _rungs(track, rungs)


def _named(step: Step) -> str:
    return f"{step.value}（{STEP_NAMES[step]}）"


def _chaser(ladder: Ladder) -> Iterator[Fault]:
    if any(days < 0 for days in ladder.chaser.working_days_before):
        yield ("chaser", "working_days_before"), "催报写在截止日以后；应为 0（截止日当天）或更大的数"


def _steps(ladder: Ladder) -> Iterator[Fault]:
    for step in Step:
        rule = ladder.steps.get(step)
        if rule is None:
            yield ("steps",), f"缺 {_named(step)}；补上"
        elif rule.automatic and step is not Step.REMINDER:
            yield (
                ("steps", step.value, "automatic"),
                f"{_named(step)}不能自动发出；automatic 只有 reminder 可以写 true",
            )
        elif not rule.reply_days and step is not Step.LIFTING:
            yield ("steps", step.value), f"{_named(step)}没有答复期限，永远不会到期；写 reply_days"
        elif rule.done_days and rule.done_days < rule.reply_days:
            yield (
                ("steps", step.value, "done_days"),
                f"{_named(step)}办结早于答复（{rule.reply_days} 日）；done_days 不小于 reply_days",
            )
        elif rule.extension_ask_days and rule.extension_ask_days >= rule.done_days:
            yield (
                ("steps", step.value, "extension_ask_days"),
                f"{_named(step)}来不及申请延期；extension_ask_days 应小于 done_days（{rule.done_days}）",
            )


def _caps(ladder: Ladder) -> Iterator[Fault]:
    for standing in Standing:
        cap = ladder.standings.get(standing)
        if cap is None:
            yield ("standings",), f"缺 {standing.value}（{STANDING_NAMES[standing]}）最高到哪一步；补上"
        elif cap.highest is Step.LIFTING:
            yield (
                ("standings", standing.value, "highest"),
                f"{_named(Step.LIFTING)}是挂牌的结束，不是更高的一步；改为别的措施",
            )
        elif standing in _OWN and cap.highest is not None and cap.approver is not Approver.COMMISSION:
            yield (
                ("standings", standing.value),
                f"发给{STANDING_NAMES[standing]}的文书要由该单位以外的人签发；写 approver: commission",
            )


def _order(ladder: Ladder, track: Track) -> Iterator[Fault]:
    """Hold a track against the ladder: its steps that are on are the first so many, in that order."""
    place: Place = ("tracks", track.value)
    allowed = (Step.LISTING,) if track is Track.MAJOR_RISK else LADDER_ORDER
    reached = -1
    for n, rung in enumerate(ladder.tracks[track]):
        if rung.step not in allowed:
            yield (
                (*place, n, "step"),
                f"{TRACK_NAMES[track]}没有{_named(rung.step)}这一步；可用：{'、'.join(allowed)}",
            )
            continue
        if allowed.index(rung.step) <= reached:
            yield (*place, n, "step"), f"{_named(rung.step)}前面已经有了，会循环；每一步只写一次，由低到高"
        reached = max(reached, allowed.index(rung.step))
    on = [rung.step for rung in ladder.rungs(track) if rung.step in allowed]
    if not on:
        yield place, f"{TRACK_NAMES[track]}一步也没有启用；至少启用一步"
        return
    for skipped in (step for step in allowed[: allowed.index(on[-1])] if step not in on):
        yield place, f"跳过了{_named(skipped)}就到{_named(on[-1])}；补上或启用{_named(skipped)}"


def _rungs(track: Track, rungs: tuple[Rung, ...]) -> Iterator[Fault]:
    for n, rung in enumerate(rungs):
        place: Place = ("tracks", track.value, n)
        for m, condition in enumerate(rung.when):
            yield from _condition(track, (*place, "when", m), condition)
        rules = [condition.rule for condition in rung.when if condition.rule in RULES]
        if n == 0 and any(RULES[rule].follows for rule in rules):
            yield place, "第一步的条件要等上一份文书，永远不会成立；换成不看文书的条件"
        if n > 0 and not any(way <= set(rules) for way in _WAYS_UP):
            needs = "加上 not-accepted，或 reply-overdue 和 reply-refused 两条"
            yield place, f"{_named(rung.step)}的条件可能永远不成立，事项会一直停着；{needs}"


def _condition(track: Track, place: Place, condition: Condition) -> Iterator[Fault]:
    rule = RULES.get(condition.rule)
    if rule is None:
        yield (*place, "rule"), f"没有“{condition.rule}”这种条件；应为以下之一：{'、'.join(RULES)}"
        return
    if track not in rule.tracks:
        yield (*place, "rule"), f"条件 {condition.rule} 不用于{TRACK_NAMES[track]}；换一种条件"
    for name in _PARAMETERS:
        given, wanted = getattr(condition, name) is not None, name == rule.parameter
        if given and not wanted:
            yield (*place, name), f"条件 {condition.rule} 不要 {name}；删去"
        if wanted and not given:
            yield place, f"条件 {condition.rule} 没有写 {name}；补上"
