"""What is judged (`Checked`) and what is remembered while judging (`Past`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from include.plan.model import Plan
from include.plan.period import Period
from include.records.figures import FilledForm, Role
from include.records.findings import Finding

Figures = Mapping[tuple[str, Role], Decimal]  # by (indicator id, role)


@dataclass(frozen=True, slots=True)
class Checked:
    """One return whose content is to be judged. `findings` are what the reader found already."""

    submission_id: int
    form: FilledForm
    plan: Plan  # in force in the period
    agency_id: str
    period: Period
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an agency before this return.

    `figures` are its newest accepted ones of the year's earlier months, `texts` last month's by clause id,
    `names` the (indicator id, name) listed so far this year, `peers` other agencies' accepted figures of the
    same period by agency id, `changed` the indicators whose definition changed since the month before.
    """

    figures: Figures = field(default_factory=dict[tuple[str, Role], Decimal])
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    names: tuple[tuple[str, str], ...] = ()
    peers: Mapping[tuple[str, Role], Mapping[str, Decimal]] = field(
        default_factory=dict[tuple[str, Role], Mapping[str, Decimal]]
    )
    changed: frozenset[str] = frozenset()


History = Mapping[tuple[str, Period], Past]  # by (agency id, period)
