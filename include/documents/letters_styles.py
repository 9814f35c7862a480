"""The styles of a letter: fonts, sizes, lines and indents of each part, by the name Word's style list shows.

Source: GB/T 9704-2012, the clauses named beside each figure.
"""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor, Twips

LINE = Twips(579)  # 22 lines in 225 mm (5.2.3)
CHARACTER = Twips(316)  # 28 characters in 156 mm (5.2.3)
NARROWER = Twips(-5)  # by how much a 16 pt character is narrowed to that
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 2号 … 5号
SMALL_4 = Pt(12)  # 小4号
RED = RGBColor(0xE0, 0, 0)
SONG, XIAOBIAO, FANGSONG, HEI, KAI = "宋体", "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"


def lay_down(document: Any) -> None:
    """Lay down the paragraph styles; their names are what an office sees in Word's style list."""
    _defaults(document.styles.element)
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

    style("标注", HEI, SIZE_5, line=SIZE_4, after=Mm(15.6) - SIZE_4, align=right)  # 30 mm to the name
    style("发文机关标志", XIAOBIAO, Pt(36), line=Pt(36), align=center).font.color.rgb = RED
    style("发文字号", line=Pt(20), align=left)
    style("公文标题", XIAOBIAO, SIZE_2, line=Pt(34), align=center, before=LINE * 2, after=LINE)
    style("主送机关", align=left)
    style("公文正文", first=2)
    style("附件说明", first=2, left=Length(CHARACTER * 3), hanging=True)
    style("署名", align=right, together=True)
    style("成文日期", align=right, together=True, last=True)
    style("附注", first=2)
    style("附件标识", HEI, align=left, new_page=True)
    style("附件标题", XIAOBIAO, SIZE_2, line=Pt(34), align=center, before=LINE, after=LINE)
    style("表头", HEI, SMALL_4, line=Pt(18), align=center)
    style("表文", FANGSONG, SMALL_4, line=Pt(18), align=left)
    imprint = style("版记", size=SIZE_4, line=Pt(24), align=left, left=Length(SIZE_4 * 3), hanging=True)
    imprint.paragraph_format.left_indent = Length(SIZE_4 * 4)
    imprint.paragraph_format.right_indent = SIZE_4
    style("页码", SONG, SIZE_4, line=SIZE_4, align=right)
    lead = document.styles.add_style("要点", WD_STYLE_TYPE.CHARACTER)
    _font(lead, HEI, SIZE_3)
    _fonts_of(lead.element.get_or_add_rPr(), SONG, HEI)


def _defaults(styles: Any) -> None:
    """Replace the library's defaults (a theme's Latin fonts, English, space after paragraphs)."""
    for default in styles.findall(qn("w:docDefaults")):
        styles.remove(default)
    styles.insert(
        0,
        parse_xml(
            f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr><w:rFonts w:ascii="{LATIN}" '
            f'w:hAnsi="{LATIN}" w:eastAsia="{FANGSONG}" w:cs="{LATIN}"/>'
            '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )


def _font(style: Any, east_asian: str, size: Length) -> None:
    latin = LATIN if east_asian == FANGSONG else east_asian
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
    if line != LINE:
        off_grid(style.element.get_or_add_pPr())
    layout.keep_together, layout.keep_with_next = together, together and not last
    layout.page_break_before = new_page
    if left is not None:
        layout.left_indent = Length(left + CHARACTER * first)
        layout.first_line_indent = -left if hanging else None
    elif first:
        layout.first_line_indent = Length(CHARACTER * first)
        style.element.pPr.ind.set(qn("w:firstLineChars"), str(100 * first))


def off_grid(properties: Any) -> None:
    """Let lines stand at their own height, not at the grid's."""
    properties.insert_element_before(
        parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>'), "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
