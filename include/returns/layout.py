"""ONE description of the return's workbook, for writing it and for reading it back.

Pure data made from (plan, agency, period): which sheets there are, which columns with which role, which
row stands for which indicator or clause, which cells are inputs and which are not due. Positions are where a
fresh template has things; a reader must expect them moved, and can find them again

- a sheet by its title, else by its columns;
- a column by its header or one of its aliases (`Column.names`);
- a row by its key (indicator or clause id) in the hidden column `id`, else by its visible label or clause.

Nothing here is heavy to import, and `Layout` travels as JSON (`to_json`, `from_json`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from include.plan.model import Behaviour, Clause, Indicator, Kind, Plan
from include.plan.period import Period
from include.records.figures import ClauseStatus, Identity, Role
from include.returns.headings import COLUMNS, COVER_FIELDS, SYSTEM_FIELDS, Content, SheetTitle

TEMPLATE_VERSION = "1"
NOT_DUE = ClauseStatus.NOT_DUE.value  # stands in the first input of what is not owed this month
NOT_APPLICABLE = "不适用"  # what an official may write where a figure makes no sense
YES = "是"  # the whole-return 零报告 cell; anything else, blank included, is no
STATUSES = tuple(status.value for status in ClauseStatus)
HEADER_ROW = 5  # 1-based, the same on all three tables: title, how-to, checks and column groups stand above
SPARE_NAMES = 3  # empty lines of a named list beyond its target


class Duty(StrEnum):
    """Why an agency has a row."""

    REPORT = "report"  # 报送: its figure counts
    CHECK = "check"  # 核对: its figure is compared; a blank is no fault
    PART = "part"  # a clause it has a part in


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled cell of the cover or the hidden sheet: the label in column B, the content in C."""

    key: str
    label: str
    aliases: tuple[str, ...]
    row: int  # 1-based
    input: bool
    required: bool = False

    @property
    def ref(self) -> str:
        """A1 address of the content."""
        return f"C{self.row}"


@dataclass(frozen=True, slots=True)
class FieldSheet:
    """A sheet of labelled cells."""

    title: str
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field:
        """Look a field up. Raises: KeyError."""
        return _first(self.fields, key)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `index` is 0-based, `width` in characters of the default font."""

    key: str
    header: str
    aliases: tuple[str, ...]
    content: Content
    index: int
    width: float

    @property
    def letter(self) -> str:
        """The column's letter (tables are narrower than 26 columns)."""
        return chr(ord("A") + self.index)

    @property
    def names(self) -> tuple[str, ...]:
        """Every text the column is recognised by; compare without white space, after NFKC."""
        return (self.header, *self.aliases)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    `figures` are the row's figures: (column key, role). Of these, a column whose content is COMPUTED holds
    a formula, the others are inputs. In 名单 and 工作进展 there are none: the text columns are the inputs.
    """

    key: str  # indicator id or clause id, also in the hidden column
    row: int  # 1-based
    label: str  # the visible name: the first line of its cell
    clause: str  # 3.1
    due: bool
    duty: Duty
    figures: tuple[tuple[str, Role], ...] = ()
    unit: str = ""  # of the indicator; % for a ratio
    kind: Kind | None = None
    behaviour: Behaviour | None = None
    named: bool = False  # a 名单 of this agency stands behind the count

    def role(self, column_key: str) -> Role | None:
        """Which figure the row has in a column; None if it has none there."""
        return dict(self.figures).get(column_key)

    def column_of(self, role: Role) -> str | None:
        """Give the key of the column that holds a figure; None if the row has no such figure."""
        return next((column for column, held in self.figures if held is role), None)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one header row and rows below it. A list may go on below its last row."""

    title: str
    header_row: int  # 1-based
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def column(self, key: str) -> Column:
        """Look a column up. Raises: KeyError."""
        return _first(self.columns, key)

    def ref(self, row: Row, column_key: str) -> str:
        """A1 address of a cell in a fresh template. Raises: KeyError."""
        return f"{self.column(column_key).letter}{row.row}"

    def rows_of(self, key: str) -> tuple[Row, ...]:
        """Give the rows of an indicator or clause, in order (a named list has many)."""
        return tuple(row for row in self.rows if row.key == key)

    @property
    def last_row(self) -> int:
        """1-based number of the last row, the header's if there are none."""
        return self.rows[-1].row if self.rows else self.header_row


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole workbook of one agency for one period. A table is None where the agency has no part in it."""

    version: str
    plan_id: str
    agency_id: str
    agency_name: str
    period: str  # 2024-08
    cover: FieldSheet
    indicators: Table | None
    names: Table | None
    progress: Table | None
    definitions: str  # title of the page of definitions
    system: FieldSheet

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables there are, in the order of their tabs."""
        return tuple(table for table in (self.indicators, self.names, self.progress) if table is not None)

    @property
    def titles(self) -> tuple[str, ...]:
        """Every sheet's title, in the order of the tabs."""
        return (self.cover.title, *(t.title for t in self.tables), self.definitions, self.system.title)

    def to_json(self) -> str:
        """Write the layout as one line of JSON."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":"), default=_fields)

    @classmethod
    def from_json(cls, text: str) -> Layout:
        """Read what `to_json` wrote."""
        raw = json.loads(text)
        typed: dict[str, Any] = {name: _field_sheet(raw[name]) for name in ("cover", "system")}
        typed |= {name: _table(raw[name]) for name in ("indicators", "names", "progress")}
        return cls(**{**raw, **typed})


def layout_for(plan: Plan, agency_id: str, period: Period) -> Layout:
    """Describe the workbook an agency gets for a period.

    Args:
        plan: the plan in force in that period.
        agency_id: a filing agency.
        period: the month reported on.

    Raises:
        KeyError: no such agency.
    """
    agency = plan.agency(agency_id)
    figures = _indicator_rows(plan, agency_id, period)
    return Layout(
        version=TEMPLATE_VERSION,
        plan_id=plan.id,
        agency_id=agency_id,
        agency_name=agency.name,
        period=str(period),
        cover=FieldSheet(SheetTitle.COVER.value, tuple(Field(*spec) for spec in COVER_FIELDS)),
        indicators=_sheet(SheetTitle.INDICATORS, figures),
        names=_sheet(SheetTitle.NAMES, _name_rows(plan, figures)),
        progress=_sheet(SheetTitle.PROGRESS, _clause_rows(plan, agency_id, period)),
        definitions=SheetTitle.DEFINITIONS.value,
        system=FieldSheet(SheetTitle.SYSTEM.value, tuple(Field(*spec) for spec in SYSTEM_FIELDS)),
    )


def checksum(identity: Identity, prefilled: Mapping[tuple[str, str, str], str] | None = None) -> str:
    """Give the checksum of the hidden sheet: a slip or a mixture of two workbooks shows, malice does not.

    It covers whose the workbook is and what had been filled in (`include.returns.prefilled`), as values.
    """
    whose = (identity.plan_id, identity.agency_id, identity.period)
    cells = sorted("\t".join((*spot, value)) for spot, value in (prefilled or {}).items())
    parts = (*whose, identity.template_version, identity.plan_hash, *cells)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _sheet(title: SheetTitle, rows: tuple[Row, ...]) -> Table | None:
    columns = tuple(Column(*spec[:4], index, spec[4]) for index, spec in enumerate(COLUMNS[title]))
    return Table(title.value, HEADER_ROW, columns, rows) if rows else None


def _indicator_rows(plan: Plan, agency_id: str, period: Period) -> tuple[Row, ...]:
    """One row an indicator: first what the agency reports, then what it checks, each in plan order."""
    own = plan.indicators_of(agency_id)
    ordered = sorted(own, key=lambda indicator: agency_id not in indicator.sources)
    return tuple(
        Row(
            key=indicator.id,
            row=row,
            label=indicator.name,
            clause=indicator.clause,
            due=indicator.cadence.due_in(period),
            duty=Duty.REPORT if agency_id in indicator.sources else Duty.CHECK,
            figures=_figures(indicator),
            unit=indicator.unit,
            kind=indicator.kind,
            behaviour=indicator.behaviour,
            named=indicator.behaviour is Behaviour.NAMED and agency_id in indicator.sources,
        )
        for row, indicator in enumerate(ordered, HEADER_ROW + 1)
    )


def _figures(indicator: Indicator) -> tuple[tuple[str, Role], ...]:
    """Which figures an indicator has, and in which columns."""
    if indicator.kind is Kind.RATIO:
        return (("numerator", Role.NUMERATOR), ("denominator", Role.DENOMINATOR))
    if indicator.accumulates:
        return (
            ("amount", Role.MONTH),
            ("adjustment", Role.ADJUSTMENT),
            ("result", Role.CUMULATIVE),
            ("pending", Role.PENDING),
        )
    return (("amount", Role.LEVEL), ("pending", Role.PENDING))


def _name_rows(plan: Plan, figures: Iterable[Row]) -> tuple[Row, ...]:
    """Lines for a whole year's names of each named indicator: as many as the target and some more."""
    wanted = [
        row for row in figures if row.named for _ in range(int(plan.indicator(row.key).target) + SPARE_NAMES)
    ]
    return tuple(
        replace(source, row=number, figures=(), kind=None, behaviour=None)
        for number, source in enumerate(wanted, HEADER_ROW + 1)
    )


def _clause_rows(plan: Plan, agency_id: str, period: Period) -> tuple[Row, ...]:
    """One row a clause: what is due this month first, so that nobody has to look for it."""

    def waits(clause: Clause) -> bool:
        return not clause.cadence.due_in(period)

    return tuple(
        Row(clause.id, row, clause.title, clause.id, not waits(clause), Duty.PART)
        for row, clause in enumerate(sorted(plan.clauses_of(agency_id), key=waits), HEADER_ROW + 1)
    )


def _fields(value: Any) -> dict[str, Any]:
    """Give one of the layout's values for JSON, without the deep copy `asdict` makes."""
    return {name: getattr(value, name) for name in value.__slots__}


Keyed = TypeVar("Keyed", Field, Column)


def _first(things: tuple[Keyed, ...], key: str) -> Keyed:
    for thing in things:
        if thing.key == key:
            return thing
    raise KeyError(key)


def _field_sheet(raw: dict[str, Any]) -> FieldSheet:
    fields = tuple(Field(**{**field, "aliases": tuple(field["aliases"])}) for field in raw["fields"])
    return FieldSheet(raw["title"], fields)


def _table(raw: dict[str, Any] | None) -> Table | None:
    if raw is None:
        return None
    columns = tuple(_column(column) for column in raw["columns"])
    return Table(raw["title"], raw["header_row"], columns, tuple(_row(row) for row in raw["rows"]))


def _column(raw: dict[str, Any]) -> Column:
    return Column(**{**raw, "aliases": tuple(raw["aliases"]), "content": Content(raw["content"])})


def _row(raw: dict[str, Any]) -> Row:
    typed = {
        "duty": Duty(raw["duty"]),
        "figures": tuple((column, Role(role)) for column, role in raw["figures"]),
        "kind": Kind(raw["kind"]) if raw["kind"] else None,
        "behaviour": Behaviour(raw["behaviour"]) if raw["behaviour"] else None,
    }
    return Row(**{**raw, **typed})
