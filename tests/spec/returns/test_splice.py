"""What other programs put into a workbook is still there, and the same, once a receipt is in front of it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no types
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from pypdf import PdfReader

from include.returns.receipt import answer
from tests.orders import faulty_return, receipt_order
from tests.soffice import pdfs_by_libreoffice, saved_by_libreoffice

EXTENSIONS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}extLst"
SHEET, THREADED = "sheet2.xml", "threadedComment1.xml"
NOTE, ANSWER = "请王科长核实", "已经核实，是对的"
FAULTY = {("指标", "F6"), ("指标", "H7"), ("封面", "C11")}
FOREIGN = (
    "xl/charts/", "xl/media/", "xl/drawings/drawing", "xl/drawings/_rels/drawing", "xl/threadedComments/",
    "xl/persons/", "xl/theme/", "customXml/", "docProps/",
)  # fmt: skip
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_OFFICE = "http://schemas.microsoft.com/office/2017/10/relationships"
_WHO, _WHICH = "{11111111-2222-3333-4444-555555555555}", "{66666666-7777-8888-9999-AAAAAAAAAAAA}"
PERSONS = (
    f'<personList xmlns="{_THREADS}"><person displayName="王科长" id="{_WHO}" userId="w" providerId="None"/>'
    "</personList>"
).encode()
THREAD = (
    f'<ThreadedComments xmlns="{_THREADS}"><threadedComment ref="B3" dT="2024-08-30T09:00:00.00" '
    f'personId="{_WHO}" id="{_WHICH}"><text>{ANSWER}</text></threadedComment></ThreadedComments>'
).encode()


@cache
def by_openpyxl() -> bytes:
    """The return with a note, a chart, a drop-down and a colour rule of its owner's, saved by openpyxl."""
    book, out = load_workbook(BytesIO(faulty_return())), BytesIO()
    sheet = book["指标"]
    sheet["F6"].comment = Comment(NOTE, "某人")  # on the faulty cell itself
    sheet["B3"].comment = Comment(NOTE, "某人")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=6, max_row=8))
    sheet.add_chart(chart, "P2")
    choice = DataValidation(type="list", formula1='"甲,乙"', sqref="P30")
    sheet.add_data_validation(choice)
    red = PatternFill(start_color="FFFF0000", end_color="FFFF0000", fill_type="solid")
    sheet.conditional_formatting.add("F6:F9", CellIsRule(operator="greaterThan", formula=["100"], fill=red))
    book.save(out)
    return out.getvalue()


@cache
def by_xlsxwriter() -> bytes:
    """A workbook somebody's program made: note, thread, picture, chart, drop-down and colour rule."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        cover, sheet = book.add_worksheet("封面"), book.add_worksheet("指标")
        cover.write("B11", "审核签发人")
        sheet.write("F6", 120)
        sheet.write("G6", 96)
        sheet.write_formula("J6", "=F6/G6", None, 1.25)  # type: ignore[arg-type]
        sheet.write("H7", 9)
        sheet.write_comment("B2", NOTE, {"author": "某人"})
        sheet.write_comment("B3", f"[Threaded comment] {ANSWER}", {"author": f"tc={_WHICH}"})
        chart = book.add_chart({"type": "column"})
        assert chart
        chart.add_series({"values": "=指标!$F$6:$F$8"})
        sheet.insert_chart("P2", chart)
        sheet.insert_image("P20", "stamp.png", {"image_data": BytesIO(picture())})
        cover.insert_image("E2", "stamp.png", {"image_data": BytesIO(picture())})
        sheet.data_validation("P30", {"validate": "list", "source": ["甲", "乙"]})
        red = book.add_format({"bg_color": "#FF0000"})
        rule = {"type": "cell", "criteria": ">", "value": 100, "format": red}
        sheet.conditional_format("F6:F9", rule)
        sheet.conditional_format("F6:F9", {"type": "data_bar", "data_bar_2010": True})
    return with_thread(out.getvalue())


def picture() -> bytes:
    """Give a red square as a PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"".join(b"\0" + b"\xcc\0\0" * 24 for _ in range(24))
    head = struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def with_thread(data: bytes) -> bytes:
    """Put the parts in that Excel adds for a threaded comment."""
    kinds = {
        "xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
        "xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
    }
    links = {
        "xl/worksheets/_rels/sheet2.xml.rels": (
            "threadedComment",
            "../threadedComments/threadedComment1.xml",
        ),
        "xl/_rels/workbook.xml.rels": ("person", "persons/person.xml"),
    }
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name in links:
                kind, target = links[name]
                link = f'<Relationship Id="rId90" Type="{_OFFICE}/{kind}" Target="{target}"/>'
                text = text.replace(b"</Relationships>", f"{link}</Relationships>".encode())
            if name == "[Content_Types].xml":
                more = "".join(f'<Override PartName="/{n}" ContentType="{k}"/>' for n, k in kinds.items())
                text = text.replace(b"</Types>", f"{more}</Types>".encode())
            new.writestr(name, text)
        for name, content in zip(kinds, (THREAD, PERSONS), strict=True):
            new.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def books(need: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Workbooks with other programs' parts, by the program that saved them."""
    made = {"openpyxl": by_openpyxl(), "xlsxwriter": by_xlsxwriter()}
    saved = saved_by_libreoffice(made, need("soffice"), tmp_path_factory.mktemp("saved"))
    return made | {"libreoffice": saved["openpyxl"], "libreoffice-of-xlsxwriter": saved["xlsxwriter"]}


PROGRAMS = ("openpyxl", "xlsxwriter", "libreoffice", "libreoffice-of-xlsxwriter")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def own_of(data: bytes) -> dict[str, Any]:
    """Give what a workbook's owner put into it, as openpyxl sees it, without what is ours."""
    book, computed = load_workbook(BytesIO(data)), load_workbook(BytesIO(data), data_only=True)
    found: dict[str, Any] = {}
    for sheet in (s for s in book if s.title != "回执"):
        cells = [cell for row in sheet.iter_rows() for cell in row]
        notes = {c.coordinate: c.comment.text for c in cells if c.comment}
        found[sheet.title] = {
            "values": {
                c.coordinate: (c.value, computed[sheet.title][c.coordinate].value) for c in cells if c.value
            },
            "notes": {ref: text for ref, text in notes.items() if not text.startswith("【回执】")},
            "choices": {(str(v.sqref), v.type, v.formula1) for v in sheet.data_validations.dataValidation},
            "colours": {
                (str(block.sqref), rule.type, tuple(rule.formula))
                for block in sheet.conditional_formatting
                for rule in block.rules
                if "回执" not in "".join(rule.formula)
            },
            "charts": len(sheet._charts),
            "pictures": len(sheet._images),
            "widths": {letter: d.width for letter, d in sheet.column_dimensions.items()},
            "merged": {str(area) for area in sheet.merged_cells.ranges},
        }
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_everything_somebody_put_in_is_still_there(program: str, books: dict[str, bytes]) -> None:
    original = books[program]
    first = answer(receipt_order(original=original)).workbook
    again = answer(receipt_order(original=first, number=2)).workbook
    own = own_of(original)
    assert own["指标"]["notes"]
    assert own["指标"]["charts"] == 1
    assert own["指标"]["choices"]
    assert own["指标"]["colours"]
    for given_back in (first, again):
        assert own_of(given_back) == own
        before, after = parts(original), parts(given_back)
        foreign = {name for name in before if name.startswith(FOREIGN)}
        assert {n: after.get(n) for n in foreign} == {n: before[n] for n in foreign}
        commented = {
            (sheet.title, c.coordinate)
            for sheet in load_workbook(BytesIO(given_back))
            for row in sheet.iter_rows()
            for c in row
            if c.comment
        }
        assert commented >= FAULTY


def test_a_thread_of_comments_keeps_its_parts_and_its_links(books: dict[str, bytes]) -> None:
    after = parts(answer(receipt_order(original=books["xlsxwriter"])).workbook)
    assert after["xl/threadedComments/threadedComment1.xml"] == THREAD
    assert after["xl/persons/person.xml"] == PERSONS
    assert THREADED.encode() in after[f"xl/worksheets/_rels/{SHEET}.rels"]
    assert b"persons/person.xml" in after["xl/_rels/workbook.xml.rels"]
    assert b"threadedcomments+xml" in after["[Content_Types].xml"]
    assert f"tc={_WHICH}".encode() in after["xl/comments1.xml"]


def test_what_newer_programs_put_behind_a_sheet_stays(books: dict[str, bytes]) -> None:
    """A data bar of Excel 2010 stands in the list of extensions at the end of its sheet."""
    before = parts(books["xlsxwriter"])[f"xl/worksheets/{SHEET}"]
    after = parts(answer(receipt_order(original=books["xlsxwriter"])).workbook)[f"xl/worksheets/{SHEET}"]
    assert b"x14:dataBar" in before
    assert etree.tostring(etree.fromstring(after).find(EXTENSIONS), method="c14n") == etree.tostring(
        etree.fromstring(before).find(EXTENSIONS), method="c14n"
    )


def test_libreoffice_prints_every_one_with_the_receipt_in_front(
    books: dict[str, bytes], need: Callable[[str], Path], tmp_path: Path
) -> None:
    receipts = {name: answer(receipt_order(original=data)).workbook for name, data in books.items()}
    for name, pdf in pdfs_by_libreoffice(receipts, need("soffice"), tmp_path).items():
        pages = ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]
        assert "市教育局2024年8月第1次报送" in pages[0], name
        assert any("120" in page for page in pages[1:]), name
