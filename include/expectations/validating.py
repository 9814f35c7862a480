"""`validate`: a chunk of returns → findings, in one Great Expectations run."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from importlib import import_module
from threading import Thread

from include.expectations.catalogue import RULES
from include.expectations.checked import Checked, History, Past
from include.expectations.checks import Check
from include.expectations.figure_rows import figure_rows, indicator_rows
from include.expectations.look import Look
from include.expectations.rows import Frame, Row
from include.expectations.telling import findings
from include.expectations.text_rows import form_row, name_rows, statement_rows
from include.records.findings import Finding

__all__ = ["RULES", "data_docs", "prepare", "validate"]

_ENGINE = "include.expectations.engine"


def prepare() -> None:
    """Import Great Expectations in the background, while files are still looked at and read.

    It costs seconds once a process; a `validate` that comes before it is done waits for the rest.
    """
    if _ENGINE not in sys.modules:
        Thread(target=import_module, args=(_ENGINE,), name="import Great Expectations").start()


def validate(checked: Sequence[Checked], history: History) -> dict[int, tuple[Finding, ...]]:
    """Judge the content of returns, a chunk in one run; findings by submission id, empty where all is well.

    Where plans of a chunk have thresholds of their own, it is a run for each set of thresholds.

    A return is held only against its own past and what is accepted of others (`history`), never against
    another return of the chunk: neither the order nor the company it comes in changes its findings.
    """
    from include.expectations import engine  # noqa: PLC0415 - costs seconds to import, once a process

    breaches: dict[int, list[tuple[Check, Row]]] = defaultdict(list)
    for limits in dict.fromkeys(c.plan.limits for c in checked):
        for frame, rows in _frames([c for c in checked if c.plan.limits == limits], history).items():
            found = engine.failures(frame, rows, limits) if rows else ()
            for check, place in sorted(found, key=lambda breach: breach[1]):
                breaches[rows[place].submission].append((check, rows[place]))
    return {c.submission_id: findings(breaches[c.submission_id], c.findings) for c in checked}


def data_docs(checked: Sequence[Checked], history: History, marks: str) -> dict[str, str]:
    """Give Great Expectations' own pages (HTML by title) on returns of one plan: a run and a second more.

    All are held against the thresholds of the latest month among them.
    """
    from include.expectations import docs_pages, engine  # noqa: PLC0415

    frames = _frames(checked, history)
    limits = max(checked, key=lambda c: c.period).plan.limits
    return {
        docs_pages.TITLES[f]: docs_pages.page(f, engine.run(f, rows, limits), marks)
        for f, rows in frames.items()
        if rows
    }


def _frames(checked: Sequence[Checked], history: History) -> dict[Frame, list[Row]]:
    """Lay the returns out as tidy frames."""
    looks = [Look.at(c, history.get(c.submission_id, Past())) for c in checked]
    return {
        Frame.FORMS: [form_row(look) for look in looks],
        Frame.FIGURES: [row for look in looks for row in figure_rows(look)],
        Frame.INDICATORS: [row for look in looks for row in indicator_rows(look)],
        Frame.NAMES: [row for look in looks for row in name_rows(look)],
        Frame.STATEMENTS: [row for look in looks for row in statement_rows(look)],
    }
