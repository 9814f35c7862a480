"""Give an agency its own workbook back: the sheet 回执 in front, faulty cells marked, all else as it came.

Parts are changed in the zip package, not read into a model and written again: cached values, pictures, other
people's comments, whatever Excel or WPS put there stay. A receipt put in earlier is taken out first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no types

from include.returns.headings import SheetTitle
from include.returns.marking import Mark, clear_marks, mark_cells
from include.returns.watching import Place, unchanged_conditions
from include.returns.workbook_parts import MAIN, RELATION, Parts, UnfitError, book_part, parse, q

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_AFTER_MARK_STYLES = ("tableStyles", "colors", "extLst")


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A workbook that goes back, taken apart once; a receipt put in earlier is out already."""

    parts: Parts
    book: str  # name of the main part
    sheets: dict[str, str]  # each worksheet's part by its title; chart sheets are left out

    @classmethod
    def of(cls, workbook: bytes) -> GivenBack:
        """Take a workbook apart. Raises: UnfitError if nothing can be put into it."""
        parts = Parts.of(workbook)
        book = book_part(parts)
        _remove_receipt(parts, book)
        return cls(parts, book, _worksheets(parts, book))

    def unchanged(self, places: Iterable[Place]) -> dict[Place, str]:
        """Give, for cells that can be watched, the condition that holds while they are as they came.

        Raises:
            UnfitError: a part of the workbook is none.
        """
        return unchanged_conditions(self.parts, self.sheets, places)

    def with_receipt(self, receipt: bytes, marks: Sequence[Mark]) -> bytes:
        """Put a receipt's sheet in front, mark cells, and pack it all; to be done once.

        Args:
            receipt: a workbook that holds the sheet 回执 alone, as `receipt_sheet` writes it.
            marks: what to mark, each on a sheet the workbook has.

        Raises:
            UnfitError: the workbook is none this can be done to.
        """
        parts, ours = self.parts, Parts.of(receipt)
        _forget_order_of_computing(parts, self.book)
        style = _add_mark_styles(_styles(parts, self.book)) if marks else 0
        for title, name in self.sheets.items():
            _unselect(parts, name)
            clear_marks(parts, name)
            own = tuple(mark for mark in marks if mark.sheet == title)
            if own:
                mark_cells(parts, name, own, style)
        _insert_receipt(parts, self.book, _transplanted(parts, self.book, ours))
        return parts.packed()


def _worksheets(parts: Parts, book: str) -> dict[str, str]:
    """Give each worksheet's part by title; chart sheets are left out."""
    found: dict[str, str] = {}
    for sheet in parts.tree(book).iterfind(f"{q('sheets')}/{q('sheet')}"):
        name = parts.target(book, sheet.get(q("id", RELATION)) or "")
        if name in parts.data and parts.tree(name).tag == q("worksheet"):
            found[sheet.get("name") or ""] = name
    return found


def _remove_receipt(parts: Parts, book: str) -> None:
    sheets = parts.tree(book).find(q("sheets"))
    if sheets is None:
        raise UnfitError("the workbook has no sheets")
    for index, sheet in enumerate(list(sheets)):
        if sheet.get("name") == SheetTitle.RECEIPT.value:
            relation = sheet.get(q("id", RELATION)) or ""
            parts.drop(parts.target(book, relation))
            parts.forget(book, relation)
            sheets.remove(sheet)
            _shift_names(parts, book, index, -1)
            return


def _forget_order_of_computing(parts: Parts, book: str) -> None:
    """Drop the calculation chain: Excel makes it anew, but takes one that names a lost sheet for damage."""
    for link in [e for e in parts.relations(book) if (e.get("Type") or "").endswith("/calcChain")]:
        parts.drop(parts.target(book, link.get("Id") or ""))
        parts.forget(book, link.get("Id") or "")


def _shift_names(parts: Parts, book: str, index: int, by: int) -> None:
    """Keep the names of single sheets (print areas) with their sheets when one comes or goes at `index`."""
    names = parts.tree(book).find(q("definedNames"))
    if names is None:
        return
    for name in list(names):
        at = name.get("localSheetId")
        if at is None or int(at) < index:
            continue
        if by < 0 and int(at) == index:
            names.remove(name)
        else:
            name.set("localSheetId", str(int(at) + by))
    if not len(names):
        names.getparent().remove(names)


def _unselect(parts: Parts, name: str) -> None:
    """Leave no other sheet selected: two selected sheets are edited together."""
    for view in parts.tree(name).iterfind(f"{q('sheetViews')}/{q('sheetView')}"):
        view.attrib.pop("tabSelected", None)


def _insert_receipt(parts: Parts, book: str, sheet: etree._Element) -> None:
    name = parts.free_name("xl/worksheets/sheet{}.xml")
    parts.put(name, sheet, _SHEET_TYPE)
    tree = parts.tree(book)
    sheets = tree.find(q("sheets"))
    number = 1 + max((int(s.get("sheetId") or 0) for s in sheets), default=0)
    entry = etree.Element(q("sheet"), name=SheetTitle.RECEIPT.value, sheetId=str(number))
    entry.set(q("id", RELATION), parts.relate(book, "worksheet", name))
    _shift_names(parts, book, 0, 1)
    sheets.insert(0, entry)
    for view in tree.iterfind(f"{q('bookViews')}/{q('workbookView')}"):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")


def _transplanted(parts: Parts, book: str, ours: Parts) -> etree._Element:
    """Give our sheet with its texts inside and its formats numbered as in the workbook it goes into."""
    (name,) = ours.related("xl/workbook.xml", "worksheet")
    sheet, texts = ours.tree(name), ours.tree("xl/sharedStrings.xml")
    offset = _add_formats(_styles(parts, book), ours.tree("xl/styles.xml"))
    for cell in sheet.iter(q("c")):
        cell.set("s", str(int(cell.get("s") or 0) + offset))
        value = cell.find(q("v"))
        if cell.get("t") == "s" and value is not None:
            inline = etree.SubElement(cell, q("is"))
            inline.extend(deepcopy(run) for run in texts[int(value.text or 0)])
            cell.remove(value)
            cell.set("t", "inlineStr")
    for row in sheet.iter(q("row")):
        if row.get("s"):
            row.set("s", str(int(row.get("s") or 0) + offset))
    return sheet


def _styles(parts: Parts, book: str) -> etree._Element:
    for name in parts.related(book, "styles"):
        return parts.tree(name)
    raise UnfitError("the workbook has no styles")


def _add_formats(theirs: etree._Element, ours: etree._Element) -> int:
    """Add our cell formats to theirs; gives the number of their first."""
    shift = {f"{kind}Id": _append(theirs, ours, f"{kind}s", kind) for kind in ("font", "fill", "border")}
    formats = _child(ours, "cellXfs")
    for entry in formats:
        for attribute, by in shift.items():
            entry.set(attribute, str(int(entry.get(attribute) or 0) + by))
        entry.set("xfId", "0")
    return _append(theirs, ours, "cellXfs", "xf")


def _append(theirs: etree._Element, ours: etree._Element, group: str, kind: str) -> int:
    known = _child(theirs, group)
    before = len(known.findall(q(kind)))
    known.extend(deepcopy(entry) for entry in _child(ours, group))
    known.set("count", str(len(known.findall(q(kind)))))
    return before


def _child(tree: etree._Element, name: str) -> etree._Element:
    found = tree.find(q(name))
    if found is None:
        raise UnfitError(f"the workbook's styles lack {name}")
    return found


_MARK_STYLES = f"""<dxfs xmlns="{MAIN}">
<dxf><font><b/><color rgb="FFC00000"/></font><fill><patternFill patternType="solid"><fgColor rgb="FFF8B4AE"/>
<bgColor rgb="FFF8B4AE"/></patternFill></fill></dxf>
<dxf><font><b/><color rgb="FFB45309"/></font><fill><patternFill patternType="solid"><fgColor rgb="FFFFD699"/>
<bgColor rgb="FFFFD699"/></patternFill></fill></dxf></dxfs>""".encode()


def _add_mark_styles(styles: etree._Element) -> int:
    """Add the styles of marks, error then warning; gives the number of the first."""
    known = styles.find(q("dxfs"))
    if known is None:
        known = etree.Element(q("dxfs"))
        followers = {q(name) for name in _AFTER_MARK_STYLES}
        place = next((child for child in styles if child.tag in followers), None)
        styles.insert(len(styles) if place is None else styles.index(place), known)
    first = len(known)
    known.extend(parse(_MARK_STYLES))
    known.set("count", str(len(known)))
    return first
