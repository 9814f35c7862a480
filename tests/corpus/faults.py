"""One file for each rule of the reader: it breaks that rule and no other."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from include.records.figures import Identity, Role
from include.returns.layout import checksum
from include.returns.prefilled import MARK
from include.returns.rules import BY_ID
from tests.corpus import education as e


@dataclass(frozen=True)
class Fault:
    """A file that breaks a rule; what is said of it stands in `messages.yaml`."""

    data: Callable[[], bytes]
    file_name: str = e.FILE_NAME


def _sheet(title: str, edit: Callable[[Any], object]) -> Callable[[], bytes]:
    return lambda: e.edited(lambda book: edit(book[title]))


def _cell(title: str, ref: str, value: object) -> Callable[[], bytes]:
    def put(sheet: Any) -> None:
        sheet[ref].value = value

    return _sheet(title, put)


def _figure(value: object, role: Role = Role.MONTH, indicator: str = e.COUNT) -> Callable[[], bytes]:
    return lambda: e.filled({(indicator, role): value})


def ole2(*streams: str) -> bytes:
    """Give an OLE2 container with a directory naming these streams."""
    data = bytearray(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504))
    for name in ("Root Entry", *streams):
        wide = name.encode("utf-16-le") + b"\x00\x00"
        data += wide.ljust(64, b"\x00") + struct.pack("<H", len(wide)) + bytes(62)
    return bytes(data.ljust(2048, b"\x00"))


def _zip(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """Give the faultless return with a part added."""
    out = BytesIO(e.filled())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


def _other_workbook() -> bytes:
    book, out = Workbook(), BytesIO()
    for row in (["姓名", "工号", "部门"], ["张三", 1, "办公室"]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _without_period() -> bytes:
    def edit(book: Any) -> None:
        del book["系统信息"]
        book["封面"][e.layout_of().cover.field("period").ref].value = None

    return e.edited(edit)


def _merged(sheet: Any) -> None:
    sheet.merge_cells(f"{e.place(e.RATIO, 'numerator')}:{e.place(e.RATIO, 'denominator')}")


def _external(name: str, content: bytes) -> bytes:
    ref = e.place(e.COUNT, "amount").encode()
    if not name.endswith("sheet2.xml"):
        return content
    start = content.index(b'<c r="' + ref + b'"')
    end = content.index(b"</c>", start)
    cell = content[start:end]
    opening = cell[: cell.index(b">") + 1].replace(b' t="n"', b"")
    return content[:start] + opening + b"<f>[1]Sheet1!A1+1</f><v>1</v>" + content[end:]


def _with_error(name: str, content: bytes) -> bytes:
    ref = e.place(e.COUNT, "amount").encode()
    if not name.endswith("sheet2.xml"):
        return content
    start = content.index(b'<c r="' + ref + b'"')
    end = content.index(b"</c>", start)
    return content[:start] + b'<c r="' + ref + b'" t="e"><f>1/0</f><v>#DIV/0!</v>' + content[end:]


def _second_amount(sheet: Any) -> None:
    sheet["P5"].value = "本月数"
    sheet["P7"].value = 2


def _doubled_row(sheet: Any) -> None:
    row = [cell.value for cell in sheet[7]]
    for column, value in enumerate(row, 1):
        sheet.cell(20, column, value)


def _stray_name(sheet: Any) -> None:
    sheet.append([None, "示范店", None, "某某小学"])


def _swollen() -> bytes:
    rows = b"".join(
        b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n) for n in range(1_900_000)
    )
    return with_part(
        "xl/worksheets/sheet99.xml", b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    )


def _with_photo() -> bytes:
    photo = random.Random(1).randbytes(21 << 20)  # noqa: S311 - nothing that compresses
    return with_part("xl/media/photo.jpg", photo)


def prefilled_on(sheet: Any) -> dict[tuple[str, str, str], str]:
    """Give what the hidden sheet keeps of the prefilled cells."""
    rows = sheet.iter_rows(min_col=2, max_col=6, values_only=True)
    return {(row[1], row[2], row[3] or ""): row[4] or "" for row in rows if row[0] == MARK}


def _stamped(key: str, value: str) -> Callable[[], bytes]:
    """Change a field of the hidden sheet and its checksum with it, as another template would have it."""

    def stamp(sheet: Any) -> None:
        system = e.layout_of().system
        sheet[system.field(key).ref].value = value
        said = {name: str(sheet[system.field(name).ref].value) for name in Identity.__slots__}
        sheet[system.field("checksum").ref].value = checksum(Identity(**said), prefilled_on(sheet))

    return _sheet("系统信息", stamp)


FAULTS: dict[str, Fault] = {
    "file-empty": Fault(lambda: b""),
    "file-too-large": Fault(_with_photo),
    "file-encrypted": Fault(lambda: ole2("EncryptionInfo", "EncryptedPackage")),
    "file-macro": Fault(lambda: with_part("xl/vbaProject.bin", b"macro")),
    "file-corrupt": Fault(lambda: e.filled()[:9000]),
    "file-hostile": Fault(lambda: with_part("xl/worksheets/sheet99.xml", bytes(64 << 20))),
    "file-swollen": Fault(_swollen),
    "file-other-format": Fault("<html><table><tr><td>指标</td></tr></table></html>".encode),
    "file-not-a-return": Fault(_other_workbook),
    "period-unknown": Fault(_without_period, "报表最终版.xlsx"),
    "template-version-old": Fault(_stamped("template_version", "0")),
    "foreign-agency": Fault(lambda: e.filled(agency="court")),
    "foreign-period": Fault(_stamped("period", "2023-12")),
    "foreign-plan": Fault(_stamped("plan_id", "haiyan-2024")),
    "scan-alone": Fault(lambda: b"%PDF-1.7\n...", "8月报表盖章.pdf"),
    "archive-holds-workbook": Fault(lambda: _zip({"报表/8月.xlsx": e.filled()}), "8月.zip"),
    "checksum-mismatch": Fault(_cell("系统信息", "C7", "0123456789abcdef")),
    "cover-differs": Fault(lambda: e.filled(cover={"period": "2024年7月"})),
    "prefilled-altered": Fault(_cell("指标", e.place(e.COUNT, "target"), "≥1")),
    "nil-unclear": Fault(lambda: e.filled(cover={"nil_return": "部分"})),
    "sheet-missing": Fault(lambda: e.edited(lambda book: book.remove(book["工作进展"]))),
    "header-missing": Fault(_sheet("名单", lambda sheet: sheet.delete_rows(1, 5))),
    "column-missing": Fault(_sheet("指标", lambda sheet: sheet.delete_cols(7))),
    "column-duplicated": Fault(_sheet("指标", _second_amount)),
    "row-missing": Fault(_sheet("工作进展", lambda sheet: sheet.delete_rows(7))),
    "row-duplicated": Fault(_sheet("指标", _doubled_row)),
    "row-contradicts-id": Fault(_cell("指标", "B8", "中小学“示范食堂”")),
    "cell-merged": Fault(_sheet("指标", _merged)),
    "cell-far-away": Fault(_cell("指标", "XFD1048576", 1)),
    "name-unplaced": Fault(_sheet("名单", _stray_name)),
    "number-unreadable": Fault(_figure("详见附件")),
    "number-ambiguous": Fault(_figure("约 2")),
    "number-is-date": Fault(_figure(datetime(2024, 3, 5))),  # noqa: DTZ001 - a cell knows no zone
    "number-is-share": Fault(_figure("25%", Role.NUMERATOR, e.RATIO)),
    "formula-without-value": Fault(_figure("=1+0")),
    "formula-error": Fault(lambda: e.repacked(_with_error)),
    "formula-external": Fault(lambda: e.repacked(_external)),
    "due-marked-not-due": Fault(_cell("工作进展", "D7", "本月不需填报")),
    "status-unknown": Fault(_cell("工作进展", "D7", "还行")),
}  # fmt: skip


def uncovered() -> set[str]:
    """Give the rules no file here breaks; those have a test of their own."""
    return set(BY_ID) - set(FAULTS)
