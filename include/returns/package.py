"""The zip package of an .xlsx, judged by its directory before anything is unpacked, then read with care."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from types import MappingProxyType
from xml.parsers import expat

from include.returns.number_format import PERCENT, said_by
from include.returns.unreadable import unreadable

MOST_ENTRIES = 2_000
LARGEST_PART = 96 << 20  # bytes unpacked: a million empty formatted rows stay below it
LARGEST_SUM = 160 << 20
HIGHEST_RATIO = 250  # honest workbooks stay below 60, a bomb of zeros is above 1,000
RATIO_FROM = 4 << 20  # small parts may be as repetitive as they like
_LARGEST_KEPT = 1 << 18  # bytes
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a package whose directory is harmless.

    Raises:
        UnreadableFileError: a bomb, or a package cut short or damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            survey(package.infolist(), len(data))
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise unreadable("file-corrupt", why="文件不完整或内容被破坏") from error
    except expat.ExpatError as error:
        raise unreadable("file-corrupt", why="里面的工作表内容不完整") from error


def survey(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Hold the directory against the limits.

    Raises:
        UnreadableFileError: a limit is passed.
    """
    if len(entries) > MOST_ENTRIES:
        raise unreadable("file-hostile", why=f"含有 {len(entries)} 个部件")
    if sum(entry.compress_size for entry in entries) > size:
        raise unreadable("file-hostile", why="部件互相重叠")
    for entry in entries:
        if entry.file_size > max(RATIO_FROM, HIGHEST_RATIO * entry.compress_size):
            raise unreadable("file-hostile", why="压缩比异常")
    largest = max(entries, key=lambda entry: entry.file_size, default=None)
    total = sum(entry.file_size for entry in entries)
    if largest and (largest.file_size > LARGEST_PART or total > LARGEST_SUM):
        if largest.filename.startswith("xl/worksheets/"):  # no bomb: somebody formatted a whole sheet
            raise unreadable("file-swollen", size=largest.file_size >> 20)
        raise unreadable("file-hostile", why="解压后过大")


def part(package: zipfile.ZipFile, name: str) -> bytes:
    """Read one XML part: no longer than its entry says, checked against its CRC, free of declarations.

    Raises:
        UnreadableFileError: it declares entities.
        KeyError: no such part.
    """
    data = package.read(_find(package, name))
    head = data[:4096].replace(b"\x00", b"")  # UTF-16 has no other way to hide
    if _DECLARATION.search(head) or b"<!ENTITY" in data:
        raise unreadable("file-hostile", why="含有实体声明")
    return data


def has_part(package: zipfile.ZipFile, name: str) -> bool:
    """Tell whether there is a part, as the readers find it: whatever the case of its name."""
    return any(entry.filename.lower() == name.lower() for entry in package.infolist())


def _find(package: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    for entry in package.infolist():
        if entry.filename.lower() == name.lower():
            return entry
    raise KeyError(name)


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Give the part of each worksheet, by title."""
    targets = {
        attributes.get("Id", ""): posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))[1:]
        for name, attributes in elements(part(package, "xl/_rels/workbook.xml.rels"))
        if name == "Relationship"
    }
    return {
        attributes.get("name", ""): targets.get(attributes.get("id", ""), "")
        for name, attributes in elements(part(package, "xl/workbook.xml"))
        if name == "sheet"
    }


def style_formats(package: zipfile.ZipFile) -> Mapping[str, str]:
    """Give what the number formats of the cell styles say (`said_by`), by a style's name in a cell's `s`."""
    if not has_part(package, "xl/styles.xml"):
        return {}
    xml = part(package, "xl/styles.xml")
    return _formats_kept(xml) if len(xml) < _LARGEST_KEPT else _formats(xml)


def _formats(xml: bytes) -> Mapping[str, str]:
    said, styles, inside = {"9": PERCENT, "10": PERCENT}, list[str](), False
    for name, attributes in elements(xml):
        if name == "numFmt":
            said[attributes.get("numFmtId", "")] = said_by(attributes.get("formatCode", ""))
        elif name in ("cellXfs", "cellStyles"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            styles.append(attributes.get("numFmtId", "0"))
    return MappingProxyType({str(i): word for i, style in enumerate(styles) if (word := said.get(style))})


_formats_kept = lru_cache(maxsize=32)(_formats)  # the files of a month have their styles from one template


def elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Give every element's local name and attributes, in order; for small parts."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = strict_parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((local(name), {local(key): value for key, value in attributes.items()}))

    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found


def strict_parser() -> expat.XMLParserType:
    """Make an expat parser that refuses declarations of entities."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise unreadable("file-hostile", why="含有实体声明")

    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    return parser


def local(name: str) -> str:
    """Give a name without its prefix."""
    return name.rpartition(":")[2]
