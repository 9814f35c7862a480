"""The catalogue of content rules, and which fault makes which other a mere consequence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from include.expectations.checks import Check
from include.expectations.cross_checks import FIELD_CHECKS, period_checks
from include.expectations.figure_checks import figure_checks
from include.expectations.text_checks import COVER_CHECKS, NAME_CHECKS, statement_checks
from include.plan.limits import Limits
from include.records.rules import Rule


@cache
def checks_by(limits: Limits) -> tuple[Check, ...]:
    """Give every check, by a plan's thresholds; which there are and their order never differ."""
    return (
        *COVER_CHECKS,
        *figure_checks(limits),
        *FIELD_CHECKS,
        *period_checks(limits),
        *NAME_CHECKS,
        *statement_checks(limits),
    )


CHECKS: tuple[Check, ...] = checks_by(Limits())  # by the thresholds of a plan that says nothing
RULES: tuple[Rule, ...] = tuple(check.rule for check in CHECKS)

READER = "reader"  # an error of the reader's about the same subject

_OF_A_WRONG_CUMULATIVE = (
    "cumulative-adds-up",
    "cumulative-covers-month",
    "cumulative-never-falls",
    "names-match-count",
)
_OF_A_WRONG_RATIO = (
    "ratio-falls",
    "ratio-jumps",
    "denominator-changes-much",
    "cohort-never-shrinks",
    "peers-disagree",
)

# Where the first is found, the others about the same indicator or clause are its consequences and stay
# unsaid. A warning never hides an error.
SUPPRESSES: Mapping[str, tuple[str, ...]] = {
    READER: ("cumulative-missing", *_OF_A_WRONG_CUMULATIVE, *_OF_A_WRONG_RATIO, "name-dropped"),
    "figure-missing": ("cumulative-missing", *_OF_A_WRONG_CUMULATIVE, "name-dropped"),
    "share-instead-of-count": ("figure-is-whole", "ratio-numerator-within-denominator", *_OF_A_WRONG_RATIO),
    "month-not-negative": (*_OF_A_WRONG_CUMULATIVE, "figure-not-negative", "name-dropped"),
    "figure-not-negative": (*_OF_A_WRONG_CUMULATIVE, *_OF_A_WRONG_RATIO, "level-falls"),
    "figure-within-measure": (
        *_OF_A_WRONG_CUMULATIVE,
        *_OF_A_WRONG_RATIO,
        "ratio-numerator-within-denominator",
        "count-far-above-target",
        "month-jumps",
    ),
    "figure-is-whole": _OF_A_WRONG_RATIO,
    "ratio-numerator-within-denominator": ("ratio-denominator-zero", *_OF_A_WRONG_RATIO),
    "ratio-denominator-zero": _OF_A_WRONG_RATIO,
    "denominator-changes-much": ("ratio-falls", "ratio-jumps"),
    "cumulative-never-falls": ("cumulative-adds-up", "names-match-count", "name-dropped"),
    "cumulative-adds-up": ("names-match-count", "count-far-above-target"),
    "cumulative-covers-month": ("names-match-count",),
    "name-listed-twice": ("names-match-count",),
    "name-is-a-name": ("name-has-basis", "names-match-count"),
    "names-match-count": ("name-dropped",),
    "nil-return-contradicts-figures": ("status-contradicts-figures",),
    "count-far-above-target": ("month-jumps",),
    "text-too-short": ("text-copied", "text-repeated"),
    "text-copied": ("text-repeated",),
    "done-needs-text": ("done-below-target",),
}
