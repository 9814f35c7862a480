"""The sentences of the letters as a Word document an office edits: a table of id, use and text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length, Mm, Pt

from include.documents.letters_pack import steady
from include.documents.letters_styles import lay_down
from include.errors import SettingsError
from include.foreign import words

_COLUMNS = ("编号", "用在哪里", "文字")
_WIDTHS = (Mm(36), Mm(38), Mm(82))
_EXPLAINED = (
    "只改第三栏的文字，编号不动。双花括号里的是字段，由系统填写，可以挪动、增删，不能自造；要求类的文字清空即不写这一条。"
    "没有的行，按系统自带的文字。改完用 duban letters templates --check 核对。"
)


def write_phrases(rows: Iterable[tuple[str, str, str]], explained: Iterable[str]) -> bytes:
    """Write the sentences (id, where used, text) as .docx, and above them lines on the fields there are.

    The same sentences give the same bytes.
    """
    document = Document()
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    lay_down(document)
    document.add_paragraph("文书措辞", "公文标题")
    for line in (_EXPLAINED, *explained):
        document.add_paragraph(line, "表文")
    table: Any = document.add_table(rows=1, cols=len(_COLUMNS))
    table.style = "Table Grid"
    _fill(table.rows[0], _COLUMNS, "表头")
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for row in rows:
        _fill(table.add_row(), row, "表文")
    document.core_properties.author = document.core_properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _fill(row: Any, texts: Sequence[str], style: str) -> None:
    for cell, text, width in zip(row.cells, texts, _WIDTHS, strict=True):
        cell.width = Length(width)
        cell.paragraphs[0].style = style
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)
        cell.paragraphs[0].add_run(text)


def read_phrases(file: Path) -> list[tuple[str, str, str]]:
    """Read the sentences back: the row in the table, id and text.

    Raises:
        SettingsError: no Word document, or none with such a table.
    """
    try:
        tables = Document(str(file)).tables
    except (OSError, ValueError, KeyError, PackageNotFoundError, zipfile.BadZipFile) as error:
        raise SettingsError(
            f"{file}不能作为 Word 文档（.docx）读取：{words(error)}；请在 Word 或 WPS 中另存为 .docx"
        ) from error
    for table in tables:
        head, *rows = ([cell.text.strip() for cell in row.cells] for row in table.rows)
        if head == list(_COLUMNS):
            return [(f"第{n}行", id, text.replace("\n", "")) for n, (id, _, text) in enumerate(rows, 2)]
    raise SettingsError(
        f"{file}中没有“{'、'.join(_COLUMNS)}”三栏的表；请从 duban letters templates --copy 取出的改"
    )
