"""Judging many returns at once, each against its own past."""

from __future__ import annotations

from collections.abc import Sequence

from include.expectations import Checked, Past, validate
from include.plan import Period
from include.records.figures import FilledForm
from include.records.findings import Finding
from tests.spec.expectations.forms import checked, past_of


def judged_together(cases: Sequence[tuple[FilledForm, Past | None]]) -> list[tuple[Finding, ...]]:
    """Judge in as few batches as pasts allow: a batch knows one past of an agency and period."""
    found: dict[int, tuple[Finding, ...]] = {}
    waiting = list(enumerate(cases))
    while waiting:
        history: dict[tuple[str, Period], Past] = {}
        batch: list[Checked] = []
        for number, (form, past) in waiting:
            key = (form.identity.agency_id, Period.parse(form.identity.period))
            held = history.setdefault(key, past or past_of(*key))
            if held == (past or past_of(*key)):
                batch.append(checked(form, number))
        found |= validate(batch, history)
        waiting = [case for case in waiting if case[0] not in found]
    return [found[number] for number in range(len(cases))]
