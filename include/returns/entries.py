"""What an official typed into a return, so that two workbooks can be told to say the same."""

from __future__ import annotations

from collections.abc import Iterator

from include.records.figures import ClauseStatus, FilledForm, Role
from include.returns.layout import NOT_DUE

_COMPUTED = (Role.CUMULATIVE,)
Entries = frozenset[tuple[str, ...]]


def entries_of(form: FilledForm) -> Entries:
    """Give what was typed, as (kind, what it is about, text), however it was typed and saved."""
    return frozenset(entry for entry in _all(form) if entry[-1])


def _all(form: FilledForm) -> Iterator[tuple[str, ...]]:
    yield from (("cover", key, _plain(cell.raw)) for key, cell in form.cover.items())
    for figure in form.figures:
        if figure.role not in _COMPUTED and figure.cell.raw.strip() != NOT_DUE:
            said = f"{figure.value.normalize():f}" if figure.value is not None else figure.cell.raw
            yield "figure", figure.indicator_id, figure.role, _plain(said)
    yield from (("why", key, _plain(cell.raw)) for key, cell in form.explanations.items())
    yield from (("name", entry.indicator_id, _plain(entry.name + " " + entry.detail)) for entry in form.names)
    for said in form.statements:
        status = said.cell.raw if said.status is not ClauseStatus.NOT_DUE else ""
        texts = (status, said.text, said.problems, said.next_steps, said.reported_by)
        yield "clause", said.clause_id, _plain(" ".join(texts))


def _plain(text: str) -> str:
    return " ".join(text.split())
