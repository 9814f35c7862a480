"""Marks on faulty cells: a colour by conditional formatting and a comment, both of which come off again.

The cell's own format is never touched, so a mark taken off leaves nothing behind. Ours are known by a
condition nobody else writes, and by how our comments begin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no types

from include.returns.look import TYPEFACE
from include.returns.workbook_parts import MAIN, RELATION, Parts, UnfitError, parse, q

SIGNATURE = '"回执"="回执"'  # a condition that always holds
OPENING = "【回执】"
AUTHOR = "督办回执"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_REF = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})?")
# What may follow, in the order the format prescribes, so that an element can be put where it belongs.
_AFTER_CONDITIONS = (
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks",
    "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
)  # fmt: skip
_AFTER_DRAWING = (
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
_V = "urn:schemas-microsoft-com:vml"
_O, _X = (f"urn:schemas-microsoft-com:office:{name}" for name in ("office", "excel"))
_DRAWING = f"""<xml xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}">
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"
 path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>
<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
_SHAPE = f"""<v:shape xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}" id="_x0000_s{{number}}" type="#_x0000_t202"
 style="position:absolute;visibility:hidden" fillcolor="#fff8dc" o:insetmode="auto"><v:fill color2="#fff8dc"/>
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>
<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>
<x:Anchor>{{left}}, 15, {{top}}, 4, {{right}}, 15, {{bottom}}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>
<x:Row>{{row}}</x:Row><x:Column>{{column}}</x:Column></x:ClientData></v:shape>"""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: where, whether for an error, and what its comment says."""

    sheet: str
    ref: str
    error: bool
    text: str


def is_cell(ref: str) -> bool:
    """Tell whether a text is the A1 address of a cell or a range."""
    return _REF.fullmatch(ref) is not None


def clear_marks(parts: Parts, name: str) -> None:
    """Take our marks off a sheet."""
    for rule in list(parts.tree(name).iter(q("cfRule"))):
        if "".join("".join(rule.itertext()).split()) == SIGNATURE:
            block = rule.getparent()
            block.remove(rule)
            if not len(block):
                block.getparent().remove(block)
    for comments in parts.related(name, "comments"):
        _clear_comments(parts, name, comments)


def _clear_comments(parts: Parts, name: str, comments: str) -> None:
    ours = {c for c in parts.tree(comments).iter(q("comment")) if "".join(c.itertext()).startswith(OPENING)}
    spots = {_spot(comment.get("ref") or "A1") for comment in ours}
    for comment in ours:
        comment.getparent().remove(comment)
    for drawing in parts.related(name, "vmlDrawing") if ours else ():
        tree = parts.tree(drawing)
        for note in [n for n in tree.iter(f"{{{_X}}}ClientData") if _note_spot(n) in spots]:
            shape = note.getparent()
            shape.getparent().remove(shape)


def _note_spot(note: etree._Element) -> tuple[int, int] | None:
    if note.get("ObjectType") != "Note":
        return None
    row, column = (note.findtext(f"{{{_X}}}{axis}") or "-1" for axis in ("Row", "Column"))
    return int(row), int(column)


def mark_cells(parts: Parts, name: str, marks: tuple[Mark, ...], first_style: int) -> None:
    """Mark cells of a sheet. `first_style` is the number of the style for errors; warnings have the next."""
    _colour(parts.tree(name), marks, first_style)
    _comment(parts, name, marks)


def _colour(sheet: etree._Element, marks: tuple[Mark, ...], first_style: int) -> None:
    for rule in sheet.iter(q("cfRule")):
        rule.set("priority", str(int(rule.get("priority") or 1) + 2))
    worst = {ref: any(m.error for m in marks if m.ref == ref) for ref in dict.fromkeys(m.ref for m in marks)}
    for style, error in enumerate((True, False)):
        refs = [ref for ref, is_error in worst.items() if is_error is error]
        if refs:
            block = etree.Element(q("conditionalFormatting"), sqref=" ".join(refs))
            rule = etree.SubElement(block, q("cfRule"), type="expression", dxfId=str(first_style + style))
            rule.set("priority", str(style + 1))
            etree.SubElement(rule, q("formula")).text = SIGNATURE
            _place(sheet, block, (*_AFTER_CONDITIONS, *_AFTER_DRAWING))


def _place(sheet: etree._Element, element: etree._Element, before: tuple[str, ...]) -> None:
    wanted = {q(name) for name in before}
    follower = next((child for child in sheet if child.tag in wanted), None)
    if follower is None:
        sheet.append(element)
    else:
        follower.addprevious(element)


def _comment(parts: Parts, name: str, marks: tuple[Mark, ...]) -> None:
    """Comment each cell, once for all that is wrong with it; somebody's own comment stays as it is."""
    comments, drawing = _comments(parts, name), _notes(parts, name)
    author, texts = _author(comments), comments.find(q("commentList"))
    if texts is None:
        raise UnfitError("a list of comments is not one")
    taken = {comment.get("ref") for comment in texts}
    for ref in dict.fromkeys(_corner(mark.ref) for mark in marks):
        if ref not in taken:
            said = "\n".join(mark.text for mark in marks if _corner(mark.ref) == ref)
            texts.append(_comment_on(ref, author, OPENING + said))
            drawing.append(_note_on(ref, len(drawing), lines=3 + len(said) // 14))


def _corner(ref: str) -> str:
    return ref.partition(":")[0].replace("$", "")


def _comments(parts: Parts, name: str) -> etree._Element:
    for known in parts.related(name, "comments"):
        return parts.tree(known)
    tree = etree.Element(q("comments"), nsmap={None: MAIN})
    etree.SubElement(tree, q("authors"))
    etree.SubElement(tree, q("commentList"))
    part = parts.free_name("xl/comments{}.xml")
    parts.put(part, tree, _COMMENTS_TYPE)
    parts.relate(name, "comments", part)
    return tree


def _notes(parts: Parts, name: str) -> etree._Element:
    """Give the drawing that holds the comments' boxes."""
    sheet = parts.tree(name)
    link = sheet.find(q("legacyDrawing"))
    if link is not None:
        return parts.tree(parts.target(name, link.get(q("id", RELATION)) or ""))
    part = parts.free_name("xl/drawings/vmlDrawing{}.vml")
    parts.default_type("vml", _DRAWING_TYPE)
    parts.put(part, parse(_DRAWING.encode()))
    link = etree.Element(q("legacyDrawing"))
    link.set(q("id", RELATION), parts.relate(name, "vmlDrawing", part))
    _place(sheet, link, _AFTER_DRAWING)
    return parts.tree(part)


def _author(comments: etree._Element) -> str:
    authors = comments.find(q("authors"))
    if authors is None:
        raise UnfitError("a list of comments has no authors")
    names = [author.text for author in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, q("author")).text = AUTHOR
        names.append(AUTHOR)
    return str(names.index(AUTHOR))


def _comment_on(ref: str, author: str, text: str) -> etree._Element:
    comment = etree.Element(q("comment"), ref=ref, authorId=author)
    run = etree.SubElement(etree.SubElement(comment, q("text")), q("r"))
    look = etree.SubElement(run, q("rPr"))
    etree.SubElement(look, q("sz"), val="10")
    etree.SubElement(look, q("rFont"), val=TYPEFACE)
    words = etree.SubElement(run, q("t"))
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return comment


def _note_on(ref: str, number: int, lines: int) -> etree._Element:
    """Draw a comment's box to the right of its cell."""
    row, column = _spot(ref)
    corners = {"left": column + 1, "right": column + 4, "top": row, "bottom": row + max(1, lines // 2)}
    return parse(_SHAPE.format(number=9300 + number, row=row, column=column, **corners).encode())


def _spot(ref: str) -> tuple[int, int]:
    """Give a cell's row and column, 0-based."""
    match = _REF.fullmatch(ref)
    if match is None:
        return -1, -1
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
