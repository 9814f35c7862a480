"""The parts of somebody's .xlsx, so that a few can be changed and all the others go back as they came."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no types

from include.errors import DubanError
from include.returns.package import opened, part
from include.returns.unreadable import UnreadableFileError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
LARGEST_TREE = 8 << 20  # bytes of XML taken apart in this process
LARGEST_COPY = 64 << 20  # bytes unpacked and packed again in this process
_CONTENTS = "[Content_Types].xml"
_BOOK = "xl/workbook.xml"
etree.register_namespace("r", RELATION)  # as Excel calls it, whoever writes, so that the bytes are the same


class UnfitError(DubanError):
    """A workbook nothing can be spliced into; it is answered with a receipt of its own."""


def q(name: str, space: str = MAIN) -> str:
    """Qualify an element's name."""
    return f"{{{space}}}{name}"


def parse(xml: bytes, *, recover: bool = False) -> etree._Element:
    """Take a part apart; entities are not resolved and nothing is fetched. Raises: UnfitError."""
    if len(xml) > LARGEST_TREE:
        raise UnfitError("a part of the workbook is too large to be marked")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=recover)
    try:
        tree = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise UnfitError(f"a part of the workbook is not XML: {error}") from error
    if tree is None:
        raise UnfitError("a part of the workbook is not XML")
    return tree


@dataclass(slots=True)
class Parts:
    """The parts by name, in their order; `tree` gives one to change, `put` and `drop` add and remove."""

    data: dict[str, bytes]
    _trees: dict[str, etree._Element] = field(default_factory=dict[str, etree._Element])

    @classmethod
    def of(cls, package: bytes) -> Parts:
        """Take an .xlsx apart.

        Raises:
            UnfitError: it is none of the usual kind, too large, or hostile.
        """
        if not package.startswith(b"PK"):
            raise UnfitError("not a zip package")
        try:
            with opened(package) as archive:
                return cls(_contents(archive))
        except UnreadableFileError as error:
            raise UnfitError(f"the package cannot be opened: {error}") from error

    def tree(self, name: str) -> etree._Element:
        """Give a part to be changed. Raises: UnfitError."""
        if name not in self._trees:
            if name not in self.data:
                raise UnfitError(f"the workbook has no part {name}")
            self._trees[name] = parse(self.data[name], recover=name.endswith(".vml"))  # Excel's own is sloppy
        return self._trees[name]

    def put(self, name: str, tree: etree._Element, content_type: str = "") -> None:
        """Add a part, or replace one."""
        self.data.setdefault(name, b"")
        self._trees[name] = tree
        if content_type:
            types = self.tree(_CONTENTS)
            if not any(entry.get("PartName") == f"/{name}" for entry in types):
                etree.SubElement(types, q("Override", TYPES), PartName=f"/{name}", ContentType=content_type)

    def default_type(self, extension: str, content_type: str) -> None:
        """Declare what parts with an extension are."""
        types = self.tree(_CONTENTS)
        if not any((e.get("Extension") or "").lower() == extension for e in types):
            entry = etree.Element(q("Default", TYPES), Extension=extension, ContentType=content_type)
            types.insert(0, entry)

    def drop(self, name: str) -> None:
        """Remove a part with its relations."""
        types = self.tree(_CONTENTS)
        for entry in [e for e in types if e.get("PartName") == f"/{name}"]:
            types.remove(entry)
        for gone in (name, _relations_of(name)):
            self.data.pop(gone, None)
            self._trees.pop(gone, None)

    def related(self, source: str, kind: str) -> list[str]:
        """Give the parts a part is related to, by the last word of the relation's type."""
        links = self.relations(source)
        return [_target(source, link) for link in links if (link.get("Type") or "").endswith(f"/{kind}")]

    def relations(self, source: str) -> list[etree._Element]:
        """Give the relations of a part."""
        return list(self.tree(_relations_of(source))) if _relations_of(source) in self.data else []

    def relate(self, source: str, kind: str, target: str) -> str:
        """Relate a part to another; gives the relation's id."""
        name = _relations_of(source)
        if name not in self.data:
            self.put(name, etree.Element(q("Relationships", RELATIONS), nsmap={None: RELATIONS}))
        links = self.tree(name)
        known = {link.get("Id") for link in links}
        number = next(n for n in range(1, len(links) + 2) if f"rId{n}" not in known)
        path = posixpath.relpath(target, posixpath.dirname(source))
        attributes = {"Id": f"rId{number}", "Type": f"{RELATION}/{kind}", "Target": path}
        etree.SubElement(links, q("Relationship", RELATIONS), attributes)
        return f"rId{number}"

    def target(self, source: str, relation_id: str) -> str:
        """Give the part a relation leads to, empty if none."""
        links = self.tree(_relations_of(source))
        return next((_target(source, link) for link in links if link.get("Id") == relation_id), "")

    def forget(self, source: str, relation_id: str) -> None:
        """Remove a relation."""
        links = self.tree(_relations_of(source))
        for link in [link for link in links if link.get("Id") == relation_id]:
            links.remove(link)

    def free_name(self, pattern: str) -> str:
        """Give a name no part has, from a pattern such as `xl/worksheets/sheet{}.xml`."""
        taken = {name.lower() for name in self.data}
        return next(
            name for n in range(1, len(taken) + 2) if (name := pattern.format(n)).lower() not in taken
        )

    def packed(self) -> bytes:
        """Put everything together again; the same parts give the same bytes."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.data.items():
                tree = self._trees.get(name)
                content = data if tree is None else _written(tree)
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return out.getvalue()


def _written(tree: etree._Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or any(n.startswith("/") or ".." in n or "\\" in n for n in names):
        raise UnfitError("the package has parts of odd or equal names")
    if sum(entry.file_size for entry in entries) > LARGEST_COPY:
        raise UnfitError("the package is too large to be given back")
    xml = (".xml", ".rels", ".vml")
    return {n: part(archive, n) if n.lower().endswith(xml) else archive.read(n) for n in names}


def _relations_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels"


def _target(source: str, link: etree._Element) -> str:
    path = link.get("Target") or ""
    if path.startswith("/"):
        return path[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path))


def book_part(parts: Parts) -> str:
    """Give the name of the workbook's main part. Raises: UnfitError if it is not a plain .xlsx."""
    types = {e.get("PartName"): e.get("ContentType") for e in parts.tree(_CONTENTS)}
    if types.get(f"/{_BOOK}") != WORKBOOK_TYPE or parts.tree(_BOOK).tag != q("workbook"):
        raise UnfitError("not a plain .xlsx workbook")
    return _BOOK
