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

    `figures` are its newest accepted ones of the year's earlier months, all of an indicator from one month;
    `since` says by indicator id which, where it is not last month. `texts` are last month's by clause id,
    `names` the (indicator id, name) of its newest list, `names_from` that list's month, `peers` other
    agencies' accepted figures of the same period by agency id. What was reported under another definition
    than this period's is not among them, so nothing is held against it; `changed` names the indicators of
    which only such figures are known.
    """

    figures: Figures = field(default_factory=dict[tuple[str, Role], Decimal])
    since: Mapping[str, Period] = field(default_factory=dict[str, Period])
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    names: tuple[tuple[str, str], ...] = ()
    names_from: Period | None = None
    changed: frozenset[str] = frozenset()
    peers: Mapping[tuple[str, Role], Mapping[str, Decimal]] = field(
        default_factory=dict[tuple[str, Role], Mapping[str, Decimal]]
    )


History = Mapping[int, Past]  # by submission
