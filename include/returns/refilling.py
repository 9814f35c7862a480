"""A month's template filled with what was read of a file that cannot be given back itself (.xls, .ods, .csv).

Every text is put down as it stood in the file, faulty ones too, so that it can be corrected in place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no types

from include.records.figures import Cell, Figure, FilledForm, NamedEntry, Role
from include.records.findings import Finding
from include.returns.headings import COLUMNS, COVER_FIELDS, SheetTitle
from include.returns.numbers import amount
from include.returns.sheets import CellContent, letters
from include.returns.splice import GivenBack
from include.returns.watching import Place, shared_texts, text_of
from include.returns.wording import clean
from include.returns.workbook_parts import q

_COLUMN_OF = {
    Role.NUMERATOR: "numerator",
    Role.DENOMINATOR: "denominator",
    Role.MONTH: "amount",
    Role.LEVEL: "amount",
    Role.ADJUSTMENT: "adjustment",
    Role.CUMULATIVE: "result",
    Role.PENDING: "pending",
}
_LETTERS = {
    title: {column[0]: letters(index) for index, column in enumerate(columns)}
    for title, columns in COLUMNS.items()
}
_COVER_INPUTS = {key: f"C{row}" for key, _, _, row, is_input, _ in COVER_FIELDS if is_input}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?")
_REF = re.compile(r"(?<![A-Z0-9])[A-Z]{1,2}[1-9]\d{0,3}(?!\d)")
_LONGEST = 32_000  # characters; a cell holds 32,767


@dataclass(frozen=True, slots=True)
class Refilled:
    """The filled template, and where in it what stood in the file stands now."""

    workbook: GivenBack
    moved: Mapping[Place, Place]

    def placed(self, finding: Finding) -> Finding:
        """Give a finding at its place in the template; one that has none there says whose place it is."""
        here = self.moved.get((finding.sheet, finding.ref))
        if here is None and (finding.ref or finding.sheet not in self.workbook.sheets):
            named = f"原文件 {finding.sheet}" if finding.sheet else ""
            return replace(finding, sheet=named)

        def follow(match: re.Match[str]) -> str:
            return self.moved.get((finding.sheet, match[0]), ("", match[0]))[1]

        sheet, ref = here or (finding.sheet, "")
        message, fix = (_REF.sub(follow, text) for text in (finding.message, finding.fix))
        return replace(finding, sheet=sheet, ref=ref, message=message, fix=fix)


def refilled(template: bytes, form: FilledForm) -> Refilled:
    """Fill a template. Raises: UnfitError if it is none."""
    pen = _Pen(GivenBack.of(template))
    for key, ref in _COVER_INPUTS.items():
        pen.write(form.cover.get(key), (SheetTitle.COVER, ref))
    for figure in form.figures:
        place = pen.place(SheetTitle.INDICATORS, figure.indicator_id, _COLUMN_OF[figure.role])
        pen.write(_as_uncertain(figure), place, number=True)
    for indicator_id, cell in form.explanations.items():
        pen.write(cell, pen.place(SheetTitle.INDICATORS, indicator_id, "explanation"))
    _write_names(pen, form)
    for said in form.statements:
        of_row = {"status": said.cell, "text": said.text_cell, "explanation": said.explanation_cell}
        for column in ("problems", "next_steps", "reported_by"):
            of_row[column] = Cell("", "", getattr(said, column))
        for column, cell in of_row.items():
            pen.write(cell, pen.place(SheetTitle.PROGRESS, said.clause_id, column))
    pen.forget_results()
    return Refilled(pen.workbook, pen.moved)


def _as_uncertain(figure: Figure) -> Cell:
    """Give a figure's cell; a text that by itself would be certain, where the figure was not, gets a ？."""
    alone = amount(CellContent(figure.cell.raw), "", none_is_zero=False)
    doubted = figure.value is None and alone.value is not None
    return replace(figure.cell, raw=f"{figure.cell.raw}？") if doubted else figure.cell


def _write_names(pen: _Pen, form: FilledForm) -> None:
    lists: dict[str, list[NamedEntry]] = defaultdict(list)
    for entry in form.names:
        lists[entry.indicator_id].append(entry)
    for indicator_id, entries in lists.items():
        rows = pen.lines_for(indicator_id, len(entries))
        blank = NamedEntry(indicator_id, "", "", Cell("", ""))
        for row, entry in zip(rows, entries + [blank] * (len(rows) - len(entries)), strict=False):
            named = replace(entry.cell, raw=entry.name)
            for column, cell in (("name", named), ("detail", Cell("", "", entry.detail))):
                pen.write(cell, (SheetTitle.NAMES, f"{_LETTERS[SheetTitle.NAMES][column]}{row}"))


@dataclass
class _Pen:
    """Writes into the cells of a template, and remembers where each text came from."""

    workbook: GivenBack
    moved: dict[Place, Place] = field(default_factory=dict[Place, Place])

    def __post_init__(self) -> None:
        parts = self.workbook.parts
        self.texts = shared_texts(parts)
        self.cells: dict[Place, etree._Element] = {
            (title, cell.get("r") or ""): cell
            for title, name in self.workbook.sheets.items()
            for cell in parts.tree(name).iter(q("c"))
        }
        self.rows: dict[tuple[str, str], list[int]] = defaultdict(list)
        for title, columns in _LETTERS.items():
            for (sheet, ref), cell in self.cells.items():
                if sheet == title and re.fullmatch(columns["id"] + r"\d+", ref):
                    self.rows[title, text_of(cell, self.texts)].append(int(ref[len(columns["id"]) :]))

    def place(self, title: SheetTitle, subject: str, column: str) -> Place | None:
        """Give where a subject's cell stands; None if the template has no such row."""
        row = next(iter(self.rows.get((title, subject), ())), None)
        return None if row is None else (title, f"{_LETTERS[title][column]}{row}")

    def write(self, cell: Cell | None, place: Place | None, *, number: bool = False) -> None:
        """Write what stood in a cell; the template's formulas stay, and what the file has no cell for."""
        target = self.cells.get(place) if place else None
        if cell is None or target is None or place is None or not (cell.ref or cell.raw):
            return
        if cell.ref:
            self.moved[cell.sheet, cell.ref] = place
        if target.find(q("f")) is None:
            _set(target, clean(cell.raw, _LONGEST).strip(), number=number)

    def lines_for(self, indicator_id: str, count: int) -> list[int]:
        """Give the rows of a named list; lines it lacks are added below the sheet's last one."""
        rows = self.rows.get((SheetTitle.NAMES, indicator_id), [])
        added = [self._add_line(rows[-1]) for _ in range(count - len(rows))] if rows else []
        if added:
            self._count_too(indicator_id, added)
        return rows + added

    def _add_line(self, like: int) -> int:
        tree = self.workbook.parts.tree(self.workbook.sheets[SheetTitle.NAMES])
        rows = list(tree.iter(q("row")))
        number = 1 + max(int(row.get("r") or 0) for row in rows)
        source = next(row for row in rows if row.get("r") == str(like))
        line = deepcopy(source)
        line.set("r", str(number))
        for cell in line.iter(q("c")):
            ref = re.sub(r"\d+", str(number), cell.get("r") or "")
            cell.set("r", ref)
            if cell.find(q("f")) is not None:
                _set(cell, "", number=False)
            self.cells[SheetTitle.NAMES, ref] = cell
        rows[-1].addnext(line)
        return number

    def _count_too(self, indicator_id: str, added: list[int]) -> None:
        """Let the live check of the indicator count the lines that were added."""
        place = self.place(SheetTitle.INDICATORS, indicator_id, "check")
        formula = self.cells[place].find(q("f")) if place in self.cells else None
        letter = _LETTERS[SheetTitle.NAMES]["name"]
        cells = f"'{SheetTitle.NAMES}'!${letter}${added[0]}:${letter}${added[-1]}"
        if formula is not None:
            formula.text = (formula.text or "").replace("COUNTA(", f"COUNTA({cells},")

    def forget_results(self) -> None:
        """Drop what formulas came to in the empty template: whoever opens it computes it anew."""
        for cell in self.cells.values():
            result = cell.find(q("v"))
            if result is not None and cell.find(q("f")) is not None:
                cell.remove(result)
                cell.attrib.pop("t", None)


def _set(cell: etree._Element, text: str, *, number: bool) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if number and _NUMBER.fullmatch(text):
        etree.SubElement(cell, q("v")).text = text
    elif text:
        cell.set("t", "inlineStr")
        words = etree.SubElement(etree.SubElement(cell, q("is")), q("t"))
        words.text = text
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
