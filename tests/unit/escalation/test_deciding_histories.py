"""Deciding over whole histories: a small simulator issues, serves and answers what `decide` proposes.

The days a person acts on are drawn by hypothesis; what must hold is held against every day of the history.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from include.escalation import LETTER_LIFE, Ladder, clock_ends_on, decide, move_letter, reply_due
from include.plan import Period
from include.plan.model import Standing
from include.records.escalation import CaseFacts, LetterState, Proposal, StepTaken, Track
from tests.spec.escalation.procedure import CALENDAR, LADDER, switched

calm = settings(deadline=None, derandomize=True, max_examples=40)
FIRST, DAYS = date(2024, 3, 8), 130  # 8 March is a day after February's due day
ALL_ON = switched(interview_on_reporting=True, listing_after_interview=True)
LADDERS = st.sampled_from((LADDER, ALL_ON, switched(continue_from_last_step=False)))
# What a person may do on a day, and how likely. Most days nobody does anything.
ACTS = {
    "": 50, "sign": 20, "serve": 20, "answer": 5, "refuse": 4, "expire": 4,
    "accept": 1, "waive": 1, "extend": 1,
}  # fmt: skip
History = tuple["World", list[str], list[str]]  # the matter, what is done each day, the lights to come


@dataclass
class World:
    """One matter and what became of it, day by day."""

    facts: CaseFacts
    ladder: Ladder
    steps: list[tuple[date, Proposal]] = field(default_factory=list)
    closed_on: date | None = None

    def look(self, day: date) -> Proposal | None:
        """Ask `decide`, and do what the office does with a proposal: draft the letter, close the case."""
        proposals = decide((self.facts,), self.ladder, CALENDAR, day)
        proposal = proposals[0] if proposals else None
        if proposal and proposal.action == "open-step":
            self.steps.append((day, proposal))
            step = StepTaken(proposal.step, proposal.round, day, LetterState.WAITING, None, None, None, None)
            opened = self.facts.opened_on or day
            self.facts = replace(self.facts, case_id=1, opened_on=opened, steps=(*self.facts.steps, step))
        elif proposal and proposal.action == "close":
            self.closed_on = day
        return proposal

    def act(self, what: str, day: date) -> None:
        """Do something to the last letter, if its life allows it, or to the case."""
        if what == "extend":
            self.facts = replace(self.facts, extension_until=day + timedelta(days=9))
        elif what == "reason":
            self.facts = replace(self.facts, accepted_reason=not self.facts.accepted_reason)
        elif self.facts.steps:
            *before, last = self.facts.steps
            self.facts = replace(self.facts, steps=(*before, self._moved(last, what, day)))

    def _moved(self, last: StepTaken, what: str, day: date) -> StepTaken:
        events, state = ("sign", "number") if what == "sign" else (what,), last.letter_state
        early = what == "expire" and (last.reply_due_on is None or last.reply_due_on >= day)
        if not LETTER_LIFE.may(state, events[0]) or early:
            return last
        for event in events:
            state = move_letter(state, event)
        due = reply_due(day, last.step, self.ladder, CALENDAR)
        changes = {
            "serve": {"served_on": day, "reply_due_on": due},
            "answer": {"answered_on": day},
            "accept": {"accepted_on": day},
        }.get(what, {})
        return replace(last, letter_state=state, **changes)

    def news(self, day: date, light: str) -> None:
        """Let a month come due: another return missing, another light."""
        period = Period.of(day).previous
        due = CALENDAR.add(period.ends_on, 5)
        if self.facts.track is Track.REPORTING and light == "red":
            overdue = (*self.facts.overdue, (period, due))
            self.facts = replace(self.facts, overdue=overdue, late_running=self.facts.late_running + 1)
        elif self.facts.track is Track.PROGRESS:
            self.facts = replace(self.facts, lights=(*self.facts.lights, (period, light)))


@st.composite
def matters(draw: st.DrawFn) -> CaseFacts:
    track = draw(st.sampled_from((Track.REPORTING, Track.PROGRESS, Track.MAJOR_RISK)))
    february = Period(2024, 2)
    return CaseFacts(
        case_id=1 if track is Track.MAJOR_RISK else None,
        agency_id="a",
        track=track,
        matter="m",
        standing=draw(st.sampled_from((*[Standing.GOVERNMENT] * 5, *Standing))),
        letters=True,
        opened_on=FIRST if track is Track.MAJOR_RISK else None,
        steps=(),
        extension_until=None,
        accepted_reason=False,
        carried_step=draw(st.sampled_from((None, None, "reminder")))
        if track is not Track.MAJOR_RISK
        else None,
        overdue=((february, date(2024, 3, 7)),) if track is Track.REPORTING else (),
        late_running=1 if track is Track.REPORTING else 0,
        lights=((february, "red"),) if track is Track.PROGRESS else (),
    )


LIGHTS = st.lists(st.sampled_from(("red", "red", "yellow", "green")), min_size=6, max_size=6)


@st.composite
def histories(draw: st.DrawFn, days: int = DAYS) -> History:
    acts = draw(st.randoms(use_true_random=True)).choices(list(ACTS), ACTS.values(), k=days)
    if draw(st.booleans()):  # a reason is accepted one day, and no longer on another
        for day in (draw(st.integers(0, days - 1)), draw(st.integers(0, days - 1))):
            acts[day] = "reason"
    return World(draw(matters()), draw(LADDERS)), acts, draw(LIGHTS)


def is_due_day(day: date) -> bool:
    return day == CALENDAR.add(Period.of(day).previous.ends_on, 6)


def play(world: World, acts: list[str], lights: list[str], *, asleep: range = range(0)) -> None:
    """Live through the days; on those `asleep` the office does not look."""
    coming = iter(lights)
    for n, what in enumerate(acts):
        day = FIRST + timedelta(days=n)
        if is_due_day(day) and n:
            world.news(day, next(coming, "red"))
        if n not in asleep and world.closed_on is None:
            world.look(day)
        world.act(what, day)


@calm
@given(histories())
def test_a_case_never_takes_two_steps_on_a_day_nor_the_same_round_twice(
    history: History,
):
    world, acts, lights = history
    play(world, acts, lights)
    assert len({day for day, _ in world.steps}) == len(world.steps)
    assert len({(p.step, p.round) for _, p in world.steps}) == len(world.steps)


@calm
@given(histories())
def test_no_step_is_taken_while_a_clock_runs_or_a_person_has_the_word(
    history: History,
):
    world, acts, lights = history
    coming = iter(lights)
    for n, what in enumerate(acts):
        day, before = FIRST + timedelta(days=n), world.facts
        if is_due_day(day) and n:
            world.news(day, next(coming, "red"))
        proposal = world.look(day)
        if proposal and proposal.action == "open-step":
            ends = [clock_ends_on(s, world.ladder, CALENDAR) for s in before.steps if s.served_on]
            assert all(end is not None and end < day for end in ends)
            assert not before.accepted_reason
            assert before.extension_until is None or before.extension_until < day
            waiting = {LetterState.DRAFT, LetterState.WAITING, LetterState.NUMBERED}
            assert not waiting & {s.letter_state for s in before.steps}
        world.act(what, day)


@calm
@given(histories())
def test_the_days_steps_only_climb_until_somebody_sets_one_aside(history: History):
    """Monotone: within a case the ladder is never gone down."""
    world, acts, lights = history
    play(world, acts, lights)
    order = ["reminder", "rectification", "interview", "listing", "lifting"]
    heights = [order.index(p.step) for _, p in world.steps]
    assert heights == sorted(heights)


@calm
@given(histories(), st.integers(0, DAYS - 1))
def test_asking_twice_on_any_day_of_a_history_gives_the_same(history: History, until: int):
    world, acts, lights = history
    play(world, acts[:until], lights)
    day = FIRST + timedelta(days=until)
    asked = [decide((world.facts,), world.ladder, CALENDAR, day) for _ in range(2)]
    assert asked[0] == asked[1]


@calm
@given(histories(), st.integers(0, DAYS - 1))
def test_closing_what_was_asked_closes_the_case_on_any_day(history: History, until: int):
    world, acts, lights = history
    play(world, acts[:until], lights)
    if world.facts.case_id is None:
        return
    done = World(replace(world.facts, fulfilled=True), world.ladder)
    day, days = FIRST + timedelta(days=until), 0
    while done.closed_on is None and days < 10:  # a listing in force is lifted first
        done.look(day + timedelta(days=days))
        done.act("sign", day + timedelta(days=days))
        done.act("serve", day + timedelta(days=days))
        days += 1
    assert done.closed_on is not None
    assert [p.step for _, p in done.steps] in ([], ["lifting"])


@calm
@given(histories(), st.integers(0, DAYS - 40), st.integers(1, 39))
def test_after_an_outage_today_alone_gives_what_each_missed_day_would_have_given_with_nothing_issued(
    history: History, begins: int, missed: int
):
    world, acts, lights = history
    play(world, acts[:begins], lights)
    if world.closed_on is not None:
        return
    today = FIRST + timedelta(days=begins + missed)
    each, alone = World(world.facts, world.ladder), World(world.facts, world.ladder)
    for n in range(missed + 1):
        each.look(FIRST + timedelta(days=begins + n))
        if each.closed_on is not None:
            break
    alone.look(today)
    assert [(p.step, p.round) for _, p in each.steps] == [(p.step, p.round) for _, p in alone.steps]
    assert len(alone.steps) <= 1
    assert all(day == today and alone.facts.steps[-1].proposed_on == today for day, _ in alone.steps)
    assert all(s.reply_due_on is None for s in alone.facts.steps[len(world.facts.steps) :]), "no clock yet"
    assert (each.closed_on is None) == (alone.closed_on is None)


@calm
@given(histories(), st.integers(0, DAYS - 1))
def test_a_letter_marked_overdue_decides_nothing(history: History, until: int):
    """`escalate` marks unanswered letters; with the mark or without it, the same is proposed."""
    world, acts, lights = history
    play(world, acts[:until], lights)
    day = FIRST + timedelta(days=until)
    marked = World(world.facts, world.ladder)
    marked.act("expire", day)
    assert decide((world.facts,), world.ladder, CALENDAR, day) == decide(
        (marked.facts,), world.ladder, CALENDAR, day
    )
