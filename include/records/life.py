"""The life of a thing as one table: its states, its events, and what each event makes of each state.

Whatever is not in the table is refused with what it must be first: no pair of state and event is unanswered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from include.errors import RefusedError

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Life(Generic[State]):
    """One table of states. `states` and `events` give the Chinese names users read."""

    what: str  # `letter`: what it is the life of, in code
    title: str  # 文书
    first: State
    states: Mapping[str, str]
    events: Mapping[str, str]
    moves: Mapping[tuple[State, str], State]

    @property
    def final(self) -> tuple[str, ...]:
        """Give the states nothing leads out of, in order."""
        leaving = {before for (before, _), after in self.moves.items() if before != after}
        return tuple(state for state in self.states if state not in leaving)

    def may(self, state: State, event: str) -> bool:
        """Tell whether the event may happen in that state."""
        return (state, event) in self.moves

    def move(self, state: State, event: str) -> State:
        """Give the state the event leads to. Raises: RefusedError saying what it must be first."""
        if not self.may(state, event):
            raise RefusedError(self._refusal(state, event))
        return self.moves[state, event]

    def diagram(self) -> str:
        """Draw the table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", *(f"    {state}: {name}" for state, name in self.states.items())]
        lines += [f"    [*] --> {self.first}"]
        lines += [f"    {before} --> {after}: {self.events[e]}" for (before, e), after in self.moves.items()]
        lines += [f"    {state} --> [*]" for state in self.final]
        return "\n".join(lines) + "\n"

    def _refusal(self, state: State, event: str) -> str:
        if event not in self.events:
            return f"{self.title}没有“{event}”这一步；有：{'、'.join(self.events)}"
        wanted = "、".join(dict.fromkeys(self.states[s] for s, e in self.moves if e == event))
        end = "，已是最终状态" if state in self.final else ""
        return f"{self.title}现为“{self.states[state]}”{end}，不能{self.events[event]}；须为“{wanted}”"
