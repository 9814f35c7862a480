"""What a file is, by its bytes: names lie."""

from __future__ import annotations

import struct
import zipfile
import zlib
from enum import StrEnum
from io import BytesIO

from include.returns.unreadable import unreadable

SCAN = "扫描件"
PICTURE = "图片"
EVIDENCE = "佐证材料"


class Sort(StrEnum):
    """What kind of file it is."""

    XLSX = "xlsx"
    XLS = "xls"  # .et too
    ODS = "ods"
    TEXT = "text"  # perhaps a csv
    SCAN = SCAN  # a PDF or OFD
    PICTURE = PICTURE
    EVIDENCE = EVIDENCE
    ARCHIVE = "archive"  # a zip of files, evidence too
    UNKNOWN = "unknown"  # evidence, unless it is called a workbook


COMPANIONS = (Sort.SCAN, Sort.PICTURE, Sort.EVIDENCE, Sort.ARCHIVE, Sort.UNKNOWN)  # never parsed
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_EVIDENCE = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"{\\rtf",
    b"\x1f\x8b",
    b"ID3",
    b"OggS",
    b"\x1aE\xdf\xa3",
)
_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_BOF = bytes.fromhex("0908100000060500")  # of the workbook globals, BIFF8
_FILEPASS = 0x2F
_LARGEST_MANIFEST = 1 << 20
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OTHER_TABLES = {
    "网页（html），只是后缀像电子表": (b"<html", b"<!doctype html", b"<table"),
    "XML 表格": (b"urn:schemas-microsoft-com:office:spreadsheet",),
}


def sniff(data: bytes) -> Sort:
    """Tell what the bytes are.

    Raises:
        UnreadableFileError: they are of no use: empty, encrypted, with macros, cut short.
    """
    if not data.strip(b"\x00 \r\n\t"):
        raise unreadable("file-empty") if not data else unreadable("file-corrupt", why="里面全是空字节")
    if (flat := flat_sort(data)) is not None:
        return flat
    if data.startswith(_EVIDENCE) or data[4:8] == b"ftyp":
        return Sort.EVIDENCE
    if data.startswith(b"PK"):
        return _zip(data)
    if data.startswith(_OLE2):
        return _ole2(data)
    return _text(data)


def flat_sort(data: bytes) -> Sort | None:
    """Tell a PDF or a picture by its first bytes; None if it is neither."""
    if b"%PDF-" in data[:1024]:
        return Sort.SCAN
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    heic = data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif")
    return Sort.PICTURE if data.startswith(_PICTURES) or webp or heic else None


def _zip(data: bytes) -> Sort:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            locked = _ODS in data[:200] and _declares_encryption(package)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise unreadable("file-corrupt", why="文件不完整，可能没有复制完") from error
    names = {entry.filename.lower() for entry in entries}
    if any(name.startswith("xl/") for name in names):
        return _workbook(names, encrypted=any(entry.flag_bits & 1 for entry in entries))
    if locked:
        raise unreadable("file-encrypted")
    if _ODS in data[:200]:
        return Sort.ODS
    if any(name.startswith(("word/", "ppt/")) for name in names) or "mimetype" in names:
        return Sort.EVIDENCE
    return Sort.SCAN if "ofd.xml" in names else Sort.ARCHIVE


def _declares_encryption(package: zipfile.ZipFile) -> bool:
    """Tell an .ods with a password by its manifest, which is never encrypted itself."""
    name = "META-INF/manifest.xml"
    if name not in package.namelist() or package.getinfo(name).file_size > _LARGEST_MANIFEST:
        return False
    return b"encryption-data" in package.read(name)


def _workbook(names: set[str], *, encrypted: bool) -> Sort:
    if encrypted:
        raise unreadable("file-encrypted")
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise unreadable("file-macro")
    if "xl/workbook.bin" in names:
        raise unreadable("file-other-format", what="二进制工作簿（.xlsb）")
    return Sort.XLSX


def _ole2(data: bytes) -> Sort:
    if _has_stream(data, "EncryptedPackage") or _has_password_record(data):
        raise unreadable("file-encrypted")
    if _has_stream(data, "WordDocument") or _has_stream(data, "PowerPoint Document"):
        return Sort.EVIDENCE
    if _has_stream(data, "_VBA_PROJECT_CUR") or _has_stream(data, "_VBA_PROJECT"):
        raise unreadable("file-macro")
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return Sort.XLS
    raise unreadable("file-corrupt", why="文件不完整，里面没有工作簿")


def _has_stream(data: bytes, name: str) -> bool:
    """Look for an entry of the OLE2 directory: 128 bytes each, the name first and its length at 64."""
    wanted, at = name.encode("utf-16-le") + b"\x00\x00", -1
    while (at := data.find(wanted, at + 1)) >= 0:
        if at % 128 == 0 and int.from_bytes(data[at + 64 : at + 66], "little") == len(wanted):
            return True
    return False


def _has_password_record(data: bytes) -> bool:
    """Tell an .xls with a password: soon after the first record of its workbook comes a FILEPASS."""
    at = data.find(_BOF)
    while at >= 0 and at % 512:
        at = data.find(_BOF, at + 1)
    for _ in range(3):
        if at < 0 or at + 4 > len(data):
            return False
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def _text(data: bytes) -> Sort:
    head = data[:4096].lower()
    for what, marks in _OTHER_TABLES.items():
        if any(mark in head for mark in marks):
            raise unreadable("file-other-format", what=what)
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Sort.UNKNOWN
    return Sort.TEXT
