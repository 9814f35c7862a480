"""Make the two letter templates, `templates/letter.docx` (信函格式) and `templates/document.docx` (文件格式).

Run `python -m include.documents.letters_template` after a change here. An office edits the files themselves in
Word or WPS: text in `{{ }}` and `{% %}` is filled in by `letters.py`, an unknown field is an error.

Source: GB/T 9704-2012, the clauses named beside each figure.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor, Twips

TEMPLATES = Path(__file__).resolve().parent / "templates"

LINE = Twips(579)  # 22 lines in 225 mm (5.2.3)
CHARACTER = Twips(316)  # 28 characters in 156 mm (5.2.3)
NARROWER = Twips(-5)  # by how much a 16 pt character is narrowed to that
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 2号 … 5号
RED = RGBColor(0xE0, 0, 0)
SONG, XIAOBIAO, FANGSONG, HEI, KAI = "宋体", "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"

_KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
_UNUSED = (RELATIONSHIP_TYPE.NUMBERING, "stylesWithEffects", "customXml", "thumbnail", "webSettings")
_VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)


def build(form: str) -> bytes:
    """Make one template, `letter` or `document`."""
    document = Document()
    _strip(document)
    _page(document)
    _styles(document)
    _headers(document.sections[0], form)
    _footers(document.sections[0], form)
    _body(document, form)
    document.core_properties.title = "{{ title }}"
    document.core_properties.author = "{{ office }}"
    document.core_properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


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
    # A grid of characters would do for Word; LibreOffice gives a 16 pt character two of its cells. So the grid
    # has lines only, and the styles in 3号 are narrowed.
    section._sectPr.append(
        parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{LINE.twips}"/>')
    )


def _styles(document: Any) -> None:
    """Lay down the paragraph styles; their names are what an office sees in Word's style list."""
    normal = document.styles["Normal"]
    _font(normal, FANGSONG, SIZE_3)
    _paragraph(normal, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    center, right, left = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT

    def style(name: str, font: str = FANGSONG, size: Length = SIZE_3, **layout: Any) -> Any:
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = normal
        made.quick_style = True
        _font(made, font, size)
        _paragraph(made, **layout)
        return made

    style("标注", HEI, SIZE_5, line=SIZE_4, after=Mm(15) - SIZE_4, align=right)
    style("发文机关标志", XIAOBIAO, Pt(36), line=Pt(36), align=center).font.color.rgb = RED
    style("发文字号", line=Pt(20), align=left)
    style("公文标题", XIAOBIAO, SIZE_2, line=Pt(34), align=center, before=LINE * 2, after=LINE)
    style("主送机关", align=left)
    style("公文正文", first=2)
    style("附件说明", first=2, left=Twips(CHARACTER * 3), hanging=True)
    style("署名", align=right, together=True)
    style("成文日期", align=right, together=True, last=True)
    style("附注", first=2)
    style("附件标识", HEI, align=left, new_page=True)
    style("附件标题", XIAOBIAO, SIZE_2, line=Pt(34), align=center, before=LINE, after=LINE)
    style("表头", HEI, SIZE_5, line=Pt(17), align=center)
    style("表文", FANGSONG, SIZE_5, line=Pt(17), align=left)
    imprint = style("版记", size=SIZE_4, line=Pt(24), align=left, left=Length(SIZE_4 * 3), hanging=True)
    imprint.paragraph_format.left_indent = Length(SIZE_4 * 4)
    imprint.paragraph_format.right_indent = SIZE_4
    imprint.element.pPr.insert_element_before(
        parse_xml(
            f'<w:framePr {nsdecls("w")} w:w="{(CHARACTER * 28) // 635}" w:wrap="around" w:hAnchor="margin" '
            'w:vAnchor="margin" w:xAlign="center" w:yAlign="bottom"/>'
        ),
        *("w:widowControl", "w:pBdr", "w:spacing", "w:ind", "w:jc"),
    )
    style("页码", SONG, SIZE_4, line=SIZE_4, align=right)
    lead = document.styles.add_style("要点", WD_STYLE_TYPE.CHARACTER)
    _font(lead, HEI, SIZE_3)
    _fonts_of(lead.element.get_or_add_rPr(), SONG, HEI)


def _font(style: Any, east_asian: str, size: Length) -> None:
    latin = SONG if east_asian == SONG else LATIN
    style.font.size = size
    properties = style.element.get_or_add_rPr()
    _fonts_of(properties, latin, east_asian)
    properties.insert_element_before(
        parse_xml(f'<w:spacing {nsdecls("w")} w:val="{NARROWER.twips if size == SIZE_3 else 0}"/>'),
        *("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"),
    )


def _fonts_of(properties: Any, latin: str, east_asian: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        fonts.set(qn(f"w:{script}"), name)


def _paragraph(  # noqa: PLR0913 (the figures of one style, each by its name)
    style: Any,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    line: Length = LINE,
    before: int = 0,
    after: int = 0,
    first: int = 0,
    left: Length | None = None,
    hanging: bool = False,
    together: bool = False,
    last: bool = False,
    new_page: bool = False,
) -> None:
    layout = style.paragraph_format
    layout.alignment = align
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
    layout.space_before, layout.space_after = Length(before), Length(after)
    layout.widow_control = False
    layout.keep_together, layout.keep_with_next = together, together and not last
    layout.page_break_before = new_page
    if left is not None:
        layout.left_indent = Length(left + CHARACTER * first)
        layout.first_line_indent = -left if hanging else None
    elif first:
        layout.first_line_indent = Length(CHARACTER * first)
        style.element.pPr.ind.set(qn("w:firstLineChars"), str(100 * first))


def _headers(section: Any, form: str) -> None:
    """Put the marks of a copy on each page, and the agency's name on the first page of a 函 (10.1)."""
    for number, header in enumerate((section.first_page_header, section.header, section.even_page_header)):
        header.is_linked_to_previous = False
        marks = header.paragraphs[0]
        marks.style = "标注"
        marks.add_run("{%r if demo %}")
        marks.add_run()._element.append(_watermark(number))
        marks.add_run("{%r endif %}")
        marks.add_run("{{ marks }}")
    if form == "letter":
        first = section.first_page_header
        first.add_paragraph("{{ office }}", "发文机关标志")
        _rule(first, Mm(4), "bottom", 18)
        _rule(first, Pt(2.25), "bottom", 6)
        _blank(first, Pt(14))  # 7/8 of a 3号 character between rule and number


def _footers(section: Any, form: str) -> None:
    """Number the pages, outer side, — 1 — (7.5); the first page of a 函 has a red double rule instead (10.1)."""
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
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:space="0" w:color="{color}"/>'
        for side, width in eighths.items()
    )
    paragraph._element.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"),
        *("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


def _blank(part: Any, line: Length) -> Any:
    paragraph = part.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
    return paragraph


def _watermark(number: int) -> Any:
    """Make the pale slanting words behind the text of a demonstration; grey and straight, like no seal."""
    return parse_xml(
        f"<w:pict {nsdecls('w')} {_VML}>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
        '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="demo-mark-{number}" o:spid="_x0000_s{2049 + number}" type="#_x0000_t136" '
        'style="position:absolute;margin-left:0;margin-top:0;width:400pt;height:100pt;rotation:315;z-index:-1;'
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" '
        'o:allowincell="f" fillcolor="#e4e4e4" stroked="f">'
        f'<v:textpath style="font-family:&quot;{HEI}&quot;;font-size:1pt" string="演示数据"/>'
        '<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict>'
    )


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
    _repeat(add, "line in annex_list", "{{ line }}", "附件说明")
    add("", "署名")
    add("{{ signature }}", "署名")
    add("{{ date }}", "成文日期")
    _when(add, "contact", "（{{ contact }}）", "附注")
    add("{%p for annex in annexes %}", "表文")
    add("{{ annex.label }}", "附件标识")
    add("{{ annex.title }}", "附件标题")
    _annex_table(document)
    add("{%p endfor %}", "表文")
    _imprint(add, form)


def _number_line(add: Callable[[str, str], Any]) -> None:
    line = add("", "发文字号")
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
    properties = table._tbl.tblPr
    properties.append(
        parse_xml(
            f"<w:tblBorders {nsdecls('w')}>"
            + "".join(
                f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
                for side in ("top", "left", "bottom", "right", "insideH", "insideV")
            )
            + "</w:tblBorders>"
        )
    )
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


def _imprint(add: Callable[[str, str], Any], form: str) -> None:
    """Put 版记 at the very foot of the last page (7.4); a 函 has 抄送 only, without lines (10.1)."""
    copies = _when(add, "copies_to", "抄送：{{ copies_to }}。", "版记")
    if form == "document":
        issued = add("{{ office }}\t{{ date }}印发", "版记")
        issued.paragraph_format.first_line_indent = Length(0)
        issued.paragraph_format.left_indent = SIZE_4
        issued.paragraph_format.tab_stops.add_tab_stop(
            Length(CHARACTER * 28 - SIZE_4), WD_TAB_ALIGNMENT.RIGHT
        )
        _borders(copies, top=8, bottom=6)
        _borders(issued, top=6, bottom=8)


def main() -> None:
    """Write both templates."""
    TEMPLATES.mkdir(exist_ok=True)
    for form in ("letter", "document"):
        (TEMPLATES / f"{form}.docx").write_bytes(build(form))
        sys.stdout.write(f"templates/{form}.docx\n")


if __name__ == "__main__":
    main()
