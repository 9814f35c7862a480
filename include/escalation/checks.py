"""What must hold of a ladder as a whole: it reaches every agency, skips nothing, never loops, and ends."""

from __future__ import annotations

from collections.abc import Iterator

from include.escalation.conditions import RULES
from include.escalation.ladder import Condition, Ladder, Rung
from include.escalation.names import LADDER_ORDER, STANDING_NAMES, Approver, Step
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
    """Give everything that is wrong with a ladder whose form is right."""
    yield from _chaser(ladder)
    yield from _steps(ladder)
    yield from _caps(ladder)
    for track in _NEEDED:
        if track not in ladder.tracks:
            yield ("tracks",), f"no track {track.value!r}"
    for track, rungs in ladder.tracks.items():
        if track is Track.INSTRUCTION:
            yield (
                ("tracks", track.value),
                "an instruction （批示） has a date of its own, outside the ladder",
            )
            continue
        yield from _order(ladder, track)
        yield from _rungs(track, rungs)


def _chaser(ladder: Ladder) -> Iterator[Fault]:
    if any(days < 0 for days in ladder.chaser.working_days_before):
        yield ("chaser", "working_days_before"), "a chaser goes out before or on the due date: 0 or more"


def _steps(ladder: Ladder) -> Iterator[Fault]:
    for step in Step:
        rule = ladder.steps.get(step)
        if rule is None:
            yield ("steps",), f"no step {step.value!r}"
        elif rule.automatic and step is not Step.REMINDER:
            yield ("steps", step.value, "automatic"), f"{step.value!r} always waits for a named approver"
        elif not rule.reply_days and step is not Step.LIFTING:
            yield ("steps", step.value), f"{step.value!r} has no reply_days: its clock would never run out"
        elif rule.done_days and rule.done_days < rule.reply_days:
            yield (
                ("steps", step.value, "done_days"),
                f"{step.value!r} is to be done before its answer is due (reply_days {rule.reply_days})",
            )
        elif rule.extension_ask_days and rule.extension_ask_days >= rule.done_days:
            yield (
                ("steps", step.value, "extension_ask_days"),
                f"an extension could never be asked for: {step.value!r} has done_days {rule.done_days}",
            )


def _caps(ladder: Ladder) -> Iterator[Fault]:
    for standing in Standing:
        cap = ladder.standings.get(standing)
        if cap is None:
            yield ("standings",), f"no cap for {standing.value!r} ({STANDING_NAMES[standing]})"
        elif cap.highest is Step.LIFTING:
            yield ("standings", standing.value, "highest"), "'lifting' ends a listing, it is no step up"
        elif standing in _OWN and cap.highest is not None and cap.approver is not Approver.COMMISSION:
            yield (
                ("standings", standing.value),
                f"letters to {standing.value!r} need an approver outside it: approver: commission",
            )


def _order(ladder: Ladder, track: Track) -> Iterator[Fault]:
    """Hold a track against the ladder: its steps that are on are the first so many, in that order."""
    place: Place = ("tracks", track.value)
    allowed = (Step.LISTING,) if track is Track.MAJOR_RISK else LADDER_ORDER
    reached = -1
    for n, rung in enumerate(ladder.tracks[track]):
        if rung.step not in allowed:
            yield (*place, n, "step"), f"{rung.step.value!r} is no step of the track {track.value!r}"
            continue
        if allowed.index(rung.step) <= reached:
            yield (*place, n, "step"), f"the ladder loops: {rung.step.value!r} was passed already"
        reached = max(reached, allowed.index(rung.step))
    on = [rung.step for rung in ladder.rungs(track) if rung.step in allowed]
    if not on:
        yield place, "no step of the track is switched on"
        return
    for skipped in (step for step in allowed[: allowed.index(on[-1])] if step not in on):
        yield place, f"the ladder skips a step: {on[-1].value!r} can be reached without {skipped.value!r}"


def _rungs(track: Track, rungs: tuple[Rung, ...]) -> Iterator[Fault]:
    for n, rung in enumerate(rungs):
        place: Place = ("tracks", track.value, n)
        for m, condition in enumerate(rung.when):
            yield from _condition(track, (*place, "when", m), condition)
        rules = [condition.rule for condition in rung.when if condition.rule in RULES]
        if n == 0 and any(RULES[rule].follows for rule in rules):
            yield place, "the first step needs conditions that hold with no letter before it"
        if n > 0 and not any(way <= set(rules) for way in _WAYS_UP):
            needs = "not-accepted, or reply-overdue with reply-refused"
            yield place, f"the ladder may never end: {rung.step.value!r} needs {needs}"


def _condition(track: Track, place: Place, condition: Condition) -> Iterator[Fault]:
    rule = RULES.get(condition.rule)
    if rule is None:
        yield (*place, "rule"), f"unknown rule {condition.rule!r}; expected one of: {', '.join(RULES)}"
        return
    if track not in rule.tracks:
        yield (*place, "rule"), f"rule {condition.rule!r} says nothing on the track {track.value!r}"
    for name in _PARAMETERS:
        given, wanted = getattr(condition, name) is not None, name == rule.parameter
        if given and not wanted:
            yield (*place, name), f"rule {condition.rule!r} takes no {name}"
        if wanted and not given:
            yield place, f"rule {condition.rule!r} needs {name}"
