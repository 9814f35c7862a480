"""What officials drop, case by case: from the template of January 2024 as the office wrote it.

A case is a name and a function that gives its files. What another program writes is written by it:
LibreOffice (`Tools.convert`), openpyxl, xlsxwriter, python-docx.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from docx import Document
from openpyxl import Workbook, load_workbook

from include.records.figures import Identity
from include.returns.layout import Layout, Table, checksum
from tests.corpus.faults import ole2

NAME = "2024-01 填报模板.xlsx"
RATIO, COUNT, CHECKED = "sunshine-delivery", "school-model-canteens", "school-canteen-grade-a"
Files = dict[str, bytes]
Edit = Callable[[Any], object]
OLE2_SECTOR = 512


@dataclass(frozen=True)
class Tools:
    """What the cases are made with: a right return, its layout, the agency's template, LibreOffice."""

    right: bytes
    template: bytes
    layout: Layout
    other_agency: bytes
    convert: Callable[[bytes, str], bytes]  # by LibreOffice, to xlsx, xls, ods or a filter's name
    locked: Callable[[bytes], Mapping[str, bytes]]  # by LibreOffice, with a password: xlsx and xls

    def edited(self, *edits: Edit) -> bytes:
        """Give the right return after edits with openpyxl."""
        book, out = load_workbook(BytesIO(self.right)), BytesIO()
        for edit in edits:
            edit(book)
        book.save(out)
        return out.getvalue()

    def ref(self, indicator: str, column: str) -> str:
        table = self.layout.indicators
        assert table
        return table.ref(table.rows_of(indicator)[0], column)

    def clause(self, clause: str, column: str) -> str:
        table = self.layout.progress
        assert table
        return table.ref(table.rows_of(clause)[0], column)

    def put(self, indicator: str, column: str, value: object, number_format: str = "") -> Edit:
        """Give the edit that writes one figure."""

        def edit(book: Any) -> None:
            cell = book["指标"][self.ref(indicator, column)]
            cell.value = value
            cell.number_format = number_format or cell.number_format

        return edit

    def field(self, sheet: str, key: str, value: object) -> Edit:
        """Give the edit that writes a field of the cover or the hidden sheet."""
        fields = self.layout.cover if sheet == "封面" else self.layout.system
        return lambda book: setattr(book[sheet][fields.field(key).ref], "value", value)

    def stamped(self, **said: str) -> bytes:
        """Give the return of another template: the hidden sheet says so, and its checksum fits."""

        def edit(book: Any) -> None:
            sheet, system = book["系统信息"], self.layout.system
            for key, value in said.items():
                sheet[system.field(key).ref].value = value
            identity = {name: str(sheet[system.field(name).ref].value) for name in Identity.__slots__}
            sheet[system.field("checksum").ref].value = checksum(Identity(**identity))

        return self.edited(edit)

    def repacked(self, change: Callable[[str, bytes], bytes]) -> bytes:
        """Give the return with parts of its package changed."""
        out = BytesIO()
        with zipfile.ZipFile(BytesIO(self.right)) as old, zipfile.ZipFile(out, "w", 8) as new:
            for entry in old.infolist():
                new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        return out.getvalue()

    def cell_xml(self, indicator: str, column: str, opening: str, inside: str) -> bytes:
        """Give the return with the XML of one figure's cell written by hand."""
        ref = self.ref(indicator, column)

        def change(name: str, content: bytes) -> bytes:
            if not name.endswith("worksheets/sheet2.xml"):
                return content
            start = content.index(f'<c r="{ref}"'.encode())
            end = content.index(b"</c>", start)
            return content[:start] + f'<c r="{ref}" {opening}>{inside}'.encode() + content[end:]

        return self.repacked(change)

    def stacked(self, *titles: str) -> list[list[object]]:
        """Give sheets below one another, as somebody does who must send a csv."""
        book = load_workbook(BytesIO(self.convert(self.right, "xlsx")), data_only=True)
        sheets = [sheet for sheet in book if sheet.title in titles]
        return [
            ["" if v is None else v for v in row]
            for sheet in sheets
            for row in sheet.iter_rows(values_only=True)
        ]


Make = Callable[[Tools], Files]
CASES: dict[str, Make] = {}


def case(make: Make) -> Make:
    CASES[make.__name__.replace("_", "-")] = make
    return make


def one(data: bytes, name: str = NAME) -> Files:
    return {name: data}


# --- who wrote it, and in which format


@case
def right_by_openpyxl(t: Tools) -> Files:
    return one(t.right)


@case
def right_by_libreoffice_xlsx(t: Tools) -> Files:
    return one(t.convert(t.right, "xlsx"))


@case
def right_by_libreoffice_xls(t: Tools) -> Files:
    return one(t.convert(t.right, "xls"), "2024-01 填报模板.xls")


@case
def right_by_libreoffice_ods(t: Tools) -> Files:
    return one(t.convert(t.right, "ods"), "2024-01 填报模板.ods")


@case
def right_xlsm_without_macros(t: Tools) -> Files:
    return one(t.convert(t.right, "xlsm:Calc MS Excel 2007 VBA XML"), "2024-01 填报模板.xlsm")


@case
def right_made_anew_by_xlsxwriter(t: Tools) -> Files:
    """Typed into a sheet of the agency's own, under its own names and words."""
    source, out = load_workbook(BytesIO(t.right)), BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        cover = book.add_worksheet("首页")
        fields = {f.key: source["封面"][f.ref].value for f in t.layout.cover.fields}
        said = [("填报单位", "市教育局"), ("月份", "2024年1月"), ("填表人", fields["filled_by"]),
                ("电话", fields["phone"]), ("签发人", fields["signed_by"])]  # fmt: skip
        for row, (label, text) in enumerate(said):
            cover.write_row(row, 0, [label, text])
        for table in t.layout.tables:
            sheet = book.add_worksheet(f"{table.title}（我局）")
            columns = [c for c in table.columns if c.key not in ("id", "check")]
            for row in range(table.header_row, table.last_row + 1):
                values = [source[table.title].cell(row, c.index + 1).value for c in columns]
                words = [c.aliases[0] if c.aliases else c.header for c in columns]
                plain = [None if isinstance(v, str) and v.startswith("=") else v for v in values]
                sheet.write_row(row - 3, 0, words if row == table.header_row else plain)
    return one(out.getvalue(), "教育局一月份报表.xlsx")


def _csv(rows: list[list[object]], encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


@case
def right_csv_utf8_with_bom(t: Tools) -> Files:
    return one(_csv(t.stacked("封面", "指标", "名单", "工作进展", "系统信息"), "utf-8-sig"), "2024-01.csv")


@case
def right_csv_gb18030(t: Tools) -> Files:
    return one(_csv(t.stacked("封面", "指标", "名单", "工作进展", "系统信息"), "gb18030"), "2024-01.csv")


@case
def csv_of_one_sheet(t: Tools) -> Files:
    return one(_csv(t.stacked("指标"), "gb18030"), "教育局2024年1月.csv")


@case
def workbook_called_pdf(t: Tools) -> Files:
    return one(t.right, "2024-01 报表.pdf")


# --- files nothing can be read from


@case
def encrypted_xlsx(t: Tools) -> Files:
    return one(t.locked(t.right)["xlsx"])


@case
def encrypted_xls(t: Tools) -> Files:
    return one(t.locked(t.right)["xls"], "2024-01 填报模板.xls")


@case
def macro_xlsm(t: Tools) -> Files:
    out, project = BytesIO(), BytesIO(ole2("VBA", "PROJECT", "_VBA_PROJECT"))
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("指标").write_row(0, 0, ["条款", "指标", "分子", "分母"])
        book.add_vba_project(project, is_stream=True)
    return one(out.getvalue(), "2024-01 填报模板.xlsm")


@case
def macro_hidden_in_xlsx(t: Tools) -> Files:
    out = BytesIO(t.right)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", ole2("VBA", "PROJECT", "_VBA_PROJECT"))
    return one(out.getvalue())


@case
def empty_file(t: Tools) -> Files:
    return one(b"")


@case
def half_copied_xlsx(t: Tools) -> Files:
    return one(t.right[: len(t.right) // 2])


@case
def half_copied_xls(t: Tools) -> Files:
    data = t.convert(t.right, "xls")
    return one(data[: len(data) // 2 // OLE2_SECTOR * OLE2_SECTOR], "2024-01 填报模板.xls")


@case
def corrupt_xlsx(t: Tools) -> Files:
    """A part damaged on the way: the directory is whole, the content is not."""
    data = bytearray(t.right)
    with zipfile.ZipFile(BytesIO(t.right)) as package:
        entry = package.getinfo("xl/worksheets/sheet2.xml")
    start = entry.header_offset + 30 + len(entry.filename) + 200
    data[start : start + 64] = bytes(64)
    return one(bytes(data))


@case
def web_page_called_xls(t: Tools) -> Files:
    page = "<html><meta charset=utf-8><table><tr><td>指标</td><td>本月数</td></tr></table></html>"
    return one(page.encode(), "2024-01.xls")


@case
def another_table(t: Tools) -> Files:
    book, out = Workbook(), BytesIO()
    for row in (["姓名", "工号", "部门"], ["张三", 1, "办公室"]):
        book.active.append(row)  # pyright: ignore[reportOptionalMemberAccess]
    book.save(out)
    return one(out.getvalue(), "通讯录.xlsx")


@case
def empty_workbook(t: Tools) -> Files:
    out = BytesIO()
    Workbook().save(out)
    return one(out.getvalue())


@case
def template_untouched(t: Tools) -> Files:
    return one(t.template)


# --- somebody else's, or another month's


@case
def old_template(t: Tools) -> Files:
    return one(t.stamped(template_version="0"))


@case
def other_agencys(t: Tools) -> Files:
    return one(t.other_agency)


@case
def other_years(t: Tools) -> Files:
    return one(t.stamped(period="2023-12"))


@case
def month_not_open_yet(t: Tools) -> Files:
    return one(t.stamped(period="2024-02"))


@case
def other_plans(t: Tools) -> Files:
    return one(t.stamped(plan_id="haiyan-2024"))


@case
def cover_written_over(t: Tools) -> Files:
    return one(t.edited(t.field("封面", "period", "2024年2月")))


@case
def hidden_sheet_lost(t: Tools) -> Files:
    return one(t.edited(lambda book: book.remove(book["系统信息"])), "教育局1月份（最终版）.xlsx")


# --- moved, renamed, added, merged, hidden


def _move_columns(book: Any) -> None:
    sheet = book["指标"]
    for row in range(5, 9):  # 分母 changes places with 条款
        first, other = sheet.cell(row, 1), sheet.cell(row, 7)
        first.value, other.value = other.value, first.value


@case
def columns_moved(t: Tools) -> Files:
    return one(t.edited(_move_columns))


def _rename(book: Any) -> None:
    for ref, name in (("F5", "分子数（个）"), ("H5", "本月完成数"), ("L5", "备 注"), ("J5", "累计数")):
        book["指标"][ref].value = name
    book["工作进展"]["E5"].value = "进展情况"
    book["指标"].title = "1月指标表"


@case
def columns_and_sheet_renamed(t: Tools) -> Files:
    return one(t.edited(_rename))


def _add(book: Any) -> None:
    sheet = book["指标"]
    sheet.insert_cols(3)
    sheet["C5"].value, sheet["C7"].value = "科室", "体卫艺科"
    sheet.insert_rows(1, 3)
    sheet["A1"].value = "平湖市教育局食品安全工作月报"
    sheet["B15"].value, sheet["G15"].value = "合计", 30
    sheet["B16"].value = "注：以上为在籍学校"


@case
def columns_and_rows_added(t: Tools) -> Files:
    return one(t.edited(_add))


@case
def column_deleted(t: Tools) -> Files:
    return one(t.edited(lambda book: book["指标"].delete_cols(7)))


def _second_amount(book: Any) -> None:
    book["指标"]["P5"].value, book["指标"]["P7"].value = "本月新增", 2


@case
def column_twice(t: Tools) -> Files:
    return one(t.edited(_second_amount))


@case
def sheet_deleted(t: Tools) -> Files:
    return one(t.edited(lambda book: book.remove(book["工作进展"])))


@case
def sorted_in_part(t: Tools) -> Files:
    """Only the visible names were sorted; the hidden numbers stayed."""

    def sort(book: Any) -> None:
        sheet = book["指标"]
        sheet["B6"].value, sheet["B8"].value = sheet["B8"].value, sheet["B6"].value

    return one(t.edited(sort))


@case
def figures_merged(t: Tools) -> Files:
    return one(
        t.edited(
            lambda b: b["指标"].merge_cells(f"{t.ref(RATIO, 'numerator')}:{t.ref(RATIO, 'denominator')}")
        )
    )


@case
def texts_merged(t: Tools) -> Files:
    def merge(book: Any) -> None:
        sheet = book["工作进展"]
        sheet["E6"].value = "三项一并推进，本月检查 12 家。"
        sheet["E7"].value = sheet["E8"].value = None
        sheet.merge_cells("E6:E8")

    return one(t.edited(merge))


def _hide(book: Any) -> None:
    book["指标"].row_dimensions[7].hidden = True
    book["指标"].column_dimensions["G"].hidden = True
    book["工作进展"].sheet_state = "hidden"


@case
def hidden_row_column_sheet(t: Tools) -> Files:
    return one(t.edited(_hide))


@case
def hidden_row_column_sheet_xls(t: Tools) -> Files:
    return one(t.convert(t.edited(_hide), "xls"), "2024-01 填报模板.xls")


# --- figures as people write them


@case
def figures_as_text(t: Tools) -> Files:
    edits = (t.put(RATIO, "numerator", "３０"), t.put(RATIO, "denominator", "1,2０0 家"),
             t.put(CHECKED, "numerator", "十二"), t.put(CHECKED, "denominator", "0.01万"),
             t.put(COUNT, "amount", "无"), t.put(COUNT, "pending", "/"))  # fmt: skip
    return one(t.edited(*edits))


@case
def figures_not_certain(t: Tools) -> Files:
    edits = (t.put(RATIO, "numerator", "约 30"), t.put(RATIO, "denominator", "120左右"),
             t.put(CHECKED, "numerator", "≥30"), t.put(CHECKED, "denominator", "30-40"),
             t.put(COUNT, "amount", "详见附件"))  # fmt: skip
    return one(t.edited(*edits))


@case
def figures_that_became_dates(t: Tools) -> Files:
    edits = (t.put(RATIO, "numerator", "2024年1月5日"), t.put(COUNT, "amount", date(2024, 3, 5), "m-d"))
    return one(t.edited(*edits))


@case
def shares_for_counts(t: Tools) -> Files:
    edits = (t.put(RATIO, "numerator", "25%"), t.put(CHECKED, "numerator", "5‰"))
    return one(t.edited(*edits))


def _percent(t: Tools) -> bytes:
    return t.edited(t.put(RATIO, "numerator", 0.25, "0%"), t.put(CHECKED, "denominator", 3, '0"万"'))


@case
def percent_and_word_formats_xlsx(t: Tools) -> Files:
    return one(_percent(t))


@case
def percent_and_word_formats_xls(t: Tools) -> Files:
    return one(t.convert(_percent(t), "xls"), "2024-01 填报模板.xls")


@case
def percent_and_word_formats_ods(t: Tools) -> Files:
    return one(t.convert(_percent(t), "ods"), "2024-01 填报模板.ods")


def _formulas(t: Tools) -> bytes:
    return t.edited(t.put(RATIO, "numerator", "=10+20"), t.put(COUNT, "amount", "=1/0"))


@case
def formulas_without_values(t: Tools) -> Files:
    return one(_formulas(t))


@case
def formulas_computed_xlsx(t: Tools) -> Files:
    return one(t.convert(_formulas(t), "xlsx"))


@case
def formulas_computed_xls(t: Tools) -> Files:
    return one(t.convert(_formulas(t), "xls"), "2024-01 填报模板.xls")


@case
def formula_into_another_file(t: Tools) -> Files:
    return one(t.cell_xml(RATIO, "numerator", "", "<f>[1]Sheet1!A1+1</f><v>30</v>"))


@case
def picture_in_cell_by_wps(t: Tools) -> Files:
    shown = '=DISPIMG("ID_0123456789ABCDEF",1)'.replace('"', "&quot;")
    return one(t.cell_xml(COUNT, "explanation", 't="str"', f"<f>_xlfn.{shown[1:]}</f><v>{shown}</v>"))


@case
def nil_return(t: Tools) -> Files:
    def clear(book: Any) -> None:
        for table in (t.layout.indicators, t.layout.names):
            _clear_inputs(book, table)

    return one(t.edited(clear, t.field("封面", "nil_return", "是")))


def _clear_inputs(book: Any, table: Table | None) -> None:
    assert table
    for row in table.rows:
        for column in table.columns:
            if column.content in ("number", "text"):
                book[table.title][table.ref(row, column.key)].value = None


@case
def nil_not_clear(t: Tools) -> Files:
    return one(t.edited(t.field("封面", "nil_return", "部分")))


# --- names, companions, second sendings, locks


@case
def name_of_a_copy(t: Tools) -> Files:
    return one(t.right, "副本2024-01 填报模板(1) 最终版 - 副本（2）.xlsx")


@case
def sent_twice(t: Tools) -> Files:
    return {NAME: t.right, "2024-01 填报模板(1).xlsx": t.right}


@case
def scan_alone(t: Tools) -> Files:
    return one(_pdf(), "一月报表盖章.pdf")


@case
def return_with_companions(t: Tools) -> Files:
    return {NAME: t.right, **_companions()}


@case
def zip_with_the_return_inside(t: Tools) -> Files:
    return one(_zip({"报表/2024-01.xlsx": t.right}), "教育局.zip")


@case
def lock_left_behind(t: Tools) -> Files:
    """Held while it may be open, taken once neither lock nor workbook changed for hours."""
    return {NAME: t.right, f"~${NAME}": b"\x06Demo A".ljust(165, b" ")}


def _pdf() -> bytes:
    pages = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    return b"%PDF-1.4\n" + pages + b"%%EOF\n"


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 14))
        + chunk(b"IEND", b"")
    )


def _zip(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _companions() -> Files:
    text, out = Document(), BytesIO()
    text.add_paragraph("一月份检查情况说明")
    text.save(out)
    photos = _zip({"现场照片/1.png": _png(), "现场照片/2.png": _png()})
    return {
        "情况说明.docx": out.getvalue(),
        "2024-01 盖章扫描件.pdf": _pdf(),
        "现场.png": _png(),
        "照片.zip": photos,
    }


# --- made to do harm


def _declared(kind: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("worksheets/sheet2.xml"):
            return content
        start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
        return content[:start] + b"<!DOCTYPE x [" + kind + b"]>" + content[start:]

    return change


@case
def hostile_billion_laughs(t: Tools) -> Files:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return one(t.repacked(_declared(b'<!ENTITY l0 "ha">' + levels)))


@case
def hostile_external_entity(t: Tools) -> Files:
    return one(t.repacked(_declared(b'<!ENTITY x SYSTEM "file:///etc/hostname">')))


@case
def hostile_zip_bomb(t: Tools) -> Files:
    out = BytesIO(t.right)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("xl/worksheets/sheet99.xml", bytes(64 << 20))
    return one(out.getvalue())


@case
def hostile_paths_inside(t: Tools) -> Files:
    out = BytesIO(t.right)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("../../../../tmp/duban-was-here", b"x")
        package.writestr("/tmp/duban-was-here", b"x")  # noqa: S108 - nobody may write it
    return one(out.getvalue(), "模板\u202exslx.. %2e%2e %00.xlsx")


@case
def hostile_deep_formula(t: Tools) -> Files:
    deep = "SUM(" * 10_000 + "1" + ")" * 10_000
    return one(t.cell_xml(COUNT, "amount", "", f"<f>{deep}</f><v>0</v>"))


@case
def far_away_cell(t: Tools) -> Files:
    return one(t.edited(lambda book: setattr(book["指标"]["XFD1048576"], "value", 1)))
