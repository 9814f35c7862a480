"""Loading `ladder.yaml`, strictly: whatever is wrong is named with file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from include.errors import PlanError
from include.escalation.conditions import RULES
from include.escalation.ladder import Condition, Ladder, Rung
from include.escalation.names import LADDER_ORDER, STANDING_NAMES, Step
from include.plan.model import Standing
from include.plan.yaml_file import YamlFile, read_yaml
from include.records.escalation import Track

_Loc = tuple[str | int, ...]
_PARAMETERS = ("working_days", "periods", "new_figures")


def load_ladder(path: Path) -> Ladder:
    """Load a ladder.

    Raises:
        PlanError: an unknown key, step, rule, role or standing; a wrong type; a standing without a cap; a ladder that
            can skip a step, loop or never end. Every fault with file and line.
    """
    file = read_yaml(path)
    try:
        ladder = Ladder.model_validate_json(json.dumps(file.data))
    except ValidationError as error:
        raise PlanError("\n".join(_complaints(file, error))) from error
    except TypeError as error:  # a date or another value JSON does not know
        raise PlanError(f"{path}: {error}") from error
    faults = [f"{file.at(loc)}: {fault}" for loc, fault in _faults(ladder)]
    if faults:
        raise PlanError("\n".join(faults))
    return ladder


def _complaints(file: YamlFile, error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        loc = tuple(key for key in problem["loc"] if key != "[key]")
        yield f"{file.at(loc)}: {'.'.join(map(str, loc))}: {problem['msg']}"


def _faults(ladder: Ladder) -> Iterator[tuple[_Loc, str]]:
    yield from _steps(ladder)
    yield from _caps(ladder)
    for track in (Track.REPORTING, Track.PROGRESS):
        if track not in ladder.tracks:
            yield ("tracks",), f"no track {track.value!r}"
    for track, rungs in ladder.tracks.items():
        yield from _order(ladder, track)
        for n, rung in enumerate(rungs):
            yield from _rung(track, n, rung)
    if any(n < 0 for n in ladder.chaser.working_days_before):
        yield (
            ("chaser", "working_days_before"),
            "a chaser goes out before or on the due date: expected 0 or more",
        )


def _steps(ladder: Ladder) -> Iterator[tuple[_Loc, str]]:
    for step in Step:
        rule = ladder.steps.get(step)
        if rule is None:
            yield ("steps",), f"no step {step.value!r}"
        elif step is not Step.LIFTING and not rule.reply_days:
            yield (
                ("steps", step.value),
                f"step {step.value!r} has no reply_days: its clock would never run out",
            )
        elif rule.automatic and step is not Step.REMINDER:
            yield (
                ("steps", step.value, "automatic"),
                f"{step.value!r} waits for a named approver: not automatic",
            )


def _caps(ladder: Ladder) -> Iterator[tuple[_Loc, str]]:
    for standing in Standing:
        if standing not in ladder.standings:
            yield ("standings",), f"standing {standing.value!r} ({STANDING_NAMES[standing]}) has no cap"
    for standing, cap in ladder.standings.items():
        if cap.highest is Step.LIFTING:
            yield ("standings", standing.value, "highest"), "lifting is no step up"


def _order(ladder: Ladder, track: Track) -> Iterator[tuple[_Loc, str]]:
    """Each step of a track is the one after the last: nothing is skipped, nothing comes twice."""
    place: _Loc = ("tracks", track.value)
    if track is Track.MAJOR_RISK:
        if [r.step for r in ladder.tracks[track]] != [Step.LISTING]:
            yield place, "a major risk is listed at once: expected the one step 'listing'"
        return
    steps = [r.step for r in ladder.rungs(track)]
    for n, rung in enumerate(ladder.tracks[track]):
        seen = [r.step for r in ladder.tracks[track][:n]]
        if rung.step is Step.LIFTING:
            yield (*place, n), "lifting ends a listing; it is no rung"
        elif seen and LADDER_ORDER.index(rung.step) <= max(map(_height, seen)):
            yield (*place, n), f"the ladder loops: {rung.step.value!r} does not come after {seen[-1].value!r}"
    for wanted, found in zip(LADDER_ORDER, steps, strict=False):
        if wanted is not found and found in LADDER_ORDER and _height(found) > _height(wanted):
            yield place, f"the ladder skips a step: {found.value!r} without {wanted.value!r}"
            return
    if not steps:
        yield place, "no step is switched on"


def _height(step: Step) -> int:
    return LADDER_ORDER.index(step) if step in LADDER_ORDER else len(LADDER_ORDER)


def _rung(track: Track, n: int, rung: Rung) -> Iterator[tuple[_Loc, str]]:
    place: _Loc = ("tracks", track.value, n)
    known = [(m, c) for m, c in enumerate(rung.when) if c.rule in RULES]
    for m, condition in enumerate(rung.when):
        yield from _condition(track, (*place, "when", m), condition)
    follows = [RULES[c.rule].follows for _, c in known]
    if n == 0 and any(follows):
        yield place, "the first step needs conditions that hold without a letter before it"
    if n > 0 and known and not any(_asks_after(c) for _, c in known):
        yield (
            place,
            (
                f"the ladder may never end: {rung.step.value!r} needs a condition on the letter before it"
                " (reply-overdue, not-accepted, still-red)"
            ),
        )


def _asks_after(condition: Condition) -> bool:
    """Tell whether a condition looks at the clock of the letter before."""
    return condition.rule in ("reply-overdue", "not-accepted", "still-red")


def _condition(track: Track, place: _Loc, condition: Condition) -> Iterator[tuple[_Loc, str]]:
    rule = RULES.get(condition.rule)
    if rule is None:
        yield (*place, "rule"), f"unknown rule {condition.rule!r}; expected one of: {', '.join(RULES)}"
        return
    if track not in rule.tracks:
        yield (*place, "rule"), f"rule {condition.rule!r} says nothing on the track {track.value!r}"
    for name in _PARAMETERS:
        given = getattr(condition, name) is not None
        if given and name != rule.parameter:
            yield (*place, name), f"rule {condition.rule!r} takes no {name}"
        if not given and name == rule.parameter:
            yield place, f"rule {condition.rule!r} needs {name}"
