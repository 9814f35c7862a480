"""Names, statements and the cover → rows."""

from __future__ import annotations

from collections.abc import Iterator

from include.expectations.look import Look, count_unit, explain_at
from include.expectations.rows import FormRow, NameRow, StatementRow, shown
from include.expectations.words import meaning, quotable, same_name, same_text
from include.plan.model import Behaviour, Indicator
from include.records.figures import Cell, ClauseStatus, Role, Statement

COVER_SHEET = "封面"
_TOLD = frozenset([ClauseStatus.ADVANCING, ClauseStatus.DONE, ClauseStatus.LAGGING])
_MAY_STAND_STILL = frozenset([ClauseStatus.NIL, ClauseStatus.NOT_DUE, ClauseStatus.DONE])
_REACHED_BY_STEPS = frozenset([Behaviour.ACCUMULATE, Behaviour.NAMED, Behaviour.BUILD_UP, Behaviour.HOLD])


def form_row(look: Look) -> FormRow:
    """Give the row of the form itself."""
    form = look.checked.form
    people = {key: meaning(getattr(form, key)) for key in ("filled_by", "phone", "signed_by")}
    return FormRow(
        submission=look.checked.submission_id,
        subject="",
        name="",
        cells={key: form.cover.get(key, Cell(COVER_SHEET, "")) for key in (*people, "nil_return")},
        **people,
        same_person=bool(people["filled_by"])
        and same_name(people["filled_by"]) == same_name(people["signed_by"]),
        nil=form.nil_return,
        told=sum(
            s.status in _TOLD and bool(meaning(s.text)) and not _explained(look, s) for s in form.statements
        ),
    )


def name_rows(look: Look) -> Iterator[NameRow]:
    """Give a row for each line of a named list."""
    named = {i.id: quotable(i.name) for i in look.checked.plan.indicators_of(look.checked.agency_id)}
    seen: dict[tuple[str, str], str] = {}
    for entry in look.checked.form.names:
        key = (entry.indicator_id, same_name(entry.name))
        yield NameRow(
            submission=look.checked.submission_id,
            subject=entry.indicator_id,
            name=named.get(entry.indicator_id, ""),
            cells={"name": entry.cell},
            entry=entry.name.strip(),
            detail=meaning(entry.detail),
            earlier=seen.get(key, "") if key[1] else "",
        )
        seen.setdefault(key, entry.cell.ref or entry.name)


def statement_rows(look: Look) -> Iterator[StatementRow]:
    """Give a row for each clause the agency says something on."""
    own = {c.id for c in look.checked.plan.clauses_of(look.checked.agency_id)}
    seen: dict[str, str] = {}
    for statement in look.checked.form.statements:
        if statement.clause_id in own:
            yield _statement_row(look, statement, seen)


def _statement_row(look: Look, statement: Statement, seen: dict[str, str]) -> StatementRow:
    checked = look.checked
    clause = checked.plan.clause(statement.clause_id)
    text, key = meaning(statement.text), same_text(statement.text)
    twin = seen.get(key, "")
    if len(key) >= look.limits.shortest_repeated_text:
        seen.setdefault(key, clause.id)
    own = [i for i in checked.plan.indicators if i.clause == clause.id and look.is_source(i)]
    still = statement.status in _MAY_STAND_STILL
    return StatementRow(
        submission=checked.submission_id,
        subject=clause.id,
        name=quotable(clause.title),
        cells={"status": statement.cell, "text": statement.text_cell},
        clause=clause.id,
        status=statement.status.value if statement.status else "",
        text=text,
        problems=meaning(statement.problems),
        next_steps=meaning(statement.next_steps),
        explained=_explained(look, statement),
        explain_at=explain_at(statement.explanation_cell),
        owed=clause.cadence.due_in(checked.period) and not look.nil,
        month_number=checked.period.month,
        copied=bool(key) and not still and key == same_text(look.past.texts.get(clause.id, "")),
        twin=twin,
        below_target="、".join(_below_target(look, own)),
        new_this_month="、".join(_new_this_month(look, own)),
        milestone="、".join(_silent_milestones(own, checked.period.month, text)),
    )


def _explained(look: Look, statement: Statement) -> bool:
    return len(meaning(statement.explanation)) >= look.limits.shortest_explanation


def _below_target(look: Look, indicators: list[Indicator]) -> Iterator[str]:
    for indicator in indicators:
        value = look.achieved(indicator) if indicator.behaviour in _REACHED_BY_STEPS else None
        if value is not None and not indicator.comparator.met(value, indicator.target):
            unit = indicator.unit
            yield f"“{quotable(indicator.name)}”{shown(value)}{unit}（目标{shown(indicator.target)}{unit}）"


def _new_this_month(look: Look, indicators: list[Indicator]) -> Iterator[str]:
    for indicator in indicators:
        value = look.value(indicator.id, Role.MONTH)
        if value is not None and value > 0:
            yield f"“{quotable(indicator.name)}”{shown(value)}{count_unit(indicator)}"


def _silent_milestones(indicators: list[Indicator], month: int, text: str) -> Iterator[str]:
    for indicator in indicators:
        titles = (m.title for m in indicator.milestones if m.month == month)
        yield from (title for title in titles if text and title not in text)
