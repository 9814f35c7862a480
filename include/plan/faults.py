"""Gathering what is wrong with a plan, so that all of it is told at once."""

from __future__ import annotations

from types import TracebackType

from include.errors import PlanError


class Faults:
    """`with faults:` ends a block at its first PlanError and keeps it; `settle` raises all that was kept."""

    def __init__(self) -> None:
        """Start with none."""
        self._told: list[str] = []

    def __enter__(self) -> Faults:
        """Enter a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep a PlanError; let everything else through."""
        if not isinstance(error, PlanError):
            return False
        self._told.append(str(error))
        return True

    def settle(self) -> None:
        """Raise what was kept, if anything. Raises: PlanError with every fault, a line each."""
        if self._told:
            raise PlanError("\n".join(self._told))
