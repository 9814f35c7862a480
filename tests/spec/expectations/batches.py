"""Judging many returns at once, each against its own past."""

from __future__ import annotations

from collections.abc import Sequence

from include.expectations import Past, validate
from include.records.figures import FilledForm
from include.records.findings import Finding
from tests.spec.expectations.forms import checked, past_of


def judged_together(cases: Sequence[tuple[FilledForm, Past | None]]) -> list[tuple[Finding, ...]]:
    """Judge all in one batch, each held against its own past."""
    batch = [checked(form, number) for number, (form, _) in enumerate(cases)]
    history = {
        c.submission_id: past or past_of(c.agency_id, c.period)
        for c, (_, past) in zip(batch, cases, strict=True)
    }
    found = validate(batch, history)
    return [found[number] for number in range(len(cases))]
