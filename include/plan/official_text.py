"""The published wording of a plan: splitting it into clauses and reading who is responsible.

A clause is the stretch of an item that ends in one parenthesis of responsible agencies; an item's heading (up
to its first full stop) belongs to the item. The wording stays outside the repository: only hashes are kept.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from include.plan.model import Relation

_SECTION = re.compile(r"[一二三四五六七八九十]+、")
_ITEM = re.compile(r"(\d+)[.\uff0e、]")
_OPEN, _CLOSE, _COMMA = r"[(\uff08]", r"[)\uff09]", r"[,\uff0c;\uff1b]"  # half and full width
_INSIDE = r"[^()\uff08\uff09]*"
_PARENTHESIS = re.compile(f"{_OPEN}({_INSIDE}){_CLOSE}")
_RESPONSIBLE = re.compile(f"{_OPEN}({_INSIDE}(?:负责|牵头|配合)){_CLOSE}")
_PART = re.compile(rf"(.+?)(按职责分工负责|分工负责|负责|牵头|配合)(?:{_COMMA}|$)")
_RELATIONS = {"牵头": Relation.LEAD, "配合": Relation.SUPPORT, "负责": Relation.SOLE}


@dataclass(frozen=True, slots=True)
class OfficialClause:
    """One clause as published. `responsible` pairs an agency's name with its relation."""

    id: str
    section: int
    item: int
    heading: str  # of the item
    text: str  # without the parenthesis
    responsible: tuple[tuple[str, Relation], ...]
    text_hash: str


def split_text(document: str) -> list[OfficialClause]:
    """Split a published plan into its clauses, in order; `left_out` finds what is in none."""
    return [clause for section, item, line in _items(document) for clause in _split_item(section, item, line)]


def headings(document: str) -> tuple[dict[int, str], dict[int, str]]:
    """Give the headings of a published plan by their numbers: of its sections, of its items."""
    lines = [raw.strip() for raw in document.splitlines()]
    sections = [line[found.end() :].strip() for line in lines if (found := _SECTION.match(line))]
    items = {item: line.partition("。")[0].strip() for _, item, line in _items(document)}
    return dict(enumerate(sections, 1)), items


def left_out(document: str, agency_names: Collection[str]) -> list[str]:
    """Give what a reader could take for a duty and no clause carries: empty where the splitting is complete.

    That is a parenthesis that names an agency or a responsibility and stands outside the items or is not of
    the usual form; and what an item says after its last parenthesis.
    """
    items = list(_items(document))
    carried = sum(len(_RESPONSIBLE.findall(line)) for _, _, line in items)
    marks = ("负责", "牵头", "配合", *agency_names)
    looking = [m[0] for m in _PARENTHESIS.finditer(document) if any(mark in m[1] for mark in marks)]
    odd = [text for text in looking if not _RESPONSIBLE.fullmatch(text)]
    outside = [f"{len(looking) - len(odd) - carried} parentheses outside the items"]
    tails = [f"{item}. …{tail}" for _, item, line in items if (tail := _tail(line))]
    return odd + tails + (outside if len(looking) - len(odd) != carried else [])


def read_responsible(parenthesis: str) -> tuple[tuple[str, Relation], ...]:
    """Read the inside of a parenthesis: `甲牵头,乙、丙按职责分工负责` and its simpler forms."""
    parts = [(_names(part[1]), part[2]) for part in _PART.finditer(parenthesis)]
    alone = sum(len(names) for names, how in parts if how != "配合") == 1
    read: list[tuple[str, Relation]] = []
    for names, how in parts:
        relation = _RELATIONS.get(how, Relation.JOINT)
        relation = Relation.JOINT if relation is Relation.SOLE and not alone else relation
        read += [(name, relation) for name in names]
    return tuple(read)


def text_hash(stretch: str) -> str:
    """Hash a stretch of text: sha256 of its NFKC form without white space."""
    plain = "".join(unicodedata.normalize("NFKC", stretch).split())
    return hashlib.sha256(plain.encode()).hexdigest()


def _items(document: str) -> Iterator[tuple[int, int, str]]:
    """Give (section, item, what follows its number), one line an item."""
    section = 0
    for line in (raw.strip() for raw in document.splitlines()):
        if _SECTION.match(line):
            section += 1
        elif section and (item := _ITEM.match(line)):
            yield section, int(item[1]), line[item.end() :]


def _split_item(section: int, item: int, line: str) -> Iterator[OfficialClause]:
    heading, _, body = line.partition("。")
    start = 0
    for n, match in enumerate(_RESPONSIBLE.finditer(body), 1):
        yield OfficialClause(
            id=f"{item}.{n}",
            section=section,
            item=item,
            heading=heading,
            text=body[start : match.start()].strip(),
            responsible=read_responsible(match[1]),
            text_hash=text_hash(body[start : match.end()]),
        )
        start = match.end()


def _tail(line: str) -> str:
    ends = [match.end() for match in _RESPONSIBLE.finditer(line)]
    return line[ends[-1] if ends else 0 :].strip(" 。.")


def _names(text: str) -> list[str]:
    return [name.strip() for name in re.split(rf"[、和]|{_COMMA}", text) if name.strip()]
