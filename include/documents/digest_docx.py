"""The digest as an editable Word document: the office may change every word before it goes out on paper."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell  # pyright: ignore[reportPrivateUsage] - its only name for a cell
from docx.text.paragraph import Paragraph

from include.documents import charts
from include.documents.charts import COLOURS
from include.documents.digest import Digest, IndicatorLine, Lag, digest_name
from include.documents.digest_text import discipline_lines, letter_line, matter_line, stands
from include.documents.digest_words import day, full_day
from include.records.facts import Light

BODY, HEADING, TITLE = "仿宋_GB2312", "黑体", "方正小标宋简体"
RED, QUIET, RULE = "#b3261e", "#5b616b", "#b8bdc4"
RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
LINES = ("按时", "迟报", "未报", "退回")


def digest_docx(digest: Digest) -> bytes:
    """Write the digest as docx, in the order of its other forms; the same digest gives the same bytes."""
    document = docx.Document()
    _set_up(document, digest)
    _masthead(document, digest)
    if digest.instructions:
        _section(document, "领导批示待办", digest.instructions)
    _tiles(document, digest)
    _section(document, "一、总体判断", digest.overall)
    _section(document, "二、提请领导协调事项", _matters(digest))
    _section(document, "三、与上月相比", digest.changes)
    _indicators(document, digest.indicators)
    _lagging(document, digest)
    _section(document, "六、报送纪律", discipline_lines(digest.discipline))
    _months(document, digest)
    _letters(document, digest)
    if digest.corrections:
        _section(document, "更正", digest.corrections)
    _section(document, "八、近期安排", [f"{day(d)} {what}" for d, what in digest.dates])
    for line in digest.edited:
        _run(_indented(document), line, size=9, colour=QUIET)
    return _packed(document)


# ------------------------------------------------------------------ page and type


def _set_up(document: Document, digest: Digest) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(24), Mm(22), Mm(22), Mm(22)
    normal = document.styles["Normal"]
    normal.font.size = Pt(12)  # type: ignore[attr-defined] - a paragraph style has a font
    _face(normal.element.get_or_add_rPr(), BODY)
    heading = document.styles["Heading 1"]
    heading.font.size, heading.font.color.rgb, heading.font.bold = Pt(14), RGBColor(0, 0, 0), True  # type: ignore[attr-defined]
    _face(heading.element.get_or_add_rPr(), HEADING)
    _run(page.header.paragraphs[0], " · ".join(digest.marks), size=9, colour=QUIET)
    _page_number(page.footer.paragraphs[0])
    told = document.core_properties
    told.title, told.author, told.comments = digest_name(digest), digest.office_name, " · ".join(digest.marks)
    told.created = told.modified = datetime(digest.as_of.year, digest.as_of.month, digest.as_of.day)  # noqa: DTZ001 - the format has no zone
    told.last_modified_by = digest.office_name


def _face(properties: Any, face: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(script), face)


def _run(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    colour: str = "",
    face: str = "",
) -> None:
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    if face:
        _face(run._element.get_or_add_rPr(), face)


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", size=9)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _run(paragraph, " —", size=9)


def _tight(paragraph: Paragraph, after: float = 3) -> Paragraph:
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(0), Pt(after)
    paragraph.paragraph_format.line_spacing = 1.15
    return paragraph


# ------------------------------------------------------------------ content


def _masthead(document: Document, digest: Digest) -> None:
    title = _tight(document.add_paragraph(), 4)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, "工 作 月 报", size=30, bold=True, colour=RED, face=TITLE)
    number = _tight(document.add_paragraph(), 6)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(number, f"{digest.period.label} 第{digest.issue}期 第{digest.edition}版")
    line = _tight(document.add_paragraph(), 8)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(166), WD_ALIGN_PARAGRAPH.RIGHT)  # type: ignore[arg-type] - RIGHT is 2 in both
    _run(line, f"{digest.office_name}\t截至{full_day(digest.as_of)}")
    _bottom_rule(line)


def _bottom_rule(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_element("bottom", val="single", sz="12", space="4", color=RED.lstrip("#")))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:tabs", "w:spacing", "w:ind", "w:jc")


def _section(document: Document, title: str, lines: Iterable[str]) -> None:
    _heading(document, title)
    for line in lines:
        _run(_indented(document), line)


def _heading(document: Document, title: str) -> None:
    _tight(document.add_heading(title, level=1), 4).paragraph_format.space_before = Pt(10)


def _indented(document: Document) -> Paragraph:
    paragraph = _tight(document.add_paragraph())
    paragraph.paragraph_format.first_line_indent = Pt(24)
    return paragraph


def _matters(digest: Digest) -> list[str]:
    told = [f"{n}. {matter_line(m)}" for n, m in enumerate(digest.matters, 1)]
    return told or ["本期没有提请协调的事项。"]


def _tiles(document: Document, digest: Digest) -> None:
    table = _table(document, 1, [166 / len(digest.lights)] * len(digest.lights))
    for cell, (light, name, count) in zip(table.rows[0].cells, digest.lights, strict=True):
        _write(cell, f"{count}\n{name}", colour=COLOURS[light].ink, size=12, bold=True, align=CENTRE)
        _shade(cell, COLOURS[light].tint)


def _indicators(document: Document, lines: Sequence[IndicatorLine]) -> None:
    _heading(document, "四、指标进度")
    key = _tight(document.add_paragraph())
    key.paragraph_format.keep_with_next = True
    _run(key, "走势为1至12月：实线为实际，虚线为时序进度。", size=9, colour=QUIET)
    table = _table(document, 1 + len(lines), [48, 24, 27, 26, 23, 18])
    heads = ("指标", "答责单位", "完成值", "目标", "走势", "亮灯")
    for cell, name in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, name, colour=QUIET, align=_align_of(name))
    _repeat(table)
    drawn = charts.pictures([charts.sparkline(i.actual, i.expected, i.light, thick=1.5) for i in lines])
    for row, line, png in zip(table.rows[1:], lines, drawn, strict=True):
        _write(row.cells[0], f"{line.clause} {line.name}")
        for note in line.notes:
            _run(_tight(row.cells[0].add_paragraph(), 0), note, size=8.5, colour=QUIET, face=HEADING)
        _write(row.cells[1], line.agency)
        _write(row.cells[2], line.value, align=RIGHT, bold=True)
        _write(row.cells[3], line.target, align=RIGHT)
        _picture(_tight(row.cells[4].paragraphs[0], 0), png, 23, line.alt)
        row.cells[4].paragraphs[0].alignment = CENTRE
        colour = COLOURS[line.light]
        _write(row.cells[5], line.light_name.replace("·", "\n"), colour=colour.ink, bold=True, align=CENTRE)
        _shade(row.cells[5], colour.tint)


def _align_of(head: str) -> WD_ALIGN_PARAGRAPH:
    """Set a column's head as its cells are set."""
    return {"完成值": RIGHT, "目标": RIGHT, "走势": CENTRE, "亮灯": CENTRE}.get(head, WD_ALIGN_PARAGRAPH.LEFT)


def _lagging(document: Document, digest: Digest) -> None:
    _heading(document, "五、滞后事项")
    drawn = charts.pictures(
        [charts.trend(g.line.actual, g.line.expected, g.line.light) for g in digest.lagging]
    )
    for lag, png in zip(digest.lagging, drawn, strict=True):
        _lag(document, lag, png)
    if not digest.lagging:
        _run(_indented(document), "本月没有红灯。")
    for line in digest.near:
        paragraph = _indented(document)
        _run(paragraph, "黄灯 ", bold=True, colour=COLOURS[Light.YELLOW].ink)
        _run(paragraph, line)


def _lag(document: Document, lag: Lag, png: bytes) -> None:
    line = lag.line
    head = _indented(document)
    _run(head, "红灯 ", bold=True, colour=COLOURS[Light.RED].ink)
    _run(head, line.name, bold=True)
    _run(head, f"（{line.agency}）：{stands(lag)}")
    picture = _tight(document.add_paragraph())
    picture.paragraph_format.left_indent = Pt(24)
    _picture(picture, png, 110, line.alt)
    for label, text in (("亮灯原因", lag.cause), ("单位说明", lag.explanation), ("已采取措施", lag.action)):
        paragraph = _indented(document)
        _run(paragraph, f"{label} ", bold=True)
        _run(paragraph, text)


def _months(document: Document, digest: Digest) -> None:
    months = digest.discipline.months
    if not months:
        return
    table = _table(document, 5, [18, *[140 / len(months)] * len(months)])
    rows = [["", *(m for m, *_ in months)]]
    rows += [[name, *(str(m[n]) for m in months)] for n, name in enumerate(LINES, 1)]
    last = table.rows[-1]._tr
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell, text, align=CENTRE)
            cell.paragraphs[0].paragraph_format.keep_with_next = row._tr is not last


def _letters(document: Document, digest: Digest) -> None:
    _section(document, "七、“三书一函”", [f"{day(digest.letters_since)}以来签发{len(digest.letters)}份。"])
    for letter in digest.letters:
        _run(_indented(document), letter_line(letter))
    _run(_indented(document), f"待签发{len(digest.waiting)}份。")
    for letter in digest.waiting:
        _run(_indented(document), letter_line(letter))


# ------------------------------------------------------------------ tables and pictures


def _table(document: Document, rows: int, widths_mm: Sequence[float]) -> Table:
    table = document.add_table(rows, len(widths_mm), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _spaced_and_ruled(table)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width, cell.vertical_alignment = Mm(width), WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return table


def _spaced_and_ruled(table: Table) -> None:
    """Give every cell air around its text, and the table thin grey rules instead of a black grid."""
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    thin = {"val": "single", "sz": "4", "space": "0", "color": RULE.lstrip("#")}
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(side, **(thin if side in ("top", "bottom", "insideH") else {"val": "nil"})))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 55), ("left", 70), ("bottom", 55), ("right", 70)):
        margins.append(_element(side, w=str(twips), type="dxa"))
    properties.insert_element_before(margins, "w:tblLook")


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _write(
    cell: _Cell,
    text: str,
    *,
    colour: str = "",
    size: float = 9.5,
    bold: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
) -> None:
    paragraph = _tight(cell.paragraphs[0], 0)
    paragraph.alignment = align
    _run(paragraph, text, size=size, bold=bold, colour=colour, face=HEADING)


def _shade(cell: _Cell, tint: str) -> None:
    shade = _element("shd", val="clear", color="auto", fill=tint.lstrip("#"))
    cell._tc.get_or_add_tcPr().insert_element_before(shade, "w:noWrap", "w:tcMar", "w:vAlign")


def _repeat(table: Table) -> None:
    """Repeat the header row on each page, and break no row across pages."""
    mark = OxmlElement("w:tblHeader")
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _picture(paragraph: Paragraph, png: bytes, width_mm: float, alt: str) -> None:
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width_mm))
    shape._inline.docPr.set("descr", alt)


def _packed(document: Document) -> bytes:
    """Save with fixed dates in the zip: python-docx writes the clock's."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(
                zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)),
                source.read(entry),
                zipfile.ZIP_DEFLATED,
            )
    return fixed.getvalue()
