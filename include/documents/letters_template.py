"""Make the two letter templates, `templates/letter.docx` (信函格式) and `templates/document.docx` (文件格式).

Run `python -m include.documents.letters_template` after a change here. An office edits the files themselves
in Word or WPS: text in `{{ }}` and `{% %}` is filled in by `letters.py`, an unknown field is an error.

Source: GB/T 9704-2012, the clauses named beside each figure.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt

from include.documents.letters_pack import steady
from include.documents.letters_styles import CHARACTER, LINE, RED, SIZE_4, lay_down, off_grid
from include.documents.letters_watermark import watermark

TEMPLATES = Path(__file__).resolve().parent / "templates"

_KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
_UNUSED = (RELATIONSHIP_TYPE.NUMBERING, "stylesWithEffects", "customXml", "thumbnail", "webSettings")


def build(form: str) -> bytes:
    """Make one template, `letter` or `document`."""
    document = Document()
    _strip(document)
    _page(document)
    lay_down(document)
    _headers(document.sections[0], form)
    _footers(document.sections[0], form)
    _body(document, form)
    _quote_in_chinese(document)
    document.core_properties.author = document.core_properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _strip(document: Any) -> None:
    """Take out what the library's own blank brings along: 160 styles, a thumbnail, a theme's bullet lists."""
    for style in list(document.styles):
        if style.name not in _KEPT_STYLES:
            style.delete()
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if any(word in relation.reltype for word in _UNUSED):
                del part.rels[key]
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)  # 5.2.1
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(20)
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    # A grid of characters would do for Word; LibreOffice gives a 16 pt character two of its cells. So the
    # grid has lines only, and the styles in 3号 are narrowed.
    section._sectPr.append(
        parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{LINE.twips}"/>')
    )


def _headers(section: Any, form: str) -> None:
    """Put the marks of a copy on each page, and the agency's name on the first page of a 函 (10.1)."""
    for number, header in enumerate((section.first_page_header, section.header, section.even_page_header)):
        header.is_linked_to_previous = False
        marks = header.paragraphs[0]
        marks.style = "标注"
        marks.add_run("{%r if demo %}")
        marks.add_run()._element.append(watermark(number))
        marks.add_run("{%r endif %}")
        marks.add_run("{{ marks }}")
    if form == "letter":
        first = section.first_page_header
        first.add_paragraph("{{ office }}", "发文机关标志")
        _rule(first, Mm(2.85), "bottom", 18)  # with what stands free below the signs, 4 mm under the name
        _rule(first, Pt(2.25), "bottom", 6)


def _footers(section: Any, form: str) -> None:
    """Put — 1 — at the outer side (7.5), and a red double rule on the first page of a 函 (10.1)."""
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        _page_number(footer, align)
    first = section.first_page_footer
    first.is_linked_to_previous = False
    if form == "letter":
        _rule(first, Pt(2.25), "top", 6)
        _rule(first, Pt(1), "top", 18)
        first._element.remove(first.paragraphs[0]._element)
    else:
        _page_number(first, WD_ALIGN_PARAGRAPH.RIGHT)


def _page_number(footer: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.style = "页码"
    layout = paragraph.paragraph_format
    layout.alignment = align
    layout.left_indent = layout.right_indent = SIZE_4  # one character free at the outer side
    layout.space_after = Mm(3)  # 7 mm below the text
    paragraph.add_run("— ")
    for piece in ("begin", "PAGE", "end"):
        run = paragraph.add_run()._element
        if piece == "PAGE":
            run.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> PAGE </w:instrText>'))
        else:
            run.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{piece}"/>'))
    paragraph.add_run(" —")


def _rule(part: Any, line: Length, side: str, eighths: int) -> None:
    """Draw a red line 170 mm long, centred on the page: the border of an empty paragraph."""
    paragraph = _blank(part, line)
    layout = paragraph.paragraph_format
    layout.left_indent, layout.right_indent = Mm(-8), Mm(-6)
    _borders(paragraph, str(RED), **{side: eighths})


def _borders(paragraph: Any, color: str = "000000", **eighths: int) -> None:
    """Give a paragraph borders, their widths in eighths of a point by side."""
    paragraph._element.get_or_add_pPr().insert_element_before(
        parse_xml(_sides("pBdr", eighths, color)),
        *("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


def _sides(tag: str, eighths: Mapping[str, int], color: str = "000000") -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:space="0" w:color="{color}"/>'
        for side, width in eighths.items()
    )
    return f"<w:{tag} {nsdecls('w')}>{sides}</w:{tag}>"


def _blank(part: Any, line: Length) -> Any:
    paragraph = part.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
    off_grid(paragraph._element.get_or_add_pPr())
    return paragraph


def _body(document: Any, form: str) -> None:
    def add(text: str, style: str) -> Any:
        return document.add_paragraph(text, style)

    if form == "letter":
        _number_line(add)
    else:
        _document_masthead(add)
    add("{{ title }}", "公文标题")
    add("{{ addressee }}：", "主送机关")
    _repeat(add, "text in paragraphs", "{{ text }}", "公文正文")
    requirement = _repeat(add, "item in requirements", "", "公文正文")
    requirement.add_run("{{ item.lead }}", "要点")
    requirement.add_run("{{ item.rest }}")
    _when(add, "annex_list", "", "公文正文")
    _repeat(add, "line in annex_list", "{{ line }}", "附件说明")
    add("", "署名")
    add("{{ signature }}", "署名")
    add("{{ date }}", "成文日期")
    _when(add, "contact", "（{{ contact }}）", "附注")
    add("{%p for annex in annexes %}", "表文")
    add("{{ annex.label }}", "附件标识")
    add("{{ annex.title }}", "附件标题")
    _annex_table(document)
    _blank(document, Pt(1))  # or two tables would grow together
    add("{%p endfor %}", "表文")
    _imprint(add, form)


def _quote_in_chinese(document: Any) -> None:
    """Let Word draw “ ” … — full-width, as in Chinese text; without the hint it takes them for Latin."""
    for run in document.element.body.iter(qn("w:r")):
        run.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _number_line(add: Callable[[str, str], Any]) -> None:
    """Lay out mark and number, 7/8 of a 3号 character under the rule (10.1)."""
    line = add("", "发文字号")
    line.paragraph_format.space_before = Pt(9.5)
    line.paragraph_format.tab_stops.add_tab_stop(Length(CHARACTER * 28), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run("{{ handling_mark }}", "要点")
    line.add_run("\t{{ number }}")


def _document_masthead(add: Callable[[str, str], Any]) -> None:
    """Lay out 版头: mark at the corner, name 35 mm below it, number two lines below, one red line (7.2)."""
    add("", "发文字号").add_run("{{ handling_mark }}", "要点")
    add("{{ office }}文件", "发文机关标志").paragraph_format.space_before = Mm(35) - Pt(20)
    number = add("{{ number }}", "发文字号")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.space_before = LINE * 2
    line = add("", "发文字号")
    line.paragraph_format.line_spacing = Mm(4)
    _borders(line, str(RED), bottom=12)


def _repeat(add: Callable[[str, str], Any], loop: str, text: str, style: str) -> Any:
    add("{%p for " + loop + " %}", style)
    made = add(text, style)
    add("{%p endfor %}", style)
    return made


def _when(add: Callable[[str, str], Any], condition: str, text: str, style: str) -> Any:
    add("{%p if " + condition + " %}", style)
    made = add(text, style)
    add("{%p endif %}", style)
    return made


def _annex_table(document: Any) -> None:
    """Lay out a table whose rows and columns are filled in; its head is repeated on each page."""
    table = document.add_table(rows=4, cols=3)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _table_lines(table, top=6, left=6, bottom=6, right=6, insideH=6, insideV=6)
    head, start, row, end = table.rows
    for cells, text, style, loop in (
        (head.cells, "{{ heading }}", "表头", "heading in annex.header"),
        (row.cells, "{{ cell }}", "表文", "cell in row"),
    ):
        for cell, words in zip(cells, ("{%tc for " + loop + " %}", text, "{%tc endfor %}"), strict=True):
            cell.paragraphs[0].style = style
            cell.paragraphs[0].add_run(words)
            cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))
    start.cells[0].paragraphs[0].add_run("{%tr for row in annex.rows %}")
    end.cells[0].paragraphs[0].add_run("{%tr endfor %}")
    head._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for line in (head, row):
        line._tr.get_or_add_trPr().insert(0, parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))


def _table_lines(table: Any, **eighths: int) -> None:
    """Give a table lines, their widths in eighths of a point by side, and narrow cell margins."""
    lines = parse_xml(_sides("tblBorders", eighths))
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:top w:w="28" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
        '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
    )
    properties = table._tbl.tblPr
    properties.insert_element_before(lines, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(margins, "w:tblLook")


def _imprint(add: Callable[[str, str], Any], form: str) -> None:
    """Put 版记 at the very foot of the last page, in a frame (7.4); a 函 has 抄送 only, without lines (10.1).

    One paragraph: LibreOffice makes no frame of several with borders. So a document lacks the thin line
    between 抄送 and 印发.
    """
    if form == "letter":
        _framed(_when(add, "copies_to", "抄送：{{ copies_to }}。", "版记"))
        return
    block = add("{% if copies_to %}抄送：{{ copies_to }}。", "版记")
    block.add_run().add_break()
    block.add_run("{% endif %}{{ office }}\t{{ date }}印发")
    layout = block.paragraph_format
    layout.left_indent, layout.first_line_indent = SIZE_4, Length(0)
    layout.tab_stops.add_tab_stop(Length(CHARACTER * 28 - SIZE_4), WD_TAB_ALIGNMENT.RIGHT)
    _borders(block, top=8, bottom=8)  # 0.35 mm
    _framed(block)


def _framed(paragraph: Any) -> None:
    paragraph._element.get_or_add_pPr().insert_element_before(
        parse_xml(
            f'<w:framePr {nsdecls("w")} w:w="{Length(CHARACTER * 28).twips}" w:wrap="around" '
            'w:hAnchor="margin" w:vAnchor="margin" w:xAlign="center" w:yAlign="bottom"/>'
        ),
        *("w:widowControl", "w:pBdr", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


def main() -> None:
    """Write both templates."""
    TEMPLATES.mkdir(exist_ok=True)
    for form in ("letter", "document"):
        (TEMPLATES / f"{form}.docx").write_bytes(build(form))
        sys.stdout.write(f"templates/{form}.docx\n")


if __name__ == "__main__":
    main()
