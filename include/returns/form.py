"""The content of one return: every table read where it stands, and what is missing said."""

from __future__ import annotations

from include.records.figures import Cell, FilledForm, Identity
from include.returns.gathering import Gathering
from include.returns.headings import SheetTitle
from include.returns.identity import Claim, Fields
from include.returns.layout import YES, Layout, Table
from include.returns.locate import Place, find_tables
from include.returns.read_figures import Figures, read_figures
from include.returns.read_names import read_names
from include.returns.read_progress import read_progress
from include.returns.sheets import Book
from include.returns.words import key, plain

_YES = frozenset({YES, "√", "✓", "✔", "y", "yes", "对", "零报告", "本月零报告", "整表零报告", "true"})
_NO = frozenset({"", "否", "无", "不是", "n", "no", "×", "x", "/", "-", "—", "——", "不适用", "false"})


def read_form(
    book: Book, layout: Layout, identity: Identity, claim: Claim, gathering: Gathering
) -> FilledForm:
    """Read a workbook by the layout of its agency and period; faults go into the gathering."""
    places = find_tables(book, layout)
    for table in layout.tables:
        _note_place(book, table, places.get(table.title), gathering)
    indicators, names, progress = (
        places.get(t) for t in (SheetTitle.INDICATORS, SheetTitle.NAMES, SheetTitle.PROGRESS)
    )
    figures = read_figures(indicators, claim.prefilled, gathering) if indicators else Figures((), {})
    listed = read_names(names, gathering) if names else ()
    statements = read_progress(progress, claim.prefilled, gathering) if progress else ()
    return FilledForm(
        identity=identity,
        filled_by=_said(claim.cover, "filled_by"),
        signed_by=_said(claim.cover, "signed_by"),
        phone=_said(claim.cover, "phone"),
        nil_return=_nil_return(claim.cover, gathering),
        figures=figures.figures,
        names=listed,
        statements=statements,
        notes=gathering.notes,
        explanations=figures.explanations,
        cover=claim.cover,
    )


def _note_place(book: Book, table: Table, place: Place | None, gathering: Gathering) -> None:
    """Say where a table was found if not where it was, or that it was not."""
    if place is None:
        titled = next((sheet for sheet in book.sheets if key(sheet.title) == key(table.title)), None)
        if titled is None:
            gathering.find("sheet-missing", Cell("", ""), sheet=table.title)
        else:
            columns = "、".join(c.header for c in table.columns if c.key != "id")
            gathering.find("header-missing", Cell(titled.title, "A1"), sheet=titled.title, columns=columns)
        return
    if key(place.sheet.title) != key(table.title) and not book.single:
        gathering.note(f"工作表“{place.sheet.title}”按表头认作“{table.title}”")
    if place.sheet.hidden:
        gathering.note(f"工作表“{place.sheet.title}”被隐藏，仍按其中的内容读取")
    if unread := place.unread_columns():
        said = "不是模板里的栏目，其中的内容没有计入；要说明的请写到“情况说明”栏"
        gathering.note(said, *(f"{place.sheet.title} {column}" for column in unread))
    hidden = place.hidden()
    if hidden:
        gathering.note("被隐藏，仍按其中的内容读取", f"{place.sheet.title} {'、'.join(hidden)}")


def _said(cover: Fields, name: str) -> str:
    return cover[name].raw if name in cover else ""


def _nil_return(cover: Fields, gathering: Gathering) -> bool:
    """Read the whole-return 零报告: it is the agency's statement, so nothing but a clear yes is one."""
    cell = cover.get("nil_return", Cell("", ""))
    word = plain(cell.raw).casefold()
    if word not in _YES | _NO:
        gathering.find("nil-unclear", cell, found=cell.raw)
    return word in _YES
